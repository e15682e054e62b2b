"""Length of service from dates: 15年3月进厂，今年10月让我走的.

A point is as exact as it was stated: `2015`, `2015-03` or `2015-03-01`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot import clock
from bot.calculators.lengths import further_months
from bot.text.pattern_file import patterns

Entity = Mapping[str, Any]

_PATTERNS = patterns("calculator_periods")


@dataclass(frozen=True)
class Service:
    """The time between two points."""

    began: str
    ended: str

    @property
    def is_approximate(self) -> bool:
        """Tell whether only the year is known of one of the ends."""
        return len(self.began) == 4 or len(self.ended) == 4

    @property
    def months(self) -> float:
        """Return the whole months; days beyond them make half a month.

        Of two days the last is worked as well; of two months (2020年3月到2026年3月) the days are
        not known and left out; of a year alone the years are counted.
        """
        if self.is_approximate:
            return (int(self.ended[:4]) - int(self.began[:4])) * 12
        begin, end = _numbers(self.began), _numbers(self.ended)
        months = (end[0] - begin[0]) * 12 + end[1] - begin[1]
        if len(begin) == 2 or len(end) == 2:
            return months
        first, after = date(*begin), date(*end) + timedelta(days=1)
        months = (after.year - first.year) * 12 + after.month - first.month
        months -= after.day < first.day
        return months + (0.5 if after.day != first.day else 0)

    @property
    def open_end(self) -> str | None:
        """Return which end wants its month: began, ended; None when both have it."""
        return "began" if len(self.began) == 4 else "ended" if len(self.ended) == 4 else None


def _numbers(point: str) -> tuple[int, ...]:
    return tuple(map(int, point.split("-")))


def date_point(entity: Entity) -> str:
    """Return a date entity as exactly as it was stated."""
    first, last = str(entity["value"]["first"]), str(entity["value"]["last"])
    if first == last:
        return first
    if _PATTERNS["end_of_month"].search(str(entity.get("text", ""))):
        return last
    return first[:7] if first[:7] == last[:7] else first[:4]


def service_period(text: str, entities: Sequence[Entity]) -> Service | None:
    """Return from when to when a message says that someone worked; None when it does not.

    One date at which work began reaches to today; one at which it ended says nothing of how long.
    """
    dates = sorted((e for e in entities if e["entity"] == "date"), key=lambda e: int(e["start"]))
    today = clock.today().isoformat()
    dates = [entity for entity in dates if str(entity["value"]["first"]) <= today]
    begins = [entity for entity in dates if _role(text, entity) == "began"]
    ends = [entity for entity in dates if _role(text, entity) == "ended"]
    rest = [entity for entity in dates if entity not in begins and entity not in ends]
    if not begins and len(rest) + len(ends) == 1 and _PATTERNS["work_began"].search(text) and rest:
        begins = rest
    if not begins and len(dates) > 1:
        begins = [min(dates, key=lambda e: str(e["value"]["first"]))]
        ends = [entity for entity in ends or rest if entity not in begins]
    if not begins:
        return None
    began = date_point(min(begins, key=lambda e: str(e["value"]["first"])))
    later = [date_point(entity) for entity in ends or rest if entity not in begins]
    later = [end for end in later if end > began]
    # 今年能休几天 is no end of work.
    if not ends and (not later or max(later) == today[:4]):
        later = [today]
    return Service(began, max(later, default=today))


def ended_at(text: str, entities: Sequence[Entity]) -> str | None:
    """Return when a message says that work ended, as exactly as it says so; None when it does not.

    今年1月20号解除的.
    """
    today = clock.today().isoformat()
    ends = (e for e in entities if e["entity"] == "date" and _role(text, e) == "ended")
    return next((end for end in map(date_point, ends) if len(end) > 4 and end <= today), None)


def _role(text: str, entity: Entity) -> str | None:
    preceding, following = text[: entity["start"]], text[entity["end"] :]
    if _PATTERNS["end_after_date"].match(following) or (
        _PATTERNS["end_before_date"].search(preceding) and entity["start"] > 1
    ):
        return "ended"
    begin_follows = _PATTERNS["begin_after_date"].match(following)
    if begin_follows or _PATTERNS["begin_before_date"].search(preceding):
        return "began"
    return None


def date_ranges(text: str, entities: Sequence[Entity]) -> list[tuple[Service, int, int]]:
    """Return every time from one date to another (从08年交到23年, 15年到20年), and where it stands.

    A date that nothing ends but 到现在 reaches to today.
    """
    dates = sorted((e for e in entities if e["entity"] == "date"), key=lambda e: int(e["start"]))
    periods: list[tuple[Service, int, int]] = []
    index = 0
    while index < len(dates):
        begin, following = dates[index], text[dates[index]["end"] :]
        if index + 1 < len(dates):
            end_date = dates[index + 1]
            between = text[begin["end"] : end_date["start"]]
            if len(between) < 14 and _PATTERNS["end_before_date"].search(between):
                periods.append(
                    (
                        Service(date_point(begin), date_point(end_date)),
                        begin["start"],
                        end_date["end"],
                    )
                )
                index += 2
                continue
        now = _PATTERNS["until_now"].match(following)
        if now:
            end = begin["end"] + now.end()
            periods.append(
                (Service(date_point(begin), clock.today().isoformat()), begin["start"], end)
            )
        index += 1
    return [span for span in periods if span[0].months > 0]


def supposed_service(
    text: str, entities: Sequence[Entity], told: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the months of service if work ended at another date, or lasted longer: 干到明年四月呢.

    `told` holds the months told, up to today, and where it is known the date that work began.
    """
    months = told.get("months")
    if months is None:
        return {}
    further = further_months(text, entities)
    if further:
        return {"months": float(months) + further}
    end = next((e for e in entities if e["entity"] == "date" and _is_end(text, e)), None)
    if end is None:
        return {}
    began = told.get("since")
    if began is None:
        today = clock.today().isoformat()[: len(date_point(end))]
        return {"months": float(months) + _signed_months(today, date_point(end))}
    service = Service(str(began), date_point(end))
    return {"months": service.months} if service.months > 0 else {}


def _is_end(text: str, entity: Entity) -> bool:
    preceding, following = text[: entity["start"]], text[entity["end"] :]
    return bool(
        _PATTERNS["end_before_date"].search(preceding)
        or _PATTERNS["end_after_date"].match(following)
    )


def _signed_months(begin: str, end: str) -> float:
    if begin <= end:
        return Service(begin, end).months
    return -Service(end, begin).months
