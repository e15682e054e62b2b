"""Formulas of labour law. Pure functions: each figure of a rule is passed by its name.

Yuan are Decimal with two places; lengths are whole months unless said otherwise.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

#: The figures of a policy's version in force, by name.
Rules = Mapping[str, Decimal]
MONTHS = 12


def yuan(amount: Decimal) -> Decimal:
    """Round an amount to fen."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def severance_months(months: Decimal | int, rules: Rules) -> Decimal:
    """Return the months of pay for so many months of service (劳动合同法 47).

    One for each full year; six months and more count as a year, less gives half a month. Days
    beyond whole months are a fraction: six years and a day are less than six years and a half.
    """
    years, rest = divmod(max(Decimal(months), Decimal(0)), MONTHS)
    if rest >= rules["half_year"]:
        return years * rules["per_year"] + rules["per_year"]
    return years * rules["per_year"] + (rules["half"] if rest else Decimal(0))


@dataclass(frozen=True)
class Severance:
    """Cost of a dismissal to the employer, in yuan."""

    months: Decimal
    base: Decimal
    """The monthly pay that counts."""
    capped: bool
    n: Decimal
    n_plus_1: Decimal
    two_n: Decimal


def severance(
    months: Decimal | int,
    pay: Decimal,
    rules: Rules,
    average: Decimal | None = None,
    last_pay: Decimal | None = None,
) -> Severance:
    """Return N, N+1 and 2N (劳动合同法 40, 47, 87; 实施条例 20, 25, 27).

    `pay` is the mean of the last twelve months, and stands for the last month's where `last_pay` is
    not known; `average` is the mean pay of the place: above three times of it, that counts, for
    twelve years at most.
    """
    paid_months = severance_months(months, rules)
    capped = average is not None and pay > average * rules["times"]
    base = average * rules["times"] if capped and average is not None else pay
    if capped:
        paid_months = min(paid_months, rules["most_years"])
    n = yuan(base * paid_months)
    return Severance(
        paid_months, yuan(base), capped, n, yuan(n + (last_pay or pay)), yuan(n * rules["double"])
    )


def double_pay_months(months: int, rules: Rules) -> int:
    """Return the months of double pay without a written contract (劳动合同法 82, 实施条例 6, 7).

    From the second month of work on, eleven at most.
    """
    return int(min(max(months - rules["sign"], Decimal(0)), rules["most"]))


def double_pay(months: int, pay: Decimal, rules: Rules) -> Decimal:
    """Return the amount due in addition to the pay already paid."""
    return yuan(pay * double_pay_months(months, rules) * (rules["times"] - 1))


def probation_limit(months: int | None, rules: Rules) -> int:
    """Return the longest probation, in months, for a contract of so many months (劳动合同法 19).

    None stands for a contract without a fixed end. Zero: none may be agreed.
    """
    if months is None or months >= rules["c3y"] * MONTHS:
        return int(rules["long"])
    if months >= rules["c1y"] * MONTHS:
        return int(rules["middle"])
    return int(rules["short"]) if months >= rules["c3"] else 0


def overtime_pay(pay: Decimal, hours: Decimal, kind: str, rules: Rules) -> Decimal:
    """Return what hours of overtime are worth (劳动法 44; 人社部发〔2025〕2号 for the days).

    `kind` is day (after work), rest (a rest day without time off for it) or holiday.
    """
    hourly = pay / rules["calc_pay_days"] / rules["hours_day"]
    return yuan(hourly * hours * rules[kind] / 100)


def leave_days(months: int, rules: Rules) -> int:
    """Return the days of annual leave for so many months of work in all (职工带薪年休假条例 3)."""
    years = max(months, 0) // MONTHS
    if years < rules["year1"]:
        return 0
    if years < rules["year10"]:
        return int(rules["d5"])
    return int(rules["d10"] if years < rules["year20"] else rules["d15"])


def unused_leave(pay: Decimal, days: Decimal, rules: Rules) -> Decimal:
    """Return the amount due in addition to the pay for days of leave not given (实施办法 10, 11).

    Three times the daily pay, less the one that is in the monthly pay already.
    """
    return yuan(pay / rules["calc_pay_days"] * days * (rules["pay"] - 100) / 100)


def arbitration_limit(start: date, rules: Rules) -> date:
    """Return the last day to apply for arbitration (劳动争议调解仲裁法 27).

    A year from the day the person knew, which ends on the same day of the next year, or on the
    month's last where it has none such (民法典 201, 202).
    """
    year = start.year + int(rules["limit"])
    return date(year, start.month, min(start.day, calendar.monthrange(year, start.month)[1]))


@dataclass(frozen=True)
class Loan:
    """Cost of a startup loan in yuan, interest paid as it falls due and the sum at the end."""

    principal: Decimal
    months: int
    yearly: Decimal
    interest: Decimal
    subsidy: Decimal
    own: Decimal


def rate_limit(lpr: Decimal, rules: Rules) -> Decimal:
    """Return the highest yearly rate in percent over an LPR in percent; the rule is in 1/100 %."""
    return lpr + rules["rate_above_lpr"] / 100


def loan(principal: Decimal, months: int, rate: Decimal, rules: Rules) -> Loan:
    """Return interest, subsidy and own share at a yearly rate in percent.

    辽人社建〔2025〕21号 一(六). Above the largest sum or the longest time, those count.
    """
    principal = min(principal, rules["max_amount"])
    months = int(min(Decimal(months), rules["max_years"] * MONTHS))
    yearly = yuan(principal * rate / 100)
    interest = yuan(principal * rate / 100 * months / MONTHS)
    subsidy = yuan(interest * rules["subsidy"] / 100)
    return Loan(principal, months, yearly, interest, subsidy, interest - subsidy)


def benefit(wage: Decimal, percent: Decimal) -> Decimal:
    """Return the monthly unemployment benefit (社会保险法 47; the rate by 辽人社建〔2025〕21号)."""
    return yuan(wage * percent / 100)
