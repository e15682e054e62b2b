"""Terms that run from a day told: report of an injury, notice of leaving, suit after an award.

工伤保险条例 17 (the employer, and the person), 劳动合同法 37, 劳动争议调解仲裁法 50. A day counts
only where its own words tell what happened on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot import clock
from bot.arithmetic.formulas import Rules, arbitration_limit
from bot.arithmetic.results import CalculationResult, Texts
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.wording import wording

Entity = Mapping[str, Any]
_PATTERNS = patterns("calculator_terms")
_SAY = wording("calculator_terms")
#: What may have happened on a day; the first that the words near it tell.
KINDS = ("injured", "noticed", "awarded", "left")
#: Characters behind and before a day within which its words stand.
BEHIND, BEFORE = 12, 14
_SATURDAY = 5


@dataclass(frozen=True)
class ToldDay:
    """What happened, and on which day, or between which days."""

    kind: str
    first: date
    last: date

    @property
    def is_exact(self) -> bool:
        """True when the day itself was told."""
        return self.first == self.last

    def to_slot(self) -> list[str]:
        """Return it as plain JSON values."""
        return [self.first.isoformat(), self.last.isoformat()]

    @classmethod
    def from_slot(cls, kind: str, days: Sequence[str]) -> ToldDay:
        """Read what `to_slot` wrote."""
        return cls(kind, date.fromisoformat(days[0]), date.fromisoformat(days[1]))


def told_days(text: str, entities: Sequence[Entity]) -> dict[str, ToldDay]:
    """Return the days of a message, not after today, by what happened on them; the last of each."""
    days: dict[str, ToldDay] = {}
    dates = sorted((e for e in entities if e["entity"] == "date"), key=lambda e: int(e["start"]))
    for index, entity in enumerate(dates):
        start, end = int(entity["start"]), int(entity["end"])
        first = date.fromisoformat(str(entity["value"]["first"]))
        last = date.fromisoformat(str(entity["value"]["last"]))
        if first > clock.today() or _PATTERNS["asking_day"].match(text[start:end]):
            continue
        next_start = int(dates[index + 1]["start"]) if index + 1 < len(dates) else len(text)
        previous_end = int(dates[index - 1]["end"]) if index else 0
        kind = _kind(text[end : min(next_start, end + BEHIND)]) or _kind(
            text[max(previous_end, start - BEFORE) : start]
        )
        if kind:
            days[kind] = ToldDay(kind, first, last)
    return days


def is_of_another(text: str) -> bool:
    """Tell whether a message is of somebody whose days are not the writer's."""
    return bool(_PATTERNS["of_another"].search(text))


def _kind(words: str) -> str | None:
    hits = {kind: _PATTERNS[kind].search(words) for kind in KINDS}
    found = [(hit.start(), kind) for kind, hit in hits.items() if hit]
    return min(found)[1] if found else None


def requested_term(text: str, known: Mapping[str, ToldDay], last_term: str | None) -> str | None:
    """Return from what kind of day the term runs that a message asks for; None for none.

    `last_term` is the kind that was asked for before: 俺自己最晚哪天 goes on from it.
    """
    read = normalise(text).text
    if "noticed" in known and (
        _PATTERNS["of_notice"].search(read) or _PATTERNS["asks_longer"].search(read)
    ):
        return None if _PATTERNS["trial"].search(read) else "noticed"
    if not _PATTERNS["asks_deadline"].search(read):
        return None
    for kind, name in (
        ("awarded", "of_court"),
        ("injured", "of_injury"),
        ("left", "of_arbitration"),
    ):
        if kind in known and _PATTERNS[name].search(read):
            return kind
    goes_on = _PATTERNS["oneself"].search(read) or _PATTERNS["employer"].search(read)
    return last_term if last_term == "injured" and last_term in known and goes_on else None


def injury_term(day: ToldDay, text: str, rules: Rules, texts: Texts) -> CalculationResult:
    """Say until which day the injury may be reported, by the employer and by oneself."""
    used = ("unit", "self")
    if not day.is_exact:
        return CalculationResult([], used, missing="date", ask=_SAY("ask_day"))
    own = bool(_PATTERNS["oneself"].search(text))
    employer = bool(_PATTERNS["employer"].search(text)) and not own
    start, today = day.first.isoformat(), clock.today()
    by_employer = day.first + timedelta(days=int(rules["unit"]))
    by_oneself = arbitration_limit(day.first, {"limit": rules["self"]})
    lines = []
    if not own:
        deadline = by_employer.isoformat()
        lines.append(_SAY("employer_report", start=start, limit=texts["unit"], deadline=deadline))
        if by_employer < today <= by_oneself:
            lines.append(_SAY("employer_late", limit=texts["unit"]))
    if not employer:
        deadline = by_oneself.isoformat()
        lines.append(_SAY("own_report", start=start, limit=texts["self"], deadline=deadline))
    if not employer and by_oneself < today:
        lines.append(_SAY("own_late"))
    return CalculationResult(lines, used, next_step=_SAY("injury_next_step"))


def notice_term(
    day: ToldDay, text: str, entities: Sequence[Entity], rules: Rules, texts: Texts
) -> CalculationResult:
    """Say when the notice of leaving is over, and how much longer one is kept."""
    used = ("notice",)
    if not day.is_exact:
        return CalculationResult([], used, missing="date", ask=_SAY("ask_day"))
    over = day.first + timedelta(days=int(rules["notice"]))
    facts = {"limit": texts["notice"], "deadline": over.isoformat()}
    lines = [_SAY("notice", start=day.first.isoformat(), **facts)]
    later = [date.fromisoformat(str(e["value"]["last"])) for e in entities if e["entity"] == "date"]
    wished = max((end for end in later if end > over), default=None)
    if wished and _PATTERNS["asks_longer"].search(normalise(text).text):
        days = (wished - over).days
        lines.append(_SAY("notice_longer", wished=wished.isoformat(), days=days, **facts))
    return CalculationResult(lines, used, next_step=_SAY("notice_next_step"))


def court_term(day: ToldDay, rules: Rules, texts: Texts) -> CalculationResult:
    """Say until which day one may sue after an award."""
    used, limit = ("sue_days",), texts["sue_days"]
    if not day.is_exact:
        return CalculationResult([], used, missing="date", ask=_SAY("ask_day"))
    last = day.first + timedelta(days=int(rules["sue_days"]))
    deadline = last.isoformat()
    lines = [_SAY("court", start=day.first.isoformat(), limit=limit, deadline=deadline)]
    if last.weekday() >= _SATURDAY:
        weekday = _SAY("weekdays").split("、")[last.weekday()]
        lines.append(_SAY("court_weekend", deadline=deadline, weekday=weekday))
    return CalculationResult(lines, used, next_step=_SAY("court_next_step", limit=limit))
