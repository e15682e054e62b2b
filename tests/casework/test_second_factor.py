"""Codes by time: drift, replay, locks, recovery; who may demand and reset."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot import clock
from bot.casework.errors import NotPermitted, SamePerson
from bot.casework.roles import Staff
from bot.casework_accounts import accounts, second_factor
from bot.commands.casework import app as casework
from bot.db.session import session
from bot.db.tables import AuditEntry, RecoveryCode, SecondFactor
from tests.casework.codes import code_of
from tests.casework.conftest import NOW
from tests.casework.people import make_staff


def enrol(db: Session, one: Staff) -> tuple[str, list[str]]:
    """Enrol; the key and the recovery codes. The code of NOW is used by it."""
    key = second_factor.begin(db, one.id, one.name).key
    verdict, codes = second_factor.confirm(db, one.id, code_of(key, NOW))
    assert verdict == "ok"
    return key, codes


def tried(db: Session, one: Staff, code: str, seconds: int = 0) -> str:
    """The verdict on a code some seconds after NOW."""
    with clock.frozen(NOW + timedelta(seconds=seconds)):
        return second_factor.check(db, one.id, code)


def test_the_codes_are_those_of_the_rfc() -> None:
    """RFC 6238, appendix B, the last six of its eight digits."""
    key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for second, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert code_of(key, datetime.fromtimestamp(second, timezone.utc)) == code


def test_a_code_holds_for_a_step_on_either_side(office: Session, clerk: Staff) -> None:
    key, _ = enrol(office, clerk)
    for steps in (-2, 2):
        assert tried(office, clerk, code_of(key, NOW, 10 + steps), 300) == "wrong"
    assert tried(office, clerk, code_of(key, NOW, 9), 300) == "ok"
    assert tried(office, clerk, code_of(key, NOW, 11), 300) == "ok"


def test_a_code_is_used_up_with_all_before_it(office: Session, clerk: Staff) -> None:
    key, _ = enrol(office, clerk)
    assert tried(office, clerk, code_of(key, NOW)) == "wrong"
    later = code_of(key, NOW, 1)
    assert tried(office, clerk, later, 30) == "ok"
    assert tried(office, clerk, later, 30) == "wrong"
    assert tried(office, clerk, code_of(key, NOW), 30) == "wrong"
    assert tried(office, clerk, code_of(key, NOW, 2), 60) == "ok"


def test_wrong_codes_lock_longer_each_time(office: Session, clerk: Staff) -> None:
    key, _ = enrol(office, clerk)
    for _ in range(5):
        assert tried(office, clerk, "000000") == "wrong"
    quarter = 15 * 60
    assert tried(office, clerk, code_of(key, NOW, 20), 600) == "locked"
    assert tried(office, clerk, "000000", quarter) == "wrong"
    assert tried(office, clerk, code_of(key, NOW, 58), quarter + 29 * 60) == "locked"
    right = code_of(key, NOW, (3 * quarter) // 30)
    assert tried(office, clerk, right, 3 * quarter) == "ok"
    assert tried(office, clerk, "000000", 3 * quarter) == "wrong"
    again = code_of(key, NOW, (3 * quarter) // 30 + 1)
    assert tried(office, clerk, again, 3 * quarter + 30) == "ok"


def test_a_lock_is_a_day_at_most(office: Session, clerk: Staff) -> None:
    enrol(office, clerk)
    office.get_one(SecondFactor, clerk.id).failures = 10**6
    assert tried(office, clerk, "000000") == "wrong"
    until = office.get_one(SecondFactor, clerk.id, populate_existing=True).locked_until
    assert until == NOW + timedelta(days=1)


def test_a_recovery_code_holds_once(office: Session, clerk: Staff, head: Staff) -> None:
    _, codes = enrol(office, clerk)
    _, others = enrol(office, head)
    assert len(set(codes)) == 10
    assert tried(office, clerk, others[0]) == "wrong"
    assert tried(office, clerk, codes[0].upper().replace("-", " ")) == "recovery"
    assert tried(office, clerk, codes[0]) == "wrong"
    assert second_factor.state(office, clerk.id).recovery_codes_left == 9


def test_new_recovery_codes_take_the_place_of_the_old(office: Session, clerk: Staff) -> None:
    key, old = enrol(office, clerk)
    assert second_factor.renew_recovery_codes(office, clerk.id, old[0])[0] == "wrong"
    with clock.frozen(NOW + timedelta(seconds=30)):
        _, fresh = second_factor.renew_recovery_codes(office, clerk.id, code_of(key, NOW, 1))
    assert tried(office, clerk, old[1], 60) == "wrong"
    assert tried(office, clerk, fresh[1], 60) == "recovery"


def test_nothing_of_it_stands_open_in_the_tables(office: Session, clerk: Staff) -> None:
    key, codes = enrol(office, clerk)
    row = office.get_one(SecondFactor, clerk.id)
    assert key.replace(" ", "") not in row.secret_sealed
    stored = " ".join(office.scalars(select(RecoveryCode.digest)))
    assert not any(code.replace("-", "") in stored for code in codes)


def test_a_key_without_its_first_code_asks_for_nothing(office: Session, clerk: Staff) -> None:
    first = second_factor.begin(office, clerk.id, clerk.name)
    assert second_factor.begin(office, clerk.id, clerk.name) == first
    assert second_factor.check(office, clerk.id, code_of(first.key, NOW)) == "wrong"
    assert not second_factor.state(office, clerk.id).is_enrolled


def test_a_colleague_of_the_area_resets_it_and_nobody_ones_own(
    office: Session, clerk: Staff, head: Staff
) -> None:
    enrol(office, clerk)
    elsewhere = make_staff(office, "外区主任", "district", "210104")
    for one, error in ((clerk, SamePerson), (elsewhere, NotPermitted)):
        with pytest.raises(error):
            second_factor.reset(office, one, clerk.id)
    second_factor.reset(office, head, clerk.id)
    assert not second_factor.state(office, clerk.id).is_enrolled
    actions = list(office.scalars(select(AuditEntry.action)))
    assert actions[-2:] == ["factor_enrolled", "factor_reset"]


def test_the_operator_demands_it_by_role(office: Session, clerk: Staff, head: Staff) -> None:
    operator = make_staff(office, "运维", "operator")
    with pytest.raises(NotPermitted):
        second_factor.demand(office, head, "street", True)
    second_factor.demand(office, operator, "street", True)
    assert second_factor.is_demanded(office, clerk.id)
    assert not second_factor.is_demanded(office, head.id)
    second_factor.demand(office, operator, "street", False)
    assert not second_factor.is_demanded(office, clerk.id)


def test_who_leaves_leaves_no_key(office: Session, clerk: Staff, head: Staff) -> None:
    enrol(office, clerk)
    accounts.remove(office, head, clerk.id)
    assert office.get(SecondFactor, clerk.id) is None
    assert office.scalar(select(RecoveryCode.id)) is None


def test_the_last_operator_is_helped_at_the_command_line(here: str) -> None:
    with session() as db:
        operator = make_staff(db, "运维", "operator")
        with clock.frozen(NOW):
            enrol(db, operator)
    done = CliRunner().invoke(casework, ["reset-factor", operator.name])
    assert done.exit_code == 0, done.output
    with session() as db:
        assert not second_factor.state(db, operator.id).is_enrolled
