"""Work that people have begun: claimed, verified by a document, looked after, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.errors import WrongState
from bot.casework.roles import PLANS, Staff
from bot.casework.scope import get, visible
from bot.db.tables import Person, Placement, PlacementCheck
from bot.wording import wording

_SAY = wording("casework")

STATES = {"claimed": "本人说已上岗", "verified": "已核实", "ended": "已离岗"}
EVIDENCE = {"told": "本人所说", "contract": "劳动合同", "insurance": "参保记录"}
#: What verifies a placement; a person's word does not.
VERIFYING = ("contract", "insurance")


@dataclass(frozen=True)
class PlacementLine:
    """A placement as a person's page shows it."""

    id: int
    employer: str
    started_on: date
    state: str
    state_code: str
    evidence: str
    checks: tuple[str, ...]


def claim(
    db: Session, me: Staff, person_id: int, employer: str, started_on: date, evidence: str,
    posting_id: int | None = None,
) -> Placement:  # fmt: skip
    """Keep that a person works. Raises NotVisible, WrongState."""
    get(db, me, Person, person_id, PLANS)
    if evidence not in EVIDENCE or not employer.strip():
        raise WrongState(_SAY("employer_and_evidence_missing"))
    made = Placement(
        person_id=person_id, posting_id=posting_id, employer=employer.strip()[:120],
        started_on=started_on, evidence=evidence,
        state="verified" if evidence in VERIFYING else "claimed", ended_why="",
        counsellor_id=me.id,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def verify(db: Session, me: Staff, number: int, evidence: str) -> Placement:
    """Verify a placement by a document. Raises NotVisible, WrongState."""
    placement: Placement = get(db, me, Placement, number, PLANS, lock=True)
    if placement.state != "claimed" or evidence not in VERIFYING:
        raise WrongState(_SAY("contract_or_insurance_needed"))
    placement.state, placement.evidence = "verified", evidence
    db.flush()
    return placement


def check(
    db: Session, me: Staff, number: int, works: bool, paid: bool | None, insured: bool | None,
    note: str = "",
) -> PlacementCheck:  # fmt: skip
    """Keep what was heard of a placement; it ends with who works no more.

    Raises NotVisible, WrongState.
    """
    placement: Placement = get(db, me, Placement, number, PLANS, lock=True)
    if placement.state == "ended":
        raise WrongState(_SAY("already_left"))
    if not works and not note.strip():
        raise WrongState(_SAY("leaving_reason_missing"))
    made = PlacementCheck(
        placement_id=placement.id, day=(clock.today() - placement.started_on).days, works=works,
        paid=paid, insured=insured, note=note.strip()[:200], counsellor_id=me.id, at=clock.now(),
    )  # fmt: skip
    db.add(made)
    if not works:
        placement.state, placement.ended_on = "ended", clock.today()
        placement.ended_why = note.strip()[:200]
    db.flush()
    return made


def lines(db: Session, me: Staff, person_id: int) -> list[PlacementLine]:
    """Return a person's placements with their checks, the newest first."""
    query = select(Placement).where(Placement.person_id == person_id, visible(me, Placement))
    placement_lines = []
    for placement in db.scalars(query.order_by(Placement.id.desc())).all():
        checks = select(PlacementCheck).where(PlacementCheck.placement_id == placement.id)
        check_texts = tuple(
            _check_text(row) for row in db.scalars(checks.order_by(PlacementCheck.id))
        )
        placement_lines.append(
            PlacementLine(
                placement.id, placement.employer, placement.started_on, STATES[placement.state],
                placement.state, EVIDENCE[placement.evidence], check_texts,
            )
        )  # fmt: skip
    return placement_lines


def _check_text(row: PlacementCheck) -> str:
    parts = [f"第{row.day}天：", "在岗" if row.works else "已离岗"]
    for value, yes, no in (
        (row.paid, "工资发了", "工资没发"),
        (row.insured, "上了保险", "没上保险"),
    ):
        if value is not None:
            parts.append(f"，{yes if value else no}")
    return "".join(parts) + (f"（{row.note}）" if row.note else "")
