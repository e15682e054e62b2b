"""Deadline to report unpaid contributions to labour supervision (监察条例 20).

Two years from the day on which it ended: for who left, the day of leaving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.policies.calculators.lengths import lengths
from bot.policies.calculators.said import CalculationResult, Texts, length
from bot.policies.calculators.sum_words import clause_matches, preceding_matches, sum_patterns
from bot.policies.calculators.sums import MONTHS, Rules
from bot.text.normalise import normalise

Facts = dict[str, Any]
USED = ("register", "complain_years")


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
        time, ask = f"还在那干的，从没给你上的事停止那天才开始算{texts['complain_years']}。", ""
    elif months_since_leaving is None:
        time, ask = "", "你还在那干，还是走了？走了多久？"
    else:
        time, ask = (
            _deadline_text(int(months_since_leaving), bool(facts.get("more")), max_months),
            "",
        )
    rule = f"向劳动监察投诉，要在不交的事停止（走的那天）起{texts['complain_years']}内。"
    return CalculationResult(
        [
            f"用工{texts['register']}内单位就该给你登记上保险，没上的可以要求它补缴；"
            "能不能补、能补多少年，各地做法不一样，先问社保经办机构。",
            rule + time,
        ],
        USED,
        missing=None if not ask else "left",
        ask=ask,
        next_step="工资流水、考勤、工牌、聊天记录留好，找社保征收（税务）、社保经办或劳动监察；"
        "因为没缴受了损失、又补办不了的，可以要赔偿。不知道找谁打12333。",
    )


def _deadline_text(months: int, is_exceeded: bool, max_months: int) -> str:
    """Say whether the time is over that ends `max_months` months after leaving.

    A length is told in round figures (走了两年了): at the limit only the day itself decides.
    """
    opening = f"你走了{length(months)}{'多' * is_exceeded}，"
    if months > max_months or (months == max_months and is_exceeded):
        return f"{opening}这个期限过了。"
    if months == max_months:
        return f"{opening}正好卡在线上，看具体是哪天走的，赶紧去问。"
    return f"{opening}还没过，早点去。"
