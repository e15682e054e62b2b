"""What to do first after a talk: 那我明天先干啥 上哪 带啥, 按先后列一下.

Each matter of the talk is one step of its own, the most urgent first, said by the claim
`first-step` of its policy: what to do, where, with which papers, until when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.db.session import session
from bot.dialogue.policy_talks import topic_of
from bot.handlers.calculate import home_region
from bot.handlers.ranked_units import answer_claim, facts_of, ranked
from bot.messages import Button, Citation, Figure, Message, PolicyAnswer
from bot.next_steps.errands import Errands, errands
from bot.policies.answers import answer
from bot.policies.claim_answers import claim_finding
from bot.policies.replies import hedged, with_hedge
from bot.policies.search import current_index
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.turns.arbitration import state_of
from bot.turns.turn import Turn
from bot.wording import wording

_PATTERNS = patterns("next_steps")
_SAY = wording("next_steps")
#: Characters of a message that asks for steps and tells no story.
MAX_CHARS = 80
#: Matters whose steps are said, those most spoken of; how much of the weightiest one's weight they
#: have at least, and what the latest answer of a talk weighs more than the first.
MAX_MATTERS, MIN_SHARE, LATEST_SHARE = 3, 0.3, 0.5
#: Characters of a policy's name that names it surely: 失业金.
MIN_NAME_CHARS = 3
#: From this probability on a unit answers what the first step is in the one matter of a talk.
LIKELY = 0.35
#: What the key of a claim that says the first step begins with.
FIRST_STEP = "first-step"
#: The aspects that a step is made of where a policy has no such claim.
HOW, WHERE = "how", "where"


@dataclass(frozen=True)
class FirstStep:
    """The first step in one matter, as it is said."""

    topic: str
    title: str
    unit: str
    text: str
    figures: tuple[Figure, ...]
    citations: tuple[Citation, ...]
    reported: tuple[str, ...]


def answer_next_steps(turn: Turn) -> Message | None:
    """Return the first step of each matter of the talk; None where none is asked for.

    In a talk of one matter a claim that is likely to answer comes first.
    """
    if not asks_steps(turn):
        return None
    topics = _topics(turn)
    if len(topics) == 1 and (claim := _likely_claim(turn)):
        return claim
    steps = list(_steps(turn, topics))
    if not steps:
        return None
    turn.units += [step.unit for step in steps]
    turn.set(topic=steps[0].topic, subject="policy")
    return PolicyAnswer(
        act="policy",
        topics=list(dict.fromkeys(name for step in steps for name in step.reported)),
        title=steps[0].title if len(steps) == 1 else "",
        text=_text(steps),
        aspects=[HOW, WHERE],
        figures=[figure for step in steps for figure in step.figures],
        citations=list(dict.fromkeys(one for step in steps for one in step.citations)),
        buttons=[Button(f"{step.title}材料", f"{step.title}要什么材料") for step in steps[:1]],
    )


def _likely_claim(turn: Turn) -> Message | None:
    """Return what the likeliest claim says, where it is likely to answer."""
    hit = next(iter(ranked(turn)), None)
    if hit is None or hit.unit.aspect is not None or hit.probability < LIKELY:
        return None
    return answer_claim(turn, hit)


def asks_steps(turn: Turn) -> bool:
    """Tell whether a message asks what to do first or in what order, and names no policy itself."""
    text = normalise(turn.text).text
    if len(text) > MAX_CHARS or not _PATTERNS["asks_order"].search(text):
        return False
    if _PATTERNS["chooses"].search(text) or _PATTERNS["words_wanted"].search(text):
        return False
    names = current_index().names_in(turn.text)
    return not turn.of_kind("occupation") and all(length < MIN_NAME_CHARS for length, _ in names)


def _topics(turn: Turn) -> list[str]:
    """Return the policies that the talk is about, one for each errand, the most urgent first.

    Those alone that the message names, where it names any: 上回说的欠薪 我明天先上哪.
    """
    state = state_of(turn)
    spoken_of = [topic_of(unit) for unit in state.units]
    if state.topic and state.topic not in spoken_of:
        spoken_of.append(state.topic)
    if not spoken_of:
        return []
    named = {topic for _, topic in current_index().names_in(turn.text)}
    spoken_of = [topic for topic in spoken_of if topic in named] or spoken_of
    order = errands()
    errand_of = {topic: order.together.get(topic, topic) for topic in spoken_of}
    weights = _weights(turn, [errand_of[topic] for topic in spoken_of], order)
    most = sorted(weights, key=lambda errand: -weights[errand])[:MAX_MATTERS]
    topics = [
        next(topic for topic in reversed(spoken_of) if errand_of[topic] == errand)
        for errand in most
        if weights[errand] >= MIN_SHARE * weights[most[0]] or errand == errand_of[spoken_of[-1]]
    ]
    return sorted(topics, key=lambda topic: (order.place(topic), spoken_of.index(topic)))


def _weights(turn: Turn, spoken_of: Sequence[str], order: Errands) -> dict[str, float]:
    """Return how much of the talk each errand is: how often it was answered, the latest answers a
    little more, and how much of it the ranker sees in the talk as a whole.

    A matter that an answer mistook once, and that is never come back to, weighs little.
    """
    weights: dict[str, float] = defaultdict(float)
    for place, errand in enumerate(spoken_of, 1):
        weights[errand] += 1 + LATEST_SHARE * place / len(spoken_of)
    shares: dict[str, float] = defaultdict(float)
    for hit in ranked(turn):
        shares[order.together.get(hit.unit.topic, hit.unit.topic)] += hit.probability
    highest = max(shares.values(), default=0.0) or 1.0
    return {errand: weight + shares[errand] / highest for errand, weight in weights.items()}


def _steps(turn: Turn, topics: Sequence[str]) -> Iterator[FirstStep]:
    region = home_region(turn.current.region_code)
    facts = facts_of(turn)
    hits = ranked(turn)
    with session() as db:
        for topic in topics:
            likely = [h.unit.key for h in hits if h.unit.topic == topic and h.unit.aspect is None]
            keys = [key for key in likely if key.startswith(FIRST_STEP)]
            finding = claim_finding(db, topic, (*keys, FIRST_STEP)[0], facts, region)
            if finding:
                yield FirstStep(
                    topic, finding.title, f"{topic}/{finding.key}",
                    with_hedge(finding.text, finding.second_hand), finding.figures,
                    finding.citations, finding.reported,
                )  # fmt: skip
            else:
                yield from _by_aspects(db, topic, region)


def _by_aspects(db: Session, topic: str, region: str | None) -> Iterator[FirstStep]:
    """Yield how a policy without such a claim is gone about, and where, if the base says either."""
    finding = answer(db, topic, (HOW, WHERE), region)
    texts = {part.aspect: hedged(part) for part in finding.parts}
    how, where = texts.get(HOW, ""), texts.get(WHERE, "")
    text = how + _SAY("where", where=where) if how and where else how or where
    if text:
        yield FirstStep(
            topic, finding.title, f"{topic}#{HOW}", text, tuple(finding.figures),
            tuple(finding.citations), tuple(finding.reported),
        )  # fmt: skip


def _text(steps: Sequence[FirstStep]) -> str:
    if len(steps) == 1:
        return _SAY("one", title=steps[0].title, step=steps[0].text)
    items = [
        _SAY("item", number=number, title=step.title, step=step.text)
        for number, step in enumerate(steps, 1)
    ]
    return "\n".join([_SAY("several"), *items, _SAY("end")])
