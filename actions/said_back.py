"""What was understood of a message that no answer is sure of, said back to the person."""

from __future__ import annotations

from dataclasses import replace

from actions.turn import Turn
from bot.messages import Button, Message
from bot.replies import reply
from bot.seekers.profile import past_occupations, take_told, wanted_occupations

#: Kinds that are said back, in the words of the message.
SAID_BACK = ("region", "age", "group", "occupation", "duration", "salary")


def said_back(turn: Turn) -> list[str]:
    """Return the words of a message that were understood, in their order, each once."""
    read = [e for e in turn.entities if e["entity"] in SAID_BACK]
    words = [_in_words(turn, e) for e in sorted(read, key=lambda e: int(e["start"]))]
    return list(dict.fromkeys(words))


def _in_words(turn: Turn, entity: dict[str, object]) -> str:
    if entity["entity"] == "age":
        return f"{entity['value']}岁"
    return turn.text[int(str(entity["start"])) : int(str(entity["end"]))]


def unclear(turn: Turn, choices: tuple[Button, ...]) -> Message:
    """Ask which of some choices is meant; a trade that was named can be looked for.

    What was told is kept: who asks for work next is asked whether it is to be that trade.
    """
    words = said_back(turn)
    if not words:
        return reply("unclear", turn.act, choices)
    turn.set(**take_told(turn.text, turn.entities, turn.slots))
    named = wanted_occupations(turn.entities) or past_occupations(turn.entities)
    if named and not turn.get("occupation"):
        turn.set(past_occupation=named)
    trades = turn.of_kind("occupation")
    find = tuple(Button(says, says) for t in trades[:1] for says in [f"找{_in_words(turn, t)}的活"])
    asked = reply("unclear_heard", turn.act, (*choices, *find))
    return replace(asked, text=asked.text.format(heard="、".join(words)))
