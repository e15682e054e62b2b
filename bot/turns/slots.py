"""Typed reading of a conversation's slots; domain.yml has a line for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.state import DialogueState
from bot.eligibility.interview import Interview


@dataclass(frozen=True)
class Slots:
    """The slots by what they hold; an empty slot is None or an empty collection."""

    values: Mapping[str, Any]

    @property
    def subject(self) -> str | None:
        """The subject of the talk: job, policy or places."""
        return self._text("subject")

    @property
    def form(self) -> str | None:
        """The form that is being filled: job."""
        return self._text("form")

    @property
    def open_question(self) -> str | None:
        """The question that waits for an answer (slot `asked`)."""
        return self._text("asked")

    @property
    def pending(self) -> dict[str, Any]:
        """The values that the open question needs."""
        value: dict[str, Any] = self.values.get("pending") or {}
        return value

    @property
    def topic(self) -> str | None:
        """The policy spoken of."""
        return self._text("topic")

    @property
    def region_code(self) -> str | None:
        """The code of the region spoken of."""
        return self._text("region_code")

    @property
    def also_regions(self) -> list[str]:
        """The codes of further places that will do for a job."""
        return self._texts("also_regions")

    @property
    def ambiguous_regions(self) -> list[str]:
        """The codes of the regions that the open question chooses from (铁西)."""
        return list(self.pending.get("region") or ())

    @property
    def occupations(self) -> list[str]:
        """The occupations looked for."""
        return self._texts("occupation")

    @property
    def past_occupations(self) -> list[str]:
        """The occupations worked in so far."""
        return self._texts("past_occupation")

    @property
    def any_occupation(self) -> bool | None:
        """True when any occupation will do."""
        value: bool | None = self.values.get("any_occupation")
        return value

    @property
    def salary_min(self) -> int | None:
        """The least pay wished for, in yuan a month."""
        return self._number("salary_min")

    @property
    def excluded(self) -> list[str]:
        """The occupations, working times and words that are ruled out."""
        return self._texts("excluded")

    @property
    def welfare(self) -> list[str]:
        """The ids of what the job should offer (data/vocab/offers.yml, conditions.yml)."""
        return self._texts("welfare")

    @property
    def person(self) -> str | None:
        """The person concerned, when it is another one than the writer."""
        return self._text("person")

    @property
    def people(self) -> dict[str, dict[str, Any]]:
        """The slots put away for the people spoken of before, by person."""
        value: dict[str, dict[str, Any]] = self.values.get("people") or {}
        return value

    @property
    def group(self) -> str | None:
        """The group that the person belongs to."""
        return self._text("group")

    @property
    def contribution_months(self) -> int | None:
        """The months of contributions to unemployment insurance."""
        return self._number("contribution_months")

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of the calculation under way, with its topic."""
        value: dict[str, Any] = self.values.get("facts") or {}
        return value

    @property
    def shown_ids(self) -> list[int]:
        """The ids of the postings of the last list."""
        return self._numbers("shown")

    @property
    def viewed_id(self) -> int | None:
        """The id of the posting looked at last."""
        return self._number("viewed")

    @property
    def seen_ids(self) -> list[int]:
        """The ids of the postings that this search has shown."""
        return self._numbers("seen")

    @property
    def dismissed_ids(self) -> list[int]:
        """The ids of the postings that are not to be shown again (slot `left_out`)."""
        return self._numbers("left_out")

    @property
    def places(self) -> dict[str, Any] | None:
        """The last list of stations, fairs or courses (bot/place_handlers/listing.py)."""
        value: dict[str, Any] | None = self.values.get("places")
        return value

    @property
    def interview(self) -> Interview:
        """The interview on policies that fit."""
        return Interview.from_slot(self.values.get("eligibility"))

    @property
    def dialogue(self) -> DialogueState:
        """The state of the talk."""
        return DialogueState.from_slot(self.dialogue_content)

    @property
    def dialogue_content(self) -> dict[str, Any] | None:
        """The state of the talk as its slot holds it."""
        value: dict[str, Any] | None = self.values.get("dialogue")
        return value

    def subset(self, names: Iterable[str]) -> dict[str, Any]:
        """Return some slots as they are, an empty one too: to be put away and set again."""
        return {name: self.values.get(name) for name in names}

    def altered(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of the changes that give a slot another value."""
        return {name: value for name, value in changes.items() if self.values.get(name) != value}

    def unfilled(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of the values that fill an empty slot."""
        return {
            name: value for name, value in values.items() if value and not self.values.get(name)
        }

    def _text(self, name: str) -> str | None:
        value: str | None = self.values.get(name)
        return value

    def _texts(self, name: str) -> list[str]:
        return list(self.values.get(name) or ())

    def _number(self, name: str) -> int | None:
        value: int | None = self.values.get(name)
        return value

    def _numbers(self, name: str) -> list[int]:
        return [int(value) for value in self.values.get(name) or ()]
