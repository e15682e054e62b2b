"""Acts that a fixed reply answers (data/replies.yml): greeting, help, hand-off, out of scope…"""

from __future__ import annotations

from actions.turn import Turn
from bot.messages import Message
from bot.replies import reply
from bot.seekers.profile import take_profile, take_told

#: Acts that name the job wanted.
WISHES = ("subscribe", "register", "fair")
#: Words that ask for deletion rather than for a look at what is kept.
_DELETE = ("删", "清", "抹", "忘", "销毁", "别留")


def answer_reply(turn: Turn) -> Message:
    """Say the reply of the act and keep what the person told about himself."""
    if turn.act in WISHES:
        turn.set(**take_profile(turn.entities, turn.slots))
    elif turn.act != "out_of_scope":
        turn.set(**take_told(turn.text, turn.entities, turn.slots))
    return reply(turn.act if turn.text.strip() else "empty", turn.act)


def answer_my_data(turn: Turn) -> Message:
    """Say what is kept, or clear it when asked to."""
    if any(word in turn.text for word in _DELETE):
        turn.set(**dict.fromkeys(turn.slots))
        return reply("my_data_cleared", turn.act)
    return reply("my_data", turn.act)
