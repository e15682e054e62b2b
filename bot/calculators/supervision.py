"""Deadline to report unpaid contributions to labour supervision (监察条例 20).

Two years from the day on which it ended: for who left, the day of leaving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.arithmetic.formulas import MONTHS, Rules
from bot.arithmetic.results import CalculationResult, Texts, length
from bot.calculators.clause_patterns import clause_matches, preceding_matches, sum_patterns
from bot.calculators.lengths import lengths
from bot.text.normalise import normalise
from bot.wording import wording

Facts = dict[str, Any]
USED = ("register", "complain_years")
_SAY = wording("calculator_supervision")


def extract_facts(text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts) -> Facts:
    """Return how long ago one left, how long one worked, and whether one is still there."""
    facts: Facts = {}
    for entity in lengths(text, entities):
        is_since_leaving = preceding_matches("left", text[: int(entity["start"])])
        facts["left" if is_since_leaving else "months"] = int(entity["value"])
        if is_since_leaving:
            facts["more"] = text[int(entity["end"]) :].startswith("多")
    if sum_patterns()["still_there"].search(normalise(text).text):
        facts["still"] = True
    return facts


def is_requested(text: str, facts: Facts) -> bool:
    """Tell whether a message asks if contributions never paid can still be had, and tells how
    long it was.
    """
    has_length = facts.keys() & {"left", "months", "still"}
    if not has_length or sum_patterns()["insured_oneself"].search(normalise(text).text):
        return False
    return clause_matches("not_insured", text) and clause_matches("asks_arrears", text)


def supervision(facts: Facts, rules: Rules, texts: Texts) -> CalculationResult:
    """Say whether the time to complain has passed, and who can have the contributions paid."""
    max_months = int(rules["complain_years"]) * MONTHS
    months_since_leaving = facts.get("left")
    if facts.get("still"):
        time, ask = _SAY("still_employed", years=texts["complain_years"]), ""
    elif months_since_leaving is None:
        time, ask = "", _SAY("ask_leaving")
    else:
        time, ask = (
            _deadline_text(int(months_since_leaving), bool(facts.get("more")), max_months),
            "",
        )
    rule = _SAY("rule", years=texts["complain_years"])
    return CalculationResult(
        [_SAY("arrears", register=texts["register"]), rule + time],
        USED,
        missing=None if not ask else "left",
        ask=ask,
        next_step=_SAY("next_step"),
    )


def _deadline_text(months: int, is_exceeded: bool, max_months: int) -> str:
    """Say whether the time is over that ends `max_months` months after leaving.

    A length is told in round figures (走了两年了): at the limit only the day itself decides.
    """
    since_leaving = length(months) + "多" * is_exceeded
    if months > max_months or (months == max_months and is_exceeded):
        return _SAY("limit_passed", length=since_leaving)
    if months == max_months:
        return _SAY("limit_reached", length=since_leaving)
    return _SAY("limit_ahead", length=since_leaving)
