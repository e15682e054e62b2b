"""Questions that a claim answers: the answer to the very question, for this person."""

from __future__ import annotations

from actions.calculate import home
from actions.turn import Turn
from bot.db.session import session
from bot.messages import Message
from bot.policies import compose
from bot.policies.circumstances import Facts, circumstances
from bot.policies.claim_answers import claim_finding
from bot.policies.claim_index import Asked, ClaimHit, current_claims
from bot.policies.claim_ranking import ranking
from bot.policies.interview import Interview
from bot.policies.told import heard, said_before
from bot.settings import settings

#: Characters from which on a message says enough to be answered by a claim.
SHORTEST = 4


def claims_for(turn: Turn) -> list[ClaimHit]:
    """Return the claims that may answer a message, likeliest first."""
    if len(turn.text.strip()) < SHORTEST:
        return []
    topics = {topic.name: topic.confidence for topic in turn.topics}
    context = turn.slots.get("topic") if turn.slots.get("subject") == "policy" else None
    index = current_claims(settings().database_url)
    return index.search(Asked(turn.text, topics, context), most=3)


def sure_claim(turn: Turn) -> ClaimHit | None:
    """Return the claim that answers a message; None when none is sure enough."""
    hits = claims_for(turn)
    return hits[0] if hits and hits[0].probability >= ranking().threshold else None


def answer_claim(turn: Turn, hit: ClaimHit) -> Message | None:
    """Return a claim's answer; None when no version in force in this place has it."""
    region = home(turn.get("region_code"))
    with session() as db:
        found = claim_finding(db, hit.claim.topic, hit.claim.key, _facts(turn), region)
    if found is None:
        return None
    turn.set(topic=found.topic, subject="policy")
    return compose.claim(found)


def _facts(turn: Turn) -> Facts:
    """Return what is known of the person asked about: of somebody else only what is said here."""
    about = circumstances()
    stated = heard(turn.text, turn.entities, about)
    if turn.get("person"):
        return stated
    before = said_before({**turn.slots, **turn.changes}, about)
    return {**before, **Interview.of(turn.get("eligibility")).facts, **stated}
