"""The sums of the policy on wages: what is owed, and what may be taken off for damage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.arithmetic import formulas
from bot.arithmetic.results import CalculationResult, Texts
from bot.text.normalise import normalise
from bot.wages_owed import arrears, damage

Facts = dict[str, Any]
TOPIC = "wage-arrears"
#: Facts of which a change goes on with a sum that was begun.
CONTINUE_ON = frozenset((*arrears.LEDGER_FACTS, "damage"))
_DAMAGE_QUESTIONS = ("damage_pay", "damage_place")


def extract_facts(text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts) -> Facts:
    """Return the facts of the sum that a message is of."""
    known_damage = known_facts.get("damage") or {}
    if not (
        damage.is_of_damage(normalise(text).text, known_damage)
        or known_facts.get("missing") in _DAMAGE_QUESTIONS
    ):
        return {"of_damage": False, **arrears.extract_facts(text, entities, known_facts)}
    monthly = ((known_facts.get("ledger") or {}).get("rates") or {}).get("月")
    known = {"pay": monthly, **known_damage} if monthly else known_damage
    facts = damage.extract_damage(text, entities, known)
    asks = bool(facts["asks"]) or facts != known
    return {"of_damage": asks, "requested": asks, "damage": facts} if asks else {"requested": False}


def is_requested(text: str, facts: Facts) -> bool:
    """Tell whether a message asks for one of the sums."""
    return bool(facts.get("requested"))


def calculate(facts: Facts, rules: formulas.Rules, texts: Texts) -> CalculationResult:
    """Work out the sum that the last message was of."""
    if facts.get("of_damage"):
        minimum = damage.minimum_wage(facts["damage"].get("place"))
        return damage.damage(facts["damage"], rules, texts, minimum)
    return arrears.arrears(facts, rules, texts)


def lasting_facts(text: str, facts: Facts | None, stated: Mapping[str, Any]) -> Facts:
    """Return what the talk keeps of wages after a message, whatever it is about next."""
    of_topic = dict(facts) if facts and facts.get("topic") == TOPIC else None
    lasting = arrears.remembered_ledger(text, of_topic, dict(stated))
    if of_topic and of_topic.get("damage"):
        lasting["damage"] = of_topic["damage"]
    return lasting
