"""Ranking of the units of the policy base (claims, aspects) that may answer a message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bot.db.session import session
from bot.eligibility.fact_extraction import extract_facts, facts_of_slots
from bot.handlers.calculate import home_region
from bot.messages import Message
from bot.policies import replies
from bot.policies.claim_answers import claim_finding
from bot.policies.facts import Facts, fact_schema
from bot.policies.ranking.index import NO_TOPIC, AnswerHit, AnswerQuery, current_answers
from bot.policies.ranking.ranker import ranker
from bot.policies.search import current_index
from bot.policies.topics import next_door
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.text.questions import asks_or_not, is_question
from bot.turns.arbitration import (
    OVER_A_RULE,
    UNKNOWN_ACTS,
    is_of_knowledge,
    may_be_of_listed,
    state_of,
)
from bot.turns.requested_aspects import aspects_asked
from bot.turns.turn import Turn
from bot.understanding.employers import asks_as_employer
from bot.understanding.inquiries import seeks_work, tells_registration

#: Units that are looked at for a message.
MAX_HITS = 10
#: From this probability on of all its units together, a policy is what a message is about, and may
#: be what it is about.
ABOUT, POSSIBLE = 0.35, 0.1
#: From this probability on a unit answers a message that was taken for another business.
OF_ANOTHER_BUSINESS = 0.6
#: From this probability on a verdict (能, 不合法) is said to a message that asks nothing.
VERDICT = 0.6
#: From this probability on an aspect asked for by its words comes before a claim.
OF_AN_ASPECT = 0.5
#: Words beside a policy's name and an aspect that ask nothing of their own.
_FILLER = patterns("aspect_questions")["filler"]
#: From these probabilities on the likeliest unit is said, with the question that it answers: to a
#: question, to what is told, and of another policy than the one spoken of; and how many are tried.
LIKELY_ASKED, LIKELY_TOLD, LIKELY_ELSEWHERE, MAX_LIKELY_HITS = 0.03, 0.08, 0.07, 3
#: From this probability of all its units on a message of no business is of a subject next door.
OF_NEXT_DOOR = 0.25
#: From this probability on a message read as of policies has a unit that may answer it; and from
#: this of the arbiter on, it is of policies whatever else it sounds like.
LIKELY_AT_ALL, BEYOND_DOUBT = 0.1, 0.99
#: From this probability on a unit for employers is said to somebody who has not told to be one.
FOR_EMPLOYERS = 0.25
#: Below this probability a unit is not said to a question for a sum that it has not, nor where
#: another policy is sure.
HARDLY_LIKELY = 0.15
#: How much likelier than any other a unit said before is to be said again.
MUCH_LIKELIER = 2.0
#: From these on a message within a talk of policies, and one that seems to be of no business, is
#: of a policy.
IN_TALK, OF_NO_BUSINESS = 0.1, 0.2
#: From this probability on a way of asking for a unit is offered below an answer.
OFFERED = 0.02
#: From this probability on a unit that is not sure to be the answer is more likely so than not.
LIKELY_RIGHT = 0.35
#: Characters of a way of asking that is offered, and how many are.
MAX_OFFERED_CHARS, MAX_OFFERED = 16, 2
#: Characters of a message that names a place and nothing else.
MAX_PLACE_CHARS = 6
#: Characters of a policy's name that names it surely: 创业贷款.
MIN_NAME_CHARS = 4
#: Characters of a message that says something by itself.
MIN_MESSAGE_CHARS = 2
#: Acts that a message which a unit answers may be taken for.
MISTAKEN_ACTS = frozenset(
    (
        "out_of_scope", "nlu_fallback", "inform", "deny", "affirm", "help", "training", "station",
        "eligibility", "follow_up", "fair", "register", "thanks", "greet",
    )
)  # fmt: skip
#: Acts that it may be taken for within a talk of policies.
MISTAKEN_ACTS_IN_TALK = frozenset(("find_job", "refine_job", "report_posting"))


def has_likely_unit(turn: Turn) -> bool:
    """Tell whether a message is read as one of policies, and a unit of theirs is likely.

    What only has the words of another business is none of it then: a course that is mentioned,
    a trade once worked in, a place.
    """
    reading = turn.reading
    if reading is None or reading.field != "knowledge" or reading.share < OVER_A_RULE:
        return False
    return not may_be_of_listed(turn) and may_have_unit(turn)


def may_have_unit(turn: Turn) -> bool:
    """Tell whether any unit is likely at all to answer a message."""
    hits = ranked(turn)
    return bool(hits) and hits[0].probability >= LIKELY_AT_ALL


def is_sure_of_policy(turn: Turn) -> bool:
    """Tell whether the classifier's likeliest policy is that of the likeliest unit as well."""
    hits = ranked(turn)
    if not hits or not turn.topics:
        return False
    return hits[0].unit.topic == turn.topics[0].name and hits[0].probability >= LIKELY_RIGHT


def seeks_no_work(turn: Turn) -> bool:
    """Tell whether a message is of policies although it names a trade; what plainly seeks work is
    so only where the arbiter has no doubt: 我还有个焊工证一直没复审.
    """
    if not has_likely_unit(turn) or turn.reading is None:
        return False
    if not seeks_work(normalise(turn.text).text, turn.entities):
        return True
    return turn.intended in UNKNOWN_ACTS and turn.reading.share >= BEYOND_DOUBT


def ranked(turn: Turn) -> list[AnswerHit]:
    """Return the units that may answer a message, likeliest first."""
    if len(turn.text.strip()) < MIN_MESSAGE_CHARS and not state_of(turn).messages:
        return []
    hits = current_answers().search(_query(turn), limit=MAX_HITS)
    named = _policy_named(turn)
    if any(hit.unit.topic == named and hit.probability >= OFFERED for hit in hits):
        return sorted(hits, key=lambda hit: hit.unit.topic != named)  # 创业贷款先办啥手续
    return hits


def _policy_named(turn: Turn) -> str | None:
    """Return the one policy that a message names in so many words, and is surely about."""
    if not turn.topic_sure or not turn.topics:
        return None
    names = current_index().names_in(turn.text)
    topics = {topic for length, topic in names if length >= MIN_NAME_CHARS}
    return turn.topics[0].name if topics == {turn.topics[0].name} else None


def only_tells(turn: Turn) -> bool:
    """Tell whether a message amid a talk asks nothing and is more likely a remark, or a fact of
    no weight, than answered by any unit: 我媳妇说我是唯一一个躺着上班的.
    """
    if not state_of(turn).messages or asks_or_not(turn.text):
        return False
    hits = ranked(turn)
    best = hits[0].probability if hits else 0.0
    return best < LIKELY_RIGHT and current_answers().tells_probability(_query(turn)) > best


def _query(turn: Turn) -> AnswerQuery:
    state = state_of(turn)
    topics = {topic.name: topic.confidence for topic in turn.topics}
    spoken_of, unit = turn.previous.topic, state.unit or None
    return AnswerQuery(turn.text.strip(), topics, spoken_of, state.messages, unit, turn.taken_up)


def best_answer(turn: Turn) -> AnswerHit | None:
    """Return the unit that answers a message; None when none is sure enough.

    Where the policy is sure, because the classifier is or because it is spoken of, less is enough.
    """
    hits = ranked(turn)
    if not hits:
        return None
    best = _aspect_asked(turn, hits) or hits[0]
    if best.unit.aspect is None and asks_an_aspect_alone(turn, best.unit.topic):
        return None
    if best.unit.id in state_of(turn).units and _asks_an_aspect_of(turn, best.unit.topic):
        return None  # what was said already does not answer a further question: 能贷几回
    sure = turn.topic_sure and bool(turn.topics) and turn.topics[0].name == best.unit.topic
    threshold = ranker().within if sure or _goes_on(turn, best) else ranker().threshold
    if best.unit.kind == "yes_no" and not is_question(turn.text):
        threshold = max(threshold, VERDICT)
    return best if best.probability >= threshold else None


def is_answered_whole(turn: Turn, parts: Sequence[Turn]) -> bool:
    """Tell whether one unit surely answers a message, even if its parts sound different.

    Less is enough where all parts are of one policy.
    """
    policies = {part.topics[0].name for part in parts if part.topics}
    threshold = ranker().within if len(policies) == 1 else ranker().threshold
    hits = ranked(turn)
    return bool(hits) and hits[0].probability >= threshold


def likely_answer(turn: Turn) -> AnswerHit | None:
    """Return the likeliest unit where none is sure: said with the question that it answers.

    Among annotated turns the likeliest unit is the right one in seven of ten; to say nothing helps
    in none. None where it was said in this talk already, or is only what a policy is.
    """
    state, text = state_of(turn), turn.text.strip()
    if len(text) < MIN_MESSAGE_CHARS or _says_only_where(turn):
        return None
    begins = not state.messages
    threshold = LIKELY_ASKED if begins or is_question(text) else LIKELY_TOLD
    names_none = turn.topic_sure and bool(turn.topics) and turn.topics[0].name == NO_TOPIC
    if not state.units and names_none and aspects_asked(turn):
        threshold = LIKELY_RIGHT  # 能领多少, and nothing was spoken of
    hits = ranked(turn)
    for hit in hits[:MAX_LIKELY_HITS]:
        if hit.probability < threshold or _is_no_sum(turn, hit):
            return None
        opens = turn.reading is not None and turn.reading.move == "open"
        elsewhere = not (begins or opens) and hit.unit.topic != turn.previous.topic
        if elsewhere and hit.probability < LIKELY_ELSEWHERE:
            continue
        if hit.unit.aspect == "what" or _is_of_other_policy(turn, hit):
            continue
        if hit.unit.id in state.units and not _again(turn, hits):
            continue
        if hit.unit.is_for_employers and not _may_be_employer(turn, hit):
            continue
        if asks_an_aspect_alone(turn, hit.unit.topic):
            return None
        return hit
    return None


def _is_no_sum(turn: Turn, hit: AnswerHit) -> bool:
    """Tell whether a sum is asked for and a unit, hardly likely, is none."""
    asks_amount = any(entity["value"] == "amount" for entity in turn.of_kind("aspect"))
    if not asks_amount or hit.probability >= HARDLY_LIKELY:
        return False
    return hit.unit.aspect != "amount" and hit.unit.kind != "how_much"


def _is_of_other_policy(turn: Turn, hit: AnswerHit) -> bool:
    """Tell whether a unit, hardly likely, is of another policy than the one that is sure.

    The ranker has seen the policy's probability: where it is surer of a unit, that holds.
    """
    first = turn.topics[0] if turn.topics else None
    if first is None or first.name in (NO_TOPIC, hit.unit.topic):
        return False
    return turn.topic_sure and hit.probability < HARDLY_LIKELY


def _again(turn: Turn, hits: Sequence[AnswerHit]) -> bool:
    """Tell whether a question is so likely answered by what was said before that it is said again.

    Anything else would answer another question.
    """
    units = state_of(turn).units
    best_new = max((hit.probability for hit in hits if hit.unit.id not in units), default=0.0)
    return is_question(turn.text) and hits[0].probability > MUCH_LIKELIER * best_new


def _may_be_employer(turn: Turn, hit: AnswerHit) -> bool:
    """Tell whether a unit for employers is for this person: by his words, or the ranker is sure."""
    messages = [*state_of(turn).messages, turn.text.strip()]
    return hit.probability >= FOR_EMPLOYERS or asks_as_employer("。".join(messages))


def _says_only_where(turn: Turn) -> bool:
    """Tell whether a few words name a place, and nothing else: 那新民呢."""
    return (
        bool(turn.of_kind("region"))
        and len(turn.text.strip()) <= MAX_PLACE_CHARS
        and len(turn.entities) == 1
    )


def _aspect_asked(turn: Turn, hits: Sequence[AnswerHit]) -> AnswerHit | None:
    """Return the aspect that a message asks for which names no policy: 多长时间之内得去告."""
    if not turn.topics or turn.topics[0].name != NO_TOPIC:
        return None
    requested = {entity["value"] for entity in turn.of_kind("aspect")}
    likely = (hit for hit in hits if hit.probability >= OF_AN_ASPECT and _goes_on(turn, hit))
    return next((hit for hit in likely if hit.unit.aspect in requested), None)


def asks_an_aspect_alone(turn: Turn, topic: str) -> bool:
    """Tell whether a message is a policy's name and an aspect of it (创业贷款能贷多少).

    What the policy says of the aspect is the answer then, in the version of the person's place.
    """
    aspects = aspects_asked(turn)
    if not aspects or topic in next_door():
        return False
    remainder = list(turn.text)
    for entity in [*aspects, *turn.of_kind("region")]:
        remainder[entity["start"] : entity["end"]] = " " * (entity["end"] - entity["start"])
    text = normalise("".join(remainder)).text
    names = sorted((n for n, t in current_index().names if t == topic), key=len, reverse=True)
    mentioned_names = [name for name in names if name in text]
    for name in mentioned_names:
        text = text.replace(name, " ")
    return bool(mentioned_names) and not _FILLER.sub("", text)


def _asks_an_aspect_of(turn: Turn, topic: str) -> bool:
    """Tell whether a message has a word for an aspect, and is surely about a policy."""
    sure = turn.topic_sure and bool(turn.topics) and turn.topics[0].name == topic
    return sure and bool(turn.of_kind("aspect"))


def _goes_on(turn: Turn, hit: AnswerHit) -> bool:
    """Tell whether a unit is of the policy spoken of, in a talk that is of policies."""
    return bool(state_of(turn).messages) and hit.unit.topic == turn.previous.topic


def possible_topics(turn: Turn) -> list[tuple[str, float]]:
    """Return the policies that a message may be about, by what their units say together."""
    shares: dict[str, float] = defaultdict(float)
    for hit in ranked(turn):
        shares[hit.unit.topic] += hit.probability
    possible = [(topic, share) for topic, share in shares.items() if share >= POSSIBLE]
    return sorted(possible, key=lambda topic_share: -topic_share[1])


def likely_topic(turn: Turn) -> str | None:
    """Return the policy that a message is about, when one is likely enough."""
    possible = possible_topics(turn)
    return possible[0][0] if possible and possible[0][1] >= ABOUT else None


def neighbour_topic(turn: Turn) -> str | None:
    """Return the subject next door that a message of no business is about; None for another."""
    topic, share = next(iter(possible_topics(turn)), ("", 0.0))
    return topic if topic in next_door() and share >= OF_NEXT_DOOR else None


def asks_answerable_question(turn: Turn) -> bool:
    """Tell whether a message taken for another business asks what a unit answers."""
    if turn.act not in MISTAKEN_ACTS | MISTAKEN_ACTS_IN_TALK:
        return False
    hits = ranked(turn)
    if not hits:
        return False
    best, text = hits[0].probability, normalise(turn.text).text
    seeks = seeks_work(text, turn.entities) or tells_registration(text)
    if not seeks and _may_be_of_a_policy(turn, best):
        return True
    if best < OF_ANOTHER_BUSINESS:
        return False
    if turn.act in MISTAKEN_ACTS:
        return is_question(turn.text) or _goes_on(turn, hits[0])
    return turn.act in MISTAKEN_ACTS_IN_TALK and bool(state_of(turn).messages) and not seeks


def _may_be_of_a_policy(turn: Turn, best: float) -> bool:
    """Tell whether a message of no business, or one amid policies, has an answer that is likely."""
    if turn.act in UNKNOWN_ACTS and (best >= OF_NO_BUSINESS or _is_about_something(turn)):
        return True
    return turn.act in MISTAKEN_ACTS and best >= IN_TALK and is_of_knowledge(turn)


def _is_about_something(turn: Turn) -> bool:
    """Tell whether a message that seems to be of no business is about a subject of the base.

    A subject next door is out of the employment service's scope and is answered all the same.
    """
    topic, share = next(iter(possible_topics(turn)), ("", 0.0))
    return share >= (OF_NEXT_DOOR if topic in next_door() else OF_ANOTHER_BUSINESS)


def answer_claim(turn: Turn, hit: AnswerHit) -> Message | None:
    """Return a claim's answer; None when no version in force in this place has it."""
    region = home_region(turn.current.region_code)
    with session() as db:
        finding = claim_finding(db, hit.unit.topic, hit.unit.key, facts_of(turn), region)
    if finding is None:
        return None
    turn.set(topic=finding.topic, subject="policy")
    turn.units.append(hit.unit.id)
    return replies.claim(finding, related_questions(turn, finding.topic, hit))


def related_questions(turn: Turn, topic: str, answered_hit: AnswerHit | None = None) -> list[str]:
    """Return how questions of the same policy that may be meant are asked, likeliest first."""
    others = [
        hit.unit
        for hit in ranked(turn)
        if hit.unit.topic == topic
        and hit.unit.aspect is None
        and hit.probability >= OFFERED
        and not (answered_hit and hit.unit is answered_hit.unit)
    ]
    short = (
        next((ask for ask in unit.asks if len(ask) <= MAX_OFFERED_CHARS), None) for unit in others
    )
    return [ask for ask in short if ask][:MAX_OFFERED]


def alternatives(turn: Turn, answered_hit: AnswerHit) -> list[str]:
    """Return how other claims of any policy that a message may mean are asked, likeliest
    first: where the answer is not sure to be the one, the right one is often next.
    """
    others = [hit.unit for hit in ranked(turn) if hit.unit is not answered_hit.unit]
    claims = [unit for unit in others if unit.aspect is None and not unit.is_for_employers]
    short = (
        next((ask for ask in unit.asks if len(ask) <= MAX_OFFERED_CHARS), None) for unit in claims
    )
    return [ask for ask in short if ask][:MAX_OFFERED]


def facts_of(turn: Turn) -> Facts:
    """Return what is known of the person asked about: of another only what this message tells."""
    schema = fact_schema()
    new_facts = extract_facts(turn.text, turn.entities, schema)
    if turn.current.person:
        return new_facts
    earlier_facts = facts_of_slots(turn.current, schema)
    return {**earlier_facts, **turn.current.interview.facts, **new_facts}


def next_best(turn: Turn, hits: Sequence[AnswerHit], excluded_id: str) -> AnswerHit | None:
    """Return the likeliest other unit of the same policy, when it is likely at all."""
    topic = hits[0].unit.topic
    others = [hit for hit in hits if hit.unit.id != excluded_id and hit.unit.topic == topic]
    return others[0] if others and others[0].probability >= ranker().within else None
