from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import WarningCase, WarningCaseEvent, WarningEvidence
from bot.warning import cases
from bot.warning.candidates import Candidate
from bot.warning.errors import CaseStateError
from bot.warning.lists import ListEntry, MonthList, current_form
from bot.warning.measures import pending_measures
from tests.warning.office_files import firm

NOV = date(2026, 11, 1)


def candidate(persons: range, day: date = NOV, uscc: str = firm(1), base: int = 100) -> Candidate:
    return Candidate(
        uscc, "测试企业", "210106", "C35", day, day, True, len(persons), len(persons), base, 0, 0.02, False, False, False, 0, None,
        frozenset(persons),
    )  # fmt: skip


def listed(*candidates: Candidate, group: bool = False) -> MonthList:
    entries = tuple(ListEntry(one, False, group) for one in candidates)
    return MonthList("210000", NOV, entries, (), (), (), current_form("210000", NOV, None))


def test_a_candidate_is_verified_by_one_person_listed_by_another_served_and_resolved(
    db: Session,
) -> None:
    (case,) = cases.open_cases(db, listed(candidate(range(22))), "系统")
    assert case.state == "candidate"
    assert "100×22=2200 ≥ 10×100=1000" in case.arithmetic
    with pytest.raises(CaseStateError, match="待核"):
        cases.step(db, case.id, "listed", "王")
    cases.step(db, case.id, "verified", "王")
    with pytest.raises(CaseStateError, match="不能是同一个"):
        cases.step(db, case.id, "listed", "王")
    cases.step(db, case.id, "listed", "李")
    open_now = pending_measures(db, "210106")
    assert len(open_now) == 4
    assert {one.due_on for one in open_now} == {None}  # no office has set a clock: 未设
    for state in ("served", "worse", "served", "resolved"):
        cases.step(db, case.id, state, "李")
    with pytest.raises(CaseStateError):
        cases.step(db, case.id, "served", "李")
    events = db.scalars(select(WarningCaseEvent.state).order_by(WarningCaseEvent.id)).all()
    assert events == ["candidate", "verified", "listed", "served", "worse", "served", "resolved"]


def test_a_rejection_needs_a_reason_of_the_list_and_a_name(db: Session) -> None:
    (case,) = cases.open_cases(db, listed(candidate(range(22))))
    with pytest.raises(CaseStateError, match="季节性"):
        cases.step(db, case.id, "rejected", "王", "天冷")
    with pytest.raises(CaseStateError, match="谁办"):
        cases.step(db, case.id, "rejected", "", "seasonal")
    cases.step(db, case.id, "rejected", "王", "seasonal")
    with pytest.raises(CaseStateError, match="没有"):
        cases.step(db, case.id + 1, "verified", "王")


def test_the_same_persons_make_no_second_case_and_a_listed_firm_needs_enough_others(
    db: Session,
) -> None:
    (case,) = cases.open_cases(db, listed(candidate(range(22))))
    assert cases.open_cases(db, listed(candidate(range(22)))) == []
    later = NOV + timedelta(days=40)
    assert len(cases.open_cases(db, listed(candidate(range(21, 24), later)))) == 1
    cases.step(db, case.id, "verified", "王")
    cases.step(db, case.id, "listed", "李")
    # Ten of a base of 100; five of one of 30.
    assert cases.open_cases(db, listed(candidate(range(100, 109), later))) == []
    assert len(cases.open_cases(db, listed(candidate(range(100, 110), later)))) == 1
    assert len(cases.open_cases(db, listed(candidate(range(200, 205), later, base=30)))) == 1
    assert db.scalar(select(func.count()).select_from(WarningCase)) == 4
    assert db.scalar(select(func.count()).select_from(WarningEvidence)) == 22 + 3 + 10 + 5


def test_groups_are_looked_at_and_not_listed_as_firms(db: Session) -> None:
    with clock.frozen(date(2026, 12, 1)):
        assert cases.open_cases(db, listed(candidate(range(22)), group=True)) == []


def test_firms_that_policy_hits_or_another_office_reports_are_entered_by_a_person(
    db: Session,
) -> None:
    for grade, why, staff in (
        ("strong", "税务反馈", "王"),
        ("feedback", "", "王"),
        ("feedback", "税务反馈", ""),
    ):
        with pytest.raises(CaseStateError, match="要写"):
            cases.enter(db, firm(1), "某厂", "210106", grade, why, staff)
    case = cases.enter(db, firm(1), "某厂", "210106", "feedback", "税务反馈连续三月零申报", "王")
    cases.step(db, case.id, "verified", "王")
    cases.step(db, case.id, "listed", "李")
    with pytest.raises(CaseStateError, match="已经在名单上"):
        cases.enter(db, firm(1), "某厂", "210106", "policy", "去产能", "王")
    # On the list, the rule still finds it when enough persons leave.
    assert len(cases.open_cases(db, listed(candidate(range(12))))) == 1
