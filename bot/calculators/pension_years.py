"""Years of pension contributions: added up over spells, and what is missing to the least.

国务院关于渐进式延迟法定退休年龄的办法 2: 15 years for who retires by the end of 2029; from 2030 on
half a year more each year, to 20. The year is that in which one reaches the age.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.arithmetic.formulas import MONTHS, Rules
from bot.arithmetic.results import CalculationResult, Texts, length
from bot.calculators.retirement import RetirementMonth
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.wording import wording

Entity = Mapping[str, Any]
_PATTERNS = patterns("calculator_pension_years")
_SAY = wording("calculator_pension_years")
USED = ("y15", "y20", "six", "y2029")


def speaks_of_pension(text: str) -> bool:
    """Tell whether a message names the pension or retiring."""
    return bool(_PATTERNS["pension"].search(text))


def of_other_insurance(text: str) -> bool:
    """Tell whether a message is of contributions to something else."""
    return bool(_PATTERNS["other_insurance"].search(text))


def spells(text: str, entities: Sequence[Entity]) -> list[int]:
    """Return the spells of contributions that a message tells, in months.

    Of several lengths all that are not said to be a gap or a rule count once one of them was paid.
    """
    candidates = sorted(
        (
            entity
            for entity in entities
            if entity["entity"] == "duration"
            and not _PATTERNS["not_paid_before"].search(text[: int(entity["start"])])
        ),
        key=lambda entity: int(entity["start"]),
    )
    paid = any(
        _PATTERNS["paid_before"].search(text[: int(entity["start"])])
        or _PATTERNS["paid_after"].match(text[int(entity["end"]) :])
        for entity in candidates
    )
    return [int(entity["value"]) for entity in candidates] if paid else []


def adds_up(text: str) -> bool:
    """Tell whether a message asks for, or tells, several spells together."""
    return bool(_PATTERNS["adds"].search(normalise(text).text))


def adds_to_told(text: str) -> bool:
    """Tell whether a spell comes on top of those told before."""
    return bool(_PATTERNS["adds_to_told"].search(normalise(text).text))


def asks_missing(text: str) -> bool:
    """Tell whether a message asks how much is missing."""
    return bool(_PATTERNS["asks_missing"].search(normalise(text).text))


def names_least(text: str) -> bool:
    """Tell whether a message names the least that is counted against."""
    read = normalise(text).text
    return bool(_PATTERNS["fifteen"].search(read) or _PATTERNS["by_retirement"].search(read))


def asks_fifteen(text: str) -> bool:
    """Tell whether what is missing to fifteen years is asked."""
    return bool(_PATTERNS["fifteen"].search(normalise(text).text))


def least_months(year: int, rules: Rules) -> int:
    """Return the least months of contributions for who reaches the age in a year."""
    later = max(0, year - int(rules["y2029"]))
    months = rules["y15"] * MONTHS + later * rules["six"]
    return int(min(months, rules["y20"] * MONTHS))


def added(parts: Sequence[int]) -> CalculationResult:
    """Say what spells come to together."""
    total = sum(parts)
    terms = " + ".join(length(part) for part in parts)
    lines = [_SAY("sum", terms=terms, total=length(total), months=total), _SAY("sum_note")]
    return CalculationResult(lines, ("y15",), next_step=_SAY("next_step"))


def missing_to_fifteen(paid: int, rules: Rules, texts: Texts) -> CalculationResult:
    """Say what is missing to fifteen years, and for whom they are the least."""
    lines = [_compared(int(rules["y15"] * MONTHS), paid)]
    facts = {"end": texts["y2029"], "step": texts["six"], "most": texts["y20"]}
    lines.append(_SAY("fifteen", minimum=texts["y15"], **facts))
    return CalculationResult(lines, USED, next_step=_SAY("next_step"))


def missing_at_retirement(
    paid: int, months: Sequence[RetirementMonth], rules: Rules
) -> CalculationResult:
    """Say what is missing to the least of the year in which one reaches the age."""
    lines = []
    for retires in months:
        least = least_months(retires.year, rules)
        lines.append(
            _SAY("by_group", group=retires.group, month=retires.text, minimum=length(least))
        )
        lines.append(_compared(least, paid))
    return CalculationResult([*lines, _SAY("goes_on")], USED, next_step=_SAY("next_step"))


def birth_wanted(paid: int, rules: Rules, texts: Texts) -> CalculationResult:
    """Say what is missing to fifteen years, and ask for the birth."""
    known = missing_to_fifteen(paid, rules, texts)
    return CalculationResult(
        known.lines, USED, missing="born", ask=_SAY("ask_birth"), next_step=known.next_step
    )


def _compared(least: int, paid: int) -> str:
    facts = {"minimum": length(least), "paid": length(paid)}
    if paid >= least:
        return _SAY("enough", rest=length(paid - least), **facts)
    return _SAY("missing", gap=length(least - paid), months=least - paid, **facts)
