"""Requests about one's own data: what is kept, its export, its deletion after one question."""

from __future__ import annotations

from bot.db.session import session
from bot.fixed_replies import reply
from bot.messages import Erased, Message
from bot.seekers.my_data import erase, export, personal_data
from bot.subscriptions import replies
from bot.text.pattern_file import patterns
from bot.turns.turn import Turn

#: What `asked` holds while the yes to the deletion is waited for.
DELETE = "my_data_delete"
_PATTERNS = patterns("own_data")
#: Where long texts come in pieces, and the characters beyond which an export is too long there.
_SHORT_TEXT_CHANNELS, MAX_EXPORT_CHARS = ("sms", "wechat"), 1500


def answer_my_data(turn: Turn) -> Message:
    """Say what is kept, export it, or delete it when asked to.

    Where nothing but conversations is kept they are cleared at once; what the person agreed to
    have kept is deleted after one question.
    """
    if _PATTERNS["deletion"].search(turn.text):
        with session() as db:
            data = personal_data(db, turn.channel, turn.address)
        if data is None or not data.is_registered:
            return _erase_and_confirm(turn, "my_data_cleared")
        turn.set(asked=DELETE, pending=None)
        return reply("my_data_delete", "my_data")
    with session() as db:
        data = personal_data(db, turn.channel, turn.address)
        wants_export = data is not None and _PATTERNS["export"].search(turn.text)
        text = export(db, turn.channel, turn.address) if wants_export else ""
    if data is None:
        return reply("my_data", "my_data")
    if not wants_export:
        return replies.kept_data(data)
    if turn.channel in _SHORT_TEXT_CHANNELS and len(text) > MAX_EXPORT_CHARS:
        return reply("my_data_export_elsewhere", "my_data")
    return Message(act="my_data", text=text)


def answer_delete(turn: Turn) -> Message | None:
    """Delete after the yes; None when the person speaks of something else."""
    repeats_request = turn.act == "my_data" and _PATTERNS["deletion"].search(turn.text)
    refused = turn.act == "deny" or _PATTERNS["refusal"].search(turn.text)
    if refused:
        turn.set(asked=None, pending=None)
        return reply("my_data_stays", "my_data")
    if (
        turn.act != "affirm"
        and not repeats_request
        and not _PATTERNS["confirmation"].search(turn.text)
    ):
        return None
    return _erase_and_confirm(turn, "my_data_erased")


def _erase_and_confirm(turn: Turn, reply_name: str) -> Message:
    """Delete all of the person, and say so in a message that is kept nowhere."""
    with session() as db:
        erase(db, turn.channel, turn.address)
    turn.set(**dict.fromkeys(turn.previous.values))
    return Erased(act="my_data", text=reply(reply_name, "my_data").text)
