"""Middleware that answers before the bot: link codes, stop words, numbers of the last answer.

Plain functions over a session; `MessageDispatcher` runs them in a thread, one transaction a
message.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.channels.base.commands import asks_for_code, is_stop, typed_code
from bot.channels.base.incoming import Reply, RewriteText, Structured
from bot.db.session import Session
from bot.fixed_replies import reply
from bot.messages import Message
from bot.messaging import reply_choices
from bot.messaging.incoming import Incoming
from bot.seekers.account_linking import make_code, redeem_code
from bot.seekers.errors import CodeNotValid, TooManyAttempts
from bot.seekers.opt_out import stop_pushes

#: Answers a message, changes its text, or (None) leaves it to the next and to the bot.
Middleware = Callable[[Session, Incoming], Reply | RewriteText | None]


def link_code(secret: bytes) -> Middleware:
    """Return the middleware that issues and accepts link codes."""

    def link(db: Session, incoming: Incoming) -> Reply | None:
        sender = (incoming.channel, incoming.address)
        code = typed_code(incoming.text)
        try:
            if code is not None:
                redeem_code(db, secret, code, *sender)
                return _as_reply(reply("linked", None))
            if asks_for_code(incoming.text):
                return _as_reply(_reply_with_code("link_code", make_code(db, secret, *sender)))
        except CodeNotValid:
            return _as_reply(reply("link_code_wrong", None))
        except TooManyAttempts:
            return _as_reply(reply("link_too_often", None))
        return None

    return link


def opt_out(db: Session, incoming: Incoming) -> Reply | None:
    """Stop pushes at the carriers' word; confirmed, whether or not there were any."""
    if not is_stop(incoming.text):
        return None
    stop_pushes(db, incoming.channel, incoming.address)
    return _as_reply(reply("unsubscribe", "unsubscribe"))


def resolve_choice(db: Session, incoming: Incoming) -> Reply | RewriteText | None:
    """Read a number or a title as a choice of the last answer; 0 brings what did not fit."""
    sender = (incoming.channel, incoming.address)
    if reply_choices.choice_number(incoming.text) == 0:
        remainder = reply_choices.remainder(db, *sender)
        return _as_reply(Message(text=remainder)) if remainder else None
    choice_text = reply_choices.resolve_choice(db, *sender, incoming.text)
    return RewriteText(choice_text) if choice_text else None


def _as_reply(message: Message) -> Reply:
    return Reply((message.to_dict(),))


def _reply_with_code(name: str, code: str) -> Message:
    message = reply(name, None)
    grouped_code = f"{code[:4]} {code[4:]}"
    return replace(message, text=message.text.replace("{code}", grouped_code))


def plain_message(text: str) -> Structured:
    """Return plain words as a structured message."""
    return Message(text=text).to_dict()
