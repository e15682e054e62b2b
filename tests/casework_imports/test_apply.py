from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.casework import contacts, people, registrations, roles, transfers
from bot.casework.areas import name_of
from bot.casework.errors import NotPermitted, NotVisible
from bot.casework.identity import key_ring
from bot.casework.people import Filters
from bot.casework.roles import Staff
from bot.casework_imports.apply import apply, undo
from bot.casework_imports.preview import preview, rows_of
from bot.db.tables import (
    Household,
    HouseholdMember,
    ImportRow,
    Person,
    PersonGroup,
    Registration,
    RegistrationEvent,
    Task,
)
from tests.casework.people import make_staff
from tests.casework.sheets import sheet
from tests.casework_imports.sheets import GOOD, HEADER, ONE, THREE, TWO, counts, imported, rows


def test_what_is_kept_of_a_sheet_names_nobody_in_the_clear(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    batch = preview(office, clerk, "registrations", sheet(tmp_path, HEADER, GOOD), "名册.xlsx")
    for row in office.execute(select(ImportRow.payload_sealed, ImportRow.reason)):
        assert not any(part in str(row) for part in ("张一", ONE, "13800138001"))
    assert batch.sha256


def test_importing_again_is_the_same_and_a_new_telephone_is_a_change_that_can_be_undone(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    imported(office, clerk, sheet(tmp_path, HEADER, GOOD))
    again, done = imported(office, clerk, sheet(tmp_path, HEADER, GOOD))
    assert (counts(again), done) == ((0, 0, 3, 0), 0)
    changed = rows(("张一", ONE, "13900139009", "2026-10-08"))
    batch, done = imported(office, clerk, sheet(tmp_path, HEADER, changed))
    assert (counts(batch), done) == ((0, 1, 0, 0), 1)
    assert rows_of(office, batch)[0].reason == "电话"
    assert people.page(office, clerk, Filters(query="13900139009")).rows
    assert undo(office, clerk, batch.id).done == 1
    assert not people.page(office, clerk, Filters(query="13900139009")).rows
    assert people.page(office, clerk, Filters(query="13800138001")).rows


def test_what_the_desk_wrote_is_checked_and_not_overwritten(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    imported(office, clerk, sheet(tmp_path, HEADER, GOOD[:1]))
    person = office.scalars(select(Person)).one()
    person.source = "desk"
    changed = rows(("张一", ONE, "13900139009", "2026-10-08"))
    imported(office, clerk, sheet(tmp_path, HEADER, changed))
    assert people.page(office, clerk, Filters(query="13800138001")).rows
    task = office.scalars(select(Task).where(Task.kind == "verify")).one()
    assert "电话" in task.rule


def test_a_batch_is_taken_back_by_rows_and_leaves_those_whom_somebody_has_met(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    batch, _ = imported(office, clerk, sheet(tmp_path, HEADER, GOOD))
    met = office.scalars(select(Person).order_by(Person.id)).first()
    assert met is not None
    contacts.record(office, clerk, met.id, "phone", "reached")
    result = undo(office, clerk, batch.id)
    assert (result.done, result.skipped) == (2, 1)
    states = office.scalars(select(Registration.state).order_by(Registration.id)).all()
    assert states == ["active", "withdrawn", "withdrawn"]
    assert office.scalar(select(func.count()).select_from(Person)) == 3
    kinds = office.scalars(
        select(RegistrationEvent.kind).where(RegistrationEvent.kind == "withdrawn")
    ).all()
    assert len(kinds) == 2
    later, done = imported(office, clerk, sheet(tmp_path, HEADER, GOOD))
    assert (later.rows_new, later.rows_same, done) == (2, 1, 2)


def test_nobody_is_withdrawn_but_with_an_undone_import(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    imported(office, clerk, sheet(tmp_path, HEADER, GOOD))
    with pytest.raises(DBAPIError), office.begin_nested():
        office.execute(text("update registrations set state = 'withdrawn'"))


EXITS = ("姓名", "身份证号", "注销日期", "注销原因", "凭据")


def test_exits_are_proposed_and_forbidden_ones_stopped_and_kept(
    office: Session, clerk: Staff, head: Staff, tmp_path: Path
) -> None:
    imported(office, clerk, sheet(tmp_path, HEADER, GOOD))
    given = [
        ("张一", ONE, "2026-11-05", "已就业", "劳动合同"),
        ("李二", TWO, "2026-11-05", "连续三次拒绝公共就业服务", ""),
        ("王三", THREE, "2026-11-05", "连续6个月无法取得联系", ""),
    ]
    file = sheet(tmp_path, EXITS, given)
    batch = preview(office, clerk, "exits", file, "注销.xlsx")
    assert counts(batch) == (1, 0, 0, 2)
    assert all("二(一)" in row.reason for row in rows_of(office, batch, "refused"))
    apply(office, clerk, batch.id)
    states = office.scalars(select(Registration.state).order_by(Registration.id)).all()
    assert states == ["exit_proposed", "active", "active"]
    violations = office.execute(
        select(RegistrationEvent.cause, RegistrationEvent.batch_id).where(
            RegistrationEvent.kind == "violation"
        )
    ).all()
    assert sorted(violations) == [("refused_3", batch.id), ("unreachable_6m", batch.id)]
    reviews = select(func.count()).where(Task.kind == "manual_review")
    assert office.scalar(reviews) == 2
    (waiting,) = registrations.proposals(office, head)
    assert "导入表“注销.xlsx”第2行：劳动合同" in waiting.evidence
    assert undo(office, clerk, batch.id).done == 1
    assert registrations.proposals(office, head) == []


@pytest.mark.parametrize(
    ("reason", "refused"),
    [("心情不好", "注销原因不在清单里"), ("已就业", "没写凭据"), ("", "没写注销原因")],
)
def test_an_exit_without_reason_or_evidence_is_refused(
    office: Session, clerk: Staff, tmp_path: Path, reason: str, refused: str
) -> None:
    imported(office, clerk, sheet(tmp_path, HEADER, GOOD))
    file = sheet(tmp_path, EXITS, [("张一", ONE, "2026-11-05", reason, "")])
    batch = preview(office, clerk, "exits", file, "x.xlsx")
    assert [row.reason for row in rows_of(office, batch, "refused")] == [refused]


def test_the_hardship_ledger_is_to_be_verified(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    imported(office, clerk, sheet(tmp_path, HEADER, GOOD))
    header = ("姓名", "身份证号", "困难类别", "认定依据", "认定日期")
    given = [("张一", ONE, "残疾人", "残疾证", "2026-05-01"), ("李二", TWO, "有钱人", "", "")]
    batch, done = imported(office, clerk, sheet(tmp_path, header, given), "hardship")
    assert (done, batch.rows_refused) == (1, 1)
    group = office.scalars(select(PersonGroup)).one()
    assert (group.kind, group.state, group.basis) == ("disabled", "to_verify", "残疾证")
    assert people.page(office, clerk, Filters(group="disabled")).rows[0].groups == ("残疾人",)
    undo(office, clerk, batch.id)
    assert group.state == "ended"


def test_a_household_without_work_gets_its_task_and_no_invented_deadline(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    imported(office, clerk, sheet(tmp_path, HEADER, GOOD))
    given = [("H-1", "张一", ONE), ("H-1", "李二", TWO)]
    batch, done = imported(
        office, clerk, sheet(tmp_path, ("户编号", "姓名", "身份证号"), given), "households"
    )
    home = office.scalars(select(Household)).one()
    assert (done, home.state, home.due_on) == (2, "zero", None)
    assert office.scalar(select(func.count()).select_from(HouseholdMember)) == 2
    task = office.scalars(select(Task).where(Task.kind == "household")).one()
    assert (task.has_deadline, task.rule) == (False, "零就业家庭帮扶期限：未设")
    undo(office, clerk, batch.id)
    assert home.state == "closed"


def test_communities_come_by_a_sheet(office: Session, clerk: Staff, tmp_path: Path) -> None:
    given = [
        ("210106001001", "湖东社区"), ("210106001000", "昆明湖街道"),
        ("210106003001", "别处社区"), ("2101", "市"),
    ]  # fmt: skip
    file = sheet(tmp_path, ("统计用区划代码", "名称"), given)
    batch, _ = imported(office, clerk, file, "localities")
    assert counts(batch) == (1, 0, 1, 2)
    assert name_of(office, "210106001001") == "沈阳市铁西区昆明湖街道湖东社区"


def test_who_may_not_import_cannot_and_nobody_touches_anothers_batch(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    helper = make_staff(office, "协理", "community", "210106001")
    file = sheet(tmp_path, HEADER, GOOD)
    with pytest.raises(NotPermitted):
        preview(office, helper, "registrations", file, "x.xlsx")
    batch = preview(office, clerk, "registrations", file, "x.xlsx")
    for outsider in (helper, make_staff(office, "外", "street", "210106003")):
        with pytest.raises(NotVisible):
            apply(office, outsider, batch.id)


def test_what_changed_after_the_preview_is_left(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    file = sheet(tmp_path, HEADER, GOOD)
    first = preview(office, clerk, "registrations", file, "x.xlsx")
    second = preview(office, clerk, "registrations", file, "x.xlsx")
    assert apply(office, clerk, first.id).done == 3
    late = apply(office, clerk, second.id)
    assert (late.done, late.skipped) == (0, 3)
    assert office.scalar(select(func.count()).select_from(Registration)) == 3


def test_who_was_transferred_since_is_left_by_an_undo_and_by_a_sheet_of_another_district(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    batch, _ = imported(office, clerk, sheet(tmp_path, HEADER, GOOD))
    number = key_ring().digest(ONE, "people.id_number")
    person = office.scalars(select(Person).where(Person.id_number_digest == number)).one()
    taker = make_staff(office, "接收", "street", "210104002")
    moving = transfers.hand_over(office, clerk, person.id, "210104002", "户口迁走")
    transfers.accept(office, taker, moving.id)
    assert undo(office, clerk, batch.id).done == 2
    states = dict(office.execute(select(Registration.person_id, Registration.state)).tuples().all())
    assert states.pop(person.id) == "active"
    assert set(states.values()) == {"withdrawn"}
    both = make_staff(office, "两区", "district", "210104")
    roles.grant(office, None, both.id, "district", "210106")
    again = roles.staff(office, both.id)
    assert again is not None
    header = (*HEADER[:4], "区划代码", *HEADER[5:])
    back = [(1, "张一", ONE, "", "210106001", "2026-10-08", "")]
    told = preview(office, again, "registrations", sheet(tmp_path, header, back), "x.xlsx")
    assert [row.reason for row in rows_of(office, told)] == ["人换了区县，请在“转移”页办"]
