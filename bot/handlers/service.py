"""Requests about the service itself, stickers and private numbers, answered before any act."""

from __future__ import annotations

from collections.abc import Sequence

from bot.fixed_replies import reply
from bot.handlers.policy import names_topic
from bot.handlers.subscribe import answer_keep, answer_no_messages, answer_resume
from bot.messages import Message
from bot.text.normalise import normalise
from bot.text.private_numbers import is_masked
from bot.text.quotations import is_placeholder
from bot.turns.arbitration import state_of
from bot.turns.turn import Turn
from bot.understanding.service_wishes import ServiceWish, service_wish

#: What the wish takes the message's act away from: it is the opposite of what is wished.
DENIED_ACT: dict[ServiceWish, str] = {"keep": "unsubscribe", "no_counsellor": "handoff"}
#: Acts that 别老给我发短信 is mistaken for; others have an answer of their own, that stops too.
_NO_MESSAGES_ACTS = frozenset(
    (
        "subscribe", "inform", "deny", "out_of_scope", "nlu_fallback", "find_job", "refine_job",
        "handoff", "help", "my_data", "report_posting",
    )
)  # fmt: skip
#: Acts of a message about pushes.
_ACTS_OF_PUSHES = frozenset(("subscribe", "unsubscribe"))
#: Acts of a message that asks for something of its own beside the wish.
_ACTS_WITH_REQUEST = frozenset(
    ("calculate", "find_job", "eligibility", "training", "station", "fair", "register", "my_data")
)


def answer_without_words(turn: Turn) -> Message | None:
    """Answer a sticker, or a message that is nothing but a private number; None for words."""
    if is_placeholder(turn.text):
        return reply("picture", None)
    if is_masked(turn.text) and not normalise(turn.text).text.strip(" ,。.!?;"):
        return reply("private_number_alone", None)
    return None


def requested_service(turn: Turn) -> ServiceWish | None:
    """Return what a turn wishes of the service."""
    return service_wish(normalise(turn.text).text)


def answer_service(turn: Turn, wish: ServiceWish) -> Message | None:
    """Answer a wish about the service; None when the message asks for something else as well."""
    if wish == "other_medium":
        return reply("other_medium", "handoff")
    if wish == "how_to_stop":
        of_pushes = state_of(turn).field == "subscription" or turn.act in _ACTS_OF_PUSHES
        return reply("how_to_stop", "subscribe") if of_pushes else None
    if wish == "no_messages":
        return answer_no_messages(turn) if turn.act in _NO_MESSAGES_ACTS else None
    other = {"keep": "handoff", "no_counsellor": "unsubscribe"}.get(wish)
    if turn.act == other or (turn.act == "policy" and names_topic(turn)):
        return None
    if turn.act in _ACTS_WITH_REQUEST and wish in ("keep", "no_counsellor"):
        return None
    if wish == "no_counsellor":
        return reply("counsellor_not_wanted", "handoff")
    return answer_keep(turn) if wish == "keep" else answer_resume(turn)


def with_privacy(turn: Turn, messages: Sequence[Message]) -> list[Message]:
    """Return the answers, with the word that private numbers are not to be sent where one was."""
    alone = reply("private_number_alone", None)
    if not messages or not is_masked(turn.text) or messages[0].status == "crisis":
        return list(messages)
    if messages[0] == alone:
        return list(messages)
    return [*messages, reply("private_number", messages[0].act)]
