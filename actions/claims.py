"""Questions that a claim answers: the answer to the very question, for this person."""

from __future__ import annotations

import re

from actions.calculate import home
from actions.turn import Turn
from bot.db.session import session
from bot.messages import Message
from bot.policies import compose
from bot.policies.circumstances import Facts, circumstances
from bot.policies.claim_answers import claim_finding
from bot.policies.claim_index import ClaimHit, ClaimQuery, current_claims
from bot.policies.claim_ranking import ranking
from bot.policies.interview import Interview
from bot.policies.search import current_index
from bot.policies.told import heard, said_before
from bot.policies.topics import next_door
from bot.text.normalise import normalise
from bot.text.question_kind import question_kinds

#: The label of follow-ups that name no topic of their own (要带啥材料).
CONTEXT = "context"
#: Characters from which on a message says enough to be answered by a claim.
SHORTEST = 4
#: Characters of a way of asking that is offered as a choice, and how many are.
LONGEST, FURTHER = 16, 2
#: Acts that a question which a claim answers may be taken for.
MISTAKEN = frozenset(
    (
        "out_of_scope", "nlu_fallback", "inform", "deny", "affirm", "help", "training", "station",
        "eligibility", "follow_up", "fair", "register", "thanks", "greet",
    )
)  # fmt: skip
#: Kinds whose answers begin with something of their own: 能 is no answer to 多少.
STRICT_KINDS = frozenset(("yes_no", "how_much", "how_long", "when", "where"))
#: Acts of messages that are of no policy's, as it seems.
_OUTSIDE = ("out_of_scope", "nlu_fallback")
#: From this probability on a message that no policy is sure of is about a claim's subject next
#: door. Of what has nothing to do with any of them none of twenty was above 0.08.
NEXT_DOOR = 0.22
#: From this probability on a claim of that subject is said that is of the question's own kind.
OF_THE_KIND = 0.1
#: From this probability on the classifier is certain of a policy; a claim of another one is said
#: from the second on.
CERTAIN, OF_ANOTHER_POLICY = 0.95, 0.8
#: From this probability on a claim is said though it is of another kind than the question.
OF_ANOTHER_KIND = 0.8
#: Words beside a policy's name and an aspect that ask nothing of their own.
_SAYS_NOTHING = re.compile(
    r"现在|今年|目前|一般|大概|到底|具体|能|会|给|领|拿|贷|补|发|交|缴|可以|[我俺咱你的了呢吗啊呀吧呗个啥咋都是有得要想请问最多高少低钱元块一每按月年人]|[^\w]"
)
#: Claims that are looked at for a message.
LOOKED_AT = 8


def claims_for(turn: Turn) -> list[ClaimHit]:
    """Return the claims that may answer a message, likeliest first."""
    if len(turn.text.strip()) < SHORTEST:
        return []
    topics = {topic.name: topic.confidence for topic in turn.topics}
    context = turn.slots.get("topic") if turn.slots.get("subject") == "policy" else None
    hits = current_claims().search(ClaimQuery(turn.text, topics, context), most=LOOKED_AT)
    if context and turn.topics and turn.topics[0].name == CONTEXT:  # 多长时间之内得去告
        return [hit for hit in hits if hit.claim.topic == context]
    return hits


def sure_claim(turn: Turn) -> ClaimHit | None:
    """Return the claim that answers a message; None when none is sure enough.

    Where the classifier is sure of the claim's policy, less is enough: the other answer would be
    what the policy says in general.
    """
    hits = claims_for(turn)
    if not hits or _asks_an_aspect_alone(turn, hits[0].claim.topic):
        return None
    sure = turn.topic_sure and bool(turn.topics) and turn.topics[0].name == hits[0].claim.topic
    least = ranking().within if sure else ranking().threshold
    if subject_next_door(turn) == hits[0].claim.topic:
        of_kind = question_kinds().kind_of(turn.text) == hits[0].claim.kind
        least = OF_THE_KIND if of_kind else NEXT_DOOR
    if _of_another_kind(turn.text, hits[0].claim.kind):
        least = max(least, OF_ANOTHER_KIND)
    if _of_another_policy(turn, hits[0].claim.topic, hits[0].claim.neighbour):
        least = max(least, OF_ANOTHER_POLICY)
    return hits[0] if hits[0].probability >= least else None


def _of_another_policy(turn: Turn, topic: str, neighbour: bool) -> bool:
    """Tell whether the classifier is certain of another policy than a claim's."""
    certain = {t.name for t in turn.topics[:1] if t.confidence >= CERTAIN} - {CONTEXT}
    return bool(certain) and not neighbour and topic not in certain


def _asks_an_aspect_alone(turn: Turn, topic: str) -> bool:
    """Tell whether a message is a policy's name and an aspect of it (创业贷款能贷多少).

    What the policy says of the aspect is the answer then, in the version of the person's place.
    """
    aspects = turn.of_kind("aspect")
    if not aspects or topic in next_door():
        return False
    left = list(turn.text)
    for entity in [*aspects, *turn.of_kind("region")]:
        left[entity["start"] : entity["end"]] = " " * (entity["end"] - entity["start"])
    text = normalise("".join(left)).text
    names = sorted((n for n, t in current_index().names if t == topic), key=len, reverse=True)
    for name in names:
        text = text.replace(name, " ")
    return not _SAYS_NOTHING.sub("", text)


def _of_another_kind(text: str, kind: str) -> bool:
    """Tell whether a question wants something else first than a claim says first."""
    asked = question_kinds().kind_of(text)
    return asked in STRICT_KINDS and kind in (*STRICT_KINDS, "how") and asked != kind


def asks_what_is_known(turn: Turn) -> bool:
    """Tell whether a message taken for something else asks what a claim or a subject answers."""
    if turn.act not in MISTAKEN or not question_kinds().kind_of(turn.text):
        return False
    return bool(sure_claim(turn) or (turn.act == "out_of_scope" and subject_next_door(turn)))


def subject_next_door(turn: Turn) -> str | None:
    """Return the subject next door that a message is about which is of no policy's, as it seems."""
    hits = claims_for(turn)
    if not hits or not hits[0].claim.neighbour or turn.intended not in _OUTSIDE:
        return None
    if turn.topics and turn.topics[0].name == CONTEXT:  # 能领多少: of what, is not said
        return None
    topic = hits[0].claim.topic
    share = sum(hit.probability for hit in hits if hit.claim.topic == topic)
    return topic if share >= NEXT_DOOR else None


def answer_claim(turn: Turn, hit: ClaimHit) -> Message | None:
    """Return a claim's answer; None when no version in force in this place has it."""
    region = home(turn.get("region_code"))
    with session() as db:
        found = claim_finding(db, hit.claim.topic, hit.claim.key, _facts(turn), region)
    if found is None:
        return None
    turn.set(topic=found.topic, subject="policy")
    return compose.claim(found, related_questions(turn, found.topic, hit))


def related_questions(turn: Turn, topic: str, answered: ClaimHit | None = None) -> list[str]:
    """Return how questions of the same subject that may be meant are asked, likeliest first."""
    near = [hit.claim for hit in claims_for(turn) if hit is not answered]
    others = [
        one for one in near if one.topic == topic and one is not (answered and answered.claim)
    ]
    short = (next((ask for ask in one.asks if len(ask) <= LONGEST), None) for one in others)
    return [ask for ask in short if ask][:FURTHER]


def _facts(turn: Turn) -> Facts:
    """Return what is known of the person asked about: of somebody else only what is said here."""
    about = circumstances()
    stated = heard(turn.text, turn.entities, about)
    if turn.get("person"):
        return stated
    before = said_before({**turn.slots, **turn.changes}, about)
    return {**before, **Interview.of(turn.get("eligibility")).facts, **stated}
