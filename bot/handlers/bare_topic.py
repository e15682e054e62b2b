"""Messages that hold only the name of a policy and the aspects asked for."""

from __future__ import annotations

from bot.policies.search import current_index
from bot.turns.requested_aspects import aspects_asked
from bot.turns.turn import Turn


def bare_topic(turn: Turn) -> str | None:
    """Return the topic that is named: 失业登记怎么办 is about 失业登记."""
    text, index = turn.text, current_index()
    aspect_topics: set[str] = set()
    for entity in reversed(aspects_asked(turn)):
        start, end = int(entity["start"]), int(entity["end"])
        aspect_topics |= {topic for _, topic in index.names_in(text[start:end])}
        text = f"{text[:start]} {text[end:]}"
    named_topic = index.topic_of_bare_name(text)
    return (
        named_topic if aspect_topics <= {named_topic} else None
    )  # 自己辞职 能领失业金吗 names two
