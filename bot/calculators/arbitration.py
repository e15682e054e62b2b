"""Calculation of the last day to apply for arbitration (劳动争议调解仲裁法 27).

A year from the day the right was known to be hurt; of wages owed in employment that still goes on
none, and a year from its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot import clock
from bot.arithmetic import formulas
from bot.arithmetic.results import CalculationResult, Texts
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.wording import wording

Facts = dict[str, Any]
USED = ("limit",)
_PATTERNS = patterns("calculator_arbitration")
_SAY = wording("calculator_arbitration")


def extract_facts(text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts) -> Facts:
    """Return the day from which the year counts, as exactly as it was stated, and what it is of."""
    read = normalise(text).text
    today = clock.today().isoformat()
    dates = [e for e in entities if e["entity"] == "date" and str(e["value"]["first"]) <= today]
    facts: Facts = {}
    if _PATTERNS["still_employed"].search(read):
        facts["still"] = True
    wages = bool(_PATTERNS["owed_wages"].search(read))
    if wages:
        facts["wages"] = True
    ends = [
        entity for entity in dates if _PATTERNS["end_of_employment"].match(text[entity["end"] :])
    ]
    if ends:
        facts["still"] = False
    counting = ends[-1:] or ([] if facts.get("still") and wages else dates[-1:])
    for entity in counting:
        facts["date"], facts["date_last"] = entity["value"]["first"], entity["value"]["last"]
        facts["ended"] = bool(ends)
    return facts


def is_requested(text: str, facts: Facts) -> bool:
    """Tell whether a message asks for the last day, with a day or an employment to count from."""
    has_start = "date" in facts or (facts.get("still") and facts.get("wages"))
    return bool(has_start and _PATTERNS["asks_deadline"].search(normalise(text).text))


def arbitration(facts: Facts, rules: formulas.Rules, texts: Texts) -> CalculationResult:
    """Say until which day one may apply."""
    of_wages = _SAY("limit_of_wages", limit=texts["limit"])
    if facts.get("still") and facts.get("wages"):
        return CalculationResult([of_wages], USED, next_step=_SAY("next_step_of_employed"))
    if "date" not in facts:
        rule = _SAY("limit_rule", limit=texts["limit"])
        return CalculationResult([rule], USED, missing="date", ask=_SAY("ask_date"))
    first_known = date.fromisoformat(str(facts["date"]))
    latest = date.fromisoformat(str(facts.get("date_last") or facts["date"]))
    first, last = (
        formulas.arbitration_limit(first_known, rules),
        formulas.arbitration_limit(latest, rules),
    )
    open_day = first_known != latest
    deadline = first.isoformat()
    if open_day:
        deadline = _SAY("deadline_range", first=first.isoformat(), last=last.isoformat())
    lines = [_period_line(facts, first_known, deadline, texts, open_day)]
    if last < clock.today():
        lines.insert(0, _SAY("limit_passed", limit=texts["limit"]))
        lines.append(_SAY("interruption_after_limit"))
    else:
        lines.append(_SAY("interruption"))
    if not facts.get("ended") or facts.get("wages"):
        lines.append(of_wages)
    return CalculationResult(
        lines,
        USED,
        assumes="" if facts.get("ended") else _SAY("day_known", day=first_known.isoformat()),
        missing="date" if open_day else None,
        ask=_SAY("ask_day") if open_day else "",
        next_step=_SAY("next_step"),
    )


def _period_line(
    facts: Facts, first_known: date, deadline: str, texts: Texts, open_day: bool
) -> str:
    entry = "period_from_leaving" if facts.get("ended") else "period"
    begins = f"{first_known.year}年{first_known.month}月" if open_day else first_known.isoformat()
    return _SAY(entry, start=begins, limit=texts["limit"], deadline=deadline)
