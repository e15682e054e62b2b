"""Fixed replies to acts (data/replies.yml): greeting, help, hand-off, out of scope…"""

from __future__ import annotations

from bot.fixed_replies import reply
from bot.messages import Message
from bot.turns.turn import Turn
from bot.understanding.slot_filling.profile import fill_incidental_slots, fill_profile_slots

#: Acts that name the job wanted.
PREFERENCE_ACTS = ("register", "fair")


def answer_reply(turn: Turn) -> Message:
    """Say the reply of the act and keep what people tell about themselves."""
    if turn.act in PREFERENCE_ACTS:
        turn.set(**fill_profile_slots(turn.entities))
    elif turn.act != "out_of_scope":
        turn.set(**fill_incidental_slots(turn.text, turn.entities, turn.previous))
    return reply(turn.act if turn.text.strip() else "empty", turn.act)
