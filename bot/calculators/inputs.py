"""Extraction of calculation inputs from a message: pay, lengths, sums, days, dates, rates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot import clock
from bot.calculators import retirement
from bot.calculators.clause_patterns import (
    clause_around,
    clause_matches,
    preceding_matches,
    sum_patterns,
)
from bot.calculators.lengths import is_of_work, is_offered, lengths
from bot.calculators.offers import is_no_pay, is_of_a_year, offered
from bot.calculators.periods import Service, ended_at, service_period
from bot.calculators.protected_times import protected_time
from bot.text.chinese_numbers import value
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.understanding.extractors import durations
from bot.wording import wording

Facts = dict[str, Any]
_PATTERNS = patterns("calculator_inputs")
_SAY = wording("calculator_inputs")


def extract_inputs(text: str, entities: Sequence[Mapping[str, Any]]) -> Facts:
    """Return the facts of a message by name; what it does not state is not there."""
    read = normalise(text).text
    values = {kind: [e["value"] for e in entities if e["entity"] == kind] for kind in _INPUT_KINDS}
    facts: Facts = {}
    facts |= _pay(text, entities)
    offer = offered(text, entities)
    if offer:
        facts["offer"] = offer
    if values["amount"]:
        facts["amount"] = max(values["amount"])
    facts |= _service_length(text, entities)
    if values["date"]:
        facts["date"] = values["date"][-1]["first"]
    if _PATTERNS["open_ended"].search(read):
        facts["open_ended"] = True
    facts |= _rates_and_counts(read)
    protected = protected_time(read)
    if protected:
        facts["protected"] = protected
    if _PATTERNS["holiday"].search(read):
        facts["kind"] = "holiday"
    elif _PATTERNS["rest_day"].search(read):
        facts["kind"] = "rest"
    elif _PATTERNS["working_day"].search(read):
        facts["kind"] = "day"
    return facts


def extract_lasting_facts(text: str, entities: Sequence[Mapping[str, Any]]) -> Facts:
    """Return the facts of a message that later questions may use: pay, birth or age, sex, and the
    length of service when its words say that it was work (孩子七个月 is none).
    """
    born = retirement.extract_facts(text, entities, {})
    facts = {name: fact for name, fact in _pay(text, entities).items() if name != "average"}
    spans = lengths(text, entities)
    of_work = any(
        _PATTERNS["service_before_length"].search(text[: length["start"]]) for length in spans
    )
    facts |= _service_length(text, entities) if of_work or service_period(text, entities) else {}
    offer, ended = offered(text, entities), ended_at(text, entities)
    facts |= {"until": ended} if ended and "until" not in facts else {}
    return facts | born | ({"offer": offer} if offer else {})


_INPUT_KINDS = ("salary", "amount", "duration", "date")


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
        if entity["entity"] != "salary" or is_no_pay(text, entity, entities):
            continue
        preceding = text[clause_start : entity["start"]]
        clause_start = int(entity["end"])
        if _is_place_average(text, entity, entities):
            facts.setdefault("average", _amount(entity))
            continue
        if preceding_matches("pay_basic", preceding):
            facts.setdefault("basic", _amount(entity))
            continue
        if _PATTERNS["last_pay"].search(preceding):
            facts["last_pay"] = _amount(entity)
            continue
        if "basic" in facts and _PATTERNS["variable_pay"].search(preceding):
            facts["variable"] = _amount(entity)
            continue
        if is_of_a_year(text, entity):
            own.append((round(_amount(entity) / MONTHS_OF_YEAR, 2), "", preceding))
            continue
        kinds = [name for name in ("net", "gross") if preceding_matches(f"pay_{name}", preceding)]
        facts |= {name: _amount(entity) for name in kinds}
        periods = {"late": "recent_pay", "early": "early_pay"}
        matching = (name for name, entry in periods.items() if _PATTERNS[entry].search(preceding))
        period = next(matching, "")
        own.append((_amount(entity), period, preceding))
    own = [pay for pay in own if pay[0] != facts.get("basic")] or own
    if "variable" in facts and not own:
        return facts | {"pay": facts["basic"] + facts.pop("variable")}
    facts.pop("variable", None)
    if "last_pay" in facts and not own:
        return facts if clause_matches("names_n_plus_1", text) else {"pay": facts["last_pay"]}
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
    if late and earlier and months and months < MONTHS_OF_YEAR:
        mean = (chosen[0] * months + earlier[-1] * (MONTHS_OF_YEAR - months)) / MONTHS_OF_YEAR
        facts["pay"] = round(mean, 2)
        facts["pay_mixed"] = _SAY(
            "mean_of_two_pays",
            later_pay=_format_pay(chosen[0]),
            later_months=months,
            earlier_pay=_format_pay(earlier[-1]),
            earlier_months=MONTHS_OF_YEAR - months,
            mean=_format_pay(round(mean, 2)),
        )
    return facts


def with_known_end(facts: Facts, ended: str | None) -> Facts:
    """Return facts of a message that says when work began, up to the end that was told before."""
    if ended is None or facts.get("until") != clock.today().isoformat() or "since" not in facts:
        return facts
    service = Service(str(facts["since"]), ended)
    if service.is_approximate or service.months <= 0:
        return facts
    return {**facts, "months": service.months, "until": ended}


def with_known_start(
    facts: Facts, began: str | None, entities: Sequence[Mapping[str, Any]]
) -> Facts:
    """Return facts of a message that says on which day of a month told before work began.

    2011年6月入的职, then 6月20号来的: the year is that told before.
    """
    since = str(facts.get("since") or "")
    if began is None or len(began) != len("2011-06") or since[5:7] != began[5:]:
        return facts
    if any("年" in str(entity["text"]) for entity in entities if entity["entity"] == "date"):
        return facts
    service = Service(f"{began}{since[7:]}", str(facts.get("until") or clock.today().isoformat()))
    return {**facts, "since": service.began, "months": service.months}


MONTHS_OF_YEAR = 12


def _format_pay(number: float) -> str:
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
    if _PATTERNS["place_average_before_pay"].search(text[: pay["start"]]):
        return True
    places = [e for e in entities if e["entity"] == "region" and e["end"] <= pay["start"]]
    return any(_PATTERNS["place_average"].fullmatch(text[e["end"] : pay["start"]]) for e in places)


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
    totals = [
        length
        for length in candidates
        if _PATTERNS["total_before_length"].search(text[: length["start"]])
    ]
    work = [
        length
        for length in candidates
        if _PATTERNS["work_before_length"].search(text[: length["start"]])
    ]
    dated = service_period(text, entities)
    if dated and dated.months > 0 and not totals and not work:
        if not dated.is_approximate:
            return {"months": dated.months, "since": dated.began, "until": dated.ended}
        ends = {"began": dated.began, "ended": dated.ended}
        return {"months": dated.months, "about": dated.open_end, **ends}
    parts = [
        length
        for length in candidates
        if _PATTERNS["part_before_length"].search(text[: length["start"]])
    ]
    if len(parts) > 1 and not totals and not work:
        return {"months": sum(int(length["value"]) for length in parts)}
    for length in (totals or work or candidates)[:1]:
        has_rest = _PATTERNS["rest_after_length"].match(text[length["end"] :])
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
        and (
            _is_loan_term(text, length) or (has_amount and _is_only_a_term(text, length, entities))
        )
    ]
    return {"months": int(terms[-1]["value"])} if terms else {}


def _is_loan_term(text: str, length: Mapping[str, Any]) -> bool:
    """Tell whether a length stands next to words of a loan: 贷三年, 期限两年, 三年还清."""
    following = normalise(text[int(length["end"]) :]).text
    is_preceded = preceding_matches("loan_term", text[: int(length["start"])])
    return is_preceded or bool(sum_patterns()["loan_term_behind"].search(following))


def _is_only_a_term(
    text: str, length: Mapping[str, Any], entities: Sequence[Mapping[str, Any]]
) -> bool:
    """Tell whether nothing else is in the clause of a length, but an amount right before it."""
    start, end = int(length["start"]), int(length["end"])
    amounts = [int(amount["end"]) for amount in entities if amount["entity"] == "amount"]
    clause_start = max([0, *(end for end in amounts if end <= start)])
    rest = "".join(clause_around(text[clause_start:], start - clause_start, end - clause_start))
    return bool(sum_patterns()["only_a_term"].search(rest))


def _rates_and_counts(read: str) -> Facts:
    facts: Facts = {}
    lpr = _PATTERNS["lpr"].search(read)
    if lpr:
        facts["lpr"] = _percent(lpr)
        read = read[: lpr.start()] + read[lpr.end() :].lstrip("% ")
    rate = _PATTERNS["rate"].search(read)
    if rate:
        facts["rate"] = _percent(rate)
    for name, pattern in (("hours", _PATTERNS["hours"]), ("days", _PATTERNS["days"])):
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
