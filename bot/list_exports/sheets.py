"""Contents of exported lists: rows as the pages show them, and the ledger that an import reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework import contacts, counts, people, registrations, tasks
from bot.casework.areas import is_area, name_of
from bot.casework.duty_store import items
from bot.casework.errors import NotPermitted, WrongState
from bot.casework.identity import key_ring
from bot.casework.people import Filters
from bot.casework.registrations import OVER, STATES
from bot.casework.roles import (
    EXPORT,
    IDENTITY,
    LEDGER,
    NUMBERS,
    PEOPLE,
    REVIEW,
    ROLES,
    Grant,
    Staff,
)
from bot.casework.scope import visible, within
from bot.db.tables import Person, Registration
from bot.wording import wording

_SAY = wording("list_exports")

#: Most rows of one export.
MOST_ROWS = 10_000
#: Rows of one query.
_CHUNK = 500
#: Filters of a list, as its page takes them.
ListFilters = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """A row of an export."""

    person_id: int | None
    """The person whom it names, None for a row that names nobody."""
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ListKind:
    """A list that can be exported."""

    label: str
    permissions: tuple[str, ...]
    """What a role must permit, besides EXPORT, in the areas of the rows."""
    filters: tuple[str, ...]
    header: tuple[str, ...]
    lines: Callable[[Session, Staff, ListFilters], Iterator[Line]]


def may_export(me: Staff, kind: str) -> bool:
    """Tell whether a member of staff may export a list anywhere."""
    return bool(_grants(me, kind))


def exporter(me: Staff, kind: str) -> Staff:
    """Return a member of staff with the roles alone that permit the export of a list.

    Raises NotPermitted when there is none.
    """
    grants = _grants(me, kind)
    if not grants:
        raise NotPermitted
    return Staff(me.id, me.name, grants)


def _grants(me: Staff, kind: str) -> tuple[Grant, ...]:
    if kind not in KINDS:
        return ()
    needed = {EXPORT, *KINDS[kind].permissions}
    return tuple(grant for grant in me.grants if needed <= ROLES[grant.role].permits)


def areas_of(me: Staff, kind: str) -> tuple[str, ...]:
    """Return the areas from which a member may export a list. Raises NotPermitted."""
    return exporter(me, kind).scopes(EXPORT)


def lines_of(db: Session, me: Staff, kind: str, filters: ListFilters) -> list[Line]:
    """Return the rows of a list in one's areas. Raises NotPermitted; WrongState for too many."""
    lines = list(islice(KINDS[kind].lines(db, exporter(me, kind), filters), MOST_ROWS + 1))
    if len(lines) > MOST_ROWS:
        raise WrongState(_SAY("export_too_long", limit=f"{MOST_ROWS:,}"))
    return lines


def _area(filters: ListFilters) -> str:
    area = filters.get("area", "")
    return area if is_area(area) else ""


def _people(db: Session, me: Staff, filters: ListFilters) -> Iterator[Line]:
    state = filters.get("state", "")
    conditions = Filters(
        "", _area(filters), state if state in STATES else "", filters.get("group", "")[:40],
        filters.get("uncovered") == "1",
    )  # fmt: skip
    after: int | None = None
    while True:
        page = people.page(db, me, conditions, after, _CHUNK)
        for row in page.rows:
            cells = (
                row.label, row.area, row.sex, str(row.birth_year or ""), row.state,
                "、".join(row.groups), row.last_contact,
            )  # fmt: skip
            yield Line(row.id, cells)
        after = page.after
        if after is None:
            return


def _ledger(db: Session, me: Staff, filters: ListFilters) -> Iterator[Line]:
    """Yield open registrations with whole names and numbers, as an import of them reads them."""
    ring, last, area = key_ring(), 0, _area(filters)
    query = (
        select(Person, Registration)
        .join(Registration, Registration.person_id == Person.id)
        .where(visible(me, Person, LEDGER), Registration.state.not_in(OVER))
        .order_by(Person.id)
        .limit(_CHUNK)
    )
    if area:
        query = query.where(within(Person.region_code, area))
    while rows := db.execute(query.where(Person.id > last)).tuples().all():
        last = rows[-1][0].id
        for person, registration in rows:
            number, phone = person.id_number_sealed, person.phone_sealed
            cells = (
                ring.open(person.name_sealed, "people.name"),
                ring.open(number, "people.id_number") if number else "",
                ring.open(phone, "people.phone") if phone else "", person.region_code,
                registration.registered_on.isoformat(), registration.cause,
                registration.number or "", STATES[registration.state],
            )  # fmt: skip
            yield Line(person.id, cells)


def _tasks(db: Session, me: Staff, filters: ListFilters) -> Iterator[Line]:
    kind, after = filters.get("kind", ""), ""
    kind = kind if kind in tasks.KINDS else ""
    while True:
        page = tasks.page(
            db, me, after, kind, _area(filters), filters.get("mine") == "1", limit=_CHUNK
        )
        for row in page.rows:
            due = f"{row.due_at:%Y-%m-%d %H:%M}" if row.has_deadline else "期限未设"
            cells = (
                due, "已过期" if row.overdue else "", row.kind, row.person, row.area, row.assignee,
                row.rule,
            )  # fmt: skip
            yield Line(row.person_id, cells)
        after = page.after
        if not after:
            return


def _exits(db: Session, me: Staff, filters: ListFilters) -> Iterator[Line]:
    waiting = registrations.proposals(db, me, MOST_ROWS + 1)
    labels = tasks.person_labels(db, {row.person_id for row in waiting})
    scope = me.scopes(REVIEW)[0]
    reasons = {row.code: row.label for row in items(db, "exit_reasons", scope, clock.today())}
    for row in waiting:
        cells = (
            labels.get(row.person_id, ""), reasons.get(row.reason_code, row.reason_code),
            row.evidence, row.proposed_by, f"{row.at:%Y-%m-%d %H:%M}",
            "有异议" if row.objected else "",
        )  # fmt: skip
        yield Line(row.person_id, cells)


def _numbers(db: Session, me: Staff, filters: ListFilters) -> Iterator[Line]:
    """Yield the counts of the page 数字, suppressed as there."""
    area, month = _area(filters) or me.scopes(NUMBERS)[0], _month(filters.get("month", ""))
    place, first = name_of(db, area), f"{month:%Y-%m}"
    for row in contacts.coverage(db, me, month, area):
        for label, number in (
            ("应联系", row.due), ("说上话", row.reached), ("本人不愿说", row.refused),
            ("打过没接通", row.tried), ("还没联系", row.untouched),
        ):  # fmt: skip
            yield Line(None, (first, "每月联系", row.name, label, str(number)))
    for title, rows in (
        ("注销和拦下的", counts.exits(db, me, month, area)),
        ("24小时承诺", counts.promises(db, me, month, area)),
    ):
        for label, text in rows:
            yield Line(None, (first, title, place, label, text))


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return clock.today().replace(day=1)


KINDS: Mapping[str, ListKind] = {
    "people": ListKind(
        "人员名单", (PEOPLE,), ("area", "state", "group", "uncovered"),
        ("谁", "地方", "性别", "出生年", "登记", "类别", "最近联系"), _people,
    ),
    "ledger": ListKind(
        "失业登记台账", (PEOPLE, IDENTITY, LEDGER), ("area",),
        (
            "姓名", "身份证号", "联系电话", "区划代码", "登记日期", "失业原因", "就业创业证号",
            "状态",
        ),
        _ledger,
    ),
    "tasks": ListKind(
        "今天要办的事", (PEOPLE,), ("kind", "area", "mine"),
        ("截止", "过期", "要办的事", "谁", "地方", "在谁手里", "依据"), _tasks,
    ),
    "exits": ListKind(
        "注销复核", (PEOPLE, REVIEW), (),
        ("谁", "理由", "凭据", "提出人", "提出时间", "异议"), _exits,
    ),
    "numbers": ListKind(
        "数字", (NUMBERS,), ("area", "month"), ("月份", "表", "地方", "项目", "数"), _numbers
    ),
}  # fmt: skip
