"""While a counsellor has a conversation the bot keeps quiet: asked before the bot.

Decided by our own table: Rasa's pause would end with its session.
"""

from __future__ import annotations

from bot.channels.frame.incoming import Incoming, Say
from bot.db.session import Session
from bot.desk.told import away
from bot.messages import Message
from bot.replies import reply
from bot.text.normalise import normalise
from bot.text.private_numbers import is_masked
from bot.text.tone import tone
from bot.tickets.seeker_side import hear


def counselled(db: Session, incoming: Incoming) -> Say | None:
    """Give a message to the open ticket; None leaves its answer to the bot.

    Despair is answered with the helplines even while a counsellor has the conversation: he may be
    away from the page.
    """
    if not incoming.text.strip():
        return None
    heard, ticket = hear(db, incoming.channel, incoming.address, incoming.text)
    if heard == "closed":
        return _say(reply("handoff_ended", "handoff"))
    if heard != "taken" or ticket is None:
        return None
    if tone(normalise(incoming.text).text) == "despair":
        return _say(reply("crisis", "distress"))
    if is_masked(incoming.text):
        return _say(reply("private_number", "handoff"))
    gone = away(ticket)
    return _say(gone) if gone else Say()


def _say(message: Message) -> Say:
    return Say((message.to_dict(),))
