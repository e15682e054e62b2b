"""Calculation of the last day to apply for arbitration (劳动争议调解仲裁法 27).

A year from the day the right was known to be hurt; of wages owed in employment that still goes on
none, and a year from its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot import clock
from bot.policies.calculators import sums
from bot.policies.calculators.said import CalculationResult, Texts
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns

Facts = dict[str, Any]
USED = ("limit",)
_PATTERNS = patterns("calculator_arbitration")


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


def arbitration(facts: Facts, rules: sums.Rules, texts: Texts) -> CalculationResult:
    """Say until which day one may apply."""
    of_wages = (
        f"在职时被欠的工资，在职期间不受{texts['limit']}限制；离职的，从离职那天起{texts['limit']}内"
        "（劳动争议调解仲裁法第二十七条）。"
    )
    if facts.get("still") and facts.get("wages"):
        return CalculationResult(
            [of_wages], USED, next_step="不用等离职，现在就能去申请；欠条、流水、考勤先留好。"
        )
    if "date" not in facts:
        return CalculationResult(
            [f"申请劳动仲裁的时限是{texts['limit']}，从你知道权利被侵害那天算起。"],
            USED,
            missing="date",
            ask="是哪天的事（比如哪天离职、哪天被辞）？",
        )
    first_known = date.fromisoformat(str(facts["date"]))
    latest = date.fromisoformat(str(facts.get("date_last") or facts["date"]))
    first, last = sums.arbitration_limit(first_known, rules), sums.arbitration_limit(latest, rules)
    open_day = first_known != latest
    deadline = (
        f"{first.isoformat()}到{last.isoformat()}之间，看那天是几号"
        if open_day
        else first.isoformat()
    )
    lines = [_until(facts, first_known, deadline, texts, open_day)]
    if last < clock.today():
        lines.insert(0, f"按这个日子已经过了{texts['limit']}。")
        lines.append(
            "那天是节假日的，顺延到节后第一天。这期间你跟单位要过、找过部门、单位答应过的，从那天起重新算，可能还没过，带上证据去仲裁委问。"
        )
    else:
        lines.append(
            "那天是节假日的，顺延到节后第一天。中间你跟单位要过、找过部门、单位答应过，时间从那时重新算。"
        )
    if not facts.get("ended") or facts.get("wages"):
        lines.append(of_wages)
    return CalculationResult(
        lines,
        USED,
        assumes=""
        if facts.get("ended")
        else f"{first_known.isoformat()}就是你知道权利被侵害的那天",
        missing="date" if open_day else None,
        ask="具体是几号？告诉我能说准。" if open_day else "",
        next_step="别等到最后一天。仲裁不收费，到合同履行地或单位所在地的仲裁委申请；过没过时限由仲裁委认定。",
    )


def _until(facts: Facts, first_known: date, deadline: str, texts: Texts, open_day: bool) -> str:
    event = "离职" if facts.get("ended") else ""
    begins = f"{first_known.year}年{first_known.month}月" if open_day else first_known.isoformat()
    return f"从{begins}{event}算起，{texts['limit']}，到{deadline}为止。"
