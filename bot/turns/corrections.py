"""Corrections of a word of the previous message: 打错了 工伤, after 这能算工商吗."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.fixed_replies import reply
from bot.messages import Message
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import read_patterns
from bot.text.pinyin import sounds
from bot.turns.arbitration import checksum, state_of
from bot.turns.turn import Turn


@dataclass(frozen=True)
class Correction:
    """A word set right, and the earlier message with that word in it."""

    word: str
    text: str


def find_correction(turn: Turn) -> Correction | None:
    """Return the correction that a message makes in the one before it.

    None for another message, and where nothing like the word was said.
    """
    patterns = read_patterns(settings().data_file("vocab", "slips.yml"))
    hit = patterns["slip"].search(normalise(turn.text).text)
    previous_text = next(reversed(state_of(turn).messages), "")
    word = next(filter(None, hit.groups()), "") if hit else ""
    mistyped = _mistyped(normalise(previous_text).text, word)
    if not mistyped:
        return None
    return Correction(word, normalise(previous_text).text.replace(mistyped, word))


def _mistyped(text: str, word: str) -> str:
    """Return the stretch of a message that a word is set in the place of; empty without one.

    It sounds like the word, or has all of its characters but one.
    """
    size = len(word)
    if size < 2:
        return ""
    stretches = [text[start : start + size] for start in range(len(text) - size + 1)]
    others = [stretch for stretch in stretches if stretch != word]
    alike = [stretch for stretch in others if sounds(stretch) == sounds(word)]
    near_matches = [stretch for stretch in others if _same_characters(stretch, word) >= size - 1]
    return next(iter(alike or (near_matches if size > 2 else ())), "")


def _same_characters(first: str, second: str) -> int:
    """Return how many characters two texts of one length have in the same place."""
    return sum(a == b for a, b in zip(first, second, strict=True))


def with_correction(
    turn: Turn, messages: Sequence[Message], correction: Correction | None
) -> list[Message]:
    """Return the answers, begun with how the word was read; briefly where nothing else is said."""
    if not correction or not messages:
        return list(messages)
    first, *others = messages
    same = checksum(first) == state_of(turn).said
    name = "slip_read_so" if same else "slip_set_right"
    prefix = reply(name, first.act).text.format(word=correction.word)
    if same:
        return [replace(reply(name, first.act), text=prefix, buttons=first.buttons), *others]
    return [replace(first, text=f"{prefix}{first.text}"), *others]
