"""Choice between a personal sum, a claim, and a claim with the sum below it as the answer.

| the message | what answers |
| --- | --- |
| asks for a sum of which facts are told, now or before | the sum (`requested_sum`) |
| tells the last fact of a sum within the talk about it | the sum (`requested_sum`) |
| asks which amount counts or whether a rule holds, and a claim fits | the claim, then the sum |
| is surely answered by a claim that is no sum, and states no figure | the claim alone |
| is of help for those near retirement, and tells an age | the claim, then the years left |

The inputs of a sum stand in bot/handlers/calculate.py.
"""

from __future__ import annotations

from dataclasses import replace

from bot import clock
from bot.arithmetic.results import CalculationResult, numbers
from bot.calculators import replies as calculation_replies
from bot.calculators import retirement
from bot.calculators.clause_patterns import clause_matches
from bot.calculators.contributions import events
from bot.calculators.registry import CALCULATORS
from bot.calculators.unemployment_benefit import BENEFIT
from bot.db.session import session
from bot.handlers.calculate import (
    asks_sum,
    calculation,
    continued_calculation,
    earlier_facts,
    facts_in_message,
    home_region,
    supposed_contributions,
    topic_of_sum,
)
from bot.handlers.ranked_units import likely_topic, ranked
from bot.messages import Message, PolicyAnswer
from bot.policies import replies
from bot.policies.claim_answers import claim_finding
from bot.policies.ranking.index import NO_TOPIC, AnswerHit
from bot.policies.ranking.ranker import ranker
from bot.policies.topics import titles
from bot.policies.versions import version_in_force
from bot.text.questions import is_question
from bot.turns.arbitration import state_of
from bot.turns.turn import Turn

#: From this probability on a claim fits a question that a sum could answer as well.
MIN_CLAIM_PROBABILITY = 0.6
#: From this probability on, of all units of a topic together, a sum of it may be what is asked.
OF_TOPIC = 0.2
RETIREMENT_TOPIC, HARDSHIP_TOPIC = "retirement-age", "hardship-recognition"
#: The claim that says how near one has to be, and the figure of how many years.
_NEAR_CLAIM, _NEAR_FIGURE = "by-age", "near"
#: Policies of which many rules count the years that are left till one retires.
NEAR_RETIREMENT_TOPICS = frozenset((HARDSHIP_TOPIC, "social-insurance-subsidy"))


def requested_sum(turn: Turn) -> str | None:
    """Return the topic of the sum that a message asks for, or tells a fact of; None for none."""
    topic = (
        topic_of_sum(turn)
        or _tells_contributions(turn)
        or _goes_on_with_sum(turn)
        or _completed_sum(turn)
        or _benefit_of_years_worked(turn)
    )
    if topic is None or (topic in CALCULATORS and CALCULATORS[topic].only_on_request):
        return topic  # in its own words
    return topic if may_be_of(turn, topic) else None


def may_be_of(turn: Turn, topic: str) -> bool:
    """Tell whether a message asks for a sum, or the ranker does not rule out that it is of one.

    A figure told of another matter is of none: 补一句 免赔额不是2000 1500是免赔.
    """
    if asks_sum(turn.text):
        return True
    hits = ranked(turn)
    share = sum(hit.probability for hit in hits if hit.unit.topic == topic)
    others = max((hit.probability for hit in hits if hit.unit.topic != topic), default=0.0)
    return share >= OF_TOPIC or share >= others


def asks_own_sum(turn: Turn) -> bool:
    """Tell whether a message asks for a sum in its own words, even if it was taken for another act.

    我妈55 退休办不办 is no remark, and within a search for work no wish.
    """
    topic = topic_of_sum(turn)
    return topic is not None and CALCULATORS[topic].only_on_request


def claim_before_sum(turn: Turn) -> AnswerHit | None:
    """Return the claim that fits a question for the rule which could be one for a sum as well."""
    best = next(iter(ranked(turn)), None)
    return best if best and _fits_the_rule(turn, best) else None


def comes_before_sum(turn: Turn, hit: AnswerHit, of_sum: str | None) -> bool:
    """Tell whether the unit found answers, and the sum at most stands below it."""
    return of_sum is not None or _fits_the_rule(turn, hit) or _asks_no_sum(turn, hit)


def _fits_the_rule(turn: Turn, hit: AnswerHit) -> bool:
    """Tell whether a message asks which amount counts or whether a rule holds, and a claim fits."""
    asks_rule = clause_matches("which_counts", turn.text) or clause_matches("asks_rule", turn.text)
    return asks_rule and hit.unit.aspect is None and hit.probability >= MIN_CLAIM_PROBABILITY


def _asks_no_sum(turn: Turn, hit: AnswerHit) -> bool:
    """Tell whether a claim that is no sum surely answers a message that states no figure."""
    figures = (turn.of_kind(kind) for kind in ("duration", "salary", "amount", "date"))
    if hit.unit.aspect is not None or hit.unit.kind in ("how_much", "how_long"):
        return False
    if turn.act == "calculate":
        return False
    if not any(figures):
        return hit.probability >= ranker().threshold
    of_paying = clause_matches("of_paying", turn.text)  # 那俩月没去签字会不会停 states nothing paid
    return hit.unit.topic == BENEFIT and is_question(turn.text) and not of_paying


def with_sum(turn: Turn, answer: Message, of_sum: str | None) -> Message:
    """Return an answer with the sum below it that its facts allow; else the answer alone."""
    topic = of_sum or _states_figures_of(turn)
    sum_answer = calculation(turn, topic).message if topic else _years_left(turn)
    if not isinstance(answer, PolicyAnswer) or not isinstance(sum_answer, PolicyAnswer):
        return answer
    nearness = None if topic else _nearness_rule(turn)
    combined = calculation_replies.with_sum(answer, sum_answer)
    return (
        calculation_replies.with_sum(combined, nearness)
        if nearness and nearness.text not in answer.text
        else combined
    )


def _states_figures_of(turn: Turn) -> str | None:
    """Return the topic spoken of where a message states figures that its sum begins with."""
    topic = str(turn.current.topic)
    working = CALCULATORS.get(topic)
    asks_rule = clause_matches("which_counts", turn.text) or clause_matches("asks_rule", turn.text)
    return (
        topic
        if working and asks_rule and facts_in_message(turn, working).keys() & working.start_on
        else None
    )


def _years_left(turn: Turn) -> PolicyAnswer | None:
    """Return how long it is till one retires, for a policy that counts those years.

    Only where the message tells the age, or it was told before the policy was spoken of.
    """
    topic = turn.current.topic
    if topic is None or topic not in NEAR_RETIREMENT_TOPICS:
        return None
    facts = retirement.extract_facts(turn.text, turn.entities, {})
    if "age" not in facts and (topic == turn.previous.topic or turn.of_kind("person")):
        return None
    facts = {**earlier_facts(turn), **facts}
    if not facts.keys() & {"age", "born"}:
        return None
    with session() as db:
        own = version_in_force(
            db, RETIREMENT_TOPIC, home_region(turn.current.region_code), clock.today()
        )
        if own is None:
            return None
        rules = numbers({figure.name: figure.value for figure in own.figures})
        line = retirement.years_left(facts, rules, {f.name: f.text for f in own.figures})
        return calculation_replies.calculation_answer(
            CalculationResult([line], retirement.USED), own, topic, titles()[topic]
        )


def _nearness_rule(turn: Turn) -> PolicyAnswer | None:
    """Return in the base's own words how near to retiring one has to be, as it holds in the
    person's region; None where the version in force there has no such figure.
    """
    region = home_region(turn.current.region_code)
    with session() as db:
        version = version_in_force(db, HARDSHIP_TOPIC, region, clock.today())
        figures = {figure.name: figure.text for figure in version.figures} if version else {}
        finding = (
            claim_finding(db, HARDSHIP_TOPIC, _NEAR_CLAIM, {}, region)
            if _NEAR_FIGURE in figures
            else None
        )
    if finding is None:
        return None
    sentences = finding.text.split("。")
    index = next(
        (n for n, sentence in enumerate(sentences) if figures[_NEAR_FIGURE] in sentence), None
    )
    if index is None:
        return None
    prefix = "" if turn.current.topic == HARDSHIP_TOPIC else f"{finding.title}："
    return replace(replies.claim(finding), text=prefix + "。".join(sentences[index:]), buttons=[])


def _tells_contributions(turn: Turn) -> str | None:
    """Return the benefit's topic when it is spoken of and a message tells of its contributions."""
    if likely_topic(turn) not in (None, BENEFIT):
        return None  # 那个赔钱的事儿呢 我这十一年
    spoken_of = state_of(turn).messages and turn.previous.topic
    paid = events(turn.text, turn.entities, turn.current.contribution_months)
    return BENEFIT if spoken_of == BENEFIT and paid and not is_question(turn.text) else None


def _benefit_of_years_worked(turn: Turn) -> str | None:
    """Return the benefit's topic where one asks for one's own, and told how long one worked."""
    first = turn.topics[0].name if turn.topics and turn.topic_sure else likely_topic(turn)
    goes_on = first == NO_TOPIC and turn.previous.topic == BENEFIT  # 那一个月多少
    return BENEFIT if (first == BENEFIT or goes_on) and supposed_contributions(turn) else None


def _goes_on_with_sum(turn: Turn) -> str | None:
    """Return the topic of an open calculation that a message tells a fact of: 5月生的."""
    return None if is_question(turn.text) else continued_calculation(turn)


def _completed_sum(turn: Turn) -> str | None:
    """Return the topic spoken of, if a message tells the last fact of its sum: 一个月到手四千五."""
    topic = turn.previous.topic
    working = CALCULATORS.get(str(topic))
    if working is None or not working.sufficient_facts or not state_of(turn).messages:
        return None
    new = facts_in_message(turn, working)
    is_complete = working.sufficient_facts <= {**earlier_facts(turn, topic), **new}.keys()
    return (
        topic
        if is_complete and new.keys() & working.sufficient_facts and not is_question(turn.text)
        else None
    )
