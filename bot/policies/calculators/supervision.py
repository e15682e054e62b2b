"""Contributions that an employer did not pay: until when supervision may be told (监察条例 20).

Two years from the day on which it ended: for who left, the day of leaving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.policies.calculators.lengths import lengths
from bot.policies.calculators.said import Said, Texts, length
from bot.policies.calculators.sum_words import patterns, says, says_before
from bot.policies.calculators.sums import MONTHS, Rules
from bot.text.normalise import normalise

Facts = dict[str, Any]
USED = ("register", "complain_years")


def hears(text: str, entities: Sequence[Mapping[str, Any]], kept: Facts) -> Facts:
    """Return how long ago one left, how long one worked, and whether one is still there."""
    facts: Facts = {}
    for one in lengths(text, entities):
        left = says_before("left", text[: int(one["start"])])
        facts["left" if left else "months"] = int(one["value"])
        if left:
            facts["more"] = text[int(one["end"]) :].startswith("多")
    if patterns()["still_there"].search(normalise(text).text):
        facts["still"] = True
    return facts


def asked(text: str, facts: Facts) -> bool:
    """Tell whether a message asks if contributions never paid can still be had, and tells how
    long it was.
    """
    told = facts.keys() & {"left", "months", "still"}
    if not told or patterns()["insured_oneself"].search(normalise(text).text):
        return False
    return says("not_insured", text) and says("asks_arrears", text)


def supervision(facts: Facts, rules: Rules, texts: Texts) -> Said:
    """Say whether the time to complain has passed, and who can have the contributions paid."""
    most = int(rules["complain_years"]) * MONTHS
    left = facts.get("left")
    if facts.get("still"):
        time, ask = f"还在那干的，从没给你上的事停止那天才开始算{texts['complain_years']}。", ""
    elif left is None:
        time, ask = "", "你还在那干，还是走了？走了多久？"
    else:
        time, ask = _since(int(left), bool(facts.get("more")), most), ""
    rule = f"向劳动监察投诉，要在不交的事停止（走的那天）起{texts['complain_years']}内。"
    return Said(
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


def _since(left: int, more: bool, most: int) -> str:
    """Say whether the time is over that ends `most` months after one left.

    A length is told in round figures (走了两年了): at the limit only the day itself decides.
    """
    gone = f"你走了{length(left)}{'多' * more}，"
    if left > most or (left == most and more):
        return f"{gone}这个期限过了。"
    if left == most:
        return f"{gone}正好卡在线上，看具体是哪天走的，赶紧去问。"
    return f"{gone}还没过，早点去。"
