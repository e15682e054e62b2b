"""Detection of questions about the rule of an earlier year: 2015年沈阳失业金按百分之几发.

A date that only tells when something happened (2015年下岗的，失业金咋领; 我去年做的手术) asks for
today's rule. The patterns stand in data/vocab/asked_year.yml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.settings import settings
from bot.text.overlap import Span
from bot.text.pattern_file import patterns, read_patterns

Entity = Mapping[str, Any]

#: The first year with rules that are asked for: the regulations on unemployment insurance and
#: most of the texts here are younger.
FIRST_YEAR = 1995
#: Days from which on a date is a time of rules: a month, a year.
MIN_DAYS = 28
#: What stands in the patterns for the date in question, and for each place.
DATE_MARK, PLACE_MARK = "\ue000", "\ue001"
_PATTERNS = patterns("policy_asked_year")


def asked_year(text: str, entities: Sequence[Entity], today: date) -> Span | None:
    """Return the past year or month that a message asks the rule of; None for today's rule."""
    if any(entity["entity"] == "salary" for entity in entities):
        return None  # one's own pay, of a sum to be worked out
    dates = _past(text, entities, today)
    return next(
        (
            span
            for date_entity, span in dates
            if _asks_for_earlier_rule(_marked(text, entities, date_entity))
        ),
        None,
    )


def _asks_for_earlier_rule(marked: str) -> bool:
    """Tell whether a message with its marks asks for what held then.

    What stands between the words of a question (the groups of its pattern) may tell no story.
    """
    questions = read_patterns(settings().data_file("vocab", "asked_year.yml"))
    narrative = questions["told"]
    matches = (questions[name].search(marked) for name in questions if name != "told")
    return any(not any(narrative.search(part) for part in hit.groups("")) for hit in matches if hit)


def _past(text: str, entities: Sequence[Entity], today: date) -> Iterator[tuple[Entity, Span]]:
    """Yield the dates of a message that may be times of earlier rules, with what they span."""
    for entity in entities:
        if entity["entity"] != "date":
            continue
        if _PATTERNS["period_before"].search(text[: entity["start"]]):
            continue
        if _PATTERNS["period_after"].match(text, entity["end"]):
            continue
        first, last = (date.fromisoformat(entity["value"][end]) for end in ("first", "last"))
        of_year = _PATTERNS["holiday_of_year"].search(str(entity["text"]))
        if of_year and not _PATTERNS["worked_on_holiday"].search(text):
            first, last = date(first.year, 1, 1), date(first.year, 12, 31)
        if last.year < FIRST_YEAR:
            continue  # 77年3月 is a date of birth
        if last < today.replace(day=1) and (last - first).days + 1 >= MIN_DAYS:
            yield entity, Span(first, last)


def _marked(text: str, entities: Sequence[Entity], date_entity: Entity) -> str:
    """Return a message with marks in the place of the date in question and of all places."""
    marks = [(entity, PLACE_MARK) for entity in entities if entity["entity"] == "region"]
    marks.append((date_entity, DATE_MARK))
    for entity, mark in sorted(marks, key=lambda pair: int(pair[0]["start"]), reverse=True):
        text = f"{text[: entity['start']]}{mark}{text[entity['end'] :]}"
    return text
