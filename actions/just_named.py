"""A message that says a policy's name and nothing else: what it is about needs no guess."""

from __future__ import annotations

import re

from actions.turn import Turn
from bot.db.session import session
from bot.policies.search import policy_index
from bot.policies.topics import titles
from bot.text.normalise import normalise, without_brackets

#: What stands beside a name in a question that asks for nothing else.
_BESIDE = re.compile(r"我?想?(?:请问|问问|问一下|问下|打听)|[的是呢吗啊呀吧都咋这个那]|[^\w]")


def just_named(turn: Turn) -> str | None:
    """Return the topic whose name is all that a turn says beside the aspects that it asks for.

    失业登记怎么办 is about 失业登记, however near 注销失业登记 may be to it.
    """
    said = _bare(_without_aspects(turn))
    if not said:
        return None
    with session() as db:
        names = [*policy_index(db).names, *((title, topic) for topic, title in titles().items())]
    meant = {topic for name, topic in names if _bare(name) == said}
    return meant.pop() if len(meant) == 1 else None


def _without_aspects(turn: Turn) -> str:
    text = turn.text
    for entity in reversed(turn.of_kind("aspect")):
        text = f"{text[: int(entity['start'])]} {text[int(entity['end']) :]}"
    return text


def _bare(text: str) -> str:
    return _BESIDE.sub("", normalise(without_brackets(text)).text)
