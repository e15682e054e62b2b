"""What is answered before the bot: linking words, stop words, numbers of the last answer.

Plain functions over a session; `Desk` runs them in a thread, one transaction a message.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.channels.frame.incoming import Incoming, Instead, Say, Structured
from bot.channels.frame.words import asks_for_code, is_stop, typed_code
from bot.contact.offers import choice_number, remainder, resolve_choice
from bot.db.session import Session
from bot.messages import Message
from bot.replies import reply
from bot.seekers.errors import CodeNotValid, TooManyAttempts
from bot.seekers.linking import make_code, redeem_code
from bot.seekers.stop import stop_pushes

#: Answers a message, changes its text, or (None) leaves it to the next and to the bot.
Before = Callable[[Session, Incoming], Say | Instead | None]


def linking(secret: bytes) -> Before:
    """Return what shows and takes link codes."""

    def link(db: Session, incoming: Incoming) -> Say | None:
        where = (incoming.channel, incoming.address)
        code = typed_code(incoming.text)
        try:
            if code is not None:
                redeem_code(db, secret, code, *where)
                return _say(reply("linked", None))
            if asks_for_code(incoming.text):
                return _say(_filled("link_code", make_code(db, secret, *where)))
        except CodeNotValid:
            return _say(reply("link_code_wrong", None))
        except TooManyAttempts:
            return _say(reply("link_too_often", None))
        return None

    return link


def stopping(db: Session, incoming: Incoming) -> Say | None:
    """Stop pushes at the carriers' word; confirmed, whether or not there were any."""
    if not is_stop(incoming.text):
        return None
    stop_pushes(db, incoming.channel, incoming.address)
    return _say(reply("unsubscribe", "unsubscribe"))


def choosing(db: Session, incoming: Incoming) -> Say | Instead | None:
    """Read a number or a title as a choice of the last answer; 0 brings what did not fit."""
    where = (incoming.channel, incoming.address)
    if choice_number(incoming.text) == 0:
        more = remainder(db, *where)
        return _say(Message(text=more)) if more else None
    says = resolve_choice(db, *where, incoming.text)
    return Instead(says) if says else None


def _say(message: Message) -> Say:
    return Say((message.to_dict(),))


def _filled(name: str, code: str) -> Message:
    message = reply(name, None)
    shown = f"{code[:4]} {code[4:]}"
    return replace(message, text=message.text.replace("{code}", shown))


def plain(text: str) -> Structured:
    """Return plain words as a structured message."""
    return Message(text=text).to_dict()
