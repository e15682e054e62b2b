"""Quantities of a message about wages, each with its place: rates, counts of work, sums.

What each sum is (a payment, a further item, an offer) tells bot/wages_owed/roles.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot import clock
from bot.text.chinese_numbers import value
from bot.text.pattern_file import patterns

_PATTERNS = patterns("calculator_arrears")
_MONTHS_OF_YEAR = 12
_TENTH = {"毛": 0.1, "块": 1}
#: The least and the most that a rate by time may be, in yuan; others are read wrongly.
_PLAUSIBLE = {"月": (200, 200000), "天": (20, 5000), "时": (3, 1000)}
#: Characters between a month's name and the count that it is of.
_MAX_LABEL_GAP = 8


@dataclass(frozen=True)
class WageRate:
    """So much for a unit of work."""

    unit: str
    amount: float
    start: int
    end: int
    replaces: bool = False
    """True for 按一天…算, which takes the place of the rate told before."""


@dataclass
class Count:
    """So many units of work."""

    unit: str
    number: float
    start: int
    end: int
    word: str
    labels: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Money:
    """A sum that is no rate."""

    amount: float
    start: int
    end: int


@dataclass(frozen=True)
class MonthlyCost:
    """What is taken off for each month or day: 一月扣我五百房钱."""

    unit: str
    amount: float
    name: str
    start: int
    end: int


Token = WageRate | Count | Money | MonthlyCost


@dataclass
class WageReading:
    """The quantities of a message, in the order of their kind."""

    text: str
    rates: list[WageRate] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    sums: list[Money] = field(default_factory=list)
    costs: list[MonthlyCost] = field(default_factory=list)
    months: list[tuple[int, int, int]] = field(default_factory=list)
    """Names of months: which one, and where it stands."""
    by_amounts: list[Money] = field(default_factory=list)
    """Sums after 按: 按两千算."""
    held_back: list[Money] = field(default_factory=list)
    """A month's pay that was kept at the beginning: 押的一个月四千五."""
    unread: list[str] = field(default_factory=list)
    """Words of quantities that could not be read exactly."""

    def clause_before(self, start: int) -> str:
        """Return what stands before a place in its clause, after the quantity before it."""
        begins = [hit.end() for hit in _PATTERNS["clause_end"].finditer(self.text[:start])]
        ends = [token.end for token in self.tokens() if token.end <= start]
        return self.text[max([0, *begins, *ends]) : start]

    def tokens(self) -> list[Token]:
        """Return all quantities in their order."""
        every: list[Token] = [*self.rates, *self.counts, *self.costs]
        every += [
            *self.sums,
            *self.by_amounts,
            *self.held_back,
        ]
        return sorted(every, key=lambda token: token.start)


def money_value(text: str) -> float | None:
    """Return a sum in yuan: 三块五, 八毛五, 两万三, 4800元."""
    text = text.strip().removesuffix("元").removesuffix("块钱")
    for unit, scale in _TENTH.items():
        whole, mark, rest = text.partition(unit)
        if mark and (amount := value(whole)) is not None:
            tail = value(rest.removesuffix("毛")) if rest else 0
            return round((amount + (tail or 0) / 10) * scale, 2)
    return value(text)


def unit_of(word: str) -> str:
    """Return the unit that a word counts: 月, 天, 时, or the piece itself."""
    if "月" in word:
        return "月"
    if word.endswith(("小时", "钟头", "点")) or "加班" in word:
        return "时"
    return "天" if word.endswith(("天", "日", "工")) else word


def read(text: str) -> WageReading:
    """Read the quantities of a normalised text."""
    reader = _Reader(text)
    return reader.read()


class _Reader:
    """Reads one text; what one reader took is left out by those after it."""

    def __init__(self, text: str) -> None:
        self.reading = WageReading(text)
        self.text = _PATTERNS["idiom"].sub(lambda hit: "·" * len(hit[0]), text)
        self.is_taken = bytearray(len(text))

    def read(self) -> WageReading:
        self._mask("noise")
        self._read_costs()
        self._read_rates()
        self._read_listed_months()
        self._read_unread("approximate")
        self._read_by_amounts()
        self._read_months()
        self._read_counts()
        self._read_owed_month()
        self._read_range()
        self._read_month_names()
        self._read_sums()
        self._read_unread("leftover")
        self._label()
        return self.reading

    def _hits(self, name: str) -> Iterator[re.Match[str]]:
        for hit in _PATTERNS[name].finditer(self.text):
            if not any(self.is_taken[hit.start() : hit.end()]):
                yield hit

    def _take(self, start: int, end: int) -> None:
        self.is_taken[start:end] = b"\1" * (end - start)

    def _mask(self, name: str) -> None:
        for hit in self._hits(name):
            self._take(*hit.span())

    def _read_costs(self) -> None:
        for hit in self._hits("monthly_deduction"):
            amount = money_value(hit["money"])
            if amount:
                cost = MonthlyCost(hit["unit"], amount, hit["name"] or "", *hit.span())
                self.reading.costs.append(cost)
                self._take(*hit.span())

    def _read_rates(self) -> None:
        for name in ("rate", "rate_after", "named_rate"):
            for hit in self._hits(name):
                self._take_rate(name, hit)

    def _take_rate(self, name: str, hit: re.Match[str]) -> None:
        amount = money_value(hit["money"])
        before = self.text[max(0, hit.start() - 12) : hit.start()]
        if not amount or _PATTERNS["no_pay_before_rate"].search(before):
            self._take(*hit.span())
            return
        groups = hit.groupdict()
        unit = unit_of(groups.get("unit") or _unit_of_name(str(groups.get("name"))))
        if name == "named_rate" and (
            _PATTERNS["owing_before_length"].search(before)
            or _PATTERNS["owing_after_length"].match(self.text[hit.end() :])
        ):
            return  # 欠我工资8000 is an amount owed
        cost = _PATTERNS["cost_before_rate"].search(before)
        if cost or _PATTERNS["cost_after_rate"].match(self.text[hit.end() :]):
            self.reading.costs.append(
                MonthlyCost(unit, amount, cost[0][:2] if cost else "", *hit.span())
            )
        elif _PATTERNS["held_back"].search(before):
            self.reading.held_back.append(Money(amount, *hit.span()))
        elif _is_plausible(unit, amount):
            is_by = bool(groups.get("by")) or "按" in (groups.get("between") or "")
            self.reading.rates.append(WageRate(unit, amount, *hit.span(), is_by))
        else:
            self.reading.unread.append(hit[0])
        self._take(*hit.span())

    def _read_listed_months(self) -> None:
        for hit in self._hits("months_listed"):
            months = [int(value(digit) or 0) for digit in hit["list"]]
            consecutive = months == list(range(months[0], months[0] + len(months)))
            if consecutive and value(hit["number"]) == len(months):
                self._take_months(hit, months)
        for hit in self._hits("months_named"):
            months = [int(value(found[0]) or 0) for found in _month_numbers(hit["list"])]
            number = value(hit["number"]) if hit["number"] else len(months)
            if len(set(months)) < len(months):
                continue
            if number != len(months):
                self.reading.unread.append(hit[0])
                self._take(*hit.span())
            elif not _PATTERNS["day_after_month"].match(self.text[hit.end() :]):
                self._take_months(hit, months)

    def _take_months(self, hit: re.Match[str], months: list[int]) -> None:
        count = Count("月", len(months), *hit.span(), "个月", months)
        self.reading.counts.append(count)
        self._take(*hit.span())

    def _read_unread(self, name: str) -> None:
        for hit in self._hits(name):
            self.reading.unread.append(hit[0])
            self._take(*hit.span())

    def _read_by_amounts(self) -> None:
        for hit in self._hits("by_amount"):
            amount = money_value(hit["money"])
            if amount:
                self.reading.by_amounts.append(Money(amount, *hit.span()))
                self._take(*hit.span())

    def _read_months(self) -> None:
        for hit in self._hits("months"):
            number = _months_of(hit)
            if number and not self._is_lone_one(hit, number):
                self.reading.counts.append(Count("月", number, *hit.span(), "个月"))
            self._take(*hit.span())
        for hit in self._hits("years"):
            number = 0.5 if hit["number"] == "半" else value(hit["number"]) or 0
            months = (number + (0.5 if hit["half"] else 0)) * _MONTHS_OF_YEAR
            self.reading.counts.append(Count("月", months, *hit.span(), "个月"))
            self._take(*hit.span())

    def _is_lone_one(self, hit: re.Match[str], number: float) -> bool:
        """Tell whether 一个月 is no length: 一个月多少, 一个月最多扣."""
        if number != 1:
            return False
        before, after = self.text[: hit.start()], self.text[hit.end() :]
        is_owed = _PATTERNS["owed_month_before"].search(before)
        return not (is_owed or _PATTERNS["owed_month_after"].match(after))

    def _read_counts(self) -> None:
        for hit in self._hits("count"):
            number = 0.5 if hit["number"] == "半" else value(hit["number"]) or 0
            number += 0.5 if hit["half"] else 0
            before = self.text[: hit.start()]
            if number == 1 and not _PATTERNS["one_before"].search(before):
                continue
            unit = unit_of(hit["unit"])
            word = "个工" if "工" in hit["unit"] else hit["unit"]
            self.reading.counts.append(Count(unit, number, *hit.span(), word))
            self._take(*hit.span())

    def _read_owed_month(self) -> None:
        """Count the one month of 欠我一个月工资4500, where nothing else is counted."""
        for rate in self.reading.rates:
            is_owed = _PATTERNS["owed_month_before"].search(self.text[: rate.start])
            if rate.unit == "月" and is_owed and not self.reading.counts:
                self.reading.counts.append(Count("月", 1, rate.start, rate.end, "个月"))

    def _read_range(self) -> None:
        """Read months from one to another (7月到10月), where no days are counted in them."""
        if self.reading.counts:
            for hit in self._hits("month_range"):
                self._take(*hit.span())
            return
        months, start, end = _months_in_range(self.text)
        if months and not any(self.is_taken[start:end]):
            self.reading.counts.append(Count("月", months, start, end, "个月"))
            self._take(start, end)

    def _read_month_names(self) -> None:
        for hit in self._hits("month_name"):
            if not _PATTERNS["month_of_start"].match(self.text[hit.end() :]):
                month = int(value(_PATTERNS["month_number"].search(hit[0])[0]) or 0)  # type: ignore[index]
                self.reading.months.append((month, *hit.span()))
            self._take(*hit.span())

    def _read_sums(self) -> None:
        for hit in _PATTERNS["sum"].finditer(self.text):
            if any(self.is_taken[hit.start() : hit.end()]):
                continue
            amount = money_value(hit[0])
            is_told = hit[0].endswith(("元", "块", "钱", "毛")) or (amount or 0) >= _LEAST_SUM
            if amount and is_told:
                self.reading.sums.append(Money(amount, *hit.span()))
                self._take(*hit.span())

    def _label(self) -> None:
        """Give each count the month that is named with it: 六月干22天, 10天十一月的."""
        tokens = self.reading.tokens()
        for count in self.reading.counts:
            if count.labels:
                continue
            start = max([0, *(token.end for token in tokens if token.end <= count.start)])
            for month, begin, end in self.reading.months:
                gap = self.text[end : count.start]
                is_before = start <= begin and end <= count.start and len(gap) <= _MAX_LABEL_GAP
                if is_before or (begin == count.end and self.text[end : end + 1] == "的"):
                    count.labels = [month]


#: The least that is taken for a sum without 元 or 块.
_LEAST_SUM = 10


def _unit_of_name(name: str) -> str:
    return "天" if name.startswith("日") else "小时" if name.startswith("时") else "月"


def _is_plausible(unit: str, amount: float) -> bool:
    least, most = _PLAUSIBLE.get(unit, (0.01, 100000))
    return least <= amount <= most


def _month_numbers(text: str) -> Iterator[re.Match[str]]:
    return _PATTERNS["month_number"].finditer(text)


def _months_of(hit: re.Match[str]) -> float:
    if hit["short"]:
        return 0.5 if "半" in hit["short"] else 3 if hit["short"] == "仨" else 2
    return (value(hit["number"]) or 0) + (0.5 if hit["half"] or hit["half2"] else 0)


def _months_in_range(text: str) -> tuple[int, int, int]:
    """Return how many months a text names (7月到10月, 从6月到现在) and where; 0 for none.

    Of a month that has not ended nothing is due yet: up to now means up to the month before.
    """
    today = clock.today()
    for hit in (*_PATTERNS["month_range"].finditer(text), *_PATTERNS["since_month"].finditer(text)):
        groups = hit.groupdict()
        first = _month_of(groups, "a", today)
        last = _month_of(groups, "b", today) if groups.get("bmonth") else None
        if first is None:
            continue
        if last is None:
            return max(today.year * _MONTHS_OF_YEAR + today.month - first, 0), *hit.span()
        if last < first and not groups.get("byear"):
            last += _MONTHS_OF_YEAR
        return max(last - first + 1, 0), *hit.span()
    return 0, 0, 0


def _month_of(groups: Mapping[str, str | None], end: str, today: date) -> int | None:
    """Return a month counted from year 0."""
    month = int(value(groups[f"{end}month"] or "") or 0)
    if not 1 <= month <= _MONTHS_OF_YEAR:
        return None
    year_text = groups[f"{end}year"] or ""
    year = {"去年": today.year - 1, "前年": today.year - 2}.get(year_text, today.year)
    if year_text[:-1].isdigit():
        year = int(year_text[:-1]) % 100 + 2000
    elif not year_text and end == "a" and month > today.month:
        year -= 1
    return year * _MONTHS_OF_YEAR + month
