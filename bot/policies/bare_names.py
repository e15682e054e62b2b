"""A text that says a policy's name and nothing else: what it is about needs no guess."""

from __future__ import annotations

from collections.abc import Iterable

from bot.text.normalise import normalise, without_brackets
from bot.text.pattern_file import patterns

_FILLER = patterns("policy_names")["question_filler"]


def bare(text: str) -> str:
    """Return a text without brackets, marks and what only makes a question of a name."""
    return _FILLER.sub("", normalise(without_brackets(text)).text)


def bare_names(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return topics by their bare names, of (name, topic); what names two of them names none."""
    topics: dict[str, set[str]] = {}
    for name, topic in names:
        topics.setdefault(bare(name), set()).add(topic)
    return {
        name: topic_ids.pop() for name, topic_ids in topics.items() if name and len(topic_ids) == 1
    }
