"""Transfers of people between areas: one side asks, the other decides, and the person moves.

Until the other side's yes the person is the old area's alone; from then on the new one's. What was
done stays with its area (closed tasks, exports, looks); what is still to be done moves along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from bot import clock
from bot.audit.chain import Action, append
from bot.casework import tasks
from bot.casework.areas import exists, names_of
from bot.casework.errors import NotPermitted, SamePerson, WrongState
from bot.casework.identity import key_ring, plain_id_number
from bot.casework.registrations import current
from bot.casework.roles import LEDGER, Staff
from bot.casework.scope import everywhere, get, visible
from bot.db.tables import Counsellor, Person, Task, Transfer
from bot.wording import wording

_SAY = wording("casework")

STATES = {
    "proposed": "等对方同意",
    "accepted": "已转移",
    "refused": "已退回",
    "withdrawn": "已撤回",
}
DIRECTIONS = {"in": "转入", "out": "转出"}
#: Rows of the page.
ROWS = 100


@dataclass(frozen=True)
class TransferRow:
    """A transfer as both sides see it."""

    id: int
    person_id: int
    person: str
    """Masked: 张** · 3211; empty for the side that has the person no longer."""
    is_here: bool
    """Whether the reader may open the person."""
    direction: str
    from_code: str
    to_code: str
    from_name: str
    to_name: str
    reason: str
    note: str
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    may_decide: bool
    may_withdraw: bool


@dataclass(frozen=True)
class PastTransfer:
    """A transfer in a person's history."""

    from_name: str
    to_name: str
    decided_at: datetime
    proposed_by: str
    decided_by: str


def hand_over(db: Session, me: Staff, person_id: int, to_code: str, reason: str) -> Transfer:
    """Propose, from the old area, that another one takes a person over.

    Raises NotVisible and WrongState.
    """
    person: Person = get(db, me, Person, person_id, LEDGER, lock=True)
    return _propose(db, me, person, to_code, reason, "out")


def ask_for(
    db: Session, me: Staff, id_number: str, name: str, to_code: str, reason: str
) -> Transfer:
    """Propose, from the new area, that a person be handed over: by whole name and number.

    Who is not there and whose name is another one get the same answer. Raises NotPermitted and
    WrongState.
    """
    me.need(LEDGER, to_code)
    ring = key_ring()
    digest = ring.digest(plain_id_number(id_number), "people.id_number")
    with everywhere(db):
        person = db.scalar(select(Person).where(Person.id_number_digest == digest))
        if person is None or person.name_digest != ring.digest(name.strip(), "people.name"):
            raise WrongState(_SAY("transfer_person_unknown"))
        return _propose(db, me, person, to_code, reason, "in")


def accept(db: Session, me: Staff, number: int) -> Transfer:
    """Agree as the other side: the person and what is still to be done for them move.

    Raises NotVisible, NotPermitted, SamePerson, WrongState.
    """
    transfer = _to_decide(db, me, number)
    with everywhere(db):
        person = db.get_one(
            Person, transfer.person_id, with_for_update=True, populate_existing=True
        )
        if person.region_code != transfer.from_code:
            raise WrongState(_SAY("transfer_moved_since"))
        _check_no_review(db, person)
        _decide(db, me, transfer, "accepted", "")
        person.region_code, person.district_code = transfer.to_code, transfer.to_code[:6]
        db.flush()
        tasks.move(db, person)
        db.flush()
    return transfer


def refuse(db: Session, me: Staff, number: int, reason: str) -> Transfer:
    """Refuse as the other side: the person stays. Raises as `accept`."""
    if not reason.strip():
        raise WrongState(_SAY("rejection_reason_missing"))
    transfer = _to_decide(db, me, number)
    _decide(db, me, transfer, "refused", reason.strip()[:200])
    return transfer


def withdraw(db: Session, me: Staff, number: int) -> Transfer:
    """Take a proposal back as the side that made it.

    Raises NotVisible, NotPermitted, WrongState.
    """
    transfer = _open(db, me, number)
    if not me.may(LEDGER, _proposing_side(transfer)):
        raise NotPermitted
    _decide(db, me, transfer, "withdrawn", "")
    return transfer


def listing(db: Session, me: Staff) -> list[TransferRow]:
    """Return the transfers from and to one's areas: those that wait first, then the newest."""
    query = (
        select(Transfer)
        .where(visible(me, Transfer, LEDGER))
        .order_by(case((Transfer.state == "proposed", 0), else_=1), Transfer.id.desc())
        .limit(ROWS)
    )
    transfers = db.scalars(query).all()
    people = {transfer.person_id for transfer in transfers}
    own = set(db.scalars(
        select(Person.id).where(Person.id.in_(people), visible(me, Person, LEDGER))
    ))  # fmt: skip
    shown = own | {row.person_id for row in transfers if row.state == "proposed"}
    with everywhere(db):
        labels = tasks.person_labels(db, shown)
    areas = names_of(db, {code for row in transfers for code in (row.from_code, row.to_code)})
    names = _staff_names(db, transfers)
    return [
        TransferRow(
            row.id, row.person_id, labels.get(row.person_id, ""), row.person_id in own,
            DIRECTIONS[row.direction], row.from_code, row.to_code, areas[row.from_code],
            areas[row.to_code], row.reason, row.note, row.state, names[row.proposed_by],
            row.proposed_at, names.get(row.decided_by or 0, ""), row.decided_at,
            row.state == "proposed" and me.may(LEDGER, _deciding_side(row))
            and row.proposed_by != me.id,
            row.state == "proposed" and me.may(LEDGER, _proposing_side(row)),
        )
        for row in transfers
    ]  # fmt: skip


def history(db: Session, person_id: int) -> list[PastTransfer]:
    """Return the transfers that a person went through, the oldest first."""
    query = select(Transfer).where(Transfer.person_id == person_id, Transfer.state == "accepted")
    with everywhere(db):  # an earlier one concerned other areas; the person's file goes along
        rows = db.scalars(query.order_by(Transfer.id)).all()
    if not rows:
        return []
    areas = names_of(db, {code for row in rows for code in (row.from_code, row.to_code)})
    names = _staff_names(db, rows)
    return [
        PastTransfer(
            areas[row.from_code], areas[row.to_code], row.decided_at or row.proposed_at,
            names[row.proposed_by], names.get(row.decided_by or 0, ""),
        )
        for row in rows
    ]  # fmt: skip


def _propose(
    db: Session, me: Staff, person: Person, to_code: str, reason: str, direction: str
) -> Transfer:
    if len(to_code) < 6 or not exists(db, to_code):
        raise WrongState(_SAY("transfer_area_unknown"))
    is_own = direction == "in" and me.may(LEDGER, person.region_code)
    if is_own or person.region_code == to_code:
        raise WrongState(_SAY("transfer_within_area"))
    if not reason.strip():
        raise WrongState(_SAY("transfer_reason_missing"))
    _check_no_review(db, person)
    with everywhere(db):
        running = select(Transfer.id).where(
            Transfer.person_id == person.id, Transfer.state == "proposed"
        )
        if db.scalar(running) is not None:
            raise WrongState(_SAY("transfer_running"))
        made = Transfer(
            person_id=person.id, from_code=person.region_code, to_code=to_code,
            direction=direction, reason=reason.strip()[:200], state="proposed",
            proposed_by=me.id, proposed_at=clock.now(), note="",
        )  # fmt: skip
        db.add(made)
        db.flush()
        _ask_other_side(db, made)
    _log(db, me, "transfer_proposed", made)
    return made


def _check_no_review(db: Session, person: Person) -> None:
    """Refuse while an exit waits: who reviews it is of the area that proposed it."""
    registration = current(db, person.id)
    if registration is not None and registration.state != "active":
        raise WrongState(_SAY("transfer_during_exit"))


def _ask_other_side(db: Session, transfer: Transfer) -> None:
    """Make the task of the side that decides; it names no person, whom that side may not see."""
    area = _deciding_side(transfer)
    db.add(Task(
        key=f"transfer:{transfer.id}", kind="transfer", subject_id=transfer.id, region_code=area,
        district_code=area[:6], due_at=clock.now(), has_deadline=False,
        rule=_SAY("transfer_rule", direction=DIRECTIONS[transfer.direction]), state="open",
        result="", created_at=clock.now(),
    ))  # fmt: skip
    db.flush()


def _open(db: Session, me: Staff, number: int) -> Transfer:
    transfer: Transfer = get(db, me, Transfer, number, LEDGER, lock=True)
    if transfer.state != "proposed":
        raise WrongState(_SAY("transfer_decided", state=STATES[transfer.state]))
    return transfer


def _to_decide(db: Session, me: Staff, number: int) -> Transfer:
    transfer = _open(db, me, number)
    if transfer.proposed_by == me.id:
        raise SamePerson
    if not me.may(LEDGER, _deciding_side(transfer)):
        raise NotPermitted
    return transfer


def _decide(db: Session, me: Staff, transfer: Transfer, state: str, note: str) -> None:
    transfer.state, transfer.note = state, note
    transfer.decided_by, transfer.decided_at = me.id, clock.now()
    with everywhere(db):  # the task lies in the deciding area, which may not be one's own
        db.flush()
        tasks.finish_all(db, "transfer", transfer.id, me.id, STATES[state])
    _log(db, me, f"transfer_{state}", transfer)


def _deciding_side(transfer: Transfer) -> str:
    return transfer.to_code if transfer.direction == "out" else transfer.from_code


def _proposing_side(transfer: Transfer) -> str:
    return transfer.from_code if transfer.direction == "out" else transfer.to_code


def _staff_names(db: Session, transfers: Sequence[Transfer]) -> dict[int, str]:
    numbers = {
        number for row in transfers for number in (row.proposed_by, row.decided_by) if number
    }
    query = select(Counsellor.id, Counsellor.name).where(Counsellor.id.in_(numbers))
    return dict(db.execute(query).tuples().all())


def _log(db: Session, me: Staff, action: str, transfer: Transfer) -> None:
    append(db, Action(
        f"counsellor:{me.id}", action, "person", transfer.note or transfer.reason,
        str(transfer.person_id), f"{transfer.from_code}→{transfer.to_code}",
    ))  # fmt: skip
