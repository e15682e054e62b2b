"""What is told in a talk that a later message may ask to be worked out from.

Days on which something happened, years of contributions, the pays of a probation: kept beside the
other facts of a talk (bot/turns/arbitration.py), under names of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.calculators import pension_years, terms, trial_pay

#: Names of these facts begin with it, so that no calculator takes them for its own.
PREFIX = "told_"
DAY, PAID, PENSION, TRIAL_PAYS = "told_day_", "told_paid", "told_pension", "told_trial_pays"
#: The kind of day whose term was asked for last.
TERM = "told_term"
#: What is of the talk, whoever is spoken of.
TALK_FACTS = frozenset((PENSION,))


def told_in(
    text: str, entities: Sequence[Mapping[str, Any]], known: Mapping[str, Any]
) -> dict[str, Any]:
    """Return these facts of a message, by name, with what is told before in `known`."""
    facts: dict[str, Any] = {}
    days = terms.told_days(text, entities)
    if not terms.is_of_another(text):
        facts |= {DAY + kind: day.to_slot() for kind, day in days.items()}
    asked = terms.requested_term(text, days | told_days(known), known.get(TERM))
    if asked:
        facts[TERM] = asked
    if pension_years.speaks_of_pension(text):
        facts[PENSION] = True
    parts = told_spells(text, entities, known)
    if parts:
        facts[PAID] = sum(parts)
    pays = known.get(TRIAL_PAYS) or {}
    if pays or trial_pay.speaks_of_trial(text):
        new_pays = trial_pay.told_pays(text, entities, "full" in pays)
        if new_pays:
            facts[TRIAL_PAYS] = {**pays, **new_pays}
    return facts


def told_days(known: Mapping[str, Any]) -> dict[str, terms.ToldDay]:
    """Return the days told before, by what happened on them."""
    return {
        kind: terms.ToldDay.from_slot(kind, known[DAY + kind])
        for kind in terms.KINDS
        if DAY + kind in known
    }


def told_spells(
    text: str, entities: Sequence[Mapping[str, Any]], known: Mapping[str, Any]
) -> list[int]:
    """Return the spells of pension contributions that a message tells, after those they add to."""
    of_pension = pension_years.speaks_of_pension(text) or PENSION in known
    if not of_pension or pension_years.of_other_insurance(text):
        return []
    parts = pension_years.spells(text, entities)
    if len(parts) == 1 and PAID in known and pension_years.adds_to_told(text):
        return [int(known[PAID]), *parts]
    return parts
