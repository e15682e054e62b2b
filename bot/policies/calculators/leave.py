"""Annual leave: days by all years of work, days that remain, and the value of unused days.

职工带薪年休假条例 3 and 5, 企业职工带薪年休假实施办法 4, 10 and 11: years at all employers count; a
day not given is paid three times, once of it within the wage already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.policies.calculators import sums
from bot.policies.calculators.periods import service
from bot.policies.calculators.said import CalculationResult, Texts, format_number, length, money
from bot.text.normalise import normalise
from bot.text.numbers import value

Facts = dict[str, Any]
USED = ("year1", "year10", "year20", "d5", "d10", "d15", "pay", "extra")
_N = r"(\d{1,2}(?:\.\d)?|[一二两三四五六七八九十]{1,3}|半)"
_TAKEN = re.compile(
    rf"(?:已经?|都|只|就|才)?(?:休|用|歇|请)(?:了|过|掉|的)?(?:年假|其中)?{_N}天(?!没|没有)"
)
_UNUSED = re.compile(
    rf"{_N}天(?:年假)?(?:都|全|一直)?(?:没|未)(?:给)?(?:休|歇|用|安排)|(?:没|未)(?:给)?(?:休|歇|用)(?:的|了|完)?(?:年假)?[,，]?(?:还?有|是|一共)?{_N}天(?!(?:都|也)?(?:没|未))|还?(?:剩|差|欠)(?:下|了)?{_N}天"
)
_NONE_TAKEN = re.compile(
    r"[一1]天(?:都|也)?(?:没|未)|(?:都|从来?|全|压根|根本|就)(?:没|未)(?:给)?(?:休|歇|用)过?|没(?:让|给)(?:我)?休|(?<!天)没休(?!完)|不(?:让|给)休"
)
_STATED = re.compile(rf"(?:年假|年休假|有|应休|该休)(?:是|有|应该是)?{_N}天")
#: Lengths that are no years of work.
_NOT_WORK = re.compile(r"(?:合同|签|试用|请|病假|产假|休)[^,，。]{0,4}$")
_IN_ALL = re.compile(r"(?:一共|总共|累计|合计|加一?起来?|工龄)[^,，。]{0,6}$")
#: Asks how many days oneself has, is left with or is owed.
_ASKS = re.compile(
    r"几天|多少天|有(?:多少|几天)?年假吗|剩|多少钱|[怎咋]么?[算赔补给]|赔|补多少|给多少|钱"
)
#: Asks for the rule: 干满一年有几天年假.
_RULE = re.compile(r"满(?:了)?[一二三四五六七八九十\d]+年|不满|以上")


def extract_facts(text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts) -> Facts:
    """Return the years of work in all, the days taken and the days not given."""
    read = normalise(text).text
    facts: Facts = {}
    lengths = [
        e
        for e in entities
        if e["entity"] == "duration" and not _NOT_WORK.search(text[: e["start"]])
    ]
    lengths = [e for e in lengths if int(e["value"]) >= 12] or lengths[:1]
    in_all = [e for e in lengths if _IN_ALL.search(text[: e["start"]])]
    months = sum(int(e["value"]) for e in in_all[:1] or lengths)
    worked = service(text, entities) if not in_all else None
    if worked and worked.months:
        facts |= {"months": worked.months, "about": worked.is_approximate}
    elif months:
        facts |= {"months": months, "about": False}
    unused_days, taken_days = _UNUSED.search(read), _TAKEN.search(read)
    if unused_days and (number := _number(unused_days)) is not None:
        facts["unused"] = number
    if taken_days and (number := _number(taken_days)) is not None:
        facts["taken"] = number
    if _NONE_TAKEN.search(read) and facts.get("unused", 1) == 1:
        facts["taken"] = 0.0
        facts.pop("unused", None)
    entitlement = _STATED.search(read)
    if entitlement and "unused" not in facts and (number := _number(entitlement)):
        facts["entitled"] = number
    return facts


def _number(hit: re.Match[str]) -> float | None:
    numeral = next(part for part in hit.groups() if part)
    return 0.5 if numeral == "半" else value(numeral)


def is_requested(text: str, facts: Facts) -> bool:
    """Tell whether a message asks for days of one's own: 工龄12年年假几天, not 干满一年有几天."""
    own = facts.keys() & {"months", "taken", "unused", "entitled"}
    return bool(own and _ASKS.search(text)) and not _RULE.search(text)


def leave(facts: Facts, rules: sums.Rules, texts: Texts) -> CalculationResult:
    """Work out the days of leave of a year, and what those not given are worth."""
    rule = (
        f"累计工作满{texts['year1']}不满{texts['year10']}的{texts['d5']}，"
        f"满{texts['year10']}不满{texts['year20']}的{texts['d10']}，满{texts['year20']}的{texts['d15']}"
    )
    lines, days = _entitled(facts, rules, texts, rule)
    if days is None:
        return CalculationResult(
            lines, USED, missing="months", ask="你一共工作多少年了？（各单位加起来）"
        )
    if not days:
        return CalculationResult(lines, USED)
    unused_days = Decimal(str(facts["unused"])) if "unused" in facts else days
    if "taken" in facts and "unused" not in facts:
        unused_days = max(days - Decimal(str(facts["taken"])), Decimal(0))
        if facts["taken"]:
            lines.append(
                f"休了{format_number(Decimal(str(facts['taken'])))}天，还剩{format_number(unused_days)}天。"
            )
    if "pay" not in facts:
        wants = "taken" in facts or "unused" in facts
        pay_rule = (
            f"没安排你休的，按日工资的{texts['pay']}给（另补{texts['extra']}）。" if wants else ""
        )
        ask = "" if lines else "一个月工资多少？说了能算成钱。"
        lines_and_rule = [*lines, *([pay_rule] if pay_rule else [])]
        return CalculationResult(lines_and_rule, USED, missing="pay" if ask else None, ask=ask)
    pay = Decimal(str(facts["pay"]))
    due = sums.unused_leave(pay, unused_days, rules)
    full_pay = sums.yuan(pay / rules["calc_pay_days"] * unused_days * rules["pay"] / 100)
    a_day = f"{money(pay)} ÷ {format_number(rules['calc_pay_days'])} × {format_number(unused_days)}"
    lines.append(
        f"{format_number(unused_days)}天没休：{a_day} × {texts['pay']} = {money(full_pay)}；"
        f"其中一份已经在月工资里，另补的是{a_day} × {texts['extra']} = {money(due)}。"
    )
    return CalculationResult(
        lines, USED, assumes="工资按前12个月、去掉加班费的平均数；你没有书面说不休"
    )


def _entitled(
    facts: Facts, rules: sums.Rules, texts: Texts, rule: str
) -> tuple[list[str], Decimal | None]:
    """Return what is said of the days of a year, and how many they are (None: not known)."""
    if "months" not in facts:
        if "entitled" in facts:
            days = Decimal(str(facts["entitled"]))
            return [f"按一年{format_number(days)}天年休假算（{rule}）。"], days
        if "unused" in facts:
            return [], Decimal(str(facts["unused"]))
        return [f"年休假：{rule}。"], None
    months = int(facts["months"])
    entitled_days = sums.leave_days(months, rules)
    approximately = "大约" if facts.get("about") else ""
    if not entitled_days:
        return [f"工作还不满{texts['year1']}，这一年还没有年休假。{rule}。"], Decimal(0)
    lines = [f"累计工作{approximately}{length(months)}：一年有{entitled_days}天年休假（{rule}）。"]
    days_month_earlier = sums.leave_days(months - 1, rules)
    if facts.get("about") and days_month_earlier != entitled_days:
        lines.append(f"只说了年份，看是几月：没到那个月的，今年先按{days_month_earlier}天。")
    return lines, Decimal(entitled_days)
