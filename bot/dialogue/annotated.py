"""Annotated dialogues of data/dialogues, each turn with its right reading, for the arbiter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue.readings import MOVES, THREADS, Move, Thread, field_of
from bot.dialogue.state import DialogueState, Shows, requested_kind
from bot.yaml_files import YamlFileError, read_yaml

_SHOWS: dict[str, Shows] = {
    "policies": "policies", "stations": "places", "fairs": "places", "courses": "courses",
}  # fmt: skip


class DialogueError(ValueError):
    """A dialogue that cannot be used: file, dialogue and what is wrong."""


@dataclass(frozen=True)
class AnnotatedTurn:
    """A message in its state, and how it is to be read."""

    text: str
    state: DialogueState
    thread: Thread
    move: Move
    topic: str | None
    """The subject of policies and sums; `none` for one that the base does not hold."""


@dataclass(frozen=True)
class AnnotatedDialogue:
    """A dialogue with one person."""

    id: str
    turns: tuple[AnnotatedTurn, ...]


def load_dialogues(folder: Path) -> list[AnnotatedDialogue]:
    """Read all dialogues of a folder. Raises DialogueError for the first that is wrong."""
    dialogues: dict[str, AnnotatedDialogue] = {}
    for file in sorted(folder.glob("*.yml")):
        try:
            entries = read_yaml(file, allow_empty=True) or ()
        except YamlFileError as error:
            raise DialogueError(f"{file.name}: {error.details}") from error
        for entry in entries:
            dialogue = _dialogue(file.name, entry)
            if dialogue.id in dialogues:
                raise DialogueError(f"{file.name}: {dialogue.id} stands twice")
            dialogues[dialogue.id] = dialogue
    return list(dialogues.values())


def _dialogue(file: str, entry: Mapping[str, Any]) -> AnnotatedDialogue:
    try:
        return AnnotatedDialogue(str(entry["id"]), tuple(_turns(entry["turns"])))
    except (KeyError, TypeError, ValueError) as error:
        raise DialogueError(f"{file}: {entry.get('id')}: {error}") from error


def _turns(entries: Any) -> Iterator[AnnotatedTurn]:
    state = DialogueState()
    for entry in entries:
        thread, _, move = str(entry["reading"]).partition(".")
        if thread not in THREADS or move not in MOVES:
            raise ValueError(f"no reading: {entry['reading']}")
        if not isinstance(entry["say"], str):
            raise ValueError(f"no text: {entry['say']!r}")
        yield AnnotatedTurn(entry["say"], state, thread, move, entry.get("topic"))
        state = _state_after(state, entry["bot"])


def _state_after(state: DialogueState, bot: Mapping[str, Any]) -> DialogueState:
    """Return the state after the answer that a good assistant gave."""
    thread = bot["thread"]
    if thread not in THREADS:
        raise ValueError(f"no thread: {thread}")
    offers = tuple(str(offer) for offer in bot.get("offers") or ())
    requested = requested_kind(str(bot["asks"])) if bot.get("asks") else ""
    shows = _shows(str(bot.get("shows") or ""), thread)
    return state.after_answer(field_of(thread), thread, bot.get("topic"), requested, shows, offers)


def _shows(words: str, thread: str) -> Shows:
    kind, _, number = words.partition(" ")
    if kind == "postings":
        return "posting" if number == "1" or thread == "posting" else "postings"
    return _SHOWS.get(kind, "posting" if thread == "posting" else "")
