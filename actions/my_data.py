"""What is kept of a person: said, exported, and deleted after one question."""

from __future__ import annotations

from actions.turn import Turn
from bot.db.session import session
from bot.messages import Message
from bot.push import wording
from bot.replies import reply
from bot.seekers.my_data import erase, export, forget_talk, kept

#: What `asked` holds while the yes to the deletion is waited for.
DELETE = "my_data_delete"
#: Words that ask for deletion rather than for a look at what is kept.
_DELETE = ("删", "清", "抹", "忘", "销毁", "别留", "注销")
_EXPORT = ("导出", "导一份", "拿走", "下载", "拷")


def answer_my_data(turn: Turn) -> Message:
    """Say what is kept, export it, or delete it when asked to.

    Where nothing but this conversation is known it is cleared at once; what stands in the database
    is deleted after one question.
    """
    with session() as db:
        data = kept(db, turn.channel, turn.address)
    if any(word in turn.text for word in _DELETE):
        if data is None:
            with session() as db:
                forget_talk(db, turn.channel, turn.address)
            turn.set(**dict.fromkeys(turn.slots))
            return reply("my_data_cleared", "my_data")
        turn.set(asked=DELETE, pending=None)
        return reply("my_data_delete", "my_data")
    if data is None:
        return reply("my_data", "my_data")
    if any(word in turn.text for word in _EXPORT):
        return Message(act="my_data", text=export(data))
    return wording.kept(data)


def answer_delete(turn: Turn) -> Message | None:
    """Delete after the yes; None when the person speaks of something else."""
    again = turn.act == "my_data" and any(word in turn.text for word in _DELETE)
    refused = turn.act == "deny" or "先不" in turn.text or "别删" in turn.text
    if refused:
        turn.set(asked=None, pending=None)
        return reply("my_data_stays", "my_data")
    if turn.act != "affirm" and not again and not turn.text.startswith("确定"):
        return None
    with session() as db:
        erase(db, turn.channel, turn.address)
    turn.set(**dict.fromkeys(turn.slots))
    return reply("my_data_erased", "my_data")
