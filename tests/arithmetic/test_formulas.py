"""The arithmetic of the law: its worked examples, counted by hand, and what must always hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.arithmetic import formulas
from tests.calculators.conftest import Figures
from tests.profiles import size

Of = Callable[[str], Figures]
MONTHS = st.integers(0, 600)
PAY = st.decimals(Decimal(0), Decimal(200_000), places=2)
quick = settings(
    max_examples=size(30, 300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


# 劳动合同法 47: a month's pay for each full year; from six months on a year; less, half a month.
@pytest.mark.parametrize(
    ("months", "counted"),
    [
        ("0", "0"),
        ("0.5", "0.5"),  # two weeks: less than six months
        ("5", "0.5"),
        ("5.5", "0.5"),  # five months and some days
        ("6", "1"),  # six months exactly count as a year
        ("11", "1"),
        ("12", "1"),
        ("12.5", "1.5"),  # a year and a day
        ("17", "1.5"),
        ("18", "2"),
        ("78", "7"),  # 六年半
        ("77", "6.5"),
        ("240", "20"),
    ],
)
def test_service_is_counted_in_years_and_half_years(figures: Of, months: str, counted: str) -> None:
    rules, _ = figures("severance")
    assert formulas.severance_months(Decimal(months), rules) == Decimal(counted)


def test_six_and_a_half_years_at_6000_are_n_42000_and_2n_84000(figures: Of) -> None:
    rules, _ = figures("severance")
    got = formulas.severance(78, Decimal(6000), rules)
    # 6 full years are 6 months of pay, the half year is one more: 6000 × 7.
    assert (got.months, got.capped) == (7, False)
    assert (got.n, got.n_plus_1, got.two_n) == (42000, 48000, 84000)


def test_pay_above_three_times_the_average_counts_three_times_for_twelve_years(figures: Of) -> None:
    rules, _ = figures("severance")
    got = formulas.severance(240, Decimal(30000), rules, Decimal(8000))
    # 3 × 8000 = 24000 counts, not 30000; twelve months, not twenty: 24000 × 12 = 288000.
    assert (got.base, got.months, got.capped) == (24000, 12, True)
    assert (got.n, got.two_n) == (288000, 576000)
    # The month in place of notice is the last month's own pay (实施条例 20): 288000 + 30000.
    assert got.n_plus_1 == 318000


def test_pay_of_exactly_three_times_the_average_is_not_cut(figures: Of) -> None:
    rules, _ = figures("severance")
    got = formulas.severance(240, Decimal(24000), rules, Decimal(8000))
    assert (got.base, got.months, got.capped) == (24000, 20, False)


@quick
@given(months=MONTHS, more=MONTHS, pay=PAY, average=st.none() | PAY)
def test_severance_never_falls_with_the_years_and_keeps_its_cap(
    figures: Of, months: int, more: int, pay: Decimal, average: Decimal | None
) -> None:
    rules, _ = figures("severance")
    less = formulas.severance(months, pay, rules, average)
    got = formulas.severance(months + more, pay, rules, average)
    assert 0 <= less.n <= got.n
    assert got.two_n == got.n * 2
    assert got.n_plus_1 == got.n + formulas.yuan(pay)
    if got.capped:
        assert average is not None
        assert got.n <= formulas.yuan(average * 3 * 12)


# 劳动合同法 82, 实施条例 6 and 7: from the second month on, eleven months at most.
@pytest.mark.parametrize(
    ("months", "due"), [(0, 0), (1, 0), (2, 1), (7, 6), (11, 10), (12, 11), (13, 11), (60, 11)]
)
def test_double_pay_begins_with_the_second_month_and_ends_after_eleven(
    figures: Of, months: int, due: int
) -> None:
    rules, _ = figures("labor-contract")
    assert formulas.double_pay_months(months, rules) == due


def test_seven_months_without_a_contract_at_4500_are_27000_more(figures: Of) -> None:
    rules, _ = figures("labor-contract")
    # Seven months less the first are six; the second pay of each: 4500 × 6.
    assert formulas.double_pay(7, Decimal(4500), rules) == 27000


@quick
@given(months=MONTHS, more=MONTHS, pay=PAY)
def test_double_pay_never_falls_and_never_passes_eleven_months(
    figures: Of, months: int, more: int, pay: Decimal
) -> None:
    rules, _ = figures("labor-contract")
    less, got = (
        formulas.double_pay(months, pay, rules),
        formulas.double_pay(months + more, pay, rules),
    )
    assert 0 <= less <= got <= formulas.yuan(pay * 11)


# 劳动合同法 19: three months to a year: one month; to three years: two; from three years on: six.
@pytest.mark.parametrize(
    ("months", "limit"),
    [(0, 0), (2, 0), (3, 1), (11, 1), (12, 2), (35, 2), (36, 6), (120, 6), (None, 6)],
)
def test_the_longest_probation_goes_by_the_length_of_the_contract(
    figures: Of, months: int | None, limit: int
) -> None:
    rules, _ = figures("probation")
    assert formulas.probation_limit(months, rules) == limit


@quick
@given(months=MONTHS, more=MONTHS)
def test_a_longer_contract_never_shortens_the_probation_that_may_be_agreed(
    figures: Of, months: int, more: int
) -> None:
    rules, _ = figures("probation")
    assert (
        0
        <= formulas.probation_limit(months, rules)
        <= formulas.probation_limit(months + more, rules)
        <= 6
    )


# 劳动法 44: 150, 200, 300 percent; 人社部发〔2025〕2号: 21.75 paid days a month, 8 hours a day.
@pytest.mark.parametrize(
    ("pay", "hours", "kind", "due"),
    [
        (3000, 8, "holiday", "413.79"),  # 3000 ÷ 21.75 = 137.931; × 3 = 413.793
        (3000, 8, "rest", "275.86"),  # 137.931 × 2 = 275.862
        (3000, 2, "day", "51.72"),  # 3000 ÷ 21.75 ÷ 8 = 17.2414; × 2 × 1.5 = 51.724
        (4350, 24, "holiday", "1800.00"),  # 4350 ÷ 21.75 = 200 a day; × 3 days × 3
        (3480, 10, "day", "300.00"),  # 3480 ÷ 21.75 ÷ 8 = 20 an hour; × 10 × 1.5
        (3480, 0, "rest", "0.00"),
    ],
)
def test_overtime_pays_one_and_a_half_two_and_three_times(
    figures: Of, pay: int, hours: int, kind: str, due: str
) -> None:
    rules, _ = figures("overtime")
    assert formulas.overtime_pay(Decimal(pay), Decimal(hours), kind, rules) == Decimal(due)


@quick
@given(pay=PAY, hours=st.integers(0, 36), more=st.integers(0, 36))
def test_overtime_never_falls_with_the_hours_and_a_holiday_pays_most(
    figures: Of, pay: Decimal, hours: int, more: int
) -> None:
    rules, _ = figures("overtime")

    def due(time: int, kind: str) -> Decimal:
        return formulas.overtime_pay(pay, Decimal(time), kind, rules)

    assert 0 <= due(hours, "day") <= due(hours + more, "day")
    assert due(hours, "day") <= due(hours, "rest") <= due(hours, "holiday")


# 职工带薪年休假条例 3: from one year on 5 days, from ten 10, from twenty 15.
@pytest.mark.parametrize(
    ("months", "days"),
    [(0, 0), (11, 0), (12, 5), (119, 5), (120, 10), (239, 10), (240, 15), (480, 15)],
)
def test_days_of_leave_go_by_the_years_at_work(figures: Of, months: int, days: int) -> None:
    rules, _ = figures("paid-leave")
    assert formulas.leave_days(months, rules) == days


def test_five_days_of_leave_not_given_at_4350_are_2000_beside_the_pay(figures: Of) -> None:
    rules, _ = figures("paid-leave")
    # 4350 ÷ 21.75 = 200 a day; three times is owed, one is in the monthly pay: 200 × 5 × 2.
    assert formulas.unused_leave(Decimal(4350), Decimal(5), rules) == 2000


@quick
@given(months=MONTHS, more=MONTHS, pay=PAY)
def test_leave_never_shrinks_with_the_years_and_ends_at_fifteen_days(
    figures: Of, months: int, more: int, pay: Decimal
) -> None:
    rules, _ = figures("paid-leave")
    less, days = formulas.leave_days(months, rules), formulas.leave_days(months + more, rules)
    assert 0 <= less <= days <= 15
    assert formulas.unused_leave(pay, Decimal(less), rules) >= 0


# 劳动争议调解仲裁法 27: a year; 民法典 202: the same day, or the month's last without such a day.
@pytest.mark.parametrize(
    ("known", "last"),
    [
        (date(2025, 3, 10), date(2026, 3, 10)),
        (date(2025, 12, 31), date(2026, 12, 31)),
        (date(2024, 2, 29), date(2025, 2, 28)),  # 2025 has no 29 February
        (date(2023, 2, 28), date(2024, 2, 28)),  # not the 29th: the same day of the year
        (date(2023, 3, 1), date(2024, 3, 1)),
    ],
)
def test_arbitration_must_be_asked_for_within_a_year(figures: Of, known: date, last: date) -> None:
    rules, _ = figures("labor-arbitration")
    assert formulas.arbitration_limit(known, rules) == last


@quick
@given(known=st.dates(date(1995, 1, 1), date(2090, 1, 1)), later=st.integers(0, 400))
def test_the_limit_is_about_a_year_away_and_never_earlier_for_a_later_day(
    figures: Of, known: date, later: int
) -> None:
    rules, _ = figures("labor-arbitration")
    last = formulas.arbitration_limit(known, rules)
    assert timedelta(days=365) <= last - known <= timedelta(days=366)
    assert last <= formulas.arbitration_limit(known + timedelta(days=later), rules)


# 辽人社建〔2025〕21号 一(六): 300,000 yuan, three years, LPR + 50 BP at most, half of it subsidised.
def test_the_interest_of_a_startup_loan_is_shared_in_halves(figures: Of) -> None:
    rules, _ = figures("startup-loan")
    rate = formulas.rate_limit(Decimal("3.0"), rules)
    assert rate == Decimal("3.5")  # LPR 3.0 % and 50 hundredths of a percent
    got = formulas.loan(Decimal(200_000), 24, rate, rules)
    # 200000 × 3.5 % = 7000 a year, 14000 in two; half is 7000.
    assert (got.yearly, got.interest, got.subsidy, got.own) == (7000, 14000, 7000, 7000)


def test_a_loan_beyond_the_limits_is_worked_out_at_the_limits(figures: Of) -> None:
    rules, _ = figures("startup-loan")
    got = formulas.loan(Decimal(500_000), 60, Decimal("3.6"), rules)
    # 300000 × 3.6 % × 3 years = 32400.
    assert (got.principal, got.months, got.interest) == (300_000, 36, 32_400)


@quick
@given(
    principal=st.decimals(Decimal(0), Decimal(10_000_000), places=2),
    months=MONTHS,
    more=MONTHS,
    rate=st.decimals(Decimal(0), Decimal(20), places=2),
)
def test_a_loan_is_never_negative_and_keeps_its_limits(
    figures: Of, principal: Decimal, months: int, more: int, rate: Decimal
) -> None:
    rules, _ = figures("startup-loan")
    less, got = (formulas.loan(principal, time, rate, rules) for time in (months, months + more))
    assert 0 <= less.interest <= got.interest
    assert got.subsidy + got.own == got.interest
    assert min(got.subsidy, got.own) >= 0
    assert got.principal <= 300_000
    assert got.months <= 36


# 社会保险法 47; the shares by 辽人社建〔2025〕21号.
@pytest.mark.parametrize(
    ("wage", "percent", "monthly"),
    [("2000", "85", "1700"), ("2000", "90", "1800"), ("1990.5", "85", "1691.93")],
)
def test_the_benefit_is_a_share_of_the_minimum_wage(wage: str, percent: str, monthly: str) -> None:
    assert formulas.benefit(Decimal(wage), Decimal(percent)) == Decimal(monthly)
