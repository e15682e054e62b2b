from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.audit.chain import entries
from bot.casework import contacts, people, registrations
from bot.casework.areas import name_of
from bot.casework.errors import NotPermitted, NotVisible, SheetRefused, WrongState
from bot.casework.people import Filters
from bot.casework.roles import Staff
from bot.casework_imports.apply import apply, undo
from bot.casework_imports.preview import preview, rows_of
from bot.db.tables import (
    Household,
    HouseholdMember,
    ImportBatch,
    ImportRow,
    Person,
    PersonGroup,
    Registration,
    RegistrationEvent,
    Task,
)
from tests.casework.people import make_staff
from tests.casework.sheets import id_number, sheet

HEADER = ("序号", "姓名", "身份证号码", "联系电话", "所属街道", "失业登记日期", "失业原因")
ONE, TWO, THREE = (id_number(number) for number in (101, 102, 103))


def rows(*given: tuple[str, str, str, str]) -> list[tuple[Any, ...]]:
    return [
        (at, name, number, phone, "昆明湖街道", day, "合同期满")
        for at, (name, number, phone, day) in enumerate(given, 1)
    ]


GOOD = rows(
    ("张一", ONE, "13800138001", "2026-10-08"),
    ("李二", TWO, "", "2026年10月9日"),
    ("王三", THREE, "024-23456789", "2026/10/10"),
)


def imported(
    db: Session, me: Staff, file: Path, kind: str = "registrations"
) -> tuple[ImportBatch, int]:
    batch = preview(db, me, kind, file, file.name)
    return batch, apply(db, me, batch.id).done


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    return batch.rows_new, batch.rows_changed, batch.rows_same, batch.rows_refused


def test_a_sheet_is_shown_first_and_changes_nothing_until_it_is_applied(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    file = sheet(tmp_path, HEADER, GOOD, "铁西区2026年10月失业登记名册")
    batch = preview(office, clerk, "registrations", file, file.name)
    assert counts(batch) == (3, 0, 0, 0)
    assert office.scalar(select(func.count()).select_from(Person)) == 0
    assert apply(office, clerk, batch.id).done == 3
    found = people.page(office, clerk, Filters(state="active")).rows
    assert [one.label for one in found] == ["张* · 8001", "李*", "王* · 6789"]
    assert [one.birth_year for one in found] == [1980] * 3
    first = office.scalars(select(Registration).order_by(Registration.id)).first()
    assert first is not None
    assert (first.registered_on, first.cause, first.source) == (
        date(2026, 10, 8),
        "合同期满",
        "import",
    )
    with pytest.raises(WrongState):
        apply(office, clerk, batch.id)
    log = entries(office, "import_batch", str(batch.id))
    assert [one.action for one in log] == ["import"]


def test_what_is_kept_of_a_sheet_names_nobody_in_the_clear(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    batch = preview(office, clerk, "registrations", sheet(tmp_path, HEADER, GOOD), "名册.xlsx")
    for row in office.execute(select(ImportRow.payload_sealed, ImportRow.reason)):
        assert not any(part in str(row) for part in ("张一", ONE, "13800138001"))
    assert batch.sha256


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("张一", ONE[:-1] + ("0" if ONE[-1] != "0" else "1"), "", "2026-10-08"), "身份证号不对（位数、生日或校验码）"),
        (("张一", "", "", "2026-10-08"), "没写身份证号"),
        (("", ONE, "", "2026-10-08"), "没写姓名"),
        (("张一", ONE, "12345", "2026-10-08"), "电话号码不对"),
        (("张一", ONE, "", "2026-02-30"), "登记日期不是日期"),
        (("张一", ONE, "", "2026-12-24"), "登记日期在今天以后"),
        (("张一", ONE, "", ""), "没写登记日期"),
    ],
)  # fmt: skip
def test_a_row_is_refused_with_its_number_and_reason(
    office: Session, clerk: Staff, tmp_path: Path, cells: tuple[str, str, str, str], reason: str
) -> None:
    file = sheet(tmp_path, HEADER, rows(("李二", TWO, "", "2026-10-09"), cells))
    batch = preview(office, clerk, "registrations", file, "x.xlsx")
    assert counts(batch) == (1, 0, 0, 1)
    (refused,) = rows_of(office, batch, "refused")
    assert (refused.number, refused.reason) == (3, reason)
    assert apply(office, clerk, batch.id).done == 1


def test_a_number_that_the_sheet_has_rounded_is_refused(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    file = sheet(tmp_path, HEADER, [(1, "张一", 210106198001011010, "", "", "2026-10-08", "")])
    batch = preview(office, clerk, "registrations", file, "x.xlsx")
    (refused,) = rows_of(office, batch, "refused")
    assert "设成文本" in refused.reason


def test_the_same_person_twice_and_another_places_people_are_refused(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    other = make_staff(office, "外区", "street", "210106003")
    header = (*HEADER[:4], "区划代码", *HEADER[5:])
    theirs = [(1, "张一", ONE, "", "210106003000", "2026-10-08", "")]
    imported(office, other, sheet(tmp_path, header, theirs))
    given = [
        (1, "张一", ONE, "", "210106001000", "2026-10-08", ""),
        (2, "李二", TWO, "", "210106001", "2026-10-08", ""),
        (3, "李二", TWO, "", "210106001", "2026-10-08", ""),
        (4, "王三", THREE, "", "210106003", "2026-10-08", ""),
    ]
    batch = preview(office, clerk, "registrations", sheet(tmp_path, header, given), "x.xlsx")
    reasons = {row.number: row.reason for row in rows_of(office, batch, "refused")}
    assert reasons == {
        2: "这个人在别的地方有记录，要先办转移", 4: "和第3行是同一个", 5: "不在你的范围里",
    }  # fmt: skip
    assert batch.rows_new == 1


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


def test_a_file_that_is_no_such_table_is_refused_whole(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    with pytest.raises(SheetRefused, match="什么都没有导入"):
        preview(office, clerk, "registrations", sheet(tmp_path, ("甲", "乙"), [(1, 2)]), "x.xlsx")
    text_file = tmp_path / "x.xlsx"
    text_file.write_text("no spreadsheet", encoding="utf-8")
    with pytest.raises(SheetRefused):
        preview(office, clerk, "registrations", text_file, "x.xlsx")


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


def test_a_csv_in_gb18030_is_read_as_well(office: Session, clerk: Staff, tmp_path: Path) -> None:
    lines = ["姓名,身份证号,登记日期", f"张一,{ONE},20261008"]
    file = tmp_path / "表.csv"
    file.write_bytes("\n".join(lines).encode("gb18030"))
    batch, done = imported(office, clerk, file)
    assert (counts(batch), done) == ((1, 0, 0, 0), 1)


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
