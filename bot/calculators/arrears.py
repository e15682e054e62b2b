"""Calculation of owed wages: months, days or hours at their rate, less the payments received.

劳动合同法 30 (paid in full and in time), 85 (more when an order to pay is not followed); a day of
a monthly pay counts 1/21.75 of it (人社部发〔2025〕2号).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot import clock
from bot.calculators import formulas
from bot.calculators.lengths import is_offered, lengths
from bot.calculators.results import CalculationResult, Texts, format_number, money
from bot.text.chinese_numbers import value
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.understanding.extractors import durations
from bot.understanding.extractors.rates import rate
from bot.understanding.extractors.sums import Sum
from bot.understanding.extractors.sums import sums as sums_of
from bot.wording import wording

Facts = dict[str, Any]
USED = ("calc_pay_days", "extra_low", "extra_high")
_PATTERNS = patterns("calculator_arrears")
_SAY = wording("calculator_arrears")


@dataclass(frozen=True)
class Spell:
    """So many months at one pay."""

    months: float
    pay: float


def extract_facts(text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts) -> Facts:
    """Return how long is owed, the pay by month, day or hour, and what was paid of it."""
    read = normalise(text).text
    owed_lengths = _owed_lengths(read, bool(known_facts.get("begun")))
    pays, payments, owed = _amounts(read)
    facts: Facts = {}
    spells = _spells(owed_lengths, pays)
    if spells:
        return {"spells": [[spell.months, spell.pay] for spell in spells]} | _payment_facts(
            payments
        )
    months = sum(length for length, _ in owed_lengths) or _named_months(read) or _one_month(read)
    if len(owed_lengths) > 1 and not _PATTERNS["addition"].search(read):
        months = owed_lengths[-1][0]
    days, hours = (
        _count(_PATTERNS["days"], _PATTERNS["daily_rate"], read),
        _count(_PATTERNS["hours"], _PATTERNS["hourly_rate"], read),
    )
    if months or days:
        # One takes the other's place: 不对是20天.
        facts |= {"months": months, "days": days}
    if hours:
        facts["hours"] = hours
    for period, amount, _ in pays[-1:]:
        facts["pay"] = None
        facts |= {"daily": None, "hourly": None, _PAID_BY[period]: amount}
    if owed and not months and not days:
        facts["owed"] = owed
    people = _PATTERNS["people"].search(read)
    if people and _PATTERNS["per_person"].search(read) and (number := value(people["number"])):
        facts["people"] = number
    return facts | _payment_facts(payments)


_PAID_BY = {"月": "pay", "天": "daily", "时": "hourly", "年": "pay", "周": "pay"}


def _payment_facts(payments: Sequence[float]) -> Facts:
    return {"given": sum(payments)} if payments else {}


def _owed_lengths(read: str, is_continued: bool) -> list[tuple[float, int]]:
    """Return the months that are owed and where each stands; 干了两年 is none of them."""
    spans = [
        {"start": span.start, "end": span.end, "value": span.value.months, "text": span.text}
        for span in durations.extract(read)
    ]
    candidates = [
        length
        for length in lengths(read, spans)
        if not is_offered(read, length)
        and not _PATTERNS["retraction"].search(read[: length["start"]])
    ]
    owed = [length for length in candidates if _is_owed(read, length)]
    other = [
        length
        for length in candidates
        if not _PATTERNS["work_before_length"].search(read[: length["start"]])
    ]
    counting = other if is_continued else owed or (other if _PATTERNS["owing"].search(read) else [])
    return [
        (
            length["value"] + (0.5 if _PATTERNS["half_month"].search(length["text"]) else 0),
            int(length["start"]),
        )
        for length in counting
    ]


def _one_month(read: str) -> int:
    """Return 1 where a month of pay is owed itself: 一个月工资没发 is no rate."""
    return 1 if _PATTERNS["one_month_owed"].search(read) else 0


def _is_owed(read: str, length: Mapping[str, Any]) -> bool:
    preceding, following = read[: length["start"]], read[length["end"] :]
    owing_follows = _PATTERNS["owing_after_length"].match(following)
    if _PATTERNS["work_before_length"].search(preceding) and not owing_follows:
        return False
    return bool(_PATTERNS["owing_before_length"].search(preceding) or owing_follows)


def _amounts(read: str) -> tuple[list[tuple[str, float, int]], list[float], float]:
    """Return the pays by period and place, what was paid already, and what is owed as sums."""
    pays: list[tuple[str, float, int]] = []
    payments: list[float] = []
    owed = 0.0
    for amount_span in sums_of(read):
        preceding = read[: amount_span.start]
        paid = rate(read, amount_span)
        period = "天" if _PATTERNS["workday_before_amount"].search(preceding) else paid.period
        if _is_count(read, amount_span, period):
            continue
        if _PATTERNS["payment_before_amount"].search(preceding):
            payments.append(amount_span.low)
        elif (
            _PATTERNS["owing_before_amount"].search(preceding)
            and period == "月"
            and not _PATTERNS["rate_after_amount"].match(read[amount_span.end :])
        ):
            owed += amount_span.low
        else:
            amount = amount_span.low * {"年": 1 / 12, "周": 52 / 12}.get(period, 1)
            pays.append(
                (period if period in ("天", "时") else "月", round(amount, 2), amount_span.start)
            )
    return pays, payments, owed


def _is_count(read: str, amount_span: Sum, period: str) -> bool:
    """Tell whether a number counts something else than money: 4个月, 45天, 7月, 5个人."""
    if _PATTERNS["counted_unit"].match(read[amount_span.end :]):
        return True
    return not amount_span.in_yuan and amount_span.low < (5 if period == "时" else 30)


def _spells(
    owed_lengths: Sequence[tuple[float, int]], pays: Sequence[tuple[str, float, int]]
) -> list[Spell]:
    """Return months with their own pay each, where a message states several of both in turn."""
    if (
        len(owed_lengths) < 2
        or len(owed_lengths) != len(pays)
        or any(period != "月" for period, _, _ in pays)
    ):
        return []
    marks = sorted(
        [(start, "months") for _, start in owed_lengths] + [(start, "pay") for _, _, start in pays]
    )
    kinds = [kind for _, kind in marks]
    in_turn = kinds[::2] == [kinds[0]] * len(owed_lengths) and kinds[1::2] == [kinds[1]] * len(
        owed_lengths
    )
    if not in_turn or kinds[0] == kinds[1]:
        return []
    return [Spell(months, pay) for (months, _), (_, pay, _) in zip(owed_lengths, pays, strict=True)]


def _count(pattern: re.Pattern[str], a_rate: re.Pattern[str], read: str) -> float:
    """Return the days or hours that a text states; of 一天300 none."""
    count = 0.0
    for hit in pattern.finditer(read):
        if a_rate.match(read, hit.start()) or _PATTERNS["retraction"].search(read[: hit.start()]):
            continue
        half = 0.5 if "half" in pattern.groupindex and hit["half"] else 0
        count = (value(hit["number"]) or 0) + half
    return count


def _named_months(read: str) -> int:
    """Return how many months a text names: 7月到10月, 从6月到现在, 7月8月9月; 0 for none.

    Of a month that has not ended nothing is due yet: up to now means up to the month before.
    """
    today = clock.today()
    for hit in (*_PATTERNS["month_range"].finditer(read), *_PATTERNS["since_month"].finditer(read)):
        groups = hit.groupdict()
        first = _month_of(groups, "a", today)
        last = _month_of(groups, "b", today) if groups.get("bmonth") else None
        if first is None:
            continue
        if last is None:
            return max(today.year * 12 + today.month - first, 0)
        if last < first and not groups.get("byear"):
            last += 12
        return max(last - first + 1, 0)
    return max(map(len, _listed_months(read)), default=0)


def _month_of(groups: Mapping[str, str | None], end: str, today: date) -> int | None:
    """Return a month counted from year 0."""
    month = int(value(groups[f"{end}month"] or "") or 0)
    if not 1 <= month <= 12:
        return None
    year_text = groups[f"{end}year"] or ""
    year = {"去年": today.year - 1, "前年": today.year - 2}.get(year_text, today.year)
    if year_text[:-1].isdigit():
        year = int(year_text[:-1]) % 100 + 2000
    elif not year_text and end == "a" and month > today.month:
        year -= 1
    return year * 12 + month


def _listed_months(read: str) -> Iterator[list[int]]:
    """Yield the months of an enumeration (7月8月9月) in a text about wages."""
    for hit in _PATTERNS["month_enumeration"].finditer(read):
        is_day = _PATTERNS["day_after_month"].match(read[hit.end() :])
        if is_day or not _PATTERNS["wages"].search(read):
            continue
        months = [int(value(numeral) or 0) for numeral in _PATTERNS["month_number"].findall(hit[0])]
        if all(1 <= month <= 12 for month in months) and len(set(months)) == len(months):
            yield months


def is_requested(text: str, facts: Facts) -> bool:
    """Tell whether a message asks what is owed in all: 欠我4个月工资一个月5000一共欠多少."""
    read = normalise(text).text
    has_quantity = any(facts.get(name) for name in ("months", "days", "hours", "spells", "owed"))
    if not has_quantity or _PATTERNS["beyond_wages"].search(read):
        return False
    return bool(_PATTERNS["owing"].search(read) and _PATTERNS["asks_owed_amount"].search(read))


def arrears(facts: Facts, rules: formulas.Rules, texts: Texts) -> CalculationResult:
    """Work out what is owed, or ask for how long or how much a month."""
    parts = list(_parts(facts, rules))
    has_quantity = any(facts.get(name) for name in ("months", "days", "hours", "spells", "owed"))
    if not has_quantity:
        return CalculationResult(
            [_SAY("no_length")], USED, missing="months", ask=_SAY("ask_length")
        )
    if not parts:
        length_line = _SAY("length", quantity=_quantity_text(facts))
        return CalculationResult([length_line], USED, missing="pay", ask=_SAY("ask_pay"))
    total = formulas.yuan(sum((due for _, due in parts), Decimal(0)))
    lines = [f"{formula} = {money(formulas.yuan(due))}。" for formula, due in parts]
    lines[0] = _SAY("owed_wages", sum=lines[0])
    if len(parts) > 1:
        lines.append(_SAY("total", total=money(total)))
    people = Decimal(str(facts.get("people") or 1))
    if people > 1:
        lines.append(
            _SAY(
                "people",
                people=format_number(people),
                each=money(total),
                total=money(total * people),
            )
        )
        total *= people
    payments = Decimal(str(facts.get("given") or 0))
    if payments:
        remainder = max(total - payments, Decimal(0))
        lines.append(_SAY("less_payments", payments=money(payments), remainder=money(remainder)))
        total = remainder
    low, high = (formulas.yuan(total * rules[name] / 100) for name in ("extra_low", "extra_high"))
    lines.append(
        _SAY(
            "surcharge",
            rate_low=texts["extra_low"],
            rate_high=texts["extra_high"],
            low=money(low),
            high=money(high),
        )
    )
    return CalculationResult(lines, USED, assumes=_SAY("assumptions"), next_step=_SAY("next_step"))


def _quantity_text(facts: Facts) -> str:
    quantities = [
        f"{format_number(Decimal(str(facts[name])))}{unit}"
        for name, unit in (("months", "个月"), ("days", "天"), ("hours", "小时"))
        if facts.get(name)
    ]
    return "零".join(quantities)


def _parts(facts: Facts, rules: formulas.Rules) -> Iterator[tuple[str, Decimal]]:
    """Yield how each part of what is owed is worked out, and its amount."""
    for months, pay in facts.get("spells") or ():
        due = Decimal(str(months)) * Decimal(str(pay))
        yield f"{money(Decimal(str(pay)))} × {format_number(Decimal(str(months)))}个月", due
    if facts.get("spells"):
        return
    if facts.get("owed"):
        yield _SAY("sum_of_amounts"), Decimal(str(facts["owed"]))
        return
    a_month, a_day, an_hour = (
        Decimal(str(facts.get(name) or 0)) for name in ("pay", "daily", "hourly")
    )
    months, days, hours = (
        Decimal(str(facts.get(name) or 0)) for name in ("months", "days", "hours")
    )
    pay_days = rules["calc_pay_days"]
    if months and (a_month or a_day):
        if a_month:
            yield f"{money(a_month)} × {format_number(months)}个月", a_month * months
        else:
            formula = f"{money(a_day)} × {format_number(pay_days)}天 × {format_number(months)}个月"
            yield formula, a_day * pay_days * months
    if days and a_day:
        yield f"{money(a_day)} × {format_number(days)}天", a_day * days
    elif days and a_month:
        yield (
            f"{money(a_month)} ÷ {format_number(pay_days)} × {format_number(days)}天",
            a_month / pay_days * days,
        )
    if hours and an_hour:
        yield f"{money(an_hour)} × {format_number(hours)}小时", an_hour * hours
