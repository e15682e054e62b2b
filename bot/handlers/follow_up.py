"""Answers to follow-up questions on how an application or a new job went."""

from __future__ import annotations

from dataclasses import replace

from bot.db.session import session
from bot.fixed_replies import reply
from bot.handlers.calculate import home_region
from bot.handlers.subscribe import current_preference, missing_slots
from bot.messages import Button, Form, Message
from bot.notifications.follow_ups import RecordedAnswer, note_answer
from bot.policies import replies
from bot.policies.answers import answer
from bot.subscriptions.service import change_preference, preference_of, running
from bot.turns.transcript import transcript
from bot.turns.turn import Turn
from bot.understanding.follow_up_answers import FollowUpAnswer, interpret_answer, propose

#: What `asked` holds while an answer, or the yes to a proposal, is waited for.
QUESTION, PROPOSAL = "follow_up", "proposal"
#: Acts that a short answer may be taken for.
_ANSWER_ACTS = (
    "follow_up", "affirm", "deny", "inform", "nlu_fallback", "out_of_scope", "refine_job", "thanks",
)  # fmt: skip
#: What is an answer even where it sounds like a question about a policy.
_GRAVE_STATES = ("unpaid", "fraud", "refused")
_ARREARS_TOPIC = "wage-arrears"


def answer_follow_up(turn: Turn) -> Message:
    """Take a report on how it went that no question of this turn asked for."""
    parsed = interpret_answer(turn.text, None, turn.act)
    return _take_answer(turn, parsed, None) if parsed else reply("follow_up", "follow_up")


def answer_unprompted(turn: Turn) -> Message | None:
    """Take how a person gets on at work, said unasked (干得不习惯), as within the follow-up."""
    parsed = interpret_answer(turn.text, "settled", "follow_up")
    return _take_answer(turn, parsed, None) if parsed and parsed.state == "unhappy" else None


def answer_follow_up_question(turn: Turn) -> Message | None:
    """Take the answer to a question that was pushed; None when it is none."""
    pending = turn.previous.pending
    parsed = interpret_answer(turn.text, pending.get("question"), turn.act)
    if parsed is None or (turn.act not in _ANSWER_ACTS and parsed.state not in _GRAVE_STATES):
        return None
    return _take_answer(turn, parsed, pending.get("follow_up"))


def answer_proposal(turn: Turn) -> Message | None:
    """Change the wish after a yes, leave it after a no."""
    if turn.act not in ("affirm", "deny"):
        return None
    changes = turn.previous.pending.get("slots") or {}
    turn.set(asked=None, pending=None)
    if turn.act == "deny":
        return reply("proposal_left", "follow_up")
    turn.set(**changes)
    with session() as db:
        change_preference(db, turn.channel, turn.address, current_preference(turn))
    return reply("proposal_taken", "follow_up")


def _take_answer(turn: Turn, parsed: FollowUpAnswer, question: int | None) -> Message:
    with session() as db:
        outcome = note_answer(
            db, turn.channel, turn.address, parsed, question, transcript(turn.past)
        )
        subscription = running(db, turn.channel, turn.address)
        turn.set(**missing_slots(turn, preference_of(subscription) if subscription else None))
    turn.set(asked=None, pending=None)
    if parsed.state == "unpaid":
        return _answer_unpaid(turn, outcome)
    name = "working_paused" if outcome.paused else parsed.state
    message = reply(f"heard_{name}", "follow_up")
    proposal = propose(parsed, turn.current.occupations, turn.current.salary_min)
    if proposal is None:
        return message
    turn.set(asked=PROPOSAL, pending={"slots": proposal.slots})
    return Form(
        act="follow_up",
        asks=PROPOSAL,
        text=f"{message.text}\n{proposal.question}",
        buttons=[Button("好", "好"), Button("不用", "不用"), *message.buttons[:1]],
    )


def _answer_unpaid(turn: Turn, outcome: RecordedAnswer) -> Message:
    """Say what to do about wages that are not paid, from the policy base."""
    message = reply("heard_unpaid" if outcome.handed_off else "heard_unpaid_unknown", "follow_up")
    with session() as db:
        finding = answer(db, _ARREARS_TOPIC, ["how"], home_region(turn.current.region_code))
        if finding.status in ("unknown", "not_in_force"):
            return message
        rule = replies.policy_answer(finding, "follow_up", [], None)
    turn.set(topic=_ARREARS_TOPIC, subject="policy")
    return replace(rule, status=message.status, text=f"{message.text}\n{rule.text}")
