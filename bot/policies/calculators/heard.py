"""Extraction of calculation inputs from a message: pay, lengths, sums, days, dates, rates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.policies.calculators import retirement
from bot.policies.calculators.lengths import is_of_work, is_offered, lengths
from bot.policies.calculators.periods import service
from bot.policies.calculators.protected import protected_time
from bot.policies.calculators.sum_words import clause_around, patterns, preceding_matches
from bot.text import durations
from bot.text.normalise import normalise
from bot.text.numbers import value

Facts = dict[str, Any]
_N = r"(\d{1,12}(?:\.\d{1,6})?|[零一二两三四五六七八九十百]{1,12})"
_FIGURE = r"(\d{1,12}(?:\.\d{1,6})?)"
_RATE = re.compile(rf"{_FIGURE}\s?%|百分之{_N}(?:点{_N})?|{_N}(?:点{_N})?个点|利率{_N}点{_N}")
_HOURS = re.compile(rf"{_N}个?(?:小时|钟头)")
#: Days of their own, not those of a length (六年零七天).
_DAYS = re.compile(rf"(?<![零又])(?<![\d一二三四五六七八九十两半]年){_N}天")
_HOLIDAY = re.compile(r"国庆|十一(?!年|个|月)|春节|过年|五一|元旦|清明|端午|中秋|法定|节假日|三倍")
_REST = re.compile(r"周末|周[六日天]|星期[六日天]|礼拜[六日天]?|双休|休息日|公休")
_OPEN_ENDED = re.compile(r"无固定|长期合同|没有?期限")
_LPR = re.compile(rf"lpr[^\d零一二三四五六七八九十]{{0,6}}(?:{_FIGURE}|{_N}(?:点{_N})?)")
#: The pay of a place, not the person's: above three times of it, that counts.
_OF_THE_PLACE = re.compile(
    r"(?:社平|(?:社会|当地|本地|这边|这儿|这里|全市|市里|全省|省里|职工|岗)[^,，。;；]{0,4}平均)[^,，。;；]{0,8}$"
)
#: Days beyond whole months: 六年零七天, 六年多.
_MORE = re.compile(rf"(?:零|又|加|挂)?(?:{_N}天|多(?!少)|零头)")


def extract_inputs(text: str, entities: Sequence[Mapping[str, Any]]) -> Facts:
    """Return the facts of a message by name; what it does not state is not there."""
    read = normalise(text).text
    values = {kind: [e["value"] for e in entities if e["entity"] == kind] for kind in _KINDS}
    facts: Facts = {}
    facts |= _pay(text, entities)
    if values["amount"]:
        facts["amount"] = max(values["amount"])
    facts |= _service_length(text, entities)
    if values["date"]:
        facts["date"] = values["date"][-1]["first"]
    if _OPEN_ENDED.search(read):
        facts["open_ended"] = True
    facts |= _rates_and_counts(read)
    protected = protected_time(read)
    if protected:
        facts["protected"] = protected
    if _HOLIDAY.search(read):
        facts["kind"] = "holiday"
    elif _REST.search(read):
        facts["kind"] = "rest"
    elif re.search(r"下班|平时|晚上|工作日|每天加", read):
        facts["kind"] = "day"
    return facts


def extract_lasting_facts(text: str, entities: Sequence[Mapping[str, Any]]) -> Facts:
    """Return the facts of a message that later questions may use: pay, birth or age, sex, and the
    length of service when its words say that it was work (孩子七个月 is none).
    """
    born = retirement.extract_facts(text, entities, {})
    facts = {name: fact for name, fact in _pay(text, entities).items() if name != "average"}
    spans = lengths(text, entities)
    of_work = any(_SERVICE.search(text[: length["start"]]) for length in spans)
    facts |= _service_length(text, entities) if of_work or service(text, entities) else {}
    return facts | born


_KINDS = ("salary", "amount", "duration", "date")


#: Of several pays, those of the time before one left and those of the beginning.
_LATE = re.compile(
    r"(?:现在|目前|如今|眼下|后来?[^,，。;；]{0,5}(?:年|月)|后来|最近[^,，。;；]{0,6}|近[^,，。;；]{0,3}[年月]|(?:离职|走|辞|被裁|下岗)[^,，。;；]{0,4}前|最后[^,，。;；]{0,4}|[涨升降加调]到了?|[涨升降]成|今年|转正后?)[^,，。;；\d]{0,8}$"
)
_EARLY = re.compile(
    r"(?:刚(?:来|开始|进)|(?<!以)前[^,，。;；]{0,5}年|头[^,，。;；]{0,5}年|以前|原来|原先|开始|入职|起初|最早|当初|试用|从)[^,，。;；\d]{0,8}$"
)


def _pay(text: str, entities: Sequence[Mapping[str, Any]]) -> Facts:
    """Return the pay that counts and the mean of the place.

    Of several pays the one of the last twelve months counts (劳动合同法 47). Where it was paid for
    less than those, the months before count as they were paid. `basic` is the basic pay, told
    in addition to the pay itself; `net` and `gross` are what was told as paid out, and as earned.
    """
    facts: Facts = {}
    own: list[tuple[float, str, str]] = []
    clause_start = 0
    for entity in sorted(entities, key=lambda e: int(e["start"])):
        if entity["entity"] != "salary":
            continue
        preceding = text[clause_start : entity["start"]]
        clause_start = int(entity["end"])
        if _is_place_average(text, entity, entities):
            facts.setdefault("average", _amount(entity))
            continue
        if preceding_matches("pay_basic", preceding):
            facts.setdefault("basic", _amount(entity))
            continue
        kinds = [name for name in ("net", "gross") if preceding_matches(f"pay_{name}", preceding)]
        facts |= {name: _amount(entity) for name in kinds}
        period = "late" if _LATE.search(preceding) else "early" if _EARLY.search(preceding) else ""
        own.append((_amount(entity), period, preceding))
    own = [pay for pay in own if pay[0] != facts.get("basic")] or own
    if not own:
        basic = facts.pop("basic", None)  # told alone it is the pay
        return facts | {"pay": basic} if basic else facts
    if "gross" in facts:
        return facts | {"pay": facts["gross"]}
    late = [pay for pay in own if pay[1] == "late"]
    unmarked = [pay for pay in own if not pay[1]]
    if len(own) == 1 or not (late or len(unmarked) < len(own)):
        return facts | {"pay": own[0][0]}
    chosen = (late or unmarked or own)[-1]
    facts["pay"] = chosen[0]
    earlier = [amount for amount, period, _ in own if period != "late"]
    months = _months_paid(chosen[2])
    if late and earlier and months and months < YEAR:
        mean = (chosen[0] * months + earlier[-1] * (YEAR - months)) / YEAR
        facts["pay"] = round(mean, 2)
        facts["pay_mixed"] = (
            f"离职前12个月：{_plain(chosen[0])} × {months}"
            f" + {_plain(earlier[-1])} × {YEAR - months}，平均{_plain(round(mean, 2))}元。"
        )
    return facts


YEAR = 12


def _plain(number: float) -> str:
    return f"{number:g}" if number != int(number) else str(int(number))


def _months_paid(preceding: str) -> int | None:
    """Return for how many months a pay was paid: 最近半年, 后三个月."""
    lengths = durations.extract(preceding)
    return lengths[-1].value.months if lengths else None


def _amount(entity: Mapping[str, Any]) -> float:
    """Return a pay in one figure: of two ends (八千左右, 5000到6000) the middle."""
    ends = [entity["value"][end] for end in ("min", "max") if entity["value"].get(end)]
    return float(sum(ends) / len(ends)) if sum(ends) % len(ends) else sum(ends) // len(ends)


def _is_place_average(
    text: str, pay: Mapping[str, Any], entities: Sequence[Mapping[str, Any]]
) -> bool:
    """Tell whether a pay is the mean of a place: 社平工资8000, 沈阳平均工资8000."""
    if _OF_THE_PLACE.search(text[: pay["start"]]):
        return True
    places = [e for e in entities if e["entity"] == "region" and e["end"] <= pay["start"]]
    return any(_MEAN.fullmatch(text[e["end"] : pay["start"]]) for e in places)


_MEAN = re.compile(
    r"[市区县省]?(?:那边|这边|那儿|这儿|地区|去年|上年度?|\d{1,4}年|今年|的|职工|社会|在岗|城镇|单位|月|人均|全口径){0,5}平均(?:工资|月薪|薪资|收入)?[^,，。;；\d]{0,6}"
)
#: A length that is of the work itself, and one that is the whole of it.
_WORK = re.compile(r"(?:干|做|工作|待|呆|上班|工龄|服务)[^,，。;；\d]{0,6}$")
#: The same, or the place of work itself: 在这公司五年半.
_SERVICE = re.compile(
    r"(?:干|做|工作|待|呆|上班|工龄|服务|入职|公司|单位|厂子?|店里?|工地)[^,，。;；\d]{0,6}$"
)
_WHOLE = re.compile(r"(?:一共|总共|累计|合计|加一?起来?|拢共|前后)[^,，。;；\d]{0,6}$")
_IN_PARTS = re.compile(r"(?:前|后|头)[^,，。;；\d]{0,2}$")


def _service_length(text: str, entities: Sequence[Mapping[str, Any]]) -> Facts:
    """Return how long someone worked: as a length, or from one date to another.

    `about` names the end that is known by its year only; `began` and `ended` serve to add its
    month.
    """
    candidates = [
        length
        for length in lengths(text, entities)
        if not is_offered(text, length) and is_of_work(text, length)
    ]
    totals = [length for length in candidates if _WHOLE.search(text[: length["start"]])]
    work = [length for length in candidates if _WORK.search(text[: length["start"]])]
    dated = service(text, entities)
    if dated and dated.months > 0 and not totals and not work:
        if not dated.is_approximate:
            return {"months": dated.months}
        ends = {"began": dated.began, "ended": dated.ended}
        return {"months": dated.months, "about": dated.open_end, **ends}
    parts = [length for length in candidates if _IN_PARTS.search(text[: length["start"]])]
    if len(parts) > 1 and not totals and not work:
        return {"months": sum(int(length["value"]) for length in parts)}
    for length in (totals or work or candidates)[:1]:
        has_rest = _MORE.match(text[length["end"] :])
        return {"months": int(length["value"]) + (0.5 if has_rest else 0)}
    return {}


def extract_loan_term(
    text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts
) -> Facts:
    """Return for how long a loan is wanted: a length next to words of a loan, or alone next to
    its amount or within its sum. Never one of work: 在厂里干了十五年 想贷款.
    """
    has_amount = "begun" in known_facts or any(entity["entity"] == "amount" for entity in entities)
    terms = [
        length
        for length in lengths(text, entities)
        if not preceding_matches("not_of_a_loan", text[: int(length["start"])])
        and (_is_loan_term(text, length) or (has_amount and _stands_alone(text, length, entities)))
    ]
    return {"months": int(terms[-1]["value"])} if terms else {}


def _is_loan_term(text: str, length: Mapping[str, Any]) -> bool:
    """Tell whether a length stands next to words of a loan: 贷三年, 期限两年, 三年还清."""
    following = normalise(text[int(length["end"]) :]).text
    is_preceded = preceding_matches("loan_term", text[: int(length["start"])])
    return is_preceded or bool(patterns()["loan_term_behind"].search(following))


def _stands_alone(
    text: str, length: Mapping[str, Any], entities: Sequence[Mapping[str, Any]]
) -> bool:
    """Tell whether nothing else is in the clause of a length, but an amount right before it."""
    start, end = int(length["start"]), int(length["end"])
    amounts = [int(amount["end"]) for amount in entities if amount["entity"] == "amount"]
    clause_start = max([0, *(end for end in amounts if end <= start)])
    rest = "".join(clause_around(text[clause_start:], start - clause_start, end - clause_start))
    return bool(patterns()["only_a_term"].search(rest))


def _rates_and_counts(read: str) -> Facts:
    facts: Facts = {}
    lpr = _LPR.search(read)
    if lpr:
        facts["lpr"] = _percent(lpr)
        read = read[: lpr.start()] + read[lpr.end() :].lstrip("% ")
    rate = _RATE.search(read)
    if rate:
        facts["rate"] = _percent(rate)
    for name, pattern in (("hours", _HOURS), ("days", _DAYS)):
        hit = pattern.search(read)
        number = value(hit[1]) if hit else None
        if number:
            facts[name] = number
    return facts


def _percent(hit: re.Match[str]) -> float | None:
    """Return the number that a pattern found: 3.5, or 三 and 五 on both sides of 点."""
    numbers = [value(part) for part in hit.groups() if part is not None]
    if len(numbers) == 2:
        return float(f"{int(numbers[0] or 0)}.{int(numbers[1] or 0)}")
    return numbers[0] if numbers else None
