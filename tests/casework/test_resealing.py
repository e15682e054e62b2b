"""Key and cipher of the office's record are replaced while the office works."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot import clock
from bot.bootstrap import prepare_data
from bot.casework import people
from bot.casework.areas import load_localities
from bot.casework.desk import NewPerson, add_person
from bot.casework.identity import KeyRing, SealBroken, key_ring
from bot.casework.resealing import check_keys, renew_digests, reseal
from bot.casework.scope import everywhere
from bot.commands.database import app
from bot.db.sealed_rows import BATCH
from bot.db.session import session
from bot.db.tables import ImportBatch, ImportRow, Person
from bot.failures import explain
from bot.setting_types import DatabaseUrl
from bot.settings import settings
from tests.casework.conftest import NOW, TODAY
from tests.casework.people import make_person, make_staff
from tests.databases import postgres_copy, sqlite_copy

AES, SM4 = "aes-256-gcm", "sm4-gcm"
NAME, NUMBER, PHONE = "欧阳测试", "11010519491231002X", "13842310975"
Keys = Callable[..., KeyRing]


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keys]:
    """Set the keys of the record, the cipher and the one before."""

    def put(secrets: str, cipher: str = AES, old_cipher: str = "") -> KeyRing:
        monkeypatch.setenv("JIUYE_PEOPLE_KEY", secrets)
        monkeypatch.setenv("JIUYE_CIPHER", cipher)
        monkeypatch.setenv("JIUYE_OLD_CIPHER", old_cipher)
        settings.cache_clear()
        return key_ring()

    yield put
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture(params=["sqlite", "postgresql"])
def record(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with streets, whose writes are committed."""
    if request.param == "sqlite":
        url = sqlite_copy("stocked", tmp_path / "record.db")
    else:
        url = postgres_copy(request.getfixturevalue("postgres"), "stocked")
    with session(url) as db:
        load_localities(db)
    return url


def _write(url: str) -> int:
    """Write a person by the desk, and a row of a sheet that changed them."""
    with clock.frozen(NOW), session(url) as db:
        clerk = make_staff(db, "李经办", "street", "210106001")
        new = NewPerson(NAME, NUMBER, PHONE, "210106001", TODAY, "合同期满")
        person = add_person(db, clerk, new)
        batch = ImportBatch(
            kind="registrations", file="表.csv", sha256="", scope="210106001", state="applied",
            counsellor_id=clerk.id, previewed_at=NOW, rows_new=0, rows_changed=1, rows_same=0,
            rows_refused=0,
        )  # fmt: skip
        db.add(batch)
        db.flush()
        before = {
            name: getattr(person, name) for name in ("name_sealed", "name_digest", "region_code")
        }
        db.add(
            ImportRow(
                batch_id=batch.id, number=2, action="changed", reason="姓名",
                payload_sealed=key_ring().seal(json.dumps({"name": NAME}), "import_rows.payload"),
                before_sealed=key_ring().seal(json.dumps(before), "import_rows.before"),
            )
        )  # fmt: skip
        return person.id


def _found(db: Session, query: str) -> list[int]:
    clerk = make_staff(db, "王经办", "street", "210106001")
    return [row.id for row in people.page(db, clerk, people.Filters(query=query)).rows]


def _works(url: str, person_id: int) -> bool:
    """Tell whether the person is found by each key, read, and the row of the sheet as well."""
    with clock.frozen(NOW), session(url) as db, everywhere(db):
        person, row = db.get_one(Person, person_id), db.scalars(select(ImportRow)).one()
        opened = key_ring().open(row.before_sealed, "import_rows.before")
        before = json.loads(opened)
        check_keys(db)
        return (
            _found(db, NAME) == _found(db, PHONE) == _found(db, NUMBER) == [person_id]
            and key_ring().open(person.id_number_sealed or "", "people.id_number") == NUMBER
            and key_ring().open(before["name_sealed"], "people.name") == NAME
            and before["name_digest"] == person.name_digest
        )


@pytest.mark.parametrize("cipher", [AES, SM4])
def test_a_sealed_value_is_of_its_column_cipher_and_key(keys: Keys, cipher: str) -> None:
    ring = keys("first", cipher)
    sealed = ring.seal(NAME, "people.name")
    assert sealed.startswith("v1:" if cipher == AES else "v2:")
    assert keys("first", SM4 if cipher == AES else AES).open(sealed, "people.name") == NAME
    version, number, body = sealed.split(":")
    other = "v2" if version == "v1" else "v1"
    for wrong in (f"{other}:{number}:{body}", f"v3:{number}:{body}", f"{version}:0:{body}"):
        with pytest.raises(SealBroken):
            ring.open(wrong, "people.name")
    with pytest.raises(SealBroken):
        ring.open(sealed, "people.phone")


def test_digests_are_of_the_hash_that_goes_with_the_cipher(keys: Keys) -> None:
    digests = [keys("first", cipher).digest(NAME, "people.name") for cipher in (AES, SM4)]
    assert [len(digest) for digest in digests] == [64, 64]
    assert digests[0] != digests[1]
    # Until all are made anew those of the cipher before are looked for.
    assert keys("first", SM4, AES).digest(NAME, "people.name") == digests[0]


@pytest.mark.parametrize(
    ("before", "after", "last"),
    [
        (("first", AES, ""), ("second,first", AES, ""), ("second", AES, "")),
        (("first", AES, ""), ("first", SM4, AES), ("first", SM4, "")),
        (("first", SM4, ""), ("second,first", AES, SM4), ("second", AES, "")),
    ],
    ids=["key", "cipher", "both"],
)
def test_a_key_and_a_cipher_are_replaced_while_the_office_works(
    keys: Keys, record: str, before: tuple[str, ...], after: tuple[str, ...], last: tuple[str, ...]
) -> None:
    keys(*before)
    person = _write(record)
    keys(*after)
    assert _works(record, person)  # before anything was sealed anew
    assert reseal(record) == 2  # the person and the row of the sheet
    assert reseal(record) == 0
    assert _works(record, person)
    assert renew_digests(record) == 1
    ring = keys(*last)
    assert _works(record, person)
    with session(record) as db, everywhere(db):
        values = db.execute(
            text(
                "select name_sealed, id_number_sealed, phone_sealed, payload_sealed, before_sealed"
                " from people, import_rows"
            )
        ).one()
    assert all(map(ring.is_current, values))


def test_more_people_than_a_transaction_takes_are_sealed_anew(keys: Keys, tmp_path: Path) -> None:
    url = sqlite_copy("stocked", tmp_path / "many.db")
    keys("first")
    with clock.frozen(NOW), session(url) as db:
        for number in range(BATCH + 1):
            make_person(db, phone=f"138{number:08d}")
    keys("second,first")
    assert (reseal(url), renew_digests(url)) == (BATCH + 1, BATCH + 1)
    ring = keys("second")
    with session(url) as db:
        check_keys(db)
        rows = db.execute(select(Person.phone_sealed, Person.phone_digest)).all()
        assert all(
            digest == ring.digest(ring.open(sealed or "", "people.phone"), "people.phone")
            for sealed, digest in rows
        )


@pytest.mark.parametrize(
    "wrong", [("second", AES, ""), ("first", SM4, ""), ("second,first", SM4, "")]
)
def test_another_key_or_cipher_is_noticed_before_anybody_is_looked_for(
    keys: Keys, tmp_path: Path, wrong: tuple[str, ...]
) -> None:
    url = sqlite_copy("stocked", tmp_path / "record.db")
    with session(url) as db:
        check_keys(db)  # nobody stands there yet
        load_localities(db)
    keys("first")
    _write(url)
    keys(*wrong)
    using = replace(settings(), database_url=DatabaseUrl(url))
    with pytest.raises(SealBroken) as refused:
        list(prepare_data(using, demo=False))
    explained = explain(refused.value)
    assert explained is not None
    assert "another key or cipher" in str(explained)


def test_the_command_seals_the_record_anew(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_copy("stocked", tmp_path / "record.db")
    with session(url) as db:
        load_localities(db)
    keys("first")
    person = _write(url)
    monkeypatch.setenv("DATABASE_URL", url)
    keys("second,first", SM4, AES)
    online, stopped = (
        CliRunner().invoke(app, ["reseal", *words]).stdout for words in ([], ["--addresses"])
    )
    assert "2 of the office's record" in online
    assert "digests of 0 people" in online
    assert "digests of 1 people" in stopped
    keys("second", SM4)
    assert _works(url, person)
