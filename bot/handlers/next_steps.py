"""Steps of what the talk was about, in their order: 那我明天先干啥, 按先后列一下."""

from __future__ import annotations

from collections.abc import Sequence

from bot.db.session import session
from bot.dialogue.policy_talks import topic_of
from bot.handlers.calculate import home_region
from bot.messages import Button, Citation, Message, PolicyAnswer
from bot.policies.answers import PolicyFinding, answer
from bot.policies.replies import hedged
from bot.policies.search import current_index
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.turns.arbitration import state_of
from bot.turns.turn import Turn
from bot.wording import wording

_PATTERNS = patterns("next_steps")
_SAY = wording("next_steps")
#: Characters of a message that asks for steps and tells no story.
MAX_CHARS = 45
#: Policies whose steps are said, those spoken of last.
MAX_POLICIES = 3
#: Characters of a policy's name that names it surely: 失业金.
MIN_NAME_CHARS = 3
#: The aspects that a step is made of; of a subject next door it is who knows.
HOW, WHERE = "how", "where"


def answer_next_steps(turn: Turn) -> Message | None:
    """Return how each policy of the talk is gone about, and where; None where none is asked for.

    Each is said in the order in which it was spoken of first.
    """
    topics = _topics(turn)
    if not topics or not asks_steps(turn):
        return None
    region = home_region(turn.current.region_code)
    with session() as db:
        findings = [answer(db, topic, (HOW, WHERE), region) for topic in topics]
    findings = [finding for finding in findings if _step(finding)]
    if not findings:
        return None
    turn.units += [f"{finding.topic}#{HOW}" for finding in findings if not finding.neighbour]
    turn.set(topic=findings[-1].topic, subject="policy")
    return PolicyAnswer(
        act="policy",
        topics=list(dict.fromkeys(name for finding in findings for name in finding.reported)),
        title=findings[0].title if len(findings) == 1 else "",
        text=_text(findings),
        aspects=[HOW, WHERE],
        figures=[figure for finding in findings for figure in finding.figures],
        citations=_citations(findings),
        buttons=[Button(f"{f.title}材料", f"{f.title}要什么材料") for f in findings[:1]],
    )


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
    """Return the policies spoken of last, in the order in which they were spoken of first.

    Those alone that the message names, where it names any: 上回说的欠薪 我明天先上哪.
    """
    state = state_of(turn)
    spoken_of = [topic_of(unit) for unit in state.units]
    if state.topic:
        spoken_of.append(state.topic)
    latest = list(dict.fromkeys(reversed(spoken_of)))[:MAX_POLICIES]
    topics = [topic for topic in dict.fromkeys(spoken_of) if topic in latest]
    named = {topic for _, topic in current_index().names_in(turn.text)}
    return [topic for topic in topics if topic in named] or topics


def _text(findings: Sequence[PolicyFinding]) -> str:
    if len(findings) == 1:
        return "\n".join([_SAY("one", title=findings[0].title), _step(findings[0])])
    items = [
        _SAY("item", number=number, title=finding.title, how=_step(finding))
        for number, finding in enumerate(findings, 1)
    ]
    return "\n".join([_SAY("several"), *items, _SAY("end")])


def _step(finding: PolicyFinding) -> str:
    """Return how a policy is gone about and where; empty when the base says neither.

    Where the way depends on the case one is in, it is where alone.
    """
    texts = {part.aspect: hedged(part) for part in finding.parts}
    how, where = texts.get(HOW, ""), texts.get(WHERE, "")
    if where and _PATTERNS["only_where"].fullmatch(finding.topic):
        return where
    return how + _SAY("where", where=where) if how and where else how or where


def _citations(findings: Sequence[PolicyFinding]) -> list[Citation]:
    return list(dict.fromkeys(one for finding in findings for one in finding.citations))
