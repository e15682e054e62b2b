"""Cases of firms: what a person decides on a candidate, until it is resolved.

candidate → verified → listed → served → resolved; worse goes back to served; a candidate may be
rejected with a reason. Nothing is listed by the machine, and who lists is not who verified.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import WarningCase, WarningCaseEvent, WarningEvidence
from bot.warning.candidates import Candidate, arithmetic, marks, new_persons
from bot.warning.errors import CaseStateError
from bot.warning.lists import MonthList
from bot.warning.measures import open_measures
from bot.warning.rule_figures import LeaverRule, in_force, read_rule
from bot.wording import wording

_SAY = wording("warning")

#: The steps that each state allows.
STEPS: Mapping[str, tuple[str, ...]] = {
    "candidate": ("verified", "rejected"),
    "verified": ("listed", "rejected"),
    "listed": ("served", "worse", "resolved"),
    "served": ("resolved", "worse"),
    "worse": ("served", "resolved"),
    "rejected": (),
    "resolved": (),
}
STATES = {
    "candidate": "待核", "verified": "核实", "rejected": "排除", "listed": "列入名单",
    "served": "帮扶中", "resolved": "化解", "worse": "加重",
}  # fmt: skip
REASONS = {"seasonal": "季节性", "transfer": "整体转移", "mistake": "误报", "other": "其他"}
#: How a firm became a candidate: by the 10 % rule in two grades, or entered by a person.
GRADES = {"by_text": "按文件", "strong": "强信号", "policy": "政策影响", "feedback": "部门反馈"}
_ENTERED = ("policy", "feedback")
#: Of a firm in one of these only enough others than before make another case.
_LISTED = ("listed", "served", "worse")


def open_cases(db: Session, result: MonthList, staff: str = "") -> list[WarningCase]:
    """Make cases of the candidates of a list that are new; return them.

    A firm on the list needs so many persons who are in no earlier evidence, any other firm one.
    """
    created = []
    for entry in result.entries:
        item = entry.candidate
        if entry.group:
            continue
        evidence, listed = _earlier(db, item.uscc)
        fresh = len(item.persons - evidence)
        if fresh < (new_persons(result.form.rule, item.base) if listed else 1):
            continue
        created.append(_case(db, item, result.form.rule, staff, entry.late))
    db.flush()
    return created


def _earlier(db: Session, uscc: str) -> tuple[set[int], bool]:
    """Return the persons of a firm's earlier cases, and whether it is on the list."""
    cases = list(db.scalars(select(WarningCase).where(WarningCase.uscc == uscc)))
    ids = [item.id for item in cases]
    query = select(WarningEvidence.person).where(WarningEvidence.case_id.in_(ids))
    return set(db.scalars(query)), any(item.state in _LISTED for item in cases)


def _case(db: Session, item: Candidate, rule: LeaverRule, staff: str, late: bool) -> WarningCase:
    marks_text = "、".join((*marks(item), *(("补报",) if late else ())))
    case = WarningCase(
        uscc=item.uscc, name=item.name, district=item.district, day=item.day, peak=item.peak,
        grade=item.grade, leavers=item.leavers, base=item.base,
        arithmetic=arithmetic(item, rule) + (f"（{marks_text}）" if marks_text else ""),
        state="candidate", created_at=clock.now(),
    )  # fmt: skip
    db.add(case)
    db.flush()
    db.add_all([WarningEvidence(case_id=case.id, person=person) for person in sorted(item.persons)])
    _enter(db, case, "candidate", staff)
    return case


def enter(
    db: Session, uscc: str, name: str, district: str, grade: str, why: str, staff: str
) -> WarningCase:
    """Enter a firm that policy or restructuring hits, or that another office reports, as candidate.

    Raises CaseStateError without a kind, a reason, a name or a person, or when it is on the list.
    """
    if grade not in _ENTERED or not why or not name or not staff:
        raise CaseStateError(_SAY("entry_incomplete"))
    if _earlier(db, uscc)[1]:
        raise CaseStateError(_SAY("firm_listed_already", firm=name))
    today = clock.today()
    case = WarningCase(
        uscc=uscc, name=name[:200], district=district, day=today, peak=today, grade=grade,
        leavers=0, base=0, arithmetic=why, state="candidate", created_at=clock.now(),
    )  # fmt: skip
    db.add(case)
    db.flush()
    _enter(db, case, "candidate", staff)
    db.flush()
    return case


def step(db: Session, case_id: int, state: str, staff: str, why: str = "") -> WarningCase:
    """Bring a case to its next state.

    Raises CaseStateError when the state does not allow it, a rejection has no reason of the list,
    no member of staff is named, or the person who lists is the one who verified.
    """
    case = db.get(WarningCase, case_id)
    if case is None:
        raise CaseStateError(_SAY("case_unknown", case=case_id))
    if state not in STEPS[case.state]:
        raise CaseStateError(
            _SAY(
                "case_state_wrong",
                firm=case.name,
                state=STATES[case.state],
                next_state=STATES.get(state, state),
            )
        )
    if not staff:
        raise CaseStateError(_SAY("case_staff_missing"))
    if state == "rejected" and why not in REASONS:
        reasons = "、".join(f"{code} {label}" for code, label in REASONS.items())
        raise CaseStateError(_SAY("rejection_reason_needed", reasons=reasons))
    if state == "listed" and staff in _staff_of_state(db, case, "verified"):
        raise CaseStateError(_SAY("second_person_needed"))
    case.state = state
    _enter(db, case, state, staff, why)
    version = in_force(read_rule(), case.district, clock.today())
    if version is not None and state in ("listed", "worse"):
        open_measures(db, version.services if state == "listed" else version.emergencies, case=case)
    db.flush()
    return case


def _staff_of_state(db: Session, case: WarningCase, state: str) -> set[str]:
    query = select(WarningCaseEvent.staff).where(
        WarningCaseEvent.case_id == case.id, WarningCaseEvent.state == state
    )
    return set(db.scalars(query))


def _enter(db: Session, case: WarningCase, state: str, staff: str, why: str = "") -> None:
    db.add(
        WarningCaseEvent(case_id=case.id, state=state, why=why, staff=staff, entered_at=clock.now())
    )
