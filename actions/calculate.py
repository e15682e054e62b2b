"""Amounts, lengths and dates worked out from what a person says, over as many turns as it takes."""

from __future__ import annotations

import re
from typing import Any

from actions.arbitration import OF_THE_PERSON, TOLD_OF
from actions.turn import Turn
from bot import clock
from bot.db.session import session
from bot.dialogue.state import DialogueState
from bot.messages import Message
from bot.policies import compose
from bot.policies.calculators.benefit import BENEFIT, unemployment_benefit
from bot.policies.calculators.clause_patterns import clause_matches, clauses
from bot.policies.calculators.contributions import (
    Event,
    adds_to_earlier,
    events,
    granted_and_drawn,
    history,
)
from bot.policies.calculators.inputs import Facts, extract_inputs
from bot.policies.calculators.periods import Service
from bot.policies.calculators.registry import CALCULATORS, Calculator
from bot.policies.calculators.results import CalculationResult, length, numbers
from bot.policies.in_force import version_in_force
from bot.policies.interview import Interview
from bot.policies.topics import titles
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.numbers import value
from bot.text.vocabulary import vocabulary

_NUMBER = re.compile(r"[\d.]{1,12}|[零一二两三四五六七八九十百千万]{1,12}")
_ASKED = re.compile(r"算算|算一算|算一?下|[帮给](?:我|咱|俺)?[^,，。]{0,4}算")
#: Asks for a sum, not for a rule.
_SUM = re.compile(
    r"多少(?!天|年|次|回|人|个月(?!工资|的?钱)|时间|岁)|[怎咋]么?算|几个月(?:的)?工资"
)
#: Asks whether a rule holds (能要双倍工资吗), not how much it comes to.
_WHETHER = re.compile(
    r"(?:吗|么|不|没|没有|对不对|行不行|合法不|可不可以)[?？\s]{0,9}$|(?:能不能|可不可以|还能)(?:领|要|拿|办|申请)[^,，。\s]{0,4}$"
)
_GETS = re.compile(
    r"[领拿](?:到|个)?[^,，。\s]{0,3}(?:多少|几个?月|多久|多长|几年)|(?:一个|每个?)月(?:能)?(?:有)?多少"
)
_MOST = re.compile(r"最[多高长低少]|上限|标准")
#: A bare number answers a question for one of these; of years it makes months.
_BARE = {"rate": 1, "hours": 1, "days": 1, "months": 12, "pay": 1, "amount": 1}


def calculation(turn: Turn, topic: str) -> Message | None:
    """Return what can be worked out for a topic; None when it is not asked for."""
    if topic == BENEFIT:
        return _left_of_grant(turn) or (_benefit(turn) if _wants_benefit(turn) else None)
    working = CALCULATORS.get(topic)
    if working is None:
        return None
    stated = _heard(turn, working, _kept(turn, topic))
    facts = _with(_kept(turn, topic), stated)
    if _asks_sum(turn.text) or working.only_on_request:
        stated = {**_kept(turn, topic), **stated}
    new = {name for name, fact in facts.items() if _kept(turn, topic).get(name) != fact}
    turn.set(facts={"topic": topic, **facts})
    goes_on = _open(turn, topic) and bool(new & (working.continue_on | _MONTHS_ASKED.keys()))
    asked = working.is_requested(turn.text, stated)
    if not goes_on and not asked and _asks_the_rule(turn, facts):
        turn.act = "policy"
    completes = bool(working.sufficient_facts & new) and working.sufficient_facts <= facts.keys()
    begins = turn.act == "calculate" or _begins(turn, working, stated) or completes
    if not goes_on and not asked and (working.only_on_request or not begins):
        return None
    return _worked_out(turn, topic, facts)


def _begins(turn: Turn, working: Calculator, facts: Facts) -> bool:
    """Tell whether a message asks for a calculation, whatever act it was taken for.

    It says so (帮我算算), or asks for a sum and states figures of its own. A question for the rule
    may state a length as well (签三年的试用期多长): that is answered by the rule.
    """
    if _ASKED.search(turn.text):
        return True
    return bool(facts.keys() & working.start_on) and bool(_SUM.search(turn.text))


def _asks_the_rule(turn: Turn, facts: Facts) -> bool:
    """Tell whether a rule is asked for: whether it holds, or an amount without own figures."""
    if _ASKED.search(turn.text):
        return False
    return not facts or (bool(_WHETHER.search(turn.text)) and not _asks_sum(turn.text))


def _asks_whether(text: str) -> bool:
    """Tell whether a message asks if a right holds; also before it tells more, where no sum is.

    现在还能找他补不？都走了一年多了.
    """
    if _WHETHER.search(text):
        return True
    return not _GETS.search(text) and any(_WHETHER.search(one) for one in clauses(text))


def _asks_sum(text: str) -> bool:
    return bool(_ASKED.search(text) or _SUM.search(text))


def meant(turn: Turn) -> str | None:
    """Return the topic that a sum with its figures is of: by words that name it, or where the
    model is not sure of one.
    """
    for topic, named in CALCULATORS.items():
        if named.certain_words.search(turn.text) and _is_of(turn, topic):
            return topic
    if turn.topic_sure:
        return None
    for topic in (one.name for one in turn.topics):
        working = CALCULATORS.get(topic)
        if working and working.likely_words.search(turn.text) and _is_of(turn, topic):
            return topic
    return None


def _is_of(turn: Turn, topic: str) -> bool:
    """Tell whether a message states figures of a calculation and asks for its sum."""
    working = CALCULATORS[topic]
    stated = heard_for(turn, working)
    if _asks_sum(turn.text) or working.only_on_request:
        stated = {**stated_before(turn, topic), **stated}
    known = stated.keys() & (working.start_on | working.continue_on)
    asked = working.is_requested(turn.text, stated)
    return bool(known) and (asked or (_asks_sum(turn.text) and not working.only_on_request))


def states_a_given(turn: Turn) -> bool:
    """Tell whether a message states what only a calculation that was begun can use.

    The mean pay of a place or a rate (4个点) is no wish for a job, whatever the message was taken
    for.
    """
    given = extract_inputs(turn.text, turn.entities).keys() & {"average", "lpr", "rate"}
    return bool(given) and goes_on(turn) is not None


def goes_on(turn: Turn) -> str | None:
    """Return the topic of the calculation that a bare figure goes on with (月工资六千, 3.5)."""
    kept: dict[str, Any] = turn.slots.get("facts") or {}
    topic = kept.get("topic")
    if topic not in CALCULATORS or topic != turn.slots.get("topic"):
        return None
    if turn.slots.get("subject") != "policy":
        return None
    working = CALCULATORS[topic]
    new = _heard(turn, working, _kept(turn, topic)).keys() & (
        working.continue_on | _MONTHS_ASKED.keys()
    )
    return str(topic) if new and _open(turn, topic) else None


def _open(turn: Turn, topic: str) -> bool:
    """Tell whether a calculation of this topic was begun before this turn."""
    kept = turn.slots.get("facts") or {}
    return kept.get("topic") == topic and "begun" in kept


def _kept(turn: Turn, topic: str) -> Facts:
    """Return the facts known of a topic's calculation; at its beginning what the talk stated."""
    kept = turn.slots.get("facts") or {}
    if kept.get("topic") == topic:
        return {k: v for k, v in kept.items() if k != "topic"}
    return stated_before(turn, topic)


def stated_before(turn: Turn, topic: str | None = None) -> Facts:
    """Return what the messages of the talk before this one state that a sum may rest on.

    With a topic, without what means something else there: an age told in a search for work asks
    for no retirement, a length of work is no term of a loan.
    """
    stated = dict(DialogueState.from_slot(turn.slots.get("dialogue")).stated)
    told_of = stated.pop(TOLD_OF, None)
    working = CALCULATORS.get(topic or "")
    apart = working.topic_only_facts if working else frozenset()
    counts = OF_THE_PERSON if told_of == topic else frozenset()
    return {name: fact for name, fact in stated.items() if name not in apart or name in counts}


def heard_for(turn: Turn, working: Calculator) -> Facts:
    """Return what the message states for a calculation, whatever was asked before."""
    return _heard(turn, working, {})


def _heard(turn: Turn, working: Calculator, kept: Facts) -> Facts:
    """Return what the message states; a bare number is what was asked for."""
    common = extract_inputs(turn.text, turn.entities)
    facts = {name: fact for name, fact in common.items() if name not in working.own_facts}
    facts |= working.extract(turn.text, turn.entities, kept)
    read, missing = normalise(turn.text).text, kept.get("missing")
    if missing in _MONTHS_ASKED:
        return facts | _month(read, kept, _MONTHS_ASKED[missing])
    bare = re.fullmatch(r"([\d.]{1,12}|[零一二两三四五六七八九十百千万]{1,12})", read.strip())
    number = value(bare[1]) if bare else None
    if number and missing in _BARE and missing not in facts:
        facts[missing] = number * _BARE[missing]
    return facts


#: The month of an end of which only the year was said, by what asks for it.
_MONTHS_ASKED = {"began_month": "began", "ended_month": "ended"}
_MONTH = re.compile(
    r"\s{0,9}(?:是|大概|好像)?(\d{1,2}|[一二三四五六七八九十]{1,2})(?:月份?)?(?:吧|的|左右|来的|走的)?\s{0,9}"
)


def _month(read: str, kept: Facts, end: str) -> Facts:
    """Return how long someone worked, now that a month is known."""
    hit = _MONTH.fullmatch(read)
    month = int(value(hit[1]) or 0) if hit else 0
    if not 1 <= month <= 12 or not {"began", "ended"} <= kept.keys():
        return {}
    ends = {"began": str(kept["began"]), "ended": str(kept["ended"])}
    ends[end] = f"{ends[end][:4]}-{month:02d}"
    service = Service(**ends)
    return {**ends, "months": service.months, "about": service.open_end, f"{end}_month": month}


def _with(kept: Facts, stated: Facts) -> Facts:
    """Return the facts after a message; what is said of a fact goes with it."""
    goes = {
        "pay": ("pay_mixed", "spells", "basic", "net", "gross"),
        "months": ("about", "began", "ended", "spells"),
    }
    left = {name for fact, beside in goes.items() if fact in stated for name in beside}
    return {**{name: fact for name, fact in kept.items() if name not in left}, **stated}


def _worked_out(turn: Turn, topic: str, facts: Facts) -> Message | None:
    with session() as db:
        version = version_in_force(db, topic, home(turn.get("region_code")), clock.today())
        if version is None:
            return None
        figures = {figure.name: figure for figure in version.figures}
        rules = numbers({name: figure.value for name, figure in figures.items()})
        said = CALCULATORS[topic].calculate(facts, rules, {n: f.text for n, f in figures.items()})
        turn.set(facts={"topic": topic, **facts, "begun": True, "missing": said.missing})
        return compose.calculation_answer(said, version, topic, titles()[topic])


def _left_of_grant(turn: Turn) -> Message | None:
    """Return how much of a benefit is left where one says how much was granted and drawn."""
    of = granted_and_drawn(turn.text, turn.entities)
    if of is None:
        return None
    whole, drawn = of
    with session() as db:
        version = version_in_force(db, BENEFIT, home(turn.get("region_code")), clock.today())
        if version is None:
            return None
        said = CalculationResult(
            [f"核定{whole}个月，领了{drawn}个月：{whole} - {drawn} = 还剩{whole - drawn}个月。"],
            ("cap_long",),
            assumes="中间没停过；又上班、参军、退休的会停发",
            next_step="还剩几个月、下次哪天发，以失业保险经办机构的记录为准。",
        )
        return compose.calculation_answer(said, version, BENEFIT, titles()[BENEFIT])


def _wants_benefit(turn: Turn) -> bool:
    known = turn.get("contribution_months")
    said = events(turn.text, turn.entities, known)
    if said:
        said = _with_before(turn, said, known)
        months = history(said).paid or None
        turn.set(contribution_months=months or known)
        turn.set(facts={"topic": BENEFIT, "events": [event.to_list() for event in said]})
    own = _GETS.search(turn.text) and any(event.kind == "drawn" for event in said)
    if _asks_whether(turn.text) and not _asks_sum(turn.text) and not own:
        turn.act = "policy"
        return False
    aspects = {entity["value"] for entity in turn.of_kind("aspect")}
    told = Interview.from_slot(turn.get("eligibility")).facts.get("contribution_months")
    known = turn.get("contribution_months") or told
    asked = turn.act == "calculate" or bool(said) or not aspects
    if not known or not (asked or _of_ones_own(turn.text, aspects)):
        return False
    turn.set(contribution_months=known)
    return True


def _with_before(turn: Turn, said: list[Event], known: int | None) -> list[Event]:
    """Return all events: 后来又交了3年 adds to those before, and so does what was drawn."""
    kept = turn.get("facts") or {}
    before = (
        [Event(*one) for one in kept.get("events") or ()] if kept.get("topic") == BENEFIT else []
    )
    if not before and known:
        before = [Event("paid", int(known))]
    if all(event.kind == "drawn" for event in said):
        return [*(event for event in before if event.kind == "paid"), *said]
    if before and adds_to_earlier(turn.text):
        return [*before, *said]
    if all(event.kind == "drawn" for event in before):
        return [*said, *before]
    return said


def _of_ones_own(text: str, aspects: set[str]) -> bool:
    """Tell whether one asks what one gets oneself (能领几个月), not how much there is at most."""
    return aspects <= {"amount", "period"} and bool(_GETS.search(text) and not _MOST.search(text))


def _benefit(turn: Turn) -> Message | None:
    months, region = int(turn.get("contribution_months")), home(turn.get("region_code"))
    kept = turn.get("facts") or {}
    said = [Event(*one) for one in kept.get("events") or ()] if kept.get("topic") == BENEFIT else []
    past = history(said) if said else None
    almost = past is not None and past.almost
    with session() as db:
        found = unemployment_benefit(db, months, region, clock.today(), past)
        full = unemployment_benefit(db, months + 1, region, clock.today()) if almost else None
    if found is None:
        return None
    turn.set(asked=None if region else "region")
    place = vocabulary().full_name(region) if region else None
    months_first = {entity["value"] for entity in turn.of_kind("aspect")} == {"period"}
    years = f"不到{length(months + 1)}" if almost else length(months)
    whether = clause_matches("asks_whether_gets", turn.text)
    message = compose.benefit(found, years, place, titles()[BENEFIT], months_first, past, full)
    return compose.with_conditions(message, found) if whether and found.entitled else message


def home(region: str | None) -> str | None:
    """Return a region of our province; of another one nothing, where national law is answered."""
    return region if region and region[:2] == settings().home_region[:2] else None
