"""Changes that a sheet would make, row by row: stored sealed as a batch until it is applied."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.duties import FORBIDDEN_REASONS
from bot.casework.errors import SheetRefused, WrongState
from bot.casework.focus import obstacle, warned_case
from bot.casework.identity import key_ring
from bot.casework.registrations import OVER
from bot.casework.roles import LEDGER, Staff
from bot.casework.scope import everywhere, visible
from bot.casework_imports.columns import SheetKind, kinds, read_sheet
from bot.casework_imports.reading import RowReader, RowRefused, Values
from bot.db.tables import (
    Household,
    HouseholdMember,
    ImportBatch,
    ImportRow,
    Locality,
    Person,
    PersonGroup,
    Registration,
)
from bot.wording import wording

_SAY = wording("casework_imports")

#: Rows looked up by one query.
CHUNK = 500
#: Most rows of one sheet.
MOST_ROWS = 200_000
FORBIDDEN_EXIT = _SAY("exit_forbidden_row")
_ACTIONS = ("new", "changed", "same", "refused")


@dataclass(frozen=True)
class Judged:
    """A row with what would happen to it."""

    number: int
    action: str
    reason: str
    values: Values
    person_id: int | None = None


def preview(db: Session, me: Staff, kind_key: str, file: Path, name: str) -> ImportBatch:
    """Read a sheet and store the changes that it would make. Nothing else is written.

    Raises NotPermitted, SheetRefused.
    """
    me.need(LEDGER)
    kind = kinds().get(kind_key)
    if kind is None:
        raise SheetRefused(_SAY("sheet_kind_unknown"))
    sheet_rows = read_sheet(file, kind)
    if len(sheet_rows) > MOST_ROWS:
        raise SheetRefused(_SAY("sheet_too_long", limit=MOST_ROWS, rows=len(sheet_rows)))
    judged = _judge(db, me, kind, sheet_rows)
    counts = Counter(row.action for row in judged)
    batch = ImportBatch(
        kind=kind.key, file=name[:120], sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        scope=me.scopes(LEDGER)[0], state="previewed", counsellor_id=me.id,
        previewed_at=clock.now(), **{f"rows_{action}": counts[action] for action in _ACTIONS},
    )  # fmt: skip
    db.add(batch)
    db.flush()
    _store_rows(db, batch, judged)
    return batch


def payload(row: ImportRow) -> tuple[Values, int | None]:
    """Return the values of a kept row, and the person it is about where there is one."""
    values: dict[str, Any] = json.loads(key_ring().open(row.payload_sealed, "import_rows.payload"))
    person = values.pop("person_id", None)
    return Values(**values), person


def rows_of(db: Session, batch: ImportBatch, action: str = "", limit: int = 200) -> list[ImportRow]:
    """Return the rows of a batch in the order of the sheet, of one action if it is named."""
    query = select(ImportRow).where(ImportRow.batch_id == batch.id)
    if action:
        query = query.where(ImportRow.action == action)
    return list(db.scalars(query.order_by(ImportRow.number, ImportRow.id).limit(limit)))


def _store_rows(db: Session, batch: ImportBatch, judged: Iterable[Judged]) -> None:
    ring = key_ring()
    rows = []
    for row in judged:
        values: dict[str, Any] = row.values.plain()
        if row.person_id is not None:
            values["person_id"] = row.person_id
        sealed = ring.seal(json.dumps(values, ensure_ascii=False), "import_rows.payload")
        rows.append(
            {
                "batch_id": batch.id, "number": row.number, "action": row.action,
                "reason": row.reason[:200], "payload_sealed": sealed, "before_sealed": "",
            }
        )  # fmt: skip
    for start in range(0, len(rows), CHUNK):
        db.execute(insert(ImportRow), rows[start : start + CHUNK])


def _judge(
    db: Session, me: Staff, kind: SheetKind, sheet_rows: Sequence[tuple[int, dict[str, Any]]]
) -> list[Judged]:
    reader = RowReader(db, me, kind, clock.today())
    read: list[tuple[int, Values]] = []
    judged: list[Judged] = []
    first: dict[tuple[str, ...], int] = {}
    for number, row in sheet_rows:
        try:
            values = reader.read(row)
        except RowRefused as refused:
            judged.append(Judged(number, "refused", str(refused), Values()))
            continue
        key = (values.id_number, values.kind, values.code)
        if key in first:
            reason = _SAY("same_as_row", row=first[key])
            judged.append(Judged(number, "refused", reason, Values()))
            continue
        first[key] = number
        read.append((number, values))
    for start in range(0, len(read), CHUNK):
        judged += compare_rows(db, me, kind.key, read[start : start + CHUNK])
    return sorted(judged, key=lambda row: row.number)


def compare_rows(
    db: Session, me: Staff, kind: str, read: Sequence[tuple[int, Values]]
) -> list[Judged]:
    if kind == "localities":
        return _compare_localities(db, read)
    people = _people(db, [values.id_number for _, values in read])
    visible_ids = set(
        db.scalars(
            select(Person.id).where(
                Person.id.in_([stored.id for stored in people.values()]),
                visible(me, Person, LEDGER),
            )
        )
    )
    compare = _Comparison(db, [stored.id for stored in people.values()])
    judged = []
    for number, values in read:
        person = people.get(values.id_number)
        if person is not None and person.id not in visible_ids:
            judged.append(Judged(number, "refused", _SAY("person_in_other_area"), Values()))
            continue
        action, reason = getattr(compare, kind)(person, values)
        row_values = Values() if action == "refused" and reason != FORBIDDEN_EXIT else values
        judged.append(Judged(number, action, reason, row_values, person.id if person else None))
    return judged


class _Comparison:
    """Compares rows of people with what is there; each method gives the action and its reason."""

    def __init__(self, db: Session, people: Sequence[int]) -> None:
        self._db = db
        open_ones = select(Registration).where(
            Registration.person_id.in_(people), Registration.state.not_in(OVER)
        )
        self._registered = {row.person_id: row for row in db.scalars(open_ones)}
        groups = select(PersonGroup).where(
            PersonGroup.person_id.in_(people), PersonGroup.state != "ended"
        )
        self._groups = {(row.person_id, row.kind) for row in db.scalars(groups)}
        members = (
            select(HouseholdMember.person_id, Household.number)
            .join(Household, Household.id == HouseholdMember.household_id)
            .where(HouseholdMember.person_id.in_(people))
        )
        self._households = {(person, number) for person, number in db.execute(members)}

    def registrations(self, person: Person | None, values: Values) -> tuple[str, str]:
        if person is None:
            return "new", _SAY("new_person")
        registration = self._registered.get(person.id)
        if registration is None:
            return "new", _SAY("new_registration")
        if registration.registered_on != date.fromisoformat(values.registered_on):
            return "refused", _SAY("registered_on_already", day=registration.registered_on)
        if values.area and values.area[:6] != person.district_code:
            return "refused", _SAY("district_changed")
        changes = _differences(person, values)
        return ("changed", "、".join(changes)) if changes else ("same", "")

    def exits(self, person: Person | None, values: Values) -> tuple[str, str]:
        if person is None:
            return "refused", _SAY("person_unknown")
        registration = self._registered.get(person.id)
        if registration is None:
            return "refused", _SAY("no_open_registration")
        if values.reason in FORBIDDEN_REASONS:
            return "refused", FORBIDDEN_EXIT
        if registration.state != "active":
            return "same", _SAY("exit_in_review")
        if not values.evidence:
            return "refused", _SAY("evidence_not_stated")
        return "new", _SAY("exit_to_be_proposed")

    def hardship(self, person: Person | None, values: Values) -> tuple[str, str]:
        if person is None:
            return "refused", _SAY("import_registration_first")
        if (person.id, values.kind) in self._groups:
            return "same", ""
        return "new", _SAY("group_to_be_added")

    def focus(self, person: Person | None, values: Values) -> tuple[str, str]:
        reason = obstacle(self._db, person.id, values.kind) if person is not None else ""
        if not reason and values.kind == "laid_off":
            try:
                warned_case(self._db, values.firm)
            except WrongState as wrong:
                reason = str(wrong)
        if reason:
            return "refused", reason
        return "new", _SAY("focus_new_person" if person is None else "focus_to_be_entered")

    def households(self, person: Person | None, values: Values) -> tuple[str, str]:
        if person is None:
            return "refused", _SAY("import_registration_first")
        if (person.id, values.household) in self._households:
            return "same", ""
        return "new", _SAY("household_to_be_joined")


def _compare_localities(db: Session, read: Sequence[tuple[int, Values]]) -> list[Judged]:
    codes = [values.code for _, values in read]
    names = dict(
        db.execute(select(Locality.code, Locality.name).where(Locality.code.in_(codes)))
        .tuples()
        .all()
    )
    parents = {*codes, *db.scalars(
        select(Locality.code).where(Locality.code.in_([code[:9] for code in codes]))
    )}  # fmt: skip
    judged = []
    for number, values in read:
        stored_name = names.get(values.code)
        if len(values.code) == 12 and values.code[:9] not in parents:
            judged.append(Judged(number, "refused", _SAY("street_unknown"), Values()))
        elif stored_name is None:
            judged.append(Judged(number, "new", "新的", values))
        elif stored_name == values.name:
            judged.append(Judged(number, "same", "", values))
        else:
            judged.append(Judged(number, "changed", f"原名{stored_name}", values))
    return judged


def _differences(person: Person, values: Values) -> list[str]:
    ring = key_ring()
    changes = []
    if values.phone and person.phone_digest != ring.digest(values.phone, "people.phone"):
        changes.append("电话")
    if values.area and person.region_code != values.area:
        changes.append("街道或社区")
    if person.name_digest != ring.digest(values.name, "people.name"):
        changes.append("姓名")
    return changes


def _people(db: Session, id_numbers: Sequence[str]) -> dict[str, Person]:
    """Return people by identity number, of all areas: a person is kept once in a province."""
    ring = key_ring()
    by_digest = {ring.digest(number, "people.id_number"): number for number in id_numbers}
    query = select(Person).where(Person.id_number_digest.in_(by_digest))
    with everywhere(db):
        return {by_digest[str(person.id_number_digest)]: person for person in db.scalars(query)}
