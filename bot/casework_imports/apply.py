"""Application of a previewed batch, and its undoing by rows that say the opposite.

Nothing is deleted. A registration that a batch made is withdrawn with it unless there has been a
contact with the person since; a review that was decided stays.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from bot import clock
from bot.audit.chain import Action, append
from bot.casework.areas import add_locality
from bot.casework.duties import FORBIDDEN_REASONS
from bot.casework.duty_store import figure
from bot.casework.errors import WrongState
from bot.casework.focus import enter
from bot.casework.focus import withdraw as withdraw_entry
from bot.casework.identity import birth_year, key_ring, sex
from bot.casework.registrations import (
    OVER,
    current,
    note_forbidden,
    propose_exit,
    withdraw,
    withdraw_proposal,
)
from bot.casework.roles import LEDGER, Staff
from bot.casework.scope import get, visible
from bot.casework.tasks import Deadline, after_days, make, move
from bot.casework_imports.preview import CHUNK, Judged, compare_rows, payload
from bot.casework_imports.reading import Values
from bot.db.tables import (
    Contact,
    FocusEntry,
    Household,
    HouseholdMember,
    ImportBatch,
    ImportRow,
    Locality,
    Person,
    PersonGroup,
    Registration,
    RegistrationEvent,
)
from bot.wording import wording

_SAY = wording("casework_imports")

#: What a sheet can change of a person.
_PERSON = (
    "name_sealed",
    "name_digest",
    "phone_sealed",
    "phone_digest",
    "region_code",
    "district_code",
)


@dataclass(frozen=True)
class Applied:
    """Result of applying or undoing."""

    done: int
    skipped: int
    """Rows that were left out: their subject has changed since the preview."""


def apply(db: Session, me: Staff, number: int) -> Applied:
    """Apply a previewed batch. Raises NotVisible, SamePerson, WrongState."""
    batch: ImportBatch = get(db, me, ImportBatch, number, LEDGER, lock=True)
    if batch.state != "previewed":
        raise WrongState(_SAY("batch_applied_already"))
    batch.state, batch.applied_at = "applied", clock.now()
    db.flush()
    done = skipped = 0
    last = 0
    while chunk := _next_rows(db, batch, last):
        last = chunk[-1].id
        applied = _apply_chunk(db, me, batch, chunk)
        done, skipped = done + applied, skipped + len(chunk) - applied
        db.flush()
        db.expire_all()  # a sheet of 100,000 rows is not held in memory
    _log(db, me, "import", batch)
    return Applied(done, skipped)


def undo(db: Session, me: Staff, number: int) -> Applied:
    """Take an applied batch back. Raises NotVisible, WrongState."""
    batch: ImportBatch = get(db, me, ImportBatch, number, LEDGER, lock=True)
    if batch.state != "applied":
        raise WrongState(_SAY("batch_not_applied"))
    batch.state, batch.undone_at, batch.undone_by = "undone", clock.now(), me.id
    db.flush()
    done = skipped = 0
    last = 0
    take_back = _UNDO[batch.kind]
    while chunk := _next_rows(db, batch, last):
        last = chunk[-1].id
        for row in chunk:
            if take_back(db, me, batch, row):
                done += 1
            else:
                skipped += 1
        db.flush()
    _log(db, me, "import_undone", batch)
    return Applied(done, skipped)


def _next_rows(db: Session, batch: ImportBatch, last: int) -> Sequence[ImportRow]:
    """Return the next rows with something to do; of exits also what was refused as forbidden."""
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.id > last)
    actions = ["new", "changed", *(["refused"] if batch.kind == "exits" else [])]
    query = query.where(ImportRow.action.in_(actions))
    return db.scalars(query.order_by(ImportRow.id).limit(CHUNK)).all()


def _apply_chunk(db: Session, me: Staff, batch: ImportBatch, chunk: Sequence[ImportRow]) -> int:
    values_by_row = {row.number: payload(row)[0] for row in chunk}
    if batch.kind == "localities":
        for row in chunk:
            _apply_locality(db, row, values_by_row[row.number])
        return len(chunk)
    identified = [(number, values) for number, values in values_by_row.items() if values.id_number]
    now = {judged.number: judged for judged in compare_rows(db, me, batch.kind, identified)}
    if batch.kind == "exits":
        return sum(_apply_exit(db, me, batch, row, now.get(row.number)) for row in chunk)
    same = [row for row in chunk if _matches_preview(row, now.get(row.number))]
    if batch.kind == "registrations":
        _apply_registrations(db, me, batch, [(row, now[row.number]) for row in same])
    for row in same:
        if batch.kind == "hardship":
            _apply_hardship(db, batch, now[row.number])
        elif batch.kind == "households":
            _apply_household(db, batch, now[row.number])
        elif batch.kind == "focus":
            _apply_focus(db, me, batch, now[row.number])
    return len(same)


def _matches_preview(row: ImportRow, now: Judged | None) -> bool:
    """Tell whether a row would do now what the preview showed; else it is refused."""
    if now is not None and now.action == row.action:
        return True
    row.action, row.reason = "refused", _SAY("changed_since_preview")
    return False


def _apply_registrations(
    db: Session, me: Staff, batch: ImportBatch, rows: Sequence[tuple[ImportRow, Judged]]
) -> None:
    fresh = [(row, judged) for row, judged in rows if judged.action == "new"]
    unknown = [judged for _, judged in fresh if judged.person_id is None]
    numbers: dict[str, int] = {
        judged.values.id_number: judged.person_id or 0 for _, judged in fresh
    }
    if unknown:
        made = db.scalars(
            insert(Person).returning(Person.id, sort_by_parameter_order=True),
            [_new_person(batch, judged.values) for judged in unknown],
        ).all()
        numbers.update(zip((judged.values.id_number for judged in unknown), made, strict=True))
    if fresh:
        _insert_registrations(
            db, batch, [(numbers[judged.values.id_number], judged.values) for _, judged in fresh]
        )
    for _, judged in fresh:
        if judged.person_id is not None:
            db.get_one(Person, judged.person_id).left_at = None
    for row, judged in rows:
        if judged.action == "changed" and judged.person_id is not None:
            _change_person(db, batch, row, db.get_one(Person, judged.person_id), judged.values)


def _new_person(batch: ImportBatch, values: Values) -> dict[str, Any]:
    ring = key_ring()
    number, phone = values.id_number, values.phone
    return {
        "name_sealed": ring.seal(values.name, "people.name"),
        "name_digest": ring.digest(values.name, "people.name"),
        "id_number_sealed": ring.seal(number, "people.id_number"),
        "id_number_digest": ring.digest(number, "people.id_number"),
        "phone_sealed": ring.seal(phone, "people.phone") if phone else None,
        "phone_digest": ring.digest(phone, "people.phone") if phone else None,
        "birth_year": birth_year(number), "sex": sex(number), "region_code": values.area,
        "district_code": values.area[:6], "source": "import", "as_of": clock.today(),
        "batch_id": batch.id, "created_at": clock.now(),
    }  # fmt: skip


def _insert_registrations(
    db: Session, batch: ImportBatch, entries: Sequence[tuple[int, Values]]
) -> None:
    made = db.scalars(
        insert(Registration).returning(Registration.id, sort_by_parameter_order=True),
        [
            {
                "person_id": person, "number": values.certificate or None,
                "registered_on": date.fromisoformat(values.registered_on), "cause": values.cause,
                "state": "active", "source": "import", "as_of": clock.today(), "batch_id": batch.id,
            }
            for person, values in entries
        ],
    ).all()  # fmt: skip
    event = {
        "kind": "registered", "evidence": "", "counsellor_id": batch.counsellor_id,
        "batch_id": batch.id, "at": clock.now(),
    }  # fmt: skip
    db.execute(
        insert(RegistrationEvent),
        [{**event, "registration_id": registration_id} for registration_id in made],
    )


def _change_person(
    db: Session, batch: ImportBatch, row: ImportRow, person: Person, values: Values
) -> None:
    """Take over the new values of a sheet; an entry of the desk is to be checked instead."""
    if person.source == "desk":
        key = f"verify:import:{batch.id}:{person.id}"
        deadline = Deadline(
            clock.now(), _SAY("differs_from_desk", differences=row.reason), is_set=False
        )
        make(db, key, "verify", person, deadline, batch.id)
        return
    ring = key_ring()
    previous = {name: getattr(person, name) for name in _PERSON}
    row.before_sealed = ring.seal(json.dumps(previous), "import_rows.before")
    person.name_sealed = ring.seal(values.name, "people.name")
    person.name_digest = ring.digest(values.name, "people.name")
    if values.phone:
        person.phone_sealed = ring.seal(values.phone, "people.phone")
        person.phone_digest = ring.digest(values.phone, "people.phone")
    if values.area and values.area != person.region_code:
        person.region_code, person.district_code = values.area, values.area[:6]
        db.flush()
        move(db, person)
    person.as_of = clock.today()


def _apply_exit(
    db: Session, me: Staff, batch: ImportBatch, row: ImportRow, now: Judged | None
) -> bool:
    if now is None or now.person_id is None:
        return False
    registration = current(db, now.person_id)
    if registration is None:
        return False
    origin = _SAY("row_origin", file=batch.file, row=row.number)
    if now.values.reason in FORBIDDEN_REASONS:
        note_forbidden(
            db, registration, now.values.reason, me.id, origin, batch_id=batch.id, violation=True
        )
        return False
    if not _matches_preview(row, now):
        return False
    evidence = f"{origin}：{now.values.evidence}"
    propose_exit(db, me, registration.id, now.values.reason, evidence, batch.id)
    return True


def _apply_hardship(db: Session, batch: ImportBatch, judged: Judged) -> None:
    values = judged.values
    starts = date.fromisoformat(values.valid_from) if values.valid_from else clock.today()
    db.add(
        PersonGroup(
            person_id=judged.person_id, kind=values.kind, basis=values.basis, valid_from=starts,
            valid_to=date.fromisoformat(values.valid_to) if values.valid_to else None,
            state="to_verify", source="import", batch_id=batch.id,
        )
    )  # fmt: skip


def _apply_household(db: Session, batch: ImportBatch, judged: Judged) -> None:
    values, person = judged.values, db.get_one(Person, judged.person_id)
    home = db.scalar(select(Household).where(Household.number == values.household))
    if home is None:
        opened = date.fromisoformat(values.opened_on) if values.opened_on else clock.today()
        days = figure(db, "household_days", person.region_code, clock.today())
        deadline = after_days(days, "零就业家庭帮扶期限", clock.now())
        home = Household(
            number=values.household, region_code=person.region_code,
            district_code=person.district_code, opened_on=opened,
            due_on=deadline.at.date() if deadline.is_set else None, state="zero",
            batch_id=batch.id,
        )  # fmt: skip
        db.add(home)
        db.flush()
        make(db, f"household:{home.id}", "household", person, deadline, home.id)
    db.add(HouseholdMember(household_id=home.id, person_id=person.id, employed=False))
    db.flush()


def _apply_focus(db: Session, me: Staff, batch: ImportBatch, judged: Judged) -> None:
    """Enter a person; one who is not on record yet is met before they register."""
    values = judged.values
    number = judged.person_id
    if number is None:
        number = db.scalars(insert(Person).returning(Person.id), [_new_person(batch, values)]).one()
    person = db.get_one(Person, number)
    enter(db, me, person, values.kind, values.basis, values.firm, batch.id)


def _apply_locality(db: Session, row: ImportRow, values: Values) -> None:
    locality = db.get(Locality, values.code)
    previous = json.dumps({"name": locality.name if locality else ""}, ensure_ascii=False)
    row.before_sealed = key_ring().seal(previous, "import_rows.before")
    add_locality(db, values.code, values.name)


def _undo_registration(db: Session, me: Staff, batch: ImportBatch, row: ImportRow) -> bool:
    values, _ = payload(row)
    digest = key_ring().digest(values.id_number, "people.id_number")
    own = visible(me, Person, LEDGER)  # who has been transferred since is another area's
    person = db.scalar(select(Person).where(Person.id_number_digest == digest, own))
    if person is None:
        return False
    if row.action == "changed":
        return _restore_person(db, row, person)
    query = select(Registration).where(
        Registration.batch_id == batch.id, Registration.person_id == person.id
    )
    registration = db.scalar(query)
    if registration is None or registration.state in OVER:
        return False
    since = exists(
        select(Contact.id).where(Contact.person_id == person.id, Contact.at >= batch.applied_at)
    )
    if db.scalar(select(since)):
        return False
    withdraw(db, me, registration)
    return True


def _restore_person(db: Session, row: ImportRow, person: Person) -> bool:
    if not row.before_sealed:
        return False
    previous = json.loads(key_ring().open(row.before_sealed, "import_rows.before"))
    if previous["district_code"] != person.district_code:
        return False
    for name, value in previous.items():
        setattr(person, name, value)
    db.flush()
    move(db, person)
    return True


def _undo_exit(db: Session, me: Staff, batch: ImportBatch, row: ImportRow) -> bool:
    person_id = payload(row)[1]
    registration = current(db, person_id) if person_id is not None else None
    if registration is None or registration.state != "exit_proposed":
        return False
    query = select(RegistrationEvent.batch_id).where(
        RegistrationEvent.registration_id == registration.id,
        RegistrationEvent.kind == "exit_proposed",
    )
    if db.scalar(query.order_by(RegistrationEvent.id.desc()).limit(1)) != batch.id:
        return False
    withdraw_proposal(db, me, registration)
    return True


def _undo_hardship(db: Session, me: Staff, batch: ImportBatch, row: ImportRow) -> bool:
    values, person_id = payload(row)
    query = select(PersonGroup).where(
        PersonGroup.batch_id == batch.id, PersonGroup.person_id == person_id,
        PersonGroup.kind == values.kind, PersonGroup.state != "ended",
    )  # fmt: skip
    group = db.scalar(query)
    if group is None:
        return False
    group.state, group.valid_to = "ended", clock.today()
    return True


def _undo_focus(db: Session, me: Staff, batch: ImportBatch, row: ImportRow) -> bool:
    values, _ = payload(row)
    query = (
        select(FocusEntry)
        .join(Person, Person.id == FocusEntry.person_id)
        .where(FocusEntry.batch_id == batch.id, FocusEntry.kind == values.kind)
        .where(Person.id_number_digest == key_ring().digest(values.id_number, "people.id_number"))
    )
    entry = db.scalar(query)
    return entry is not None and withdraw_entry(db, me, entry, _SAY("focus_import_undone"))


def _undo_household(db: Session, me: Staff, batch: ImportBatch, row: ImportRow) -> bool:
    values, _ = payload(row)
    query = select(Household).where(
        Household.number == values.household, Household.batch_id == batch.id
    )
    home = db.scalar(query)
    if home is None:
        return False
    home.state = "closed"
    return True


def _undo_locality(db: Session, me: Staff, batch: ImportBatch, row: ImportRow) -> bool:
    """Give a place its old name; a new one stays: people may be registered there."""
    values, _ = payload(row)
    locality = db.get(Locality, values.code)
    if locality is None or not row.before_sealed:
        return False
    previous_name = json.loads(key_ring().open(row.before_sealed, "import_rows.before"))["name"]
    if not previous_name:
        return False
    locality.name = previous_name
    return True


_UNDO: dict[str, Callable[[Session, Staff, ImportBatch, ImportRow], bool]] = {
    "registrations": _undo_registration, "exits": _undo_exit, "hardship": _undo_hardship,
    "households": _undo_household, "focus": _undo_focus, "localities": _undo_locality,
}  # fmt: skip


def _log(db: Session, me: Staff, action: str, batch: ImportBatch) -> None:
    purpose = f"导入{batch.kind}"
    actor = f"counsellor:{me.id}"
    append(db, Action(actor, action, "import_batch", purpose, str(batch.id), batch.scope))
