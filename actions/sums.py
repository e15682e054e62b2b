"""Whether a sum of the person's own answers a message, a claim, or a claim with the sum behind it.

| the message | what answers |
| --- | --- |
| asks for a sum of which facts are told, now or before | the sum (`sum_of`) |
| tells the last fact of a sum within the talk about it | the sum (`sum_of`) |
| asks which amount counts or whether a rule holds, and a claim fits | the claim, then the sum |
| is surely answered by a claim that is no sum, and states no figure | the claim alone |
| is of help for those near retirement, and tells an age | the claim, then the years left |

What a sum is worked out from stands in actions/calculate.py.
"""

from __future__ import annotations

from actions.arbitration import state_of
from actions.calculate import calculation, goes_on, heard_for, home, meant, stated_before
from actions.ranking import likely_topic, ranked
from actions.turn import Turn
from bot import clock
from bot.db.session import session
from bot.messages import Message, PolicyAnswer
from bot.policies import compose
from bot.policies.calculators import retirement
from bot.policies.calculators.benefit import BENEFIT
from bot.policies.calculators.contributions import events
from bot.policies.calculators.said import Said, numbers
from bot.policies.calculators.sum_words import says
from bot.policies.calculators.workings import WORKINGS
from bot.policies.in_force import version_in_force
from bot.policies.ranking.index import AnswerHit
from bot.policies.ranking.ranker import ranker
from bot.policies.topics import titles
from bot.text.question import is_question

#: From this probability on a claim fits a question that a sum could answer as well.
FITS = 0.6
#: What a message has that states lengths of contributions: 那俩月没去签字会不会停 has none.
_PAID_IN = ("交", "缴", "社保", "保险", "领了", "年")
RETIREMENT, HARDSHIP = "retirement-age", "hardship-recognition"
#: Policies of which many rules count the years that are left till one retires.
NEAR_RETIREMENT = frozenset((HARDSHIP, "social-insurance-subsidy"))


def sum_of(turn: Turn) -> str | None:
    """Return the topic of the sum that a message asks for, or tells a fact of; None for none."""
    return meant(turn) or _tells_contributions(turn) or _goes_on_with_sum(turn) or _completes(turn)


def asks_own_sum(turn: Turn) -> bool:
    """Tell whether a message asks for a sum in its own words, whatever act it was taken for.

    我妈55 退休办不办 is no remark, and within a search for work no wish.
    """
    topic = meant(turn)
    return topic is not None and WORKINGS[topic].only_asked


def claim_before_sum(turn: Turn) -> AnswerHit | None:
    """Return the claim that fits a question for the rule which could be one for a sum as well."""
    best = next(iter(ranked(turn)), None)
    return best if best and _fits_the_rule(turn, best) else None


def comes_before_sum(turn: Turn, hit: AnswerHit, of_sum: str | None) -> bool:
    """Tell whether the unit found answers, and the sum at most stands behind it."""
    return of_sum is not None or _fits_the_rule(turn, hit) or _asks_no_sum(turn, hit)


def _fits_the_rule(turn: Turn, hit: AnswerHit) -> bool:
    """Tell whether a message asks which amount counts or whether a rule holds, and a claim fits."""
    asks = says("which_counts", turn.text) or says("asks_rule", turn.text)
    return asks and hit.unit.aspect is None and hit.probability >= FITS


def _asks_no_sum(turn: Turn, hit: AnswerHit) -> bool:
    """Tell whether a claim that is no sum surely answers a message that states no figure."""
    figures = (turn.of_kind(kind) for kind in ("duration", "salary", "amount", "date"))
    if hit.unit.aspect is not None or hit.unit.kind in ("how_much", "how_long"):
        return False
    if turn.act == "calculate":
        return False
    if not any(figures):
        return hit.probability >= ranker().threshold
    of_paying = any(word in turn.text for word in _PAID_IN)
    return hit.unit.topic == BENEFIT and is_question(turn.text) and not of_paying


def with_sum_behind(turn: Turn, answer: Message, of_sum: str | None) -> Message:
    """Return an answer with the sum behind it that its facts allow; else the answer alone."""
    topic = of_sum or _states_figures_of(turn)
    behind = calculation(turn, topic) if topic else _years_left(turn)
    if not isinstance(answer, PolicyAnswer) or not isinstance(behind, PolicyAnswer):
        return answer
    return compose.with_sum(answer, behind)


def _states_figures_of(turn: Turn) -> str | None:
    """Return the topic spoken of where a message states figures that its sum begins with."""
    topic = str(turn.get("topic"))
    working = WORKINGS.get(topic)
    asks = says("which_counts", turn.text) or says("asks_rule", turn.text)
    return topic if working and asks and heard_for(turn, working).keys() & working.begins else None


def _years_left(turn: Turn) -> PolicyAnswer | None:
    """Return how long it is till one retires, for a policy that counts those years.

    Only where the message tells the age, or it was told before the policy was spoken of.
    """
    topic = turn.get("topic")
    if topic not in NEAR_RETIREMENT:
        return None
    facts = retirement.hears(turn.text, turn.entities, {})
    if "age" not in facts and (topic == turn.slots.get("topic") or turn.of_kind("person")):
        return None
    facts = {**stated_before(turn), **facts}
    if not facts.keys() & {"age", "born"}:
        return None
    with session() as db:
        region = home(turn.get("region_code"))
        own = version_in_force(db, RETIREMENT, region, clock.today())
        near = version_in_force(db, HARDSHIP, region, clock.today())
        if own is None or near is None:
            return None
        rules = numbers({figure.name: figure.value for figure in own.figures})
        line = retirement.years_left(facts, rules, {f.name: f.text for f in own.figures})
        years = next((f.text for f in near.figures if f.name == "near"), None)
        if years is None:
            return None
        line += (
            f"本溪、鲅鱼圈官网按离退休{years}以内认定“快退休”这一类；别的市、别的类不一样，问街道。"
        )
        of_near = compose.worked_out(Said([], ("near",)), near, HARDSHIP, titles()[HARDSHIP])
        said = compose.worked_out(Said([line], retirement.USED), own, topic, titles()[topic])
        return compose.with_sum(said, of_near)


def _tells_contributions(turn: Turn) -> str | None:
    """Return the benefit's topic when it is spoken of and a message tells of its contributions."""
    if likely_topic(turn) not in (None, BENEFIT):
        return None  # 那个赔钱的事儿呢 我这十一年
    spoken_of = state_of(turn).messages and turn.slots.get("topic")
    paid = events(turn.text, turn.entities, turn.get("contribution_months"))
    return BENEFIT if spoken_of == BENEFIT and paid and not is_question(turn.text) else None


def _goes_on_with_sum(turn: Turn) -> str | None:
    """Return the topic of an open calculation that a message tells a fact of: 5月生的."""
    return None if is_question(turn.text) else goes_on(turn)


def _completes(turn: Turn) -> str | None:
    """Return the topic spoken of whose sum a message tells the last fact of: 一个月到手四千五."""
    topic = turn.slots.get("topic")
    working = WORKINGS.get(str(topic))
    if working is None or not working.whole or not state_of(turn).messages:
        return None
    new = heard_for(turn, working)
    told = working.whole <= {**stated_before(turn), **new}.keys()
    return topic if told and new.keys() & working.whole and not is_question(turn.text) else None
