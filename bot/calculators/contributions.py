"""Contribution history of a message: months paid, in pieces and with gaps, and months drawn.

社会保险法 46: all that was paid before is added up, gaps are not; after a benefit was drawn and new
work begun the count starts again, and the months not drawn are added to the new ones, 24 at most.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import clock
from bot.calculators.clause_patterns import preceding_matches
from bot.calculators.lengths import lengths
from bot.calculators.periods import date_ranges, service_period
from bot.text.pattern_file import patterns

Entity = Mapping[str, Any]

_PATTERNS = patterns("calculator_contributions")
#: Characters of a message that answers how long was paid.
_MAX_SHORT_ANSWER = 12
_CLAUSE = re.compile(r"[,，。;；!！?？\n]")


def granted_and_drawn(text: str, entities: Sequence[Entity]) -> tuple[int, int] | None:
    """Return the months that were granted and those drawn of them; None where not both are said."""
    spans = lengths(text, entities)
    granted_months = [
        int(length["value"])
        for length in spans
        if _PATTERNS["granted"].search(text[: int(length["start"])])
    ]
    drawn = [
        event.months for event in events(text, entities) if event.kind == "drawn" and event.months
    ]
    drawn = [months for months in drawn if months not in granted_months] or drawn[1:]
    return (
        (granted_months[0], drawn[-1])
        if granted_months and drawn and drawn[-1] <= granted_months[0]
        else None
    )


@dataclass(frozen=True)
class ContributionEvent:
    """One thing a message says: so many months paid, or drawn (None: not said how many)."""

    kind: str
    months: int | None
    almost: bool = False
    """True when one month more was said to be nearly full: 快三年 makes 35 months."""

    def to_list(self) -> list[Any]:
        """Return it as a slot keeps it."""
        return [self.kind, self.months, self.almost]


def events(
    text: str, entities: Sequence[Entity], known_months: int | None = None
) -> list[ContributionEvent]:
    """Return what a message says of contributions and of benefits drawn, in its order.

    Twenty years at work are not twenty years of contributions: a length counts after 交 or 缴, or
    when contributions were spoken of before (`known_months`: 那要是十二年呢).
    """
    positioned: list[tuple[int, ContributionEvent]] = []
    total: ContributionEvent | None = None
    position, last = 0, None
    spans = date_ranges(text, entities) if _PATTERNS["contribution"].search(text) else []
    ends: dict[int, int] = {}
    for span, start, end in spans:
        positioned.append((start, ContributionEvent("paid", int(span.months))))
        ends[start] = end
    since = None if spans else _paid_since(text, entities)
    if since is not None:
        positioned.append(since)
    for entity in sorted(lengths(text, entities), key=lambda e: int(e["start"])):
        start, end = int(entity["start"]), int(entity["end"])
        if _PATTERNS["retraction"].search(text[:start]):
            continue
        kind = _stated_kind(text, position, start, end, last)
        position, last = end, kind
        if kind is None and known_months:
            kind = "paid"
        if kind in ("paid", "drawn"):
            almost = kind == "paid" and preceding_matches("almost", text[:start])
            event = ContributionEvent(kind, int(entity["value"]) - almost, almost)
            if kind == "paid" and (
                _PATTERNS["earlier"].search(text[:start])
                or _pays_for_drawn(text, start, positioned)
            ):
                start = -1
            if kind == "paid":  # 09年到14年交了5年 says one time twice: as long as is stated
                positioned = _without_ranges_to(text, start, ends, positioned)
            if kind == "paid" and _PATTERNS["total"].search(text[:start]):
                total = event
            positioned.append((start, event))
    paid_lengths = [
        e.months for _, e in positioned if e.kind == "paid" and (since is None or e is not since[1])
    ]
    if since in positioned and any(
        _is_same_length(since[1].months, months) for months in paid_lengths
    ):
        positioned.remove(since)
    if total is not None:
        positioned = [(s, e) for s, e in positioned if e.kind != "paid" or e is total]
    drew = _PATTERNS["drawn_before"].search(text)
    if drew and all(event.kind != "drawn" for _, event in positioned):
        positioned.append((drew.start(), ContributionEvent("drawn", None)))
    return [event for _, event in sorted(positioned, key=lambda event: event[0])]


def _stated_kind(text: str, position: int, start: int, end: int, last: str | None) -> str | None:
    """Return the kind that a length from `start` to `end` is of by its words.

    `position` and `last` are the end and the kind of the length before it: a list has one kind.
    """
    if position and _PATTERNS["enumeration"].fullmatch(text[position:start]):
        kind = last
    else:
        kind = _kind(text[position:start], text[end:])
    is_only_length = preceding_matches("only", text[:start]) and not _PATTERNS[
        "kind_after_length"
    ].match(text[end:])
    if kind == "gap" and is_only_length and _PATTERNS["none_before"].search(text[position:start]):
        return "paid"
    return kind


def _without_ranges_to(
    text: str,
    start: int,
    ends: Mapping[int, int],
    positioned: Sequence[tuple[int, ContributionEvent]],
) -> list[tuple[int, ContributionEvent]]:
    """Return the events without the ranges of dates that lead to a length at `start`."""
    same = [
        begin
        for begin, to in ends.items()
        if _PATTERNS["range_to_length"].fullmatch(text[to:start])
    ]
    return [(begin, event) for begin, event in positioned if begin not in same]


def _is_same_length(months_since: int | None, stated_months: int | None) -> bool:
    """Tell whether a length tells what was paid from a year on: 从前年才给上的 就两年多."""
    return (
        months_since is not None
        and stated_months is not None
        and abs(months_since - stated_months) <= _MONTHS_OF_YEAR
    )


_MONTHS_OF_YEAR = 12


def _paid_since(text: str, entities: Sequence[Entity]) -> tuple[int, ContributionEvent] | None:
    """Return what was paid from one year on: 08年交的，23年断的; 从15年开始交的，一直没断."""
    begins = _PATTERNS["paid_since_year"].search(text)
    if begins is None:
        return None
    worked = service_period(text, entities)
    if worked is None or worked.months <= 0:
        return None
    ends_today = worked.ended == clock.today().isoformat()
    # 房租是从前年三月交的 is about something else.
    insured = "保" in text or "险" in text or len(text) <= _MAX_SHORT_ANSWER
    onwards = insured and any(
        _PATTERNS["open_start"].search(text[: e["start"]])
        for e in entities
        if e["entity"] == "date"
    )
    if ends_today and not (onwards or _PATTERNS["still_paying"].search(text)):
        return None
    return begins.start(), ContributionEvent("paid", int(worked.months))


def _pays_for_drawn(
    text: str, start: int, positioned: Sequence[tuple[int, ContributionEvent]]
) -> bool:
    """Tell whether what was drawn was drawn on these contributions: 领了3个月了，交了5年."""
    drawn_positions = [position for position, event in positioned if event.kind == "drawn"]
    paid = any(event.kind == "paid" for _, event in positioned)
    return (
        bool(drawn_positions)
        and not paid
        and not _PATTERNS["new_work"].search(text[drawn_positions[0] : start])
    )


def adds_to_earlier(text: str) -> bool:
    """Tell whether a message adds to what was said before: 后来又交了3年."""
    return bool(_PATTERNS["addition"].search(_CLAUSE.split(text)[0])) or bool(
        _PATTERNS["addition_start"].match(text)
    )


def _kind(preceding: str, following: str) -> str | None:
    """Return what a length is one of, by the words since the last length."""
    hit = _PATTERNS["kind_after_length"].match(following)
    if hit:
        return hit.lastgroup
    if preceding_matches("left", preceding):
        return "gap"
    *_, clause = _CLAUSE.split(preceding)
    kinds = _PATTERNS["length_kind"]
    hits = list(kinds.finditer(clause)) or list(kinds.finditer(preceding))[-1:]
    if not hits:
        return None
    last = hits[-1]
    if last.lastgroup == "worked" and any(hit.lastgroup == "paid" for hit in hits):
        return "paid"
    return None if last.lastgroup == "worked" else last.lastgroup


@dataclass(frozen=True)
class History:
    """Contributions and drawn months that count at present."""

    paid: int
    """Whole months of contributions that count: since the last benefit after which was worked."""
    pieces: int
    closed: tuple[tuple[int, int | None], ...]
    """Contributions and months drawn of times that have been closed by new work."""
    drawn: int
    """Months drawn of the present benefit."""
    almost: bool = False
    """True when one month more is nearly full (快三年)."""


def history(events_in_order: Sequence[ContributionEvent]) -> History:
    """Return what counts of events in their order."""
    paid, pieces, drawn = 0, 0, 0
    unknown = almost = False
    closed_periods: list[tuple[int, int | None]] = []
    for event in events_in_order:
        if event.kind == "drawn":
            unknown = unknown or event.months is None
            drawn += event.months or 0
            continue
        if drawn or unknown:
            closed_periods.append((paid, None if unknown else drawn))
            paid, pieces, drawn, unknown = 0, 0, 0, False
        paid += event.months or 0
        pieces += 1
        almost = event.almost
    return History(paid, pieces, tuple(closed_periods), drawn, almost and pieces == 1)


def contributions(text: str, entities: Sequence[Entity], known_months: int | None) -> int | None:
    """Return the months of contributions that a message states, None when it states none."""
    return history(events(text, entities, known_months)).paid or None
