"""References of a message to the postings shown."""

from __future__ import annotations

from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.turns.turn import Turn

_THIS_POSTING = patterns("message_choices")["this_posting"]


def shown_postings(turn: Turn) -> list[int]:
    """Return the ids of the postings of the last list."""
    return turn.previous.shown_ids


def refers_to_posting(turn: Turn) -> bool:
    """Tell whether a message says which posting it is about: 第二个, 这家."""
    return bool(turn.of_kind("ordinal")) or bool(_THIS_POSTING.search(normalise(turn.text).text))


def referenced_posting(turn: Turn) -> int | None:
    """Return the posting meant: by its number, the one last looked at, or the only one shown."""
    of_list = shown_postings(turn)
    numbers = turn.of_kind("ordinal")
    if numbers:
        number = int(numbers[0]["value"])
        number = len(of_list) if number == -1 else number
        return of_list[number - 1] if 0 < number <= len(of_list) else None
    viewed = turn.previous.viewed_id
    if viewed is not None and viewed in of_list:
        return int(viewed)
    return of_list[0] if len(of_list) == 1 else None
