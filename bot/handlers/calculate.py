"""Amounts, lengths and dates worked out from what a person says, over as many turns as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot import clock
from bot.arithmetic.results import CalculationResult, length, numbers
from bot.calculators import replies as calculation_replies
from bot.calculators.clause_patterns import clause_matches, clauses
from bot.calculators.contributions import (
    ContributionEvent,
    adds_to_earlier,
    events,
    granted_and_drawn,
    history,
)
from bot.calculators.inputs import Facts, extract_inputs, with_known_end, with_known_start
from bot.calculators.periods import Service, supposed_service
from bot.calculators.registry import CALCULATORS, Calculator
from bot.calculators.unemployment_benefit import BENEFIT, unemployment_benefit
from bot.db.session import session
from bot.messages import Message, PolicyAnswer
from bot.policies.topics import titles
from bot.policies.versions import version_in_force
from bot.settings import settings
from bot.text.chinese_numbers import value
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.text.questions import is_question
from bot.turns.arbitration import PERSON_FACTS, TOLD_TOPIC
from bot.turns.sums import WorkedOut
from bot.turns.told import PREFIX
from bot.turns.turn import Turn
from bot.understanding.extractors.holidays import holidays
from bot.understanding.extractors.persons import PERSON_LABELS, SELF
from bot.understanding.inquiries import seeks_work
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording

_PATTERNS = patterns("calculation_requests")
_SAY = wording("benefit_rest")
LEAVE = "paid-leave"
#: A bare number answers a question for one of these; of years it makes months.
_BARE_NUMBER_FACTORS = {"rate": 1, "hours": 1, "days": 1, "months": 12, "pay": 1, "amount": 1}


#: Months of work from which on a benefit may be due (社会保险法 45).
MIN_SERVICE_MONTHS = 12
#: Kinds of entities that a sum rests on, and the characters beside them that a message of one has.
_FIGURE_KINDS = ("salary", "amount", "duration", "date", "region", "age", "person")
MAX_CHARS_BESIDE_FIGURES = 10


@dataclass(frozen=True)
class CalculationOutcome:
    """The outcome of a calculation: its answer, or the act of the message without one."""

    message: Message | None
    act: str
    """`policy` where the rule is asked for, else the act of the turn."""


def calculation(turn: Turn, topic: str) -> CalculationOutcome:
    """Return what can be worked out for a topic; without a message when it is not asked for."""
    if topic == BENEFIT:
        return _benefit_calculation(turn)
    working = CALCULATORS.get(topic)
    if working is None:
        return CalculationOutcome(None, turn.act)
    message_facts = _read_facts(turn, working, _calculation_facts(turn, topic))
    facts = _merged_facts(_calculation_facts(turn, topic), message_facts)
    if asks_sum(turn.text) or working.only_on_request:
        message_facts = {**_calculation_facts(turn, topic), **message_facts}
    new = {
        name for name, fact in facts.items() if _calculation_facts(turn, topic).get(name) != fact
    }
    turn.set(facts={"topic": topic, **facts})
    of_sum = _is_of_sum(turn)
    continuing = bool(new & (working.continue_on | _MONTH_QUESTIONS.keys()))
    goes_on = _is_begun(turn, topic) and continuing and of_sum
    is_requested = working.is_requested(turn.text, message_facts)
    of_rule = not goes_on and not is_requested and _asks_the_rule(turn, facts)
    act = "policy" if of_rule else turn.act
    completes = of_sum and bool(working.sufficient_facts & new)
    completes = completes and working.sufficient_facts <= facts.keys()
    begins = act == "calculate" or _begins(turn, working, message_facts) or completes
    if not goes_on and not is_requested and (working.only_on_request or not begins):
        return CalculationOutcome(None, act)
    return CalculationOutcome(work_out(turn, topic, facts), act)


def _benefit_calculation(turn: Turn) -> CalculationOutcome:
    rest = _rest_of_grant(turn)
    if rest:
        return CalculationOutcome(rest, turn.act)
    all_events = _take_events(turn)
    if _asks_benefit_rule(turn, all_events) or _PATTERNS["resigned"].search(turn.text):
        return CalculationOutcome(None, "policy")
    if _wants_benefit(turn, all_events):
        return CalculationOutcome(_benefit(turn), turn.act)
    supposed = supposed_contributions(turn)
    return CalculationOutcome(_benefit(turn, supposed) if supposed else None, turn.act)


def _begins(turn: Turn, working: Calculator, facts: Facts) -> bool:
    """Tell whether a message asks for a calculation, even if it was taken for another act.

    It says so (帮我算算), or asks for a sum and states figures of its own. A question for the rule
    may state a length as well (签三年的试用期多长): that is answered by the rule.
    """
    if _PATTERNS["calculate"].search(turn.text):
        return True
    return bool(facts.keys() & working.start_on) and bool(_PATTERNS["amount"].search(turn.text))


def _asks_the_rule(turn: Turn, facts: Facts) -> bool:
    """Tell whether a rule is asked for: whether it holds, or an amount without own figures."""
    if _PATTERNS["calculate"].search(turn.text):
        return False
    return not facts or (
        bool(_PATTERNS["entitlement"].search(turn.text)) and not asks_sum(turn.text)
    )


def _asks_whether(text: str) -> bool:
    """Tell whether a message asks if a right holds; also before it tells more, where no sum is.

    现在还能找他补不？都走了一年多了.
    """
    if _PATTERNS["entitlement"].search(text):
        return True
    return not _PATTERNS["own_benefit"].search(text) and any(
        _PATTERNS["entitlement"].search(clause) for clause in clauses(text)
    )


def asks_sum(text: str) -> bool:
    """Tell whether a message asks for a sum in its words: 算算, 多少钱."""
    return bool(_PATTERNS["calculate"].search(text) or _PATTERNS["amount"].search(text))


def _is_of_sum(turn: Turn) -> bool:
    """Tell whether a message is of the sum spoken of: it asks for one, or gives little but figures.

    A story that has a length or a pay in it (合同签了两年 一直没续) asks for no sum by these.
    """
    if asks_sum(turn.text) or _PATTERNS["of_sum"].search(turn.text):
        return True
    rest = list(turn.text)
    for entity in turn.entities:
        if entity["entity"] in _FIGURE_KINDS:
            start, end = int(entity["start"]), int(entity["end"])
            rest[start:end] = " " * (end - start)
    return len(_PATTERNS["beside_figures"].sub("", "".join(rest))) <= MAX_CHARS_BESIDE_FIGURES


def topic_of_sum(turn: Turn) -> str | None:
    """Return the topic that a sum with its figures is of: by words that name it, or where the
    model is not sure of one.
    """
    for topic, candidate in CALCULATORS.items():
        if candidate.certain_words.search(turn.text) and _states_sum(turn, topic):
            return topic
    if turn.topic_sure:
        first = turn.topics[0].name if turn.topics else ""
        asked = turn.act == "calculate" and first in CALCULATORS and _states_sum(turn, first)
        return first if asked else None
    for topic in (ranked_topic.name for ranked_topic in turn.topics):
        working = CALCULATORS.get(topic)
        if working and working.likely_words.search(turn.text) and _states_sum(turn, topic):
            return topic
    return None


def _states_sum(turn: Turn, topic: str) -> bool:
    """Tell whether a message states figures of a calculation and asks for its sum."""
    working = CALCULATORS[topic]
    known_facts = _calculation_facts(turn, topic) if working.is_cumulative else {}
    facts = {**known_facts, **_read_facts(turn, working, known_facts)}
    if asks_sum(turn.text) or working.only_on_request:
        facts = {**earlier_facts(turn, topic), **facts}
    inputs = facts.keys() & (working.start_on | working.continue_on)
    is_requested = working.is_requested(turn.text, facts)
    return bool(inputs) and (is_requested or (asks_sum(turn.text) and not working.only_on_request))


def states_calculator_input(turn: Turn) -> bool:
    """Tell whether a message states what only a calculation that was begun can use.

    The mean pay of a place or a rate (4个点) is no preference for a job, even where the
    message was taken for one.
    """
    if continued_calculation(turn) is None:  # nearly always, and cheaper to tell
        return False
    return bool(extract_inputs(turn.text, turn.entities).keys() & {"average", "lpr", "rate"})


def continued_calculation(turn: Turn) -> str | None:
    """Return the topic of the calculation that a bare figure goes on with (月工资六千, 3.5)."""
    facts: dict[str, Any] = turn.previous.facts
    topic = facts.get("topic")
    if topic not in CALCULATORS or topic != turn.previous.topic:
        return None
    if turn.previous.subject != "policy":
        return None
    working = CALCULATORS[topic]
    new = _read_facts(turn, working, _calculation_facts(turn, topic)).keys() & (
        working.continue_on | _MONTH_QUESTIONS.keys()
    )
    return str(topic) if new and _is_begun(turn, topic) else None


def _is_begun(turn: Turn, topic: str) -> bool:
    """Tell whether a calculation of this topic was begun before this turn."""
    facts = turn.previous.facts
    return facts.get("topic") == topic and "begun" in facts


def _calculation_facts(turn: Turn, topic: str) -> Facts:
    """Return the facts known of a topic's calculation; at its beginning what the talk stated."""
    facts = turn.previous.facts
    if facts.get("topic") == topic:
        return {k: v for k, v in facts.items() if k != "topic"}
    return earlier_facts(turn, topic)


def earlier_facts(turn: Turn, topic: str | None = None) -> Facts:
    """Return what the messages of the talk before this one state that a sum may rest on.

    With a topic, without what means something else there: an age told in a search for work asks
    for no retirement, a length of work is no term of a loan.
    """
    facts = dict(turn.state.stated)
    told_topic = facts.pop(TOLD_TOPIC, None)
    working = CALCULATORS.get(topic or "")
    apart = working.topic_only_facts if working else frozenset()
    counts = PERSON_FACTS if told_topic == topic else frozenset()
    return {
        name: fact
        for name, fact in facts.items()
        if (name not in apart or name in counts) and not name.startswith(PREFIX)
    }


def facts_in_message(turn: Turn, working: Calculator) -> Facts:
    """Return what the message states for a calculation, apart from earlier answers."""
    return _read_facts(turn, working, {})


def _read_facts(turn: Turn, working: Calculator, previous_facts: Facts) -> Facts:
    """Return what the message states; a bare number is what was asked for."""
    common = extract_inputs(turn.text, turn.entities)
    facts = {name: fact for name, fact in common.items() if name not in working.own_facts}
    facts = with_known_start(facts, previous_facts.get("since"), turn.entities)
    facts = with_known_end(facts, previous_facts.get("until"))
    facts |= working.extract(turn.text, turn.entities, previous_facts)
    read, missing = normalise(turn.text).text, previous_facts.get("missing")
    if missing != "months" and previous_facts.get("months") and _tells_elapsed_time(turn, read):
        facts.pop("months", None)
    if missing in _MONTH_QUESTIONS:
        return facts | _completed_period(read, previous_facts, _MONTH_QUESTIONS[missing])
    bare = _PATTERNS["bare_number"].fullmatch(read.strip())
    number = value(bare[1]) if bare else None
    if number and missing in _BARE_NUMBER_FACTORS and missing not in facts:
        facts[missing] = number * _BARE_NUMBER_FACTORS[missing]
    return facts


def _tells_elapsed_time(turn: Turn, read: str) -> bool:
    """Tell whether a message only says how long something has gone on: 都三个月了."""
    corrects = turn.reading is not None and turn.reading.move == "correct"
    return not corrects and bool(_PATTERNS["elapsed"].search(read.strip()))


#: The month of an end of which only the year was said, by what asks for it.
_MONTH_QUESTIONS = {"began_month": "began", "ended_month": "ended"}


def _completed_period(read: str, previous_facts: Facts, end: str) -> Facts:
    """Return how long someone worked, now that a month is known."""
    hit = _PATTERNS["bare_month"].fullmatch(read)
    month = int(value(hit[1]) or 0) if hit else 0
    if not 1 <= month <= 12 or not {"began", "ended"} <= previous_facts.keys():
        return {}
    ends = {"began": str(previous_facts["began"]), "ended": str(previous_facts["ended"])}
    ends[end] = f"{ends[end][:4]}-{month:02d}"
    service = Service(**ends)
    return {**ends, "months": service.months, "about": service.open_end, f"{end}_month": month}


def _merged_facts(previous_facts: Facts, new_facts: Facts) -> Facts:
    """Return the facts after a message; what is said of a fact goes with it."""
    dependent_facts = {
        "pay": ("pay_mixed", "spells", "basic", "net", "gross"),
        "months": ("about", "began", "ended", "since", "until", "spells"),
    }
    outdated = {
        name
        for fact, dependents in dependent_facts.items()
        if fact in new_facts
        for name in dependents
    }
    return {
        **{name: fact for name, fact in previous_facts.items() if name not in outdated},
        **new_facts,
    }


def continue_with_missing(turn: Turn) -> Message | None:
    """Return the sum that was begun, where a message tells the fact that was asked for.

    None where it tells none, asks something or looks for work.
    """
    facts = turn.previous.facts
    topic, missing = facts.get("topic"), facts.get("missing")
    working = CALCULATORS.get(str(topic))
    if working is None or missing not in ("pay", "months") or not _is_begun(turn, str(topic)):
        return None
    told = _calculation_facts(turn, str(topic))
    new = _read_facts(turn, working, told)
    if missing not in new or is_question(turn.text) or seeks_work(turn.text, turn.entities):
        return None
    turn.set(topic=topic, subject="policy")
    return work_out(turn, str(topic), _merged_facts(told, new))


def suppose(turn: Turn, base: WorkedOut) -> Message | None:
    """Return a sum anew with what a message supposes (要是干到明年四月呢).

    What was told before stays told. None where it supposes nothing that the sum rests on, or the
    sum still wants a fact.
    """
    topic, told = base.topic, dict(base.facts)
    working = CALCULATORS.get(topic)
    if working is None or not told:
        return None
    new = _read_facts(turn, working, told)
    if "since" not in new:
        new |= supposed_service(turn.text, turn.entities, told)
    if topic == LEAVE and "days" in new:
        new["unused"] = new.pop("days")  # 按5天算呢
    if not new.keys() & (working.continue_on - {"average"}):
        return None
    message = work_out(turn, topic, _merged_facts(told, new), supposed_from=told)
    if not isinstance(message, PolicyAnswer) or (message.missing and base.amounts):
        return None
    return message


def _person(turn: Turn) -> str:
    """Return the word for whom a sum is of: 媳妇; empty for the writer."""
    people = [entity for entity in turn.of_kind("person") if entity["value"] != SELF]
    if people:
        return str(people[-1]["text"]).lstrip("我俺咱")
    other = _PATTERNS["of_another"].search(turn.text)
    if other:
        return other["who"]
    return PERSON_LABELS.get(str(turn.current.person), "") if turn.current.person else ""


def _about(facts: Facts) -> str:
    """Return what tells a sum from others of its policy: the holidays that were worked."""
    names = [item["name"] for item in facts.get("items") or () if item.get("name")]
    return "、".join(holidays()[name].name for name in names)


def work_out(
    turn: Turn, topic: str, facts: Facts, supposed_from: Facts | None = None
) -> Message | None:
    """Return a topic's sum. `supposed_from` are the facts that stay told where it is supposed."""
    with session() as db:
        version = version_in_force(db, topic, home_region(turn.current.region_code), clock.today())
        if version is None:
            return None
        figures = {figure.name: figure for figure in version.figures}
        rules = numbers({name: figure.value for name, figure in figures.items()})
        result = CALCULATORS[topic].calculate(facts, rules, {n: f.text for n, f in figures.items()})
        told = facts if supposed_from is None else supposed_from
        missing = result.missing if supposed_from is None else None
        turn.set(facts={"topic": topic, **told, "begun": True, "missing": missing})
        if result.amounts:
            is_supposed = supposed_from is not None
            about, kept = _about(facts), {} if is_supposed else facts
            worked_out = WorkedOut(
                topic, _person(turn), about, result.amounts, kept, supposed=is_supposed
            )
            turn.results.append(worked_out.to_slot())
        return calculation_replies.calculation_answer(result, version, topic, titles()[topic])


def _rest_of_grant(turn: Turn) -> Message | None:
    """Return how much of a benefit is left where one says how much was granted and drawn."""
    grant = granted_and_drawn(turn.text, turn.entities)
    if grant is None:
        return None
    total, drawn = grant
    with session() as db:
        version = version_in_force(
            db, BENEFIT, home_region(turn.current.region_code), clock.today()
        )
        if version is None:
            return None
        result = CalculationResult(
            [_SAY("rest_of_grant", granted=total, drawn=drawn, rest=total - drawn)],
            ("cap_long",),
            assumes=_SAY("rest_assumes"),
            next_step=_SAY("rest_next_step"),
        )
        return calculation_replies.calculation_answer(result, version, BENEFIT, titles()[BENEFIT])


def _take_events(turn: Turn) -> list[ContributionEvent]:
    """Return the contributions and benefits that a message tells, with those told earlier."""
    known_months = turn.current.contribution_months
    new_events = events(turn.text, turn.entities, known_months)
    if new_events:
        new_events = _all_events(turn, new_events, known_months)
        months = history(new_events).paid or None
        turn.set(contribution_months=months or known_months)
        turn.set(facts={"topic": BENEFIT, "events": [event.to_list() for event in new_events]})
    return new_events


def _asks_benefit_rule(turn: Turn, all_events: Sequence[ContributionEvent]) -> bool:
    """Tell whether a message asks if the benefit is due, not how much of it."""
    own = _PATTERNS["own_benefit"].search(turn.text) and any(
        event.kind == "drawn" for event in all_events
    )
    return _asks_whether(turn.text) and not asks_sum(turn.text) and not own


def _wants_benefit(turn: Turn, all_events: Sequence[ContributionEvent]) -> bool:
    """Tell whether a message asks for the benefit of months that are known."""
    aspects = {entity["value"] for entity in turn.of_kind("aspect")}
    interview_months = turn.current.interview.facts.get("contribution_months")
    known_months = turn.current.contribution_months or interview_months
    is_requested = turn.act == "calculate" or bool(all_events) or not aspects
    if not known_months or not (is_requested or _asks_own_benefit(turn.text, aspects)):
        return False
    turn.set(contribution_months=known_months)
    return True


def supposed_contributions(turn: Turn) -> int | None:
    """Return the whole months worked, as was told, where one's own benefit is asked for.

    What was contributed is not known; that it was all the time is said with the sum.
    """
    aspects = {entity["value"] for entity in turn.of_kind("aspect")}
    if not _asks_own_benefit(turn.text, aspects) or turn.of_kind("person"):
        return None
    facts = {**earlier_facts(turn), **extract_inputs(turn.text, turn.entities)}
    months = int(facts.get("months") or 0)
    return months if months >= MIN_SERVICE_MONTHS else None


def _all_events(
    turn: Turn, new_events: list[ContributionEvent], known_months: int | None
) -> list[ContributionEvent]:
    """Return all events: 后来又交了3年 adds to those before, and so does what was drawn."""
    facts = turn.current.facts
    previous_events = (
        [ContributionEvent(*values) for values in facts.get("events") or ()]
        if facts.get("topic") == BENEFIT
        else []
    )
    if not previous_events and known_months:
        previous_events = [ContributionEvent("paid", int(known_months))]
    if all(event.kind == "drawn" for event in new_events):
        return [*(event for event in previous_events if event.kind == "paid"), *new_events]
    if previous_events and adds_to_earlier(turn.text):
        return [*previous_events, *new_events]
    if all(event.kind == "drawn" for event in previous_events):
        return [*new_events, *previous_events]
    return new_events


def _asks_own_benefit(text: str, aspects: set[str]) -> bool:
    """Tell whether one asks what one gets oneself (能领几个月), not how much there is at most."""
    return aspects <= {"amount", "period"} and bool(
        _PATTERNS["own_benefit"].search(text) and not _PATTERNS["maximum"].search(text)
    )


def _benefit(turn: Turn, supposed: int | None = None) -> Message | None:
    """Return the benefit of the months that were contributed, or are supposed to have been."""
    months = supposed or int(turn.current.contribution_months or 0)
    region = home_region(turn.current.region_code)
    facts = turn.current.facts
    stated_events = (
        [ContributionEvent(*values) for values in facts.get("events") or ()]
        if facts.get("topic") == BENEFIT
        else []
    )
    past = history(stated_events) if stated_events else None
    almost = past is not None and past.almost
    with session() as db:
        entitlement = unemployment_benefit(db, months, region, clock.today(), past)
        full = unemployment_benefit(db, months + 1, region, clock.today()) if almost else None
    if entitlement is None:
        return None
    turn.set(asked=None if region else "region")
    place = vocabulary().full_name(region) if region else None
    months_first = {entity["value"] for entity in turn.of_kind("aspect")} == {"period"}
    years = f"不到{length(months + 1)}" if almost else length(months)
    whether = clause_matches("asks_whether_gets", turn.text)
    message = calculation_replies.benefit(
        entitlement, years, place, titles()[BENEFIT], months_first, past, full
    )
    if supposed:
        message = calculation_replies.with_supposed_contributions(message, years)
    return (
        calculation_replies.with_conditions(message, entitlement)
        if whether and entitlement.entitled
        else message
    )


def home_region(region: str | None) -> str | None:
    """Return a region of our province; of another one nothing, where national law is answered."""
    return region if region and region[:2] == settings().home_region[:2] else None
