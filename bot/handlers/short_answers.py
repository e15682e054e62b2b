"""Short answers (沈阳, 四千, 都行, 好) and messages that no act is sure of: context decides."""

from __future__ import annotations

from bot.fixed_replies import reply
from bot.handlers.calculate import continued_calculation
from bot.handlers.eligibility import answer_eligibility, asks_what_fits
from bot.handlers.introduction import note_facts
from bot.handlers.job_search import (
    search_changes,
    search_jobs,
    speaks_of_jobs,
    tells_of_policy,
    wishes_any_trade_at_all,
    wishes_any_work,
)
from bot.handlers.policy import answer_policy, quote_law_or_clarify, resolve_topics
from bot.messages import Message
from bot.text.normalise import normalise
from bot.turns.arbitration import SURE, is_of_knowledge, state_of
from bot.turns.turn import Turn
from bot.understanding.inquiries import seeks_work
from bot.understanding.list_talk import closes

#: Kinds of what is told within the policy spoken of.
_POLICY_FACT_KINDS = ("region", "duration", "person")


def answer_inform(turn: Turn) -> Message:
    """Take a bare answer: to what was asked last, of a job or of a policy."""
    if continued_calculation(turn):
        return answer_policy(turn.with_act("calculate", topics=[]))
    text = normalise(turn.text).text
    if state_of(turn).field == "knowledge" and closes(text) and not turn.previous.open_question:
        return reply("what_else", turn.act)
    if is_of_knowledge(turn) and turn.current.subject == "policy":
        of_policy = turn.with_act("policy")
        of_policy.set(form=None, asked=None, pending=None)
        answers = answer_policy if resolve_topics(of_policy) else quote_law_or_clarify
        return answers(of_policy)
    if search_changes(turn):  # 不用双休 sounds like a no
        return search_jobs(turn)
    told_entities = [e for kind in _POLICY_FACT_KINDS for e in turn.of_kind(kind)]
    told_entities += turn.of_kind("salary") if tells_of_policy(turn) else []
    in_form = turn.previous.form == "job" and not turn.of_kind("duration")
    if turn.act == "deny" or (turn.act == "affirm" and not turn.previous.open_question):
        turn.set(asked=None, pending=None, form=None)
        return reply("what_else", turn.act)
    if turn.current.subject == "policy" and told_entities and not in_form:
        act = "calculate" if turn.current.contribution_months else "policy"
        return answer_policy(turn.with_act(act, topics=[]))
    if speaks_of_jobs(turn) or turn.previous.open_question:
        return search_jobs(turn)
    if wishes_any_work(turn):
        return search_jobs(turn)
    return note_facts(turn) or reply("unclear_open", None)


def answer_unclear(turn: Turn) -> Message:
    """Answer a message without a sure act by what was read from it, or ask back."""
    if not turn.text.strip() or not turn.topics:
        return reply("empty", None)
    if continued_calculation(turn):
        return answer_inform(turn)
    of_a_matter = _opens_with_a_matter(turn)
    if of_a_matter and asks_what_fits(turn.text):
        return answer_eligibility(turn.with_act("eligibility"))
    any_trade = state_of(turn).field == "jobs" and wishes_any_trade_at_all(turn)
    if not of_a_matter and (speaks_of_jobs(turn) or wishes_any_work(turn) or any_trade):
        return search_jobs(turn)
    if resolve_topics(turn):
        return answer_policy(turn.with_act("policy"))
    return quote_law_or_clarify(turn)


def _opens_with_a_matter(turn: Turn) -> bool:
    """Tell whether a first message is read as a matter of policies: its trades are no wish."""
    reading = turn.reading
    of_knowledge = reading is not None and reading.field == "knowledge" and reading.share >= SURE
    seeks = seeks_work(normalise(turn.text).text, turn.entities)
    return of_knowledge and not state_of(turn).field and not seeks
