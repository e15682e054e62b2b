"""Probation: its longest length, and the verdict on one that was agreed.

劳动合同法 19 (length, once only, part of the contract), 20 (pay), 83 (what is due beyond).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.policies.calculators import sums
from bot.policies.calculators.said import CalculationResult, Texts, format_number, length, money
from bot.text.normalise import normalise
from bot.text.numbers import value
from bot.text.pattern_file import patterns

Facts = dict[str, Any]
USED = ("short", "middle", "long", "c3", "c1y", "c3y", "pay")
_PATTERNS = patterns("calculator_probation")
_ARTICLE = "劳动合同法第十九条"


def extract_facts(text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts) -> Facts:
    """Return the length of the contract, of the probation, and what else decides."""
    read = normalise(text).text
    facts: Facts = {}
    lengths = sorted(
        (e for e in entities if e["entity"] == "duration"), key=lambda e: int(e["start"])
    )
    position = 0
    for index, entity in enumerate(lengths):
        lead, following_text = text[position : entity["start"]], text[entity["end"] :]
        position = int(entity["end"])
        next_length = lengths[index + 1 : index + 2]
        # 合同五年试用期一年: the probation is the length that follows.
        of_next = (
            next_length
            and _PATTERNS["trial_before_length"].search(text[position : next_length[0]["start"]])
            and not _PATTERNS["contract_after_length"].match(text[next_length[0]["end"] :])
        )
        of_contract = _PATTERNS["contract_after_length"].match(following_text)
        is_preceded = _PATTERNS["trial_before_length"].search(lead) and not of_contract
        trial = is_preceded or (
            _PATTERNS["trial_after_length"].match(following_text) and not of_next
        )
        facts.setdefault("trial" if trial else "months", float(entity["value"]))
    only = "months" in facts and "trial" not in facts and len(lengths) == 1
    if (
        only
        and known_facts.keys() >= {"trial", "months"}
        and facts["months"] < known_facts["months"]
    ):
        facts["trial"] = facts.pop("months")  # 不对 是两个月, of a contract of a year
    short = _PATTERNS["short_trial"].search(read)
    if short and "trial" not in facts:
        if short["half"]:
            facts["trial"] = 0.5
        elif number := value(short[2]):
            days = number * (1 if short["unit"] in "天日" else 7)
            facts["trial"] = days / 30
    for name, pattern in (
        ("again", _PATTERNS["repeated_trial"]),
        ("none", _PATTERNS["contract_without_trial"]),
        ("only", _PATTERNS["trial_contract_only"]),
    ):
        if pattern.search(read):
            facts[name] = True
    pays = [e for e in entities if e["entity"] == "salary"]
    for pay in pays if len(pays) > 1 else ():
        amount = pay["value"].get("min") or pay["value"].get("max")
        name = "trial_pay" if _PATTERNS["trial_before_pay"].search(text[: pay["start"]]) else "pay"
        facts.setdefault(name, amount)
    judged = bool(_PATTERNS["asks_lawfulness"].search(read))
    if judged and facts.keys() & {"trial", "again", "none", "only", "trial_pay"}:
        facts["judged"] = True
    return facts


def is_requested(text: str, facts: Facts) -> bool:
    """Tell whether a message asks to judge a probation."""
    return bool(facts.get("judged"))


def probation(facts: Facts, rules: sums.Rules, texts: Texts) -> CalculationResult:
    """Judge the probation that was agreed, or say how long one may be."""
    rule = (
        f"合同满{texts['c3']}不满{texts['c1y']}的，试用期最长{texts['short']}；"
        f"满{texts['c1y']}不满{texts['c3y']}的{texts['middle']}；{texts['c3y']}以上和无固定期限的{texts['long']}"
    )
    if facts.get("judged"):
        verdict = _judged(facts, rules, texts, rule)
        if verdict is not None:
            return verdict
    if "months" not in facts and not facts.get("open_ended"):
        ask = "你的合同签了几年？（没有期限就说“无固定期限”）"
        return CalculationResult([rule + "。"], USED, missing="months", ask=ask)
    months = None if facts.get("open_ended") else int(facts["months"])
    limit = sums.probation_limit(months, rules)
    signed = "无固定期限的合同" if months is None else f"签了{length(months)}的合同"
    if not limit:
        line = f"{signed}：不满{texts['c3']}，不能约定试用期。"
    else:
        line = f"{signed}：试用期最长{limit}个月，同一个单位只能约定一次。"
    lines = [line]
    if "pay" in facts and limit:
        min_pay = sums.yuan(Decimal(str(facts["pay"])) * rules["pay"] / 100)
        lines.append(
            f"转正工资{money(Decimal(str(facts['pay'])))}的话，试用期不低于{texts['pay']}，"
            f"就是{money(min_pay)}，也不能低于当地最低工资。"
        )
    return CalculationResult(
        lines, USED, next_step="约定得太长的，超出的部分已经干满的，单位要按规定另付赔偿金。"
    )


def _judged(facts: Facts, rules: sums.Rules, texts: Texts, rule: str) -> CalculationResult | None:
    """Return the verdict with its reason; None when the contract's length decides and is open."""
    if facts.get("again"):
        return _unlawful(
            f"同一个单位跟同一个人只能约定一次试用期（{_ARTICLE}），续签、换岗都不能再试用，也不能延长。"
        )
    if facts.get("none"):
        return _unlawful(f"非全日制、按任务算的合同不能约定试用期（{_ARTICLE}、第七十条）。")
    if facts.get("only"):
        return _unlawful(
            f"只签试用期的，试用期不成立，那段就是合同期（{_ARTICLE}），工资也得按正式的给。"
        )
    if "trial_pay" in facts and "pay" in facts and "trial" not in facts:
        return _judged_pay(facts, rules, texts)
    trial = Decimal(str(facts.get("trial") or 0))
    if "months" not in facts and not facts.get("open_ended"):
        if trial > rules["long"]:
            return _unlawful(f"试用期再怎么也不能超过{texts['long']}（{_ARTICLE}）。{rule}。")
        return CalculationResult(
            [f"看合同签了多久（{_ARTICLE}）：{rule}。"],
            USED,
            missing="months",
            ask="你的合同签了几年？（没有期限就说“无固定期限”）",
        )
    months = None if facts.get("open_ended") else int(facts["months"])
    limit = sums.probation_limit(months, rules)
    signed = "无固定期限的合同" if months is None else f"{length(months)}的合同"
    if not limit:
        return _unlawful(f"{signed}不满{texts['c3']}，不能约定试用期（{_ARTICLE}）。")
    if not trial:
        return None
    if trial > limit:
        return _unlawful(
            f"{signed}，试用期最长{limit}个月（{_ARTICLE}），超了{_duration_text(trial - limit)}。"
        )
    lines = [f"合法。{signed}，试用期最长{limit}个月，{_duration_text(trial)}没超（{_ARTICLE}）。"]
    lines.append(
        f"试用期算在合同期里，只能约定一次；工资不低于约定的{texts['pay']}（第二十条），社保也要交。"
    )
    return CalculationResult(lines, USED)


def _judged_pay(facts: Facts, rules: sums.Rules, texts: Texts) -> CalculationResult:
    min_pay = sums.yuan(Decimal(str(facts["pay"])) * rules["pay"] / 100)
    agreed_pay = Decimal(str(facts["trial_pay"]))
    rule = f"试用期工资不低于约定工资的{texts['pay']}，也不低于当地最低工资（劳动合同法第二十条）"
    if agreed_pay < min_pay:
        return _unlawful(
            f"{rule}：转正{money(Decimal(str(facts['pay'])))}的，至少{money(min_pay)}。"
        )
    return CalculationResult(
        [f"合法。{rule}：至少{money(min_pay)}，{money(agreed_pay)}没低于它。"], USED
    )


def _unlawful(reason: str) -> CalculationResult:
    return CalculationResult(
        [
            f"不合法。{reason}",
            "找单位改过来；超出的那段已经干了的，按试用期满的月工资另付赔偿金（劳动合同法第八十三条）。",
        ],
        USED,
        next_step="留好合同和工资流水，向劳动监察投诉，或申请劳动仲裁，由他们认定。",
    )


def _duration_text(months: Decimal) -> str:
    return (
        f"{format_number(months)}个月"
        if months == months.to_integral()
        else f"{round(months * 30)}天"
    )
