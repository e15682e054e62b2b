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
from bot.policies.calculators.lengths import lengths
from bot.policies.calculators.periods import date_ranges, service
from bot.policies.calculators.sum_words import preceding_matches

Entity = Mapping[str, Any]

#: What a length is one of, by the last such word before it in its clause.
#: 是9年不是8年, 不是交了8年.
_TAKEN_BACK = re.compile(r"不是(?:我)?(?:[交缴](?:了|的)?)?$")
#: What stands between a time from year to year and its length.
_SAME = re.compile(
    r"[,，、]?(?:这段|期间|一共|总共|共|正好|刚好|我|一直|连续|又|再|还|接着){0,2}[交缴](?:了|过|的|够|满)?"
)
_KINDS = re.compile(
    r"(?P<gap>断[交缴]|停[交缴]|(?:没有?|未|不)(?:给|帮|替)?(?:我|俺|咱|他|她|大伙|大家)?们?[交缴上干](?:过|的|了)?(?:失业|社会|养老|五)?(?:险|保险|社保)?|中断(?![交缴])|断档|空[了档]?|歇|停(?!发)|(?<!断)断(?!断)|间隔|隔|待业|失业了|在家)"
    r"|(?P<drawn>(?<![能该可应])(?:已经?)?[领拿]取?(?!不)|吃劳保)"
    r"|(?P<paid>[交缴]|上(?:的|了)?(?:社保|保险|五险)|参保|失业险|保险|社保)"
    r"|(?P<worked>干|工作|上班)"
)
#: Where the word stands behind the length: 第一家单位3年交的, 有两年没交.
_BEHIND = re.compile(r"(?:的?时间)?(?:里|是)?(?P<gap>没有?[交缴上]|未[交缴])|(?P<paid>[交缴]的)")
#: Pieces that are summed up already.
_IN_ALL = re.compile(r"(?:一共|总共|总计|累计|合计|共计|加一?起来?|拢共|前后)[^,，。;；\d]{0,6}$")
_MORE = re.compile(r"(?:又|再|接着|后来|还)[^,，。;；]{0,8}$")
#: None was paid before, and only so much since: 以前都没上就两年多.
_HAD_NONE = re.compile(
    r"(?:以前|之前|原来|从前|早先|过去|头些年|前些年)[^,，。;；]{0,6}(?:没|不)[^,，。;；]{0,8}$"
)
#: Paid before what was drawn, whatever stands first: 领过3个月，之前交了5年.
_EARLIER = re.compile(r"(?:之前|以前|原来|当时|早先)[^,，。;；]{0,8}$")
_WORKED_AGAIN = re.compile(r"后来|又|再|重新|上班|就业|找(?:着|到)|新单位")
_PAYS_SINCE = re.compile(
    r"年(?:(?:\d{1,2}|[一二三四五六七八九十]{1,2})月)?份?(?:就|起|才)?(?:开始)?(?:给|帮|替)?(?:我|俺|咱)?们?(?:[交缴]|参保|上的?(?:社保|失业|五险|保险))"
)
#: Characters of a message that answers how long was paid.
_SHORT = 12
#: From then on, with no end: 从前年三月交的, 是24年3月份交的.
_FROM = re.compile(r"(?:从|打从?|自从?|是|就|才)(?:在)?$")
_STILL_PAYS = re.compile(r"一直|没断|没停|到现在|至今|还在[交缴]|连着|连续")
#: A benefit drawn before, without how long.
_DREW = re.compile(
    r"(?:以前|之前|上次|上回|曾经?|原来|前些?年|早先|过去)[^,，。;；]{0,6}[领拿]过|[领拿]过(?:一?次|一?回|失业)"
)
#: 交了3年、2年和4年: of one kind with the length before.
_LISTED = re.compile(r"[、,，和及与加跟+\s]{1,2}")
_CLAUSE = re.compile(r"[,，。;；!！?？\n]")


#: How many months of a benefit were granted: 失业金总共24个月, 给我核定了18个月.
_GRANTED = re.compile(
    r"(?:(?:失业金|失业保险金|失业补助)[^,，。;；\d]{0,4}(?:总共|一共|共|能领|可以领|是|给|批|定)|核定|批(?:了|给)|审批)[^,，。;；\d]{0,5}$"
)


def granted_and_drawn(text: str, entities: Sequence[Entity]) -> tuple[int, int] | None:
    """Return the months that were granted and those drawn of them; None where not both are said."""
    spans = lengths(text, entities)
    granted_months = [
        int(length["value"]) for length in spans if _GRANTED.search(text[: int(length["start"])])
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
class Event:
    """One thing a message says: so many months paid, or drawn (None: not said how many)."""

    kind: str
    months: int | None
    almost: bool = False
    """True when one month more was said to be nearly full: 快三年 makes 35 months."""

    def to_list(self) -> list[Any]:
        """Return it as a slot keeps it."""
        return [self.kind, self.months, self.almost]


def events(text: str, entities: Sequence[Entity], known_months: int | None = None) -> list[Event]:
    """Return what a message says of contributions and of benefits drawn, in its order.

    Twenty years at work are not twenty years of contributions: a length counts after 交 or 缴, or
    when contributions were spoken of before (`known_months`: 那要是十二年呢).
    """
    positioned: list[tuple[int, Event]] = []
    total: Event | None = None
    position, last = 0, None
    spans = date_ranges(text, entities) if re.search(r"[交缴]|参保", text) else []
    ends: dict[int, int] = {}
    for span, start, end in spans:
        positioned.append((start, Event("paid", int(span.months))))
        ends[start] = end
    since = None if spans else _paid_since(text, entities)
    if since is not None:
        positioned.append(since)
    for entity in sorted(lengths(text, entities), key=lambda e: int(e["start"])):
        start, end = int(entity["start"]), int(entity["end"])
        if _TAKEN_BACK.search(text[:start]):
            continue
        listed = bool(position) and _LISTED.fullmatch(text[position:start])
        kind = last if listed else _kind(text[position:start], text[end:])
        if (
            kind == "gap"
            and preceding_matches("only", text[:start])
            and not _BEHIND.match(text[end:])
        ):
            kind = "paid" if _HAD_NONE.search(text[position:start]) else kind
        position, last = end, kind
        if kind is None and known_months:
            kind = "paid"
        if kind in ("paid", "drawn"):
            almost = kind == "paid" and preceding_matches("almost", text[:start])
            event = Event(kind, int(entity["value"]) - almost, almost)
            if kind == "paid" and (
                _EARLIER.search(text[:start]) or _pays_for_drawn(text, start, positioned)
            ):
                start = -1
            if kind == "paid":  # 09年到14年交了5年 says one time twice: as long as is stated
                same = [begin for begin, to in ends.items() if _SAME.fullmatch(text[to:start])]
                positioned = [
                    (begin, earlier) for begin, earlier in positioned if begin not in same
                ]
            if kind == "paid" and _IN_ALL.search(text[:start]):
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
    drew = _DREW.search(text)
    if drew and all(event.kind != "drawn" for _, event in positioned):
        positioned.append((drew.start(), Event("drawn", None)))
    return [event for _, event in sorted(positioned, key=lambda event: event[0])]


def _is_same_length(months_since: int | None, stated_months: int | None) -> bool:
    """Tell whether a length tells what was paid from a year on: 从前年才给上的 就两年多."""
    return (
        months_since is not None
        and stated_months is not None
        and abs(months_since - stated_months) <= _OF_A_YEAR
    )


_OF_A_YEAR = 12


def _paid_since(text: str, entities: Sequence[Entity]) -> tuple[int, Event] | None:
    """Return what was paid from one year on: 08年交的，23年断的; 从15年开始交的，一直没断."""
    begins = _PAYS_SINCE.search(text)
    if begins is None:
        return None
    worked = service(text, entities)
    if worked is None or worked.months <= 0:
        return None
    ends_today = worked.ended == clock.today().isoformat()
    insured = "保" in text or "险" in text or len(text) <= _SHORT  # not 房租是从前年三月交的
    onwards = insured and any(
        _FROM.search(text[: e["start"]]) for e in entities if e["entity"] == "date"
    )
    if ends_today and not (onwards or _STILL_PAYS.search(text)):
        return None
    return begins.start(), Event("paid", int(worked.months))


def _pays_for_drawn(text: str, start: int, positioned: Sequence[tuple[int, Event]]) -> bool:
    """Tell whether what was drawn was drawn on these contributions: 领了3个月了，交了5年."""
    drawn_positions = [position for position, event in positioned if event.kind == "drawn"]
    paid = any(event.kind == "paid" for _, event in positioned)
    return (
        bool(drawn_positions)
        and not paid
        and not _WORKED_AGAIN.search(text[drawn_positions[0] : start])
    )


def adds_to_earlier(text: str) -> bool:
    """Tell whether a message adds to what was said before: 后来又交了3年."""
    return bool(_MORE.search(_CLAUSE.split(text)[0])) or bool(
        re.match(r"(?:后来|又|再|还|接着)", text)
    )


def _kind(preceding: str, following: str) -> str | None:
    """Return what a length is one of, by the words since the last length."""
    hit = _BEHIND.match(following)
    if hit:
        return hit.lastgroup
    if preceding_matches("left", preceding):
        return "gap"
    *_, clause = _CLAUSE.split(preceding)
    hits = list(_KINDS.finditer(clause)) or list(_KINDS.finditer(preceding))[-1:]
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


def history(events_in_order: Sequence[Event]) -> History:
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
