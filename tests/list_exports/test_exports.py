"""Exports of lists: scope, masks, second person, formulas, trace, and the way back by an import."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import clock
from bot.casework import registrations, roles, transfers
from bot.casework.contacts import make_monthly_tasks
from bot.casework.errors import NotPermitted, NotVisible, SamePerson, WrongState
from bot.casework.identity import key_ring
from bot.casework.roles import Staff
from bot.casework_imports.apply import apply
from bot.casework_imports.preview import preview
from bot.db.tables import AuditEntry, ExportedPerson, Person
from bot.list_exports import exports, sheets
from tests.casework.conftest import NOW
from tests.casework.people import make_person, make_registered, make_staff
from tests.casework.sheets import id_number, sheet


def opened(body: bytes) -> list[tuple[Any, ...]]:
    """The rows of a workbook."""
    return list(load_workbook(BytesIO(body)).worksheets[0].iter_rows(values_only=True))


def exported(db: Session, me: Staff, name: str, **filters: str) -> list[tuple[Any, ...]]:
    """Ask and download; the rows below the mark and the header."""
    made = exports.request(db, me, name, filters, "给街道开会用")
    return opened(exports.workbook(db, me, made.id)[1])[2:]


def many(db: Session, area: str, number: int) -> None:
    """Write people without registrations."""
    ring = key_ring()
    name = ring.seal("赵众人", "people.name")
    db.execute(insert(Person), [
        {
            "name_sealed": name, "name_digest": f"{at:064d}", "region_code": area,
            "district_code": area[:6], "source": "desk", "as_of": clock.today(),
            "created_at": clock.now(),
        }
        for at in range(number)
    ])  # fmt: skip


def test_a_list_has_the_own_area_masked_as_the_page_shows_it(office: Session, clerk: Staff) -> None:
    make_registered(office, "210106001001", name="张测试")
    make_registered(office, "210106003", name="李外人")
    rows = exported(office, clerk, "people", state="active")
    assert [row[0] for row in rows] == ["张** · 8000"]
    assert exported(office, clerk, "people", area="210106001") == rows
    with pytest.raises(WrongState, match="空的"):
        exports.request(office, clerk, "people", {"area": "210106003"}, "开会")


def test_the_first_line_says_who_when_and_why(office: Session, clerk: Staff) -> None:
    make_person(office)
    made = exports.request(office, clerk, "people", {}, "给街道开会用")
    name, body = exports.workbook(office, clerk, made.id)
    mark = opened(body)[0][0]
    assert name == f"人员名单-E{made.id}.xlsx"
    for part in (
        f"E{made.id}",
        clerk.name,
        "2026-11-30 10:00",
        "给街道开会用",
        "210106001",
        "不得转发",
    ):
        assert part in mark


def test_without_a_purpose_nothing_is_exported(office: Session, clerk: Staff) -> None:
    make_person(office)
    with pytest.raises(WrongState, match="做什么用"):
        exports.request(office, clerk, "people", {}, " 。")


@pytest.mark.parametrize(
    ("role", "scope", "kinds"),
    [
        ("community", "210106001", set()),
        ("counsellor", "210106", {"people", "tasks"}),
        ("street", "210106001", {"people", "tasks", "ledger", "numbers"}),
        ("district", "210106", {"people", "tasks", "ledger", "numbers", "exits"}),
        ("manager", "2101", {"numbers"}),
        ("auditor", "21", set()),
    ],
)
def test_each_role_exports_what_its_pages_show(
    office: Session, role: str, scope: str, kinds: set[str]
) -> None:
    me = make_staff(office, "谁", role, scope)
    assert {kind for kind in sheets.KINDS if sheets.may_export(me, kind)} == kinds
    for kind in sheets.KINDS.keys() - kinds:
        with pytest.raises(NotPermitted):
            exports.request(office, me, kind, {}, "开会")


def test_a_role_that_may_not_export_lends_no_area(office: Session) -> None:
    """Who serves one community and counsels another district exports the second alone."""
    me = make_staff(office, "两职", "community", "210106001")
    roles.grant(office, None, me.id, "counsellor", "210104")
    again = roles.staff(office, me.id)
    assert again is not None
    make_person(office, "210106001", "张测试")
    make_person(office, "210104002", "李测试")
    assert [row[0][:1] for row in exported(office, again, "people")] == ["李"]


def test_of_many_people_a_second_person_decides(office: Session, clerk: Staff, head: Staff) -> None:
    many(office, "210106001", 201)
    made = exports.request(office, clerk, "people", {}, "台账核对")
    assert (made.state, made.people) == ("waiting", 201)
    with pytest.raises(WrongState, match="200"):
        exports.workbook(office, clerk, made.id)
    other = make_staff(office, "外区主任", "district", "210104")
    with pytest.raises(SamePerson):
        exports.decide(office, clerk, made.id, True)
    with pytest.raises(NotVisible):
        exports.decide(office, other, made.id, True)
    assert exports.listing(office, other) == []
    assert [row.may_decide for row in exports.listing(office, head)] == [True]
    exports.decide(office, head, made.id, True)
    make_person(office, "210106001", "钱后来")
    rows = opened(exports.workbook(office, clerk, made.id)[1])[2:]
    assert len(rows) == 201  # who came since was not agreed to
    with pytest.raises(NotVisible):
        exports.workbook(office, head, made.id)


def test_no_sql_lets_many_out_without_a_second_person(office: Session, clerk: Staff) -> None:
    many(office, "210106001", 201)
    exports.request(office, clerk, "people", {}, "台账核对")
    for change in ("state = 'approved'", f"state = 'approved', decided_by = {clerk.id}"):
        with pytest.raises(DBAPIError), office.begin_nested():
            office.execute(text(f"update list_exports set {change}"))


def test_a_person_who_moved_away_is_no_longer_in_the_file(
    office: Session, clerk: Staff, head: Staff
) -> None:
    person = make_person(office, "210106001", "张走了")
    make_person(office, "210106001", "李留下")
    made = exports.request(office, clerk, "people", {}, "开会用")
    taker = make_staff(office, "外区", "street", "210104002")
    moving = transfers.hand_over(office, clerk, person.id, "210104002", "户口迁走")
    transfers.accept(office, taker, moving.id)
    rows = opened(exports.workbook(office, clerk, made.id)[1])[2:]
    assert [row[0][:1] for row in rows] == ["李"]


def test_a_download_ends_after_a_week(office: Session, clerk: Staff) -> None:
    make_person(office)
    made = exports.request(office, clerk, "people", {}, "开会用")
    with clock.frozen(NOW + timedelta(days=8)), pytest.raises(WrongState, match="7天"):
        exports.workbook(office, clerk, made.id)


def test_each_export_and_download_is_a_trace_with_its_people(office: Session, clerk: Staff) -> None:
    person = make_person(office)
    made = exports.request(office, clerk, "people", {}, "开会用")
    exports.workbook(office, clerk, made.id)
    rows = office.execute(
        select(AuditEntry.action, AuditEntry.object_id, AuditEntry.scope, AuditEntry.purpose)
        .where(AuditEntry.object_kind == "export").order_by(AuditEntry.position)
    ).all()  # fmt: skip
    assert [tuple(row)[:3] for row in rows] == [
        (action, str(made.id), "210106001") for action in ("export", "export_file")
    ]
    assert all("开会用" in row.purpose for row in rows)
    assert [row[0] for row in exports.exports_of(office, person.id)] == [made.id]
    assert office.scalar(select(func.count()).select_from(ExportedPerson)) == 1


def test_no_cell_is_a_formula_and_numbers_are_texts(
    office: Session, head: Staff, clerk: Staff
) -> None:
    _, registration = make_registered(office)
    evil = '=HYPERLINK("http://x","看")'
    registrations.propose_exit(office, clerk, registration.id, "employed", evil)
    made = exports.request(office, head, "exits", {}, "=1+1 复核")
    sheet_ = load_workbook(BytesIO(exports.workbook(office, head, made.id)[1])).worksheets[0]
    cells = [cell for row in sheet_.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "'" + evil in {cell.value for cell in cells}


def test_a_ledger_that_goes_out_comes_back_unchanged(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    header = ("姓名", "身份证号", "联系电话", "区划代码", "登记日期", "失业原因")
    given = [
        ("张一", id_number(301), "13800138001", "210106001", "2026-10-08", "合同期满"),
        ("李二", id_number(302), "", "210106001", "2026-10-09", ""),
    ]
    first = preview(office, clerk, "registrations", sheet(tmp_path, header, given), "x.xlsx")
    apply(office, clerk, first.id)
    made = exports.request(office, clerk, "ledger", {}, "对账")
    body = exports.workbook(office, clerk, made.id)[1]
    rows = opened(body)
    assert [tuple(cell or "" for cell in row[:6]) for row in rows[2:]] == given
    file = tmp_path / "台账.xlsx"
    file.write_bytes(body)
    again = preview(office, clerk, "registrations", file, file.name)
    assert (again.rows_same, again.rows_new, again.rows_changed, again.rows_refused) == (2, 0, 0, 0)


def test_today_and_numbers_say_what_their_pages_say(
    office: Session, clerk: Staff, head: Staff
) -> None:
    make_registered(office)
    make_monthly_tasks(office, clock.today())
    (row,) = exported(office, clerk, "tasks", kind="monthly_contact")
    assert row[2:5] == ("每月联系", "张** · 8000", "昆明湖街道")
    numbers = exported(office, head, "numbers", month="2026-11")
    assert ("2026-11", "每月联系", "合计", "应联系", "1") in numbers


def test_too_long_a_list_is_refused(
    office: Session, clerk: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    many(office, "210106001", 4)
    with pytest.raises(WrongState, match="缩小范围"):
        exports.request(office, clerk, "people", {}, "开会用")
