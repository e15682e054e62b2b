"""Fixed replies by name, from data/replies.yml: wording is data, not code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.caches import process_cache
from bot.messages import Button, Clarify, Form, Message
from bot.settings import settings
from bot.yaml_files import read_yaml

_KINDS: dict[str, type[Message]] = {"clarify": Clarify, "form": Form}


@process_cache(size=4)
def _read(path: Path) -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = read_yaml(path)
    return read


def reply(
    name: str, act: str | None, extra: tuple[Button, ...] = (), repeated: bool = False
) -> Message:
    """Return a fixed reply as a message; `extra` buttons stand before its own.

    `repeated`: in its other words, those it has for being said twice.
    Raises KeyError for a name that data/replies.yml does not have.
    """
    entry = _read(settings().data_file("replies.yml"))[name]
    buttons = [
        *extra,
        *(Button(button_text, button_text) for button_text in entry.get("buttons", ())),
    ]
    kind = _KINDS.get(entry["status"], Message)
    text = entry["again"] if repeated else entry["text"]
    slot = {"asks": entry["asks"]} if "asks" in entry else {}
    return kind(status=entry["status"], act=act, text=text, buttons=buttons, **slot)
