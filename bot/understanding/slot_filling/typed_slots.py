"""The slots that slot filling reads, by what they hold; `bot.turns.slots.Slots` has them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class TypedSlots(Protocol):
    """The slots of a conversation before a message is read."""

    @property
    def person(self) -> str | None:
        """The person concerned, when it is another one than the writer."""

    @property
    def people(self) -> Mapping[str, Mapping[str, Any]]:
        """The slots put away for the people spoken of before, by person."""

    @property
    def group(self) -> str | None:
        """The group that the person belongs to."""

    @property
    def region_code(self) -> str | None:
        """The code of the region spoken of."""

    @property
    def also_regions(self) -> list[str]:
        """The codes of further places that will do for a job."""

    @property
    def ambiguous_regions(self) -> list[str]:
        """The codes of the regions that the open question chooses from."""

    @property
    def occupations(self) -> list[str]:
        """The occupations looked for."""

    @property
    def past_occupations(self) -> list[str]:
        """The occupations worked in so far."""

    @property
    def any_occupation(self) -> bool | None:
        """True when any occupation will do."""

    @property
    def salary_min(self) -> int | None:
        """The least pay wished for, in yuan a month."""

    @property
    def excluded(self) -> list[str]:
        """The occupations, working times and words that are ruled out."""

    @property
    def welfare(self) -> list[str]:
        """The ids of what the job should offer."""

    def subset(self, names: Iterable[str]) -> dict[str, Any]:
        """Return some slots as they are, an empty one too."""
