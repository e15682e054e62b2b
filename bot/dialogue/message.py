"""A message as the arbiter sees it: its words, and what readers and classifier made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.text.normalise import normalise
from bot.text.questions import is_question
from bot.understanding.question_kind import question_kinds


@dataclass(frozen=True)
class ParsedMessage:
    """A message with its acts, topics and entities, before it is read within the talk."""

    text: str
    """In its one form."""
    acts: tuple[tuple[str, float], ...]
    topics: tuple[tuple[str, float], ...]
    entities: frozenset[str]
    """The kinds of what was read."""
    negated: bool
    """True when any entity is ruled out."""
    question: bool
    kind: str | None
    """The kind of question (data/vocab/question_kinds.yml)."""

    @classmethod
    def from_parse(cls, text: str, parsed: Mapping[str, Any]) -> ParsedMessage:
        """Take what Rasa's parsing left in a message."""
        entities: Sequence[Mapping[str, Any]] = parsed.get("entities") or ()
        return cls(
            text=normalise(text).text,
            acts=_ranked(parsed.get("intent_ranking"), 4),
            topics=_ranked(parsed.get("topics"), 3),
            entities=frozenset(str(entity["entity"]) for entity in entities),
            negated=any(entity.get("negated") for entity in entities),
            question=is_question(text),
            kind=question_kinds().kind_of(text),
        )


def _ranked(
    ranking: Sequence[Mapping[str, Any]] | None, limit: int
) -> tuple[tuple[str, float], ...]:
    return tuple(
        (str(entry["name"]), float(entry["confidence"])) for entry in (ranking or ())[:limit]
    )
