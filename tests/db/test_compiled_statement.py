from datetime import date

import pytest
from sqlalchemy import Date, bindparam, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from bot.db.compiled_statement import Prepared
from bot.db.session import connection
from bot.db.tables import Region
from tests.db.asked import statements

_ADD = Prepared(text("insert into regions (code, name, level) values (:code, :name, :level)"))
_NAMED = Prepared(
    text("select code, name from regions where code in :codes order by code").bindparams(
        bindparam("codes", expanding=True)
    )
)


def _region(code: str, name: str = "沈阳市") -> dict[str, object]:
    return {"code": code, "name": name, "level": 2}


def test_rows_come_as_the_driver_gives_them_whatever_the_lists_length(db: Session) -> None:
    _ADD.run_all(db, [_region("210100"), _region("210200", "大连市"), _region("210300", "鞍山市")])
    codes = ["210100", "210200", "210300"]
    for many in range(1, 4):
        found = _NAMED.rows(db, {"codes": codes[:many]})
        assert [code for code, _ in found] == codes[:many]
    assert _NAMED.row(db, {"codes": ["210300"]}) == ("210300", "鞍山市")
    assert _NAMED.row(db, {"codes": ["999999"]}) is None


def test_lists_of_like_length_ask_in_the_same_words(db: Session) -> None:
    with statements(db.connection().engine) as asked:
        for many in (5, 6, 7, 8):
            _NAMED.rows(db, {"codes": [str(n) for n in range(many)]})
    assert len({statement for statement, _ in asked}) == 1


def test_a_statement_is_compiled_once(db: Session) -> None:
    known = Prepared(text("select name from regions where name like 'a%' and code = :code"))
    compiled = []
    real = known._compiled
    known._compiled = lambda *given: compiled.append(given) or real(*given)  # type: ignore
    for code in ("210100", "210200", "210300"):
        known.rows(db, {"code": code})
    assert len(compiled) == 1


def test_what_the_session_holds_is_seen(db: Session) -> None:
    db.add(Region(code="210100", name="沈阳市", level=2))
    assert _NAMED.row(db, {"codes": ["210100"]}) == ("210100", "沈阳市")


def test_days_come_as_days(db: Session) -> None:
    literal = "select cast('2026-11-25' as {}) as published_on, :n as n"
    kind = "text" if db.get_bind().dialect.name == "sqlite" else "date"
    day = Prepared(text(literal.format(kind)), published_on=Date())
    assert day.rows(db, {"n": 1}) == [(date(2026, 11, 25), 1)]
    assert day.rows(db, {"n": 2}) == [(date(2026, 11, 25), 2)]


def test_what_is_written_is_of_the_transaction(database: str) -> None:
    def fails_half_way() -> None:
        with connection(database) as db:
            _ADD.run_all(db, [_region("210100")])
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fails_half_way()
    with connection(database) as db:
        assert _NAMED.rows(db, {"codes": ["210100"]}) == []


def test_errors_are_sqlalchemys_and_name_no_values(database: str) -> None:
    def twice() -> None:
        with connection(database) as db:
            _ADD.run_all(db, [_region("210100", "不可说"), _region("210100", "不可说")])

    with pytest.raises(IntegrityError) as caught:
        twice()
    assert "insert into regions" in str(caught.value)
    assert "不可说" not in repr(caught.value.params)
    assert "[parameters" not in str(caught.value).lower()
    with pytest.raises(DBAPIError), connection(database) as db:
        Prepared(text("select nothing from nowhere")).rows(db, {})


def test_a_lost_connection_is_not_used_again(postgres: str) -> None:
    killed = Prepared(text("select pg_terminate_backend(pg_backend_pid())"))
    with pytest.raises(DBAPIError) as caught, connection(postgres) as db:
        killed.rows(db, {})
    assert caught.value.connection_invalidated
    with connection(postgres) as db:
        assert Prepared(text("select 1")).row(db, {}) == (1,)
