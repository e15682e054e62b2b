"""Middleware that keeps the bot quiet while a counsellor has the conversation.

Decided by our own table: Rasa's pause would end with its session.
"""

from __future__ import annotations

from bot.channels.base.incoming import Reply
from bot.db.session import Session
from bot.fixed_replies import reply
from bot.handoff.notices import absence_notice
from bot.handoff.seeker_messages import route_seeker_message
from bot.messages import Message
from bot.messaging.incoming import Incoming
from bot.text.normalise import normalise
from bot.text.private_numbers import is_masked
from bot.text.safety import tone


def route_to_ticket(db: Session, incoming: Incoming) -> Reply | None:
    """Give a message to the open ticket; None leaves its answer to the bot.

    Despair is answered with the helplines even while a counsellor has the conversation: they may
    be away from the page.
    """
    if not incoming.text.strip():
        return None
    routing, ticket = route_seeker_message(db, incoming.channel, incoming.address, incoming.text)
    if routing == "closed":
        return _as_reply(reply("handoff_ended", "handoff"))
    if routing != "taken" or ticket is None:
        return None
    if tone(normalise(incoming.text).text) == "despair":
        return _as_reply(reply("crisis", "distress"))
    if is_masked(incoming.text):
        return _as_reply(reply("private_number", "handoff"))
    notice = absence_notice(ticket)
    return _as_reply(notice) if notice else Reply()


def _as_reply(message: Message) -> Reply:
    return Reply((message.to_dict(),))
