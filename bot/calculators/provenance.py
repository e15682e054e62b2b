"""Provenance of a sum's inputs: a figure's clause, and the words there that give its role.

A figure without such words is used only where it is alone in its clause: an answer to the open
question, a correction, a supposition. Else it is no input of a sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.text.normalise import normalise
from bot.text.pattern_file import patterns

Entity = Mapping[str, Any]

_PATTERNS = patterns("calculator_provenance")
#: Kinds of entities that are figures, of which a clause may have several.
FIGURE_KINDS = frozenset(("salary", "amount", "duration", "date"))


@dataclass(frozen=True)
class Provenance:
    """Where an input of a sum comes from."""

    clause: str
    """The clause that it stands in, normalised."""
    cue: str
    """The words that give its role; empty where it is alone in its clause."""


@dataclass(frozen=True)
class _Clause:
    """A figure's clause, in parts."""

    before: str
    after: str
    rest: str
    """What is left without any figure."""

    @property
    def is_bare(self) -> bool:
        return not _PATTERNS["beside_bare"].sub("", self.rest)


def service_provenance(text: str, length: Entity, entities: Sequence[Entity]) -> Provenance | None:
    """Return where it is said that a length was worked; None where its clause does not."""
    clause = _clause(text, length, entities)
    if _PATTERNS["other_after"].match(clause.after):
        return None
    cue = _PATTERNS["service_before"].search(clause.before)
    other = _PATTERNS["other_before"].search(clause.before)
    if other and (cue is None or other.start() > cue.start()):
        return None
    cue = cue or _PATTERNS["service_after"].match(clause.after)
    return _provenance(clause, cue[0] if cue else None)


def pay_provenance(text: str, pay: Entity, entities: Sequence[Entity]) -> Provenance | None:
    """Return where it is said that a sum is a pay; None where its clause does not."""
    clause = _clause(text, pay, entities)
    if _PATTERNS["no_pay_before"].search(clause.before):
        return None
    if _PATTERNS["no_pay_after"].match(clause.after):
        return None
    of_another = _PATTERNS["of_another"].search(clause.before) and _PATTERNS["of_hearsay"]
    if of_another and of_another.search(text) and not asks_of_another(text):
        return None
    cue = _PATTERNS["pay"].search(clause.before) or _PATTERNS["pay_after"].match(clause.after)
    return _provenance(clause, cue[0] if cue else None)


def is_of_work(text: str, date: Entity, entities: Sequence[Entity]) -> bool:
    """Tell whether a date's clause speaks of work that began or ended, or of nothing else."""
    clause = _clause(text, date, entities)
    around = clause.before + clause.after
    if _PATTERNS["of_work"].search(around):
        return True
    return not _PATTERNS["of_no_work"].search(around) and clause.is_bare


def asks_of_another(text: str) -> bool:
    """Tell whether a message asks for the sum of somebody spoken of: 她能多要多少."""
    return bool(_PATTERNS["sum_of_another"].search(normalise(text).text))


def _provenance(clause: _Clause, cue: str | None) -> Provenance | None:
    if cue is None and not clause.is_bare:
        return None
    return Provenance(clause.before + clause.after, cue or "")


def _clause(text: str, entity: Entity, entities: Sequence[Entity]) -> _Clause:
    """Return a figure's clause; a mark within another figure (258,600) ends none."""
    start, end = int(entity["start"]), int(entity["end"])
    figures = [e for e in entities if e["entity"] in FIGURE_KINDS]
    inside = [range(int(e["start"]), int(e["end"])) for e in figures]
    ends = [
        hit.start()
        for hit in _PATTERNS["clause_end"].finditer(text)
        if not any(hit.start() in span for span in inside)
    ]
    first = max([0, *(at + 1 for at in ends if at < start)])
    last = min([len(text), *(at for at in ends if at >= end)])
    rest = list(text[first:last])
    for figure in (entity, *figures):
        begin, stop = max(int(figure["start"]), first), min(int(figure["end"]), last)
        if begin < stop:
            rest[begin - first : stop - first] = " " * (stop - begin)
    return _Clause(
        normalise(text[first:start]).text,
        normalise(text[end:last]).text,
        normalise("".join(rest).replace(" ", "")).text,
    )
