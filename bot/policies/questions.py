"""Training questions of each topic, which search ranks by as well.

They are read without Rasa and independently of the classifier.
"""

from __future__ import annotations

import re
from pathlib import Path

from bot.caches import process_cache
from bot.settings import settings

#: An utterance in a file of Rasa's: a line of a block that begins with a dash.
_UTTERANCE = re.compile(r"^[ \t]{1,20}- (?!intent:|regex:|lookup:)(?P<text>.+)$", re.MULTILINE)
_MARKED = re.compile(r"\[([^\[\]]{0,200})\](?:\([^()]{0,200}\)|\{[^{}]{0,200}\})")


@process_cache(size=4)
def questions(data: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return the questions of each topic that utterances were written for, without markup."""
    folder = (data or settings().data) / "nlu" / "policy"
    return {file.stem: _read(file) for file in sorted(folder.glob("*.yml"))}


#: Acts whose messages ask nothing that a policy answers.
_OTHER_ACTS = (
    "affirm", "deny", "distress", "find_job", "follow_up", "greet", "handoff", "help", "inform",
    "my_data", "out_of_scope", "refine_job", "register", "subscribe", "thanks", "unsubscribe",
)  # fmt: skip


def messages_of_other_acts(data: Path | None = None) -> list[str]:
    """Return the messages written for training that want something else than an answer."""
    folder = (data or settings().data) / "nlu" / "acts"
    return [text for act in _OTHER_ACTS for text in _read(folder / f"{act}.yml")]


def _read(file: Path) -> tuple[str, ...]:
    matches = _UTTERANCE.finditer(file.read_text(encoding="utf-8"))
    return tuple(_MARKED.sub(r"\1", hit["text"]).strip() for hit in matches)
