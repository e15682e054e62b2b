"""Overtime pay by kind of day: holidays by law, rest days and working days.

劳动法 44: 150 % after work, 200 % on a rest day without time off for it, 300 % on a holiday by law;
全国年节及纪念日放假办法 2: how many days each holiday has by law. The other days that are off with
it are rest days, and a day worked in exchange for them (补班) is a working day (6, 7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bot import clock
from bot.arithmetic import formulas
from bot.arithmetic.results import WHOLE, CalculationResult, Texts, format_number, money
from bot.text.chinese_numbers import value
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.understanding.extractors.holidays import Holiday, holidays
from bot.wording import wording
from bot.workdays import day_of, holiday_by_law

Facts = dict[str, Any]
USED = ("day", "rest", "holiday", "calc_pay_days", "hours_day")
KIND_NAMES = {"day": "平时延长", "rest": "休息日又不给补休", "holiday": "法定节假日"}
_PATTERNS = patterns("calculator_overtime")
_SAY = wording("calculator_overtime")


@dataclass(frozen=True)
class OvertimeItem:
    """One kind of overtime that was spoken of, and how much of it."""

    kind: str | None = None
    """day, rest, holiday, make_up; None where only a quantity, a name or dates were said."""
    name: str | None = None
    """The id of the holiday that was named."""
    days: float | None = None
    hours: float | None = None
    dates: tuple[str, ...] = ()
    """ISO dates that were said."""
    new_year: tuple[int, ...] = ()
    """Days of the lunar new year, 除夕 is 0."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as a slot keeps it."""
        return {
            "kind": self.kind, "name": self.name, "days": self.days, "hours": self.hours,
            "dates": list(self.dates), "new_year": list(self.new_year),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> OvertimeItem:
        """Read it back."""
        return cls(
            **{**content, "dates": tuple(content["dates"]), "new_year": tuple(content["new_year"])}
        )

    @property
    def has_quantity(self) -> bool:
        """Tell whether it says how much."""
        return bool(self.days or self.hours or len(self.dates) > 1 or len(self.new_year) > 1)

    @property
    def has_kind(self) -> bool:
        """Tell whether it says on what kind of day."""
        return bool(self.kind or self.name or self.dates or self.new_year)


@dataclass
class _Reading:
    """The kinds and quantities of a text by where they stand."""

    kinds: list[tuple[int, int, OvertimeItem]] = field(default_factory=list)
    quantities: list[tuple[int, OvertimeItem]] = field(default_factory=list)

    def add(self, start: int, end: int, item: OvertimeItem) -> None:
        if all(end <= a or b <= start for a, b, _ in self.kinds):
            self.kinds.append((start, end, item))


def extract_items(text: str, entities: Sequence[Mapping[str, Any]]) -> list[OvertimeItem]:
    """Return what a message says of overtime, in its order; a lone quantity is an item as well."""
    read = normalise(text).text
    reading = _Reading()
    for hit in _PATTERNS["make_up_day"].finditer(read):
        reading.add(hit.start(), hit.end(), OvertimeItem("make_up"))
    for hit in _PATTERNS["counted_days"].finditer(read):
        kind = "rest" if hit["rest"] else "holiday"
        reading.add(hit.start(), hit.end(), OvertimeItem(kind, days=value(hit["days"])))
    each_day = _hours_a_day(read)
    if each_day and not _hours_of_each(read):
        reading.add(*each_day)
    for start, end, dates in _days_of_named_holiday(read):
        reading.add(start, end, OvertimeItem(dates=dates))
    for start, end, dates in _dates(read, entities):
        reading.add(start, end, OvertimeItem(dates=dates))
    for start, end, new_year in _new_year(read):
        reading.add(start, end, OvertimeItem(new_year=new_year))
    for holiday in holidays().values():
        for hit in re.finditer(holiday.pattern, read):
            only = 1.0 if _PATTERNS["day_itself"].match(read, hit.end()) else None
            reading.add(hit.start(), hit.end(), OvertimeItem(name=holiday.id, days=only))
    for pattern, kind in (
        (_PATTERNS["holiday_by_law"], "holiday"),
        (_PATTERNS["rest_day"], "rest"),
        (_PATTERNS["working_day"], "day"),
    ):
        for hit in pattern.finditer(read):
            # 10月2号晚上 is that day.
            of_a_day = kind == "day" and any(end == hit.start() for _, end, _ in reading.kinds)
            if not of_a_day:
                reading.add(hit.start(), hit.end(), OvertimeItem(kind))
    for hit in _PATTERNS["days_or_hours"].finditer(read):
        number = (
            0.5 if (hit["days"] or hit["hours"]) == "半" else value(hit["days"] or hit["hours"])
        )
        if number:
            quantity = OvertimeItem(days=number) if hit["days"] else OvertimeItem(hours=number)
            reading.quantities.append((hit.start(), quantity))
    return [_with_long_days(item, _hours_of_each(read)) for item in _join_quantities(reading)]


def _hours_of_each(read: str) -> float | None:
    """Return how long each day off was worked: 国庆上了3天 每天10小时; not 每天多干2小时."""
    hit = _PATTERNS["hours_of_each_day"].search(read)
    return value(hit["hours"]) if hit else None


def _with_long_days(item: OvertimeItem, hours: float | None) -> OvertimeItem:
    """Return days off that were worked with the hours of each."""
    is_day_off = item.kind in ("holiday", "rest") or item.name
    if not hours or not item.days or not is_day_off:
        return item
    by_law = holidays()[item.name].lasts if item.name else item.days
    if item.days > by_law:
        return item
    return replace(item, hours=item.days * hours, days=None)


def _join_quantities(reading: _Reading) -> list[OvertimeItem]:
    """Give each kind the quantity that follows it; names without one go with what follows."""
    kinds = sorted(reading.kinds, key=lambda kind: kind[0])
    joined: list[OvertimeItem] = []
    for number, (_, end, item) in enumerate(kinds):
        until = kinds[number + 1][0] if number + 1 < len(kinds) else 10**6
        following = [quantity for start, quantity in reading.quantities if end <= start < until]
        joined.append(_with_quantity(item, following[0]) if following else item)
    if len(kinds) == 1 and not joined[0].has_quantity and reading.quantities:
        joined = [_with_quantity(joined[0], reading.quantities[0][1])]
    joined = _without_dated_holidays(joined)
    if any(item.has_quantity for item in joined):
        joined = [
            item
            for item in joined
            if item.has_quantity or item.dates or item.new_year or item.kind == "make_up"
        ]
    if not kinds:
        return [quantity for _, quantity in reading.quantities[:1]]
    return joined


def _without_dated_holidays(candidates: list[OvertimeItem]) -> list[OvertimeItem]:
    """Leave out a holiday if its days are named as well: 国庆加班4天，10月1号到4号."""
    dated = [item for item in candidates if item.dates or item.new_year]
    remaining: list[OvertimeItem] = []
    for item in candidates:
        same = [day_item for day_item in dated if item.name and _is_of_holiday(day_item, item.name)]
        if not same:
            remaining.append(item)
        elif item.days and not any(day_item.has_quantity for day_item in same):
            place = candidates.index(same[0])
            candidates[place] = replace(same[0], days=item.days)
            remaining = [
                candidates[place] if day_item is same[0] else day_item for day_item in remaining
            ]
    return remaining


def _is_of_holiday(item: OvertimeItem, name: str) -> bool:
    """Tell whether named days lie in the days off around a holiday."""
    holiday = holidays()[name]
    if item.new_year:
        return name == "spring"
    first = date.fromisoformat(item.dates[0])
    begins = holiday.begins(first.year)
    return begins is not None and timedelta(-3) <= first - begins <= timedelta(9)


def _with_quantity(item: OvertimeItem, quantity: OvertimeItem) -> OvertimeItem:
    if item.has_quantity:
        return item
    return replace(
        item, days=quantity.days or (None if quantity.hours else item.days), hours=quantity.hours
    )


def _dates(
    read: str, entities: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield the days of the calendar that a text names: 10月5号, 10月4号到7号, 5月1号和3号."""
    for entity in entities:
        if entity["entity"] != "date" or _PATTERNS["week"].match(entity["text"]):
            continue
        first, last = (date.fromisoformat(entity["value"][end]) for end in ("first", "last"))
        start, end = int(entity["start"]), int(entity["end"])
        if first != last:
            continue
        days = [first]
        while hit := _PATTERNS["next_day"].match(read, end):
            after = _day_after(days[-1], hit)
            if after is None:
                break
            gap = (after - days[-1]).days if hit["to"] else 1
            days += [after - timedelta(days=n) for n in reversed(range(gap))]
            end = hit.end()
        yield start, end, tuple(day.isoformat() for day in days)


def _hours_a_day(read: str) -> tuple[int, int, OvertimeItem] | None:
    """Return the hours of all days where so many a day were worked: 每天多干2小时，干了22天."""
    hit, days = _PATTERNS["hours_each_day"].search(read), _PATTERNS["number_of_days"].search(read)
    if not hit or not days:
        return None
    hours = (value(hit["hours"]) or 0) + (0.5 if hit["half"] else 0)
    return hit.start(), hit.end(), OvertimeItem("day", hours=hours * (value(days["days"]) or 0))


def _days_of_named_holiday(read: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield the days of a holiday's own month that are named without it: 国庆2号到5号."""
    for holiday in holidays().values():
        for hit in re.finditer(holiday.pattern, read) if holiday.day else ():
            day = _PATTERNS["day_of_holiday"].match(read, hit.end())
            begins = holiday.begins(clock.today().year) if day else None
            if day is None or begins is None:
                continue
            if begins > clock.today():
                begins = begins.replace(year=begins.year - 1)
            yield from _dates(read, [_as_entity(begins, day)])


def _as_entity(begins: date, day: re.Match[str]) -> dict[str, Any]:
    """Return a day of a holiday's month as the readers of dates give one."""
    number = int(value(day["day"]) or 0)
    iso_day = begins.replace(day=min(max(number, 1), 28)).isoformat()
    first_and_last = {"first": iso_day, "last": iso_day}
    return {
        "entity": "date",
        "start": day.start("day"),
        "end": day.end(),
        "text": day[0],
        "value": first_and_last,
    }


def _day_after(first: date, hit: re.Match[str]) -> date | None:
    try:
        month = int(value(hit["month"]) or 0) if hit["month"] else first.month
        last = date(first.year, month, int(value(hit["day"]) or 0))
    except ValueError:
        return None
    return last if first < last <= first + timedelta(days=15) else None


def _new_year(read: str) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Yield the days of the lunar new year: 大年初五, 初一到初五."""
    spoken_of = _PATTERNS["new_year"].search(read)
    pattern = _PATTERNS["new_year_day_in_context" if spoken_of else "new_year_day"]
    hits = list(pattern.finditer(read))
    numerals = [next((day for day in hit.groups() if day), None) for hit in hits]
    numbers = [int(value(day) or 0) if day else 0 for day in numerals]
    if not hits:
        return
    if len(hits) > 1 and _PATTERNS["range_before_day"].search(read[: hits[-1].start() + 1]):
        yield hits[0].start(), hits[-1].end(), tuple(range(numbers[0], numbers[-1] + 1))
        return
    for hit, number in zip(hits, numbers, strict=True):
        yield hit.start(), hit.end(), (number,)


def merge_items(earlier: Sequence[OvertimeItem], new: Sequence[OvertimeItem]) -> list[OvertimeItem]:
    """Return the items after a further message: another quantity, the kind that was asked for."""
    if not new or not earlier:
        return list(new or earlier)
    (last,) = earlier[-1:]
    if len(new) == 1 and not new[0].has_kind:
        return [*earlier[:-1], replace(last, days=new[0].days, hours=new[0].hours)]
    if len(earlier) == 1 and not last.has_kind and not any(item.has_quantity for item in new):
        return [replace(new[0], days=last.days, hours=last.hours)]
    if len(new) == 1 and not new[0].has_quantity and len(earlier) == 1:
        return [_with_quantity(new[0], last)]
    return list(new)


@dataclass(frozen=True)
class OvertimeHours:
    """So many hours of one kind of day."""

    kind: str
    hours: Decimal
    days_text: str
    """Names of the days."""


def parts(item: OvertimeItem, rules: formulas.Rules) -> list[OvertimeHours]:
    """Return the parts of an item by kind of day; a working day without hours has none."""
    a_day = rules["hours_day"]
    if item.name:
        return _holiday_parts(holidays()[item.name], item, rules)
    if item.dates or item.new_year:
        days = list(_kinds_of_days(item, rules))
        if item.hours and days:
            return [OvertimeHours(days[0][1], Decimal(str(item.hours)), days[0][0])]
        grouped = {
            kind: [day for day, day_kind in days if day_kind == kind]
            for kind in ("holiday", "rest")
        }
        return [
            OvertimeHours(kind, a_day * len(names), "、".join(names))
            for kind, names in grouped.items()
            if names
        ]
    if item.kind in (None, "make_up") or not (item.days or item.hours):
        return []
    hours = Decimal(str(item.hours)) if item.hours else Decimal(str(item.days)) * a_day
    if item.kind == "day" and not item.hours:
        return []
    return [OvertimeHours(str(item.kind), hours, "")]


def _holiday_parts(
    holiday: Holiday, item: OvertimeItem, rules: formulas.Rules
) -> list[OvertimeHours]:
    """Return the days by law, and the rest of the days that were worked."""
    a_day = rules["hours_day"]
    by_law = rules[holiday.figure]
    if item.hours:
        return [OvertimeHours("holiday", Decimal(str(item.hours)), holiday.name)]
    days = Decimal(str(item.days or 0))
    first = OvertimeHours(
        "holiday",
        min(days, by_law) * a_day,
        _SAY("days_by_law", holiday=holiday.name, days=format_number(min(days, by_law))),
    )
    if days <= by_law:
        return [first] if days else []
    further_days = days - by_law
    return [
        first,
        OvertimeHours(
            "rest", further_days * a_day, _SAY("further_days", days=format_number(further_days))
        ),
    ]


def _kinds_of_days(item: OvertimeItem, rules: formulas.Rules) -> Iterator[tuple[str, str]]:
    """Yield how each day is called and its kind."""
    for number in item.new_year:
        day_name = "除夕" if number == 0 else f"初{'零一二三四五六七八九十'[number]}"
        yield day_name, "holiday" if number < int(rules["spring"]) else "rest"
    days = [date.fromisoformat(day) for day in item.dates]
    if len(days) == 1 and item.days and item.days > 1:
        days = [days[0] + timedelta(days=n) for n in range(int(item.days))]
    for day in days:
        yield f"{day.month}月{day.day}日", kind_of_day(day)


def kind_of_day(day: date) -> str:
    """Return holiday, rest or day (a working day, also one worked in exchange)."""
    if holiday_by_law(day):
        return "holiday"
    return "rest" if day_of(day).free else "day"


def overtime(facts: Facts, rules: formulas.Rules, texts: Texts) -> CalculationResult:
    """Work out overtime pay, or ask for what is missing."""
    rule = "，".join(f"{KIND_NAMES[kind]}{texts[kind]}" for kind in ("day", "rest", "holiday"))
    a_month, a_day = format_number(rules["calc_pay_days"]), format_number(rules["hours_day"])
    overtime_items = [
        OvertimeItem.from_dict(content) for content in facts.get("items") or ()
    ] or _unnamed_item(facts)
    worked = [part for item in overtime_items for part in parts(item, rules)]
    notes = _notes(overtime_items, rules, texts)
    if overtime_items and not worked and notes:
        return CalculationResult([*notes, _SAY("rule", rule=rule)], USED)
    if "pay" not in facts:
        rule_line = _SAY("rule_and_hourly_pay", rule=rule, days=a_month, hours=a_day)
        lines = [*notes, *_kind_lines(worked, texts), rule_line]
        return CalculationResult(lines, USED, missing="pay", ask=_SAY("ask_pay"))
    if not worked:
        missing = "kind" if any(item.has_quantity for item in overtime_items) else "hours"
        ask = _SAY("ask_kind") if missing == "kind" else _SAY("ask_hours")
        return CalculationResult([_SAY("rule", rule=rule)], USED, missing=missing, ask=ask)
    pay = Decimal(str(facts["pay"]))
    lines = [*notes, *_kind_lines(worked, texts)]
    total = Decimal(0)
    for part in worked:
        due = (
            pay / rules["calc_pay_days"] / rules["hours_day"] * part.hours * rules[part.kind] / 100
        )
        total += due
        lines.append(
            f"{money(pay)} ÷ {a_month} ÷ {a_day} × {format_number(part.hours)}小时"
            f" × {texts[part.kind]}"
            f" = {money(formulas.overtime_pay(pay, part.hours, part.kind, rules))}。"
        )
    if len(worked) > 1:
        lines.append(_SAY("total", total=money(formulas.yuan(total))))
    assumes = _SAY("assumptions", pay=money(pay))
    if any(part.kind == "rest" for part in worked):
        assumes += _SAY("assumption_of_rest_days")
    return CalculationResult(
        lines,
        USED,
        assumes=assumes,
        next_step=_SAY("next_step"),
        amounts={WHOLE: formulas.yuan(total)},
    )


def _unnamed_item(facts: Facts) -> list[OvertimeItem]:
    """Return the one item of facts that name no day: an answer to a question (两小时, 休息日)."""
    kind, days, hours = (facts.get(name) for name in ("kind", "days", "hours"))
    return [OvertimeItem(kind, days=days, hours=hours)] if kind or days or hours else []


def _kind_lines(worked: Sequence[OvertimeHours], texts: Texts) -> list[str]:
    """Return the line that assigns the days to their kinds."""
    named_parts = [part for part in worked if part.days_text]
    if not named_parts:
        if len(worked) != 1:
            return []
        kind = worked[0].kind
        return [_SAY("kind_and_rate", kind=KIND_NAMES[kind], rate=texts[kind])]
    clauses = [
        _SAY(
            "days_kind_and_rate",
            days=part.days_text,
            kind=KIND_NAMES[part.kind],
            rate=texts[part.kind],
        )
        for part in named_parts
    ]
    return ["；".join(clauses) + "。"]


def _notes(
    overtime_items: Sequence[OvertimeItem], rules: formulas.Rules, texts: Texts
) -> list[str]:
    """Say which days are working days, and which days of a holiday were taken for granted."""
    notes = []
    long_day = _SAY("long_day", hours=texts["hours_day"], rate=texts["day"])
    if any(item.kind == "make_up" for item in overtime_items):
        notes.append(_SAY("make_up_day", long_day=long_day))
    for item in overtime_items:
        plain_days = [name for name, kind in _kinds_of_days(item, rules) if kind == "day"]
        if plain_days and not item.hours:
            notes.append(_SAY("working_days", days="、".join(plain_days), long_day=long_day))
        holiday = holidays()[item.name] if item.name else None
        if holiday and item.days and Decimal(str(item.days)) <= rules[holiday.figure]:
            notes.append(
                _SAY(
                    "holiday_days",
                    holiday=holiday.name,
                    days=format_number(rules[holiday.figure]),
                    rate=texts["rest"],
                )
            )
    return notes
