"""Exports of the console's lists as workbooks: purpose, second person, watermark, trace.

What names more than 200 people needs the yes of a second member of staff. Each export and each
download is a row of the log of looks, and each person named is kept with the export.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot import clock
from bot.audit.chain import Action, append
from bot.casework.errors import NotPermitted, NotVisible, SamePerson, WrongState
from bot.casework.roles import EXPORT, Staff
from bot.db.tables import Counsellor, ExportedPerson, ListExport
from bot.list_exports.sheets import KINDS, Line, ListFilters, areas_of, lines_of
from bot.postings.export import harmless
from bot.wording import wording

_SAY = wording("list_exports")

#: People that an export may name without a second person (issue of the office's record, row 15).
MOST_ALONE = 200
#: Days within which an export can be downloaded.
DOWNLOAD_DAYS = 7
#: Rows of the page.
ROWS = 50
STATES = {"waiting": "等第二个人同意", "approved": "可以下载", "refused": "已退回"}
_CHUNK = 500
#: Width of a column in characters of half width: least and most.
_NARROWEST, _WIDEST = 8, 50


@dataclass(frozen=True)
class ExportRow:
    """An export as the page shows it."""

    id: int
    label: str
    filters: str
    purpose: str
    rows: int
    people: int
    state_code: str
    state: str
    by: str
    at: datetime
    decided_by: str
    may_download: bool
    may_decide: bool


def request(db: Session, me: Staff, kind: str, filters: ListFilters, purpose: str) -> ListExport:
    """Begin an export of a list in one's areas; what names many people waits for a second person.

    Raises NotPermitted, and WrongState without a purpose and for an empty or too long list.
    """
    areas = areas_of(me, kind)
    if len(purpose.strip()) < 2:
        raise WrongState(_SAY("export_purpose_missing"))
    chosen = {name: filters[name][:40] for name in KINDS[kind].filters if filters.get(name)}
    lines = lines_of(db, me, kind, chosen)
    if not lines:
        raise WrongState(_SAY("export_empty"))
    people = sorted({line.person_id for line in lines if line.person_id is not None})
    has_many = len(people) > MOST_ALONE
    made = ListExport(
        kind=kind, filters=json.dumps(chosen, ensure_ascii=False), scopes=",".join(areas),
        purpose=purpose.strip()[:200], rows=len(lines), people=len(people),
        needs_approval=has_many, state="waiting" if has_many else "approved",
        counsellor_id=me.id, created_at=clock.now(),
    )  # fmt: skip
    db.add(made)
    db.flush()
    for start in range(0, len(people), _CHUNK):
        rows = [{"export_id": made.id, "person_id": one} for one in people[start : start + _CHUNK]]
        db.execute(insert(ExportedPerson), rows)
    _log(db, me, "export", made)
    return made


def decide(db: Session, me: Staff, number: int, agrees: bool) -> ListExport:
    """Agree to or refuse a colleague's export, as who could make it too.

    Raises NotVisible, SamePerson, WrongState.
    """
    row = db.get(ListExport, number, with_for_update=True, populate_existing=True)
    if row is None or not (row.counsellor_id == me.id or _covers(me, row)):
        raise NotVisible
    if row.counsellor_id == me.id:
        raise SamePerson
    if row.state != "waiting":
        raise WrongState(_SAY("export_decided"))
    row.state = "approved" if agrees else "refused"
    row.decided_by, row.decided_at = me.id, clock.now()
    db.flush()
    _log(db, me, f"export_{row.state}", row)
    return row


def listing(db: Session, me: Staff) -> list[ExportRow]:
    """Return one's own exports, and those of colleagues that wait for a second person."""
    me.need(EXPORT)
    own = select(ListExport).where(ListExport.counsellor_id == me.id)
    others = select(ListExport).where(
        ListExport.state == "waiting", ListExport.counsellor_id != me.id
    )
    rows = [
        *(row for row in db.scalars(others.order_by(ListExport.id)) if _covers(me, row)),
        *db.scalars(own.order_by(ListExport.id.desc()).limit(ROWS)),
    ]
    numbers = {number for row in rows for number in (row.counsellor_id, row.decided_by) if number}
    query = select(Counsellor.id, Counsellor.name).where(Counsellor.id.in_(numbers))
    names = dict(db.execute(query).tuples().all())
    return [_row(me, row, names) for row in rows]


def workbook(db: Session, me: Staff, number: int) -> tuple[str, bytes]:
    """Return the file name and the .xlsx of one's own export; the download is logged.

    It has the people of the request alone, as far as they are still in one's areas, as they are
    now. Raises NotVisible, NotPermitted, WrongState.
    """
    row = db.get(ListExport, number)
    if row is None or row.counsellor_id != me.id:
        raise NotVisible
    if row.state != "approved":
        waits = row.state == "waiting"
        raise WrongState(
            _SAY("export_waits", limit=MOST_ALONE) if waits else _SAY("export_not_approved")
        )
    if clock.now() - row.created_at > timedelta(days=DOWNLOAD_DAYS):
        raise WrongState(_SAY("export_expired", days=DOWNLOAD_DAYS))
    lines = lines_of(db, me, row.kind, json.loads(row.filters))
    named = set(
        db.scalars(select(ExportedPerson.person_id).where(ExportedPerson.export_id == row.id))
    )
    kept = [line for line in lines if line.person_id is None or line.person_id in named]
    body = _xlsx(row, me, kept)
    _log(db, me, "export_file", row)
    return f"{KINDS[row.kind].label}-E{row.id}.xlsx", body


def exports_of(db: Session, person_id: int) -> list[tuple[int, str, str, datetime]]:
    """Return the exports that named a person: number, list, by whom, when."""
    query = (
        select(ListExport.id, ListExport.kind, Counsellor.name, ListExport.created_at)
        .join(ExportedPerson, ExportedPerson.export_id == ListExport.id)
        .join(Counsellor, Counsellor.id == ListExport.counsellor_id)
        .where(ExportedPerson.person_id == person_id)
        .order_by(ListExport.id.desc())
    )
    return [(row.id, KINDS[row.kind].label, row.name, row.created_at) for row in db.execute(query)]


def _covers(me: Staff, row: ListExport) -> bool:
    """Tell whether a member could make this export: the same list, in all of its areas."""
    try:
        areas = areas_of(me, row.kind)
    except NotPermitted:
        return False
    return all(any(scope.startswith(area) for area in areas) for scope in row.scopes.split(","))


def _row(me: Staff, row: ListExport, names: dict[int, str]) -> ExportRow:
    is_own = row.counsellor_id == me.id
    is_fresh = clock.now() - row.created_at <= timedelta(days=DOWNLOAD_DAYS)
    filters = "，".join(json.loads(row.filters).values())
    return ExportRow(
        row.id, KINDS[row.kind].label, filters, row.purpose, row.rows, row.people, row.state,
        STATES[row.state] if is_fresh or row.state != "approved" else "已过期",
        names[row.counsellor_id], row.created_at, names.get(row.decided_by or 0, ""),
        is_own and row.state == "approved" and is_fresh, not is_own and row.state == "waiting",
    )  # fmt: skip


def _xlsx(row: ListExport, me: Staff, lines: list[Line]) -> bytes:
    """Return a workbook: who, when and why above, every cell a text that is no formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    kind, now = KINDS[row.kind], clock.now()
    mark = (
        f"导出E{row.id}　{me.name}　{now:%Y-%m-%d %H:%M}　用途：{row.purpose}　"
        f"范围：{row.scopes}　{len(lines)}行　含个人信息，不得转发，用完删除"
    )
    book = Workbook(write_only=True)
    sheet = book.create_sheet(kind.label)
    sheet.freeze_panes = "A3"
    sheet.oddHeader.center.text = f"导出E{row.id} {me.name} {now:%Y-%m-%d %H:%M}".replace("&", "&&")
    sheet.oddFooter.center.text = "含个人信息，不得转发　&P/&N"
    for index, header in enumerate(kind.header):
        longest = max((_width(line.cells[index]) for line in lines), default=0)
        width = min(_WIDEST, max(_NARROWEST, _width(header), longest) + 2)
        sheet.column_dimensions[get_column_letter(index + 1)].width = width

    def cell(text: str, bold: bool = False) -> Any:
        made = WriteOnlyCell(sheet, harmless(_plain(text)))
        made.data_type, made.number_format = "s", "@"  # a number of 18 digits stays whole
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(mark)])
    sheet.append([cell(header, bold=True) for header in kind.header])
    for line in lines:
        sheet.append([cell(text) for text in line.cells])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(text: str) -> str:
    """Return a text without the control characters that a workbook cannot hold."""
    return "".join(one for one in text if one >= " " or one in "\t\n")


def _width(text: str) -> int:
    """Return a text's width in characters of half width: Chinese takes two."""
    return sum(2 if ord(one) > 0x2E7F else 1 for one in text)


def _log(db: Session, me: Staff, action: str, row: ListExport) -> None:
    after = {"kind": row.kind, "filters": row.filters, "rows": row.rows, "people": row.people}
    purpose = f"{KINDS[row.kind].label}，{row.rows}行：{row.purpose}"
    append(db, Action(
        f"counsellor:{me.id}", action, "export", purpose, str(row.id), row.scopes, after=after
    ))  # fmt: skip
