"""Lookup of systems and programmes that a text names (一库一平台, 雷锋365).

They are read from their file, as policies are checked: figures named, sources graded. Answers to
the aspects of a topic are `answers`; the words between the texts are `compose`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.caches import process_cache
from bot.messages import Citation, Figure
from bot.policies.answers import AnswerPart, as_citation
from bot.policies.cache import FRESH_SECONDS
from bot.policies.policy_file import PROGRAMMES, Programme, read_programmes
from bot.policies.validate import PLACEHOLDER
from bot.settings import settings
from bot.text.normalise import normalise

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ProgrammeFinding:
    """The answer about a programme."""

    id: str
    title: str
    name: str
    """The name by which the text calls it."""
    topics: tuple[str, ...]
    """The topics it belongs to, the main one first."""
    parts: tuple[AnswerPart, ...]
    figures: tuple[Figure, ...]
    citations: tuple[Citation, ...]


def programme_in(
    text: str, day: date, aspects: Sequence[str] = (), path: Path | None = None
) -> ProgrammeFinding | None:
    """Return the programme that a text names, as in force on a day; the longest name wins.

    Besides its definition, it answers the aspects that were asked and that it covers.
    """
    plain, version = _plain(text), _version(path)
    called = _names_in_force(*version, day) if version else ()
    match = next((entry for entry in called if entry[0] in plain), None)
    if match is None:
        return None
    _, name, programme = match
    answerable = [a for a in dict.fromkeys(aspects) if a in programme.version.answers]
    return _finding(programme, name, answerable or ["what"])


def programme_of_id(identity: str, day: date) -> ProgrammeFinding:
    """Return a programme by its id, as in force on a day. KeyError when the file has none."""
    for programme in programmes():
        if programme.id == identity and _holds(programme, day):
            return _finding(programme, programme.title, ["what"])
    raise KeyError(identity)


@process_cache(size=4)
def _names_in_force(path: Path, changed: int, day: date) -> Sequence[tuple[str, str, Programme]]:
    """Return each name of those in force on a day, as compared and as written, longest first."""
    names = [
        (name, programme)
        for programme in _read(path, changed)
        if _holds(programme, day)
        for name in programme.names
    ]
    names.sort(key=lambda named: -len(named[0]))
    return [(_plain(name), name, programme) for name, programme in names]


def _plain(text: str) -> str:
    return normalise(text).text.replace(" ", "").lower()


def _holds(programme: Programme, day: date) -> bool:
    version = programme.version
    ended = version.effective_to is not None and version.effective_to < day
    return version.effective_from <= day and not ended


def _finding(programme: Programme, name: str, aspects: Sequence[str]) -> ProgrammeFinding:
    version = programme.version
    answers = [version.answers[aspect] for aspect in aspects]
    figures = [version.figures[n] for a in answers for n in PLACEHOLDER.findall(a.text)]
    keys = {*(key for a in answers for key in a.sources), *(f.source for f in figures)}
    sources = [version.sources[key] for key in version.sources if key in keys]
    second_hand = any(source.grade == "C" for source in sources)
    parts = tuple(
        AnswerPart(a.aspect, PLACEHOLDER.sub(lambda hit: version.figures[hit[1]].text, a.text),
             second_hand)
        for a in answers
    )  # fmt: skip
    rendered_figures = tuple(
        Figure(f.name, f.value, f.unit, f.text) for f in dict.fromkeys(figures)
    )
    cited = tuple(map(as_citation, sources))
    return ProgrammeFinding(
        programme.id, programme.title, name, programme.topics, parts, rendered_figures, cited
    )


def programmes(path: Path | None = None) -> tuple[Programme, ...]:
    """Return all programmes of a file (default: the project's), read again when it changed.

    A file with faults counts as none: the policies answer on, and the log says how many.
    """
    version = _version(path)
    return _read(*version) if version else ()


def _version(path: Path | None) -> tuple[Path, int] | None:
    """Return the file (default: the project's) and when it was changed; None when there is none."""
    return _state(path or settings().data_file(PROGRAMMES), int(time.monotonic() / FRESH_SECONDS))


@process_cache(size=4)
def _state(place: Path, _moment: int) -> tuple[Path, int] | None:
    """Look at a file, once a moment: a message asks several times."""
    return (place, place.stat().st_mtime_ns) if place.exists() else None


@process_cache(size=4)
def _read(path: Path, changed: int) -> tuple[Programme, ...]:
    entries, faults = read_programmes(path, lines=False)
    if faults:
        logger.error("%s has %d faults and is left out: %s", path.name, len(faults), faults[0])
        return ()
    return tuple(entries)
