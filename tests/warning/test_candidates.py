from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.warning.candidates import Candidate, arithmetic, find, marks, silent_firms
from bot.warning.employment import employment
from bot.warning.filings import clean
from bot.warning.survey import EmployerEntry, Survey, by_parent
from tests.warning.rule_cases import NO_HEADCOUNTS, RULE, Staff, filings_of, headcounts_of

START, NOV = date(2026, 9, 1), date(2026, 11, 1)
LATER = date(2027, 6, 1)


def survey_of(
    staff: Staff,
    insured: dict[tuple[int, date], int] = NO_HEADCOUNTS,
    industries: tuple[str, ...] = (),
    today: date = LATER,
) -> Survey:
    cleaned = clean(filings_of(staff.rows))
    firms = cleaned.filings.firms
    return Survey(
        firms, tuple(f"企业{n}" for n in range(len(firms))), cleaned.filings.districts,
        industries or ("C35",) * len(firms), cleaned, employment(cleaned.filings, RULE.look_ahead_days),
        headcounts_of(insured), today,
    )  # fmt: skip


def candidates(
    staff: Staff, first: date = NOV, last: date = date(2027, 3, 31), **more: object
) -> list[Candidate]:
    return list(find(survey_of(staff, **more), RULE, ("7263",), first, last).candidates)  # type: ignore[arg-type]


def staffed(count: int, firm: int = 0) -> Staff:
    return Staff().file("hire", range(count), START, firm=firm)


def test_a_candidate_says_its_arithmetic() -> None:
    (one,) = candidates(staffed(150).file("end", range(15), date(2026, 11, 5)))
    assert arithmetic(one, RULE) == (
        "2026-10-07至2026-11-05（滚动30天）减员15人（其中单位解除15人），2026-10-06日终备案人数150人，"
        "100×15=1500 ≥ 10×150=1500，占10.0%，往年同月无数。"
    )
    assert marks(one) == ("无往年同月",)
    (none,) = candidates(
        Staff().file("hire", range(30), date(2026, 10, 20)).file("end", range(25), NOV)
    )
    assert arithmetic(none, RULE).endswith("减员25人（其中单位解除25人），无基数，满20人待核。")


def test_the_same_persons_raise_one_candidate_and_enough_others_another() -> None:
    staff = (
        staffed(100).file("end", range(10), NOV).file("end", range(10, 15), NOV + timedelta(days=3))
    )
    assert [one.sequence for one in candidates(staff)] == [0]
    # 10 % of the base of 100: ten that are not in the evidence.
    staff.file("end", range(15, 20), NOV + timedelta(days=6))
    found = candidates(staff)
    assert [(one.day, one.sequence) for one in found] == [(NOV, 0), (NOV + timedelta(days=6), 1)]
    assert (found[0].leavers, found[1].leavers) == (15, 20)
    assert "第2次" in marks(found[1])


def test_long_after_the_first_a_firm_begins_anew() -> None:
    staff = staffed(100).file("end", range(10), NOV).file("hire", range(200, 210), date(2027, 1, 1))
    staff.file("end", range(10, 20), date(2027, 2, 1))
    assert [one.sequence for one in candidates(staff)] == [0, 0]


def test_small_bases_are_marked() -> None:
    assert "小基数" in marks(candidates(staffed(19).file("end", range(2), NOV))[0])
    assert "小基数" not in marks(candidates(staffed(20).file("end", range(2), NOV))[0])


@pytest.mark.parametrize(("moved", "transfer"), [(8, True), (7, False)])
def test_a_transfer_as_a_whole_is_a_question(moved: int, transfer: bool) -> None:
    staff = staffed(50).file("hire", range(900, 905), START, firm=1)
    staff.file("end", range(10), NOV).file("hire", range(moved), NOV + timedelta(days=30), firm=1)
    (one,) = candidates(staff)
    assert (one.transfer_to == "firm1") is transfer
    assert ("疑似整体转移" in marks(one)) is transfer


def test_who_is_hired_elsewhere_after_31_days_is_no_transfer() -> None:
    staff = (
        staffed(50)
        .file("end", range(10), NOV)
        .file("hire", range(10), NOV + timedelta(days=31), firm=1)
    )
    assert candidates(staff)[0].transfer_to is None


def test_of_labour_dispatch_no_ratio_is_shown() -> None:
    staff = staffed(50).file("end", range(20), NOV)
    found = find(survey_of(staff, industries=("L7263",)), RULE, ("7263",), NOV, date(2026, 12, 31))
    assert found.candidates == ()
    assert found.dispatch == {"firm0": date(2026, 11, 30)}


def test_a_firm_and_its_branches_are_looked_at_at_both_levels() -> None:
    """Two branches lose 9 % each, which is nothing; one loses a tenth to the other, which is nothing together."""
    staff = staffed(100).file("hire", range(100, 200), START, firm=1)
    staff.file("end", range(10), NOV).file("hire", range(10), NOV + timedelta(days=1), firm=1)
    employers = {name: EmployerEntry(name, "210106", "C35", "firm0") for name in ("firm0", "firm1")}
    alone = survey_of(staff)
    assert [one.uscc for one in find(alone, RULE, (), NOV, NOV).candidates] == ["firm0"]
    together = by_parent(alone, employers, RULE)
    assert together.firms == ("firm0",)
    assert find(together, RULE, (), NOV, NOV).candidates == ()
    staff.file("end", range(10, 30), NOV)
    (one,) = find(by_parent(survey_of(staff), employers, RULE), RULE, (), NOV, NOV).candidates
    assert (one.leavers, one.base) == (20, 200)


def test_a_ring_of_parents_ends() -> None:
    staff = staffed(10).file("hire", range(10, 20), START, firm=1)
    ring = {
        "firm0": EmployerEntry("a", "210106", "", "firm1"),
        "firm1": EmployerEntry("b", "210106", "", "firm0"),
    }
    assert len(by_parent(survey_of(staff), ring, RULE).firms) <= 1


def test_firms_that_stop_filing_are_named_where_their_district_has_delivered() -> None:
    staff = staffed(20).file("hire", range(100, 120), START, firm=1)
    staff.file("hire", range(200, 220), START, firm=2).file("end", [200], date(2026, 11, 9), firm=2)
    counted = {
        (0, date(2026, 10, 1)): 20,
        (1, date(2026, 10, 1)): 20,
        (1, NOV): 20,
        (2, date(2026, 10, 1)): 20,
    }
    survey = survey_of(staff, insured=counted)
    assert silent_firms(survey, NOV, frozenset({"210106"})) == ("firm0",)
    assert silent_firms(survey, NOV, frozenset({"210104"})) == ()


def test_industry_decides_by_digits_alone() -> None:
    staff = staffed(50).file("end", range(20), NOV)
    assert (
        find(survey_of(staff, industries=("7263",)), replace(RULE), ("7263",), NOV, NOV).candidates
        == ()
    )
