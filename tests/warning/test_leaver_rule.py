from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.warning.filings import date_of
from bot.warning.leaver_rule import BY_FILINGS, BY_INSURED, NO_BASE, Crossings
from tests.profiles import size
from tests.warning.brute_force import BruteForce, Row, Verdict
from tests.warning.rule_cases import RULE, Staff, found, worked_out

START, NOV = date(2026, 9, 1), date(2026, 11, 1)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def days(crossed: Crossings) -> list[date]:
    return [date_of(one) for one in crossed.day]


def staffed(count: int) -> Staff:
    return Staff().file("hire", range(count), START)


def test_the_worked_example_crosses_on_5_december_and_never_by_calendar_months() -> None:
    staff = staffed(200).file("end", range(10), date(2026, 11, 10))
    staff.file("end", range(10, 18), date(2026, 11, 28)).file(
        "end", range(18, 22), date(2026, 12, 5)
    )
    crossed = found(staff.rows, NOV, date(2026, 12, 31))
    assert days(crossed)[0] == date(2026, 12, 5)
    assert (crossed.leavers[0], crossed.base[0], crossed.base_kind[0]) == (22, 200, BY_FILINGS)
    assert days(found(staff.rows, date(2026, 11, 30), date(2026, 11, 30))) == []
    # From 10 December on those of 10 November are out of the window.
    assert days(crossed)[-1] == date(2026, 12, 9)


def test_ten_of_a_hundred_is_ten_percent_and_nine_is_not() -> None:
    for leavers, met in ((9, False), (10, True)):
        staff = staffed(100).file("end", range(leavers), NOV)
        assert bool(days(found(staff.rows, NOV, NOV))) is met


def test_the_base_is_that_of_before_the_layoffs() -> None:
    staff = staffed(101).file("end", range(10), NOV)
    assert days(found(staff.rows, *YEAR)) == []  # 10 of 91 would be 11 %
    assert found(staffed(100).file("end", range(10), NOV).rows, NOV, NOV).base.tolist() == [100]


def test_layoffs_split_over_the_ends_of_months_are_added_up() -> None:
    staff = staffed(100).file("end", range(9), date(2026, 10, 31)).file("end", range(9, 18), NOV)
    assert found(staff.rows, NOV, NOV).leavers.tolist() == [18]


def test_filings_twice_corrected_or_revoked_count_as_the_last_of_them_says() -> None:
    staff = staffed(100).file("end", range(10), NOV).file("end", range(10), NOV)
    assert found(staff.rows, NOV, NOV).leavers.tolist() == [10]
    last = staff.rows[-1]
    assert days(found([*staff.rows, (*last[:3], "revoke", *last[4:])], *YEAR)) == [
        NOV + timedelta(days=n) for n in range(30)
    ], "its double under another number stays"
    both = [row for row in staff.rows if row[3] == "end" and row[2] == 9]
    revoked = [*staff.rows, *((*row[:3], "revoke", *row[4:]) for row in both)]
    assert days(found(revoked, *YEAR)) == []
    moved = [*staff.rows, *((*row[:4], date(2026, 12, 20), *row[5:]) for row in both)]
    assert days(found(moved, *YEAR)) == []
    assert worked_out(moved)[0].corrected == 2
    assert worked_out(staff.rows)[0].repeated == 10


def test_an_end_behind_an_end_is_no_second_loss() -> None:
    staff = (
        staffed(100)
        .file("end", range(10), date(2026, 10, 1))
        .file("end", range(10), date(2026, 12, 1))
    )
    assert days(found(staff.rows, date(2026, 11, 15), date(2026, 12, 31))) == []
    assert worked_out(staff.rows)[1].ended_twice == 10


def test_who_is_renewed_or_taken_on_again_within_thirty_days_is_not_lost() -> None:
    for after, met in ((0, False), (30, False), (31, True)):
        staff = (
            staffed(100)
            .file("end", range(10), NOV)
            .file("renew", range(10), NOV + timedelta(days=after))
        )
        assert bool(days(found(staff.rows, NOV, NOV))) is met


def test_until_the_look_ahead_has_run_a_candidate_is_pending() -> None:
    staff = staffed(100).file("end", range(12), NOV)
    for today, pending in ((date(2026, 11, 30), True), (date(2026, 12, 1), False)):
        assert found(staff.rows, NOV, NOV, today=today).pending.tolist() == [pending]


def test_retirement_and_death_are_no_loss_and_still_end_the_employment() -> None:
    staff = staffed(110).file("end", range(100, 110), date(2026, 10, 1), counts=False)
    assert days(found(staff.rows, *YEAR)) == []
    staff.file("end", range(10), NOV)
    assert found(staff.rows, NOV, NOV).base.tolist() == [100]


def test_those_whom_the_employer_let_go_are_counted_beside() -> None:
    staff = (
        staffed(100).file("end", range(4), NOV, by_employer=False).file("end", range(4, 10), NOV)
    )
    crossed = found(staff.rows, NOV, NOV)
    assert (crossed.leavers.tolist(), crossed.by_employer.tolist()) == ([10], [6])


def test_too_few_filings_give_way_to_the_insured_of_the_month_before_the_window() -> None:
    staff = staffed(79).file("end", range(10), NOV)
    october, september = date(2026, 10, 1), date(2026, 9, 1)
    crossed = found(staff.rows, NOV, NOV, insured={(0, october): 100, (0, september): 500})
    assert (crossed.base.tolist(), crossed.base_kind.tolist()) == ([100], [BY_INSURED])
    assert days(found(staff.rows, NOV, NOV, insured={(0, october): 101})) == []
    # 80 of 100 is not below 80 %.
    crossed = found(
        staffed(80).file("end", range(10), NOV).rows, NOV, NOV, insured={(0, october): 100}
    )
    assert crossed.base_kind.tolist() == [BY_FILINGS]


def test_without_a_young_base_there_is_no_ratio_and_twenty_leavers_are_needed() -> None:
    old = date(2026, 1, 1)
    for leavers, met in ((19, False), (20, True)):
        staff = Staff().file("hire", range(50), old).file("end", range(leavers), NOV)
        crossed = found(staff.rows, NOV, NOV)
        assert bool(days(crossed)) is met
        assert crossed.base_kind.tolist() == [NO_BASE] * met
    staff = Staff().file("hire", range(50), old).file("end", range(19), NOV)
    assert found(staff.rows, NOV, NOV, insured={(0, date(2026, 7, 1)): 60}).base.tolist() == [50]
    assert days(found(staff.rows, NOV, NOV, insured={(0, date(2026, 5, 1)): 60})) == []


def test_a_firm_without_anybody_before_the_window_has_no_base() -> None:
    staff = Staff().file("hire", range(30), date(2026, 10, 20)).file("end", range(20), NOV)
    assert found(staff.rows, NOV, NOV).base_kind.tolist() == [NO_BASE]


def test_a_year_of_small_losses_is_told_beside_a_window_and_makes_none_alone() -> None:
    staff = Staff().file("hire", range(100), date(2025, 12, 1))
    for month in range(1, 12):
        staff.file("end", [month], date(2026, month, 15))
    assert days(found(staff.rows, *YEAR)) == []
    staff.file("end", range(50, 61), date(2026, 12, 1))
    crossed = found(staff.rows, date(2026, 12, 1), date(2026, 12, 1))
    assert crossed.year_to_date.tolist() == [True]
    few = (
        Staff()
        .file("hire", range(100), date(2025, 12, 1))
        .file("hire", range(100, 130), date(2026, 2, 1))
    )
    few.file("end", range(100, 113), date(2026, 4, 1)).file("end", range(9), date(2025, 12, 31))
    crossed = found(few.rows, date(2026, 4, 1), date(2026, 4, 1))
    assert crossed.year_to_date.tolist() == [True]  # 13 of 91 on New Year's Eve


def test_a_person_who_is_lost_twice_in_a_window_is_one() -> None:
    short = replace(RULE, look_ahead_days=2)
    staff = (
        staffed(100).file("end", range(10), NOV).file("hire", range(10), NOV + timedelta(days=5))
    )
    staff.file("end", range(10), NOV + timedelta(days=10))
    crossed = found(staff.rows, *YEAR, rule=short)
    assert set(crossed.leavers.tolist()) == {10}
    assert days(crossed)[-1] == NOV + timedelta(days=39)


def test_no_filings_give_no_crossings() -> None:
    assert len(found([], *YEAR)) == 0


PEOPLE, FIRMS, LENGTH = 6, 2, 50
FILED = st.tuples(
    st.integers(0, 40), st.integers(0, FIRMS - 1), st.integers(0, PEOPLE - 1),
    st.sampled_from(["hire", "hire", "renew", "end", "end", "revoke"]),
    st.integers(0, LENGTH), st.integers(0, 3), st.booleans(), st.booleans(),
)  # fmt: skip
SMALL = replace(
    RULE, window_days=7, look_ahead_days=4, base_age_days=12, no_base_leavers=2, share_percent=34
)


@settings(max_examples=size(60, 800))
@given(
    st.lists(FILED, max_size=40),
    st.dictionaries(st.tuples(st.integers(0, FIRMS - 1), st.integers(0, 3)), st.integers(0, 6)),
    st.integers(0, LENGTH + 10),
)
def test_equal_to_a_count_person_by_person_over_random_filings(
    filed: list[tuple[int, int, int, str, int, int, bool, bool]],
    insured: dict[tuple[int, int], int],
    today: int,
) -> None:
    origin = date(2025, 12, 1)
    rows: list[Row] = [
        (
            f"N{number}",
            firm,
            person,
            kind,
            origin + timedelta(days=day),
            origin + timedelta(days=day + late),
            counts,
            own,
        )
        for number, firm, person, kind, day, late, counts, own in filed
    ]
    months = {
        (firm, date(2025 + (10 + m) // 12, (10 + m) % 12 + 1, 1)): n
        for (firm, m), n in insured.items()
    }
    now = origin + timedelta(days=today)
    plain = BruteForce(SMALL, rows, months, now)
    last = origin + timedelta(days=LENGTH + 10)
    crossed = found(rows, origin, last, today=now, insured=months, rule=SMALL)
    ours = {
        (int(crossed.firm[at]), date_of(crossed.day[at])): Verdict(
            int(crossed.leavers[at]), int(crossed.by_employer[at]), int(crossed.base[at]),
            int(crossed.base_kind[at]), bool(crossed.pending[at]), bool(crossed.year_to_date[at]),
        )
        for at in range(len(crossed))
    }  # fmt: skip
    theirs = {
        (firm, day): verdict
        for firm in range(max((row[1] for row in rows), default=-1) + 1)
        for day in (origin + timedelta(days=n) for n in range(LENGTH + 11))
        if (verdict := plain.verdict(firm, day)) is not None
    }
    assert ours == theirs
    assert np.all(np.diff(crossed.firm) >= 0)
