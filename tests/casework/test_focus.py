"""The list of those who get help first: told before anything is done, and free to leave it."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from bot import clock
from bot.casework import focus, links, plans
from bot.casework.areas import add_locality
from bot.casework.errors import NotPermitted, NotVisible, WrongState
from bot.casework.own_record import own_records
from bot.casework.plans import Step
from bot.casework.roles import Staff
from bot.casework_imports.apply import apply, undo
from bot.casework_imports.preview import preview, rows_of
from bot.db.tables import AuditEntry, FocusEntry, Person, Registration, Task, WarningCase
from bot.monthly_reports.focus_counts import COLUMNS, focus_counts
from tests.casework.conftest import TODAY
from tests.casework.people import make_person, make_registered, make_staff
from tests.casework.sheets import id_number, sheet
from tests.factories import make_seeker, saved
from tests.warning.office_files import firm


def _tasks(db: Session, kind: str) -> list[str]:
    return list(db.scalars(select(Task.state).where(Task.kind == kind)))


def _warned(db: Session, state: str = "served") -> WarningCase:
    return saved(
        db,
        WarningCase(
            uscc=firm(1), name="某厂", district="210106", day=TODAY, peak=TODAY, grade="strong",
            leavers=47, base=300, arithmetic="", state=state, created_at=clock.now(),
        ),
    )  # fmt: skip


def test_who_is_entered_is_told_then_listed_gets_a_plan_and_may_leave(
    office: Session, clerk: Staff
) -> None:
    person, _ = make_registered(office)
    entry = focus.enter(office, clerk, person, "graduate", "教育局离校名单")
    assert _tasks(office, "focus_inform") == ["open"]
    assert focus.own_lines(office, person.id) == ()
    focus.inform(office, clerk, entry.id, "phone")
    assert (entry.state, _tasks(office, "focus_inform")) == ("listed", ["done"])
    assert _tasks(office, "focus_plan") == ["open"]
    assert "高校毕业生" in focus.own_lines(office, person.id)[0]
    plans.create(office, clerk, person.id, [Step("training", "报班", "person", date(2026, 12, 9))])
    assert _tasks(office, "focus_plan") == ["done"]
    (row,), after = focus.page(office, clerk)
    assert (row.kind, row.plan, row.updated, after) == ("高校毕业生", "草稿", True, None)
    focus.object_to(office, clerk, entry.id, "phone", "不想总接电话")
    assert focus.page(office, clerk)[0] == []
    (card,) = focus.cards(office, clerk, person.id)
    assert [(one.state, one.way, one.note) for one in card.steps] == [
        ("拟列入，还没告知", "", ""), ("在清单上", "电话", ""), ("本人不同意", "电话", "不想总接电话"),
    ]  # fmt: skip
    with pytest.raises(WrongState, match="本人不同意"):
        focus.enter(office, clerk, person, "graduate", "名单")
    assert person.left_at is None  # the registration goes on
    assert {"focus_entered", "focus_listed", "focus_objected"} <= set(
        office.scalars(select(AuditEntry.action))
    )


def test_steps_are_not_changed(office: Session, clerk: Staff) -> None:
    focus.enter(office, clerk, make_person(office), "rural", "名单")
    with pytest.raises(DatabaseError, match="not changed"):
        office.execute(text("update focus_events set note = 'x'"))


def test_those_let_go_are_entered_for_a_warned_firm_alone(office: Session, head: Staff) -> None:
    person = make_person(office)
    with pytest.raises(WrongState, match="没有核实为预警企业"):
        focus.enter(office, head, person, "laid_off", "企业名单", firm(1))
    case = _warned(office)
    assert focus.enter(office, head, person, "laid_off", "企业名单", firm(1)).case_id == case.id
    with pytest.raises(WrongState, match="已经按这一类"):
        focus.enter(office, head, person, "laid_off", "企业名单", firm(1))
    add_locality(office, "210106001001", "示范一社区")
    community = make_staff(office, "协理", "community", "210106001001")
    own = make_person(office, "210106001001")
    with pytest.raises(NotPermitted):
        focus.enter(office, community, own, "laid_off", "企业名单", firm(1))
    far = make_staff(office, "远处", "district", "210202")
    (entry,) = office.scalars(select(FocusEntry.id))
    with pytest.raises(NotVisible):
        focus.inform(office, far, entry, "phone")


def test_a_sheet_brings_those_who_have_not_registered_and_is_taken_back(
    office: Session, head: Staff, tmp_path: Path
) -> None:
    _warned(office)
    names = ("姓名", "身份证号", "帮扶类别", "依据", "原单位信用代码", "所属街道")
    street = "昆明湖街道"
    file = sheet(
        tmp_path, names,
        [("张一", id_number(1), "预警企业减员", "企业名单", firm(1), street),
         ("张二", id_number(2), "农民工", "镇里名单", "", street),
         ("张三", id_number(3), "预警企业减员", "企业名单", firm(2), street),
         ("张四", id_number(4), "老板", "名单", "", street)],
    )  # fmt: skip
    batch = preview(office, head, "focus", file, "名单.xlsx")
    assert (batch.rows_new, batch.rows_refused) == (2, 2)
    reasons = [row.reason for row in rows_of(office, batch, "refused")]
    assert "没有核实为预警企业" in reasons[0]
    assert "五类" in reasons[1]
    apply(office, head, batch.id)
    entries = office.scalars(select(FocusEntry).order_by(FocusEntry.id)).all()
    assert [(one.kind, one.state) for one in entries] == [
        ("laid_off", "proposed"), ("rural", "proposed"),
    ]  # fmt: skip
    assert office.scalars(select(Registration)).all() == []
    focus.inform(office, head, entries[0].id, "visit")
    undo(office, head, batch.id)
    office.expire_all()
    assert [one.state for one in entries] == ["listed", "ended"]
    assert [one.left_at is None for one in office.scalars(select(Person).order_by(Person.id))] == [
        True, False,
    ]  # fmt: skip


def test_managers_see_the_size_and_no_small_number(office: Session, clerk: Staff) -> None:
    for number in range(12):
        kind = "rural" if number < 9 else "graduate"
        entry = focus.enter(office, clerk, make_registered(office)[0], kind, "名单")
        focus.inform(office, clerk, entry.id, "phone")
    manager = make_staff(office, "市管理", "manager", "2101")
    counts = focus_counts(office, manager, "2101", TODAY)
    whole = dict(zip(COLUMNS.values(), counts.rows[-1][1], strict=True))
    assert counts.rows[-1][0] == "沈阳市合计"
    assert (whole["在清单上"], whole["高校毕业生"]) == ("12", "<5")
    assert whole["农村转移劳动力"] == "—"  # or 12 less 9 would tell the three
    head = make_staff(office, "主任", "district", "210106")
    own = dict(
        zip(COLUMNS.values(), focus_counts(office, head, "210106", TODAY).rows[-1][1], strict=True)
    )
    assert (own["农村转移劳动力"], own["高校毕业生"]) == ("9", "3")
    with pytest.raises(NotPermitted):
        focus_counts(office, manager, "2102", TODAY)


def test_who_has_joined_the_record_reads_that_they_are_on_the_list(
    office: Session, clerk: Staff
) -> None:
    person, _ = make_registered(office)
    entry = focus.enter(office, clerk, person, "relief", "乡村振兴局名单")
    focus.inform(office, clerk, entry.id, "visit")
    seeker = saved(office, make_seeker())
    links.confirm(office, seeker.id, links.hand_out(office, clerk, person.id))
    (record,) = own_records(office, seeker.id)
    assert any("重点帮扶清单" in line for line in record.plan)
