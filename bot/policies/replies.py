"""Findings and calculations as structured messages: the words between the policy base's texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from bot.messages import Button, Clarify, Message, PolicyAnswer
from bot.policies.answers import AnswerPart, PolicyFinding
from bot.policies.claim_answers import ClaimFinding
from bot.policies.programmes import ProgrammeFinding
from bot.text.overlap import Span
from bot.understanding.aspects import ASPECT_NAMES
from bot.wording import wording

AnyMessage = TypeVar("AnyMessage", bound=Message)

#: Characters of a way of asking that is said before its answer.
_MAX_PHRASING_CHARACTERS = 20
_SAY = wording("policy_answers")
#: Slots of a job search with a sentence that leads back to it.
_RETURNS = ("occupation", "region")
_HEDGE = _SAY("second_hand")


def hedged(part: AnswerPart) -> str:
    """Return the text of an answer; of one not seen in the original, that it is second-hand."""
    return with_hedge(part.text, part.second_hand)


def with_hedge(text: str, second_hand: bool) -> str:
    """Return a text; of one not seen in the original, with the word that it is second-hand."""
    return text + (_HEDGE if second_hand else "")


def policy_answer(
    finding: PolicyFinding,
    act: str,
    also: Sequence[tuple[str, str]] = (),
    waiting: str | None = None,
) -> PolicyAnswer:
    """Return a finding as a message.

    `also` are further topics (id, title) that were named; `waiting` is what was asked about a job
    before this question came between: the answer leads back to it.
    """
    unknown = [_SAY("aspect_unknown", aspect=ASPECT_NAMES[a]) for a in finding.missing]
    title = finding.title
    offered_aspects = [
        a for a in ("amount", "materials", "how") if a not in {p.aspect for p in finding.parts}
    ]
    buttons = [Button(ASPECT_NAMES[a], f"{title}{ASPECT_NAMES[a]}") for a in offered_aspects[:2]]
    buttons += [Button(name, f"{name}是什么") for _, name in also]
    return_hint = [_SAY(f"return_to.{waiting}")] if waiting in _RETURNS else []
    return PolicyAnswer(
        act=act,
        topics=[*(finding.reported or (finding.topic,)), *(topic for topic, _ in also)],
        title=title,
        text="\n".join([*unknown, *map(hedged, finding.parts), *return_hint]),
        aspects=[part.aspect for part in finding.parts],
        next_step=hedged(finding.next_step) if finding.next_step else "",
        figures=list(finding.figures),
        citations=list(finding.citations),
        buttons=buttons,
    )


#: Choices below an answer.
MAX_BUTTONS = 3
#: The aspects that a claim of a kind answers.
_ASPECTS_OF = {
    "how_much": ["amount"],
    "how_long": ["period"],
    "when": ["period"],
    "where": ["where"],
    "how": ["how"],
}
#: The aspects offered after a claim that does not answer them.
_AFTER = ("how", "where", "amount")


def claim(finding: ClaimFinding, further: Sequence[str] = ()) -> PolicyAnswer:
    """Return a claim as a message; `further` are questions nearby, offered as they are asked."""
    answered_aspects = _ASPECTS_OF.get(finding.kind, [])
    aspects = (
        [aspect for aspect in _AFTER if aspect not in answered_aspects]
        if not finding.neighbour
        else []
    )
    buttons = [Button(ask, ask) for ask in further]
    buttons += [Button(ASPECT_NAMES[a], f"{finding.title}{ASPECT_NAMES[a]}") for a in aspects]
    return PolicyAnswer(
        act=_act("policy", finding.reported),
        topics=list(finding.reported),
        title=finding.title,
        text=with_hedge(finding.text, finding.second_hand),
        aspects=list(answered_aspects),
        figures=list(finding.figures),
        citations=list(finding.citations),
        buttons=buttons[:MAX_BUTTONS],
    )


def with_question(
    message: Message, phrasings: Sequence[str], further: Sequence[str] = (), likely: bool = False
) -> Message:
    """Return an answer that is not sure to be the one, with the question that it answers.

    `phrasings` are ways of asking for it: the first that is short enough stands before the answer,
    or after it where that is `likely` the right one. `further` are questions that may be meant.
    """
    ask = _short(phrasings)
    buttons = [*(Button(question, question) for question in further), *message.buttons]
    message = replace(message, buttons=list(dict.fromkeys(buttons))[:MAX_BUTTONS])
    if not ask:
        return message
    if not likely:
        return if_asked(message, phrasings)
    return replace(message, text=message.text + "\n" + _SAY("answers_question", question=ask))


def if_asked(message: AnyMessage, phrasings: Sequence[str]) -> AnyMessage:
    """Return an answer begun with the question that it answers, if that is short enough."""
    ask = _short(phrasings)
    if not ask:
        return message
    return replace(message, text=_SAY("if_asked", question=ask, text=message.text))


def further_answer(message: Message, phrasings: Sequence[str]) -> Message:
    """Return the answer to a further question of a message, begun with that question."""
    ask = _short(phrasings).strip(" ?？。，,")
    if not ask:
        return message
    return replace(message, text=_SAY("further_question", question=ask, text=message.text))


def _short(phrasings: Sequence[str]) -> str:
    return next(
        (phrasing for phrasing in phrasings if len(phrasing) <= _MAX_PHRASING_CHARACTERS), ""
    )


def next_door(
    finding: PolicyFinding, further: Sequence[str], aspects: Sequence[str]
) -> PolicyAnswer:
    """Return what is certain of a subject next door and who knows the rest.

    Of what was asked beyond that it is said that there is nothing verified.
    """
    beyond = set(aspects) - {part.aspect for part in finding.parts}
    unknown = _SAY("only_verified") if beyond else ""
    return PolicyAnswer(
        act=_act("policy", finding.reported),
        status="no_policy" if beyond else "answered",
        topics=list(finding.reported),
        title=finding.title,
        text="\n".join(filter(None, [unknown, *map(hedged, finding.parts)])),
        aspects=[part.aspect for part in finding.parts],
        figures=list(finding.figures),
        citations=list(finding.citations),
        buttons=[Button(ask, ask) for ask in further][:MAX_BUTTONS],
    )


def _act(act: str, reported: Sequence[str]) -> str:
    """Return the act of an answer: what belongs to no topic of the taxonomy is out of its scope."""
    return act if reported else "out_of_scope"


def earlier_rule(findings: Sequence[PolicyFinding], title: str, year: Span) -> PolicyAnswer:
    """Return what held in an earlier time, one finding for each of its ends.

    Where no version is known for it, that is said: today's figures are not those of then.
    """
    period = f"{year.first.year}年" + f"{year.first.month}月" * (
        year.first.month == year.last.month
    )
    in_force = [finding for finding in findings if finding.status == "answered"]
    now = [Button("现在的规定", f"现在{title}多少")]
    if not in_force:
        return PolicyAnswer(
            act="policy",
            status="no_policy",
            topics=[findings[0].topic],
            title=title,
            text=_SAY("earlier_rule_unknown", period=period, title=title),
            buttons=now,
        )
    answers = [policy_answer(finding, "policy") for finding in in_force]
    if len(in_force) < 2 or in_force[0].effective_from == in_force[-1].effective_from:
        text = _SAY("earlier_rule", period=period) + "\n" + answers[-1].text
        return replace(answers[-1], text=text, next_step="", buttons=now)
    turn = _turn(in_force[0], in_force[-1])
    changed = turn.isoformat() if turn else period
    return replace(
        answers[-1],
        text="\n".join(
            (
                _SAY("rule_changed", period=period, day=changed),
                answers[0].text,
                _SAY("rule_since", day=changed),
                answers[-1].text,
            )
        ),
        next_step="",
        figures=list(dict.fromkeys(figure for answer in answers for figure in answer.figures)),
        citations=list(dict.fromkeys(source for answer in answers for source in answer.citations)),
        buttons=now,
    )


def _turn(earlier: PolicyFinding, after: PolicyFinding) -> date | None:
    """Return the day from which another version holds: the later of its own and the other's end."""
    ended = earlier.holds_to + timedelta(days=1) if earlier.holds_to else None
    return max((day for day in (ended, after.effective_from) if day), default=None)


def programme_answer(
    programme: ProgrammeFinding,
    topic_finding: PolicyFinding,
    aspects: Sequence[str],
    act: str,
    topics: Sequence[tuple[str, str]],
) -> PolicyAnswer:
    """Return what a programme is, and of its main topic the aspect that was wanted.

    `topics` (id, title) are all it belongs to; each is offered as a choice.
    """
    step = next((part for part in topic_finding.parts if part.aspect in aspects), None)
    step_citations = topic_finding.citations if step else ()
    figures = [*programme.figures, *(topic_finding.figures if step else ())]
    return PolicyAnswer(
        act=act,
        topics=[topic for topic, _ in topics],
        title=programme.title,
        text="\n".join(map(hedged, programme.parts)),
        aspects=[part.aspect for part in programme.parts],
        next_step=hedged(step) if step else "",
        figures=figures,
        citations=list(dict.fromkeys([*programme.citations, *step_citations])),
        buttons=[Button(title, f"{title}是什么") for _, title in topics],
    )


def clarify_topic(topics: Sequence[tuple[str, str]], act: str) -> Clarify:
    """Ask which of some topics (id, title) is meant."""
    names = [name for _, name in topics]
    return Clarify(
        act=act,
        asks="topic",
        topics=[topic for topic, _ in topics],
        text=_SAY("which_topic", names="，还是".join(f"“{name}”" for name in names)),
        buttons=[Button(name, f"{name}是什么") for name in names],
    )


def not_in_base(
    topics: list[str], title: str, act: str, nearest: Sequence[tuple[str, str]]
) -> PolicyAnswer:
    """Say that the base has no answer to a topic, with the nearest that it has."""
    return PolicyAnswer(
        act=act,
        status="no_policy",
        topics=topics,
        title=title,
        text=_SAY("not_in_base", title=title),
        buttons=[Button(name, f"{name}是什么") for _, name in nearest],
    )


def not_verified(finding: PolicyFinding, further: Sequence[str]) -> PolicyAnswer:
    """Say that what is asked of a policy is not verified here, and who knows (its aspect where).

    `further` are questions nearby that can be answered, offered as they are asked.
    """
    office = next((part for part in finding.parts if part.aspect == "where"), None)
    referral = _SAY("office_knows", office=hedged(office)) if office else _SAY("ask_hotline")
    return PolicyAnswer(
        act=_act("policy", finding.reported),
        status="no_policy",
        topics=list(finding.reported),
        title=finding.title,
        text=_SAY("not_verified", title=finding.title, referral=referral),
        aspects=["where"] if office else [],
        citations=list(finding.citations) if office else [],
        buttons=[Button(ask, ask) for ask in further][:MAX_BUTTONS],
    )


def ended(finding: PolicyFinding, act: str) -> PolicyAnswer:
    """Say that a policy's last version has ended and no other is known."""
    day = finding.ended_on
    end_text = _SAY("ended_on", day=day.isoformat()) if day else _SAY("not_in_force")
    return PolicyAnswer(
        act=act,
        status="no_policy",
        topics=[finding.topic],
        title=finding.title,
        text=_SAY("ended", title=finding.title, end=end_text),
    )


def with_topics(reply: Message, topics: list[str]) -> PolicyAnswer:
    """Return a fixed reply as an answer that touches some topics."""
    return PolicyAnswer(
        act=reply.act, status=reply.status, text=reply.text, buttons=reply.buttons, topics=topics
    )
