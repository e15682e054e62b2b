"""Job preference of a seeker: collected from the conversation, used to search and to match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from bot.understanding.extractors.conditions import conditions
from bot.vocabulary.vocabulary import vocabulary

PreferenceSlot = Literal["occupation", "region", "salary"]


@dataclass(frozen=True)
class JobPreference:
    """A job preference; what is empty or None was not said."""

    occupations: tuple[str, ...] = ()
    """Names of the vocabulary, any of them will do."""
    any_occupation: bool = False
    """True after 随便, 都行: do not ask again."""
    region_code: str | None = None
    also_regions: tuple[str, ...] = ()
    """Codes of further places that the seeker named."""
    salary_min: int | None = None
    """Least pay wished for, yuan a month."""
    salary_max: int | None = None
    work_time: str | None = None
    excluded: tuple[str, ...] = ()
    """Occupations, working times and words that are ruled out."""
    education: str | None = None
    """The seeker's own schooling."""
    experience_years: int | None = None
    age: int | None = None
    group: str | None = None
    welfare: tuple[str, ...] = ()
    """What it should offer or be, ids of data/vocab/offers.yml and conditions.yml: meals,
    weekends_off, no_nights…"""

    @property
    def places(self) -> tuple[str, ...]:
        """Codes of all places that will do; empty when none was said."""
        return (self.region_code, *self.also_regions) if self.region_code else self.also_regions

    @cached_property
    def trades(self) -> tuple[str, ...]:
        """The occupations with the special ones that they cover: 司机 with 货车司机."""
        return vocabulary().covered(self.occupations)

    @property
    def stays(self) -> str:
        """Restriction of the search to the places: `always`, `first`, or not at all (empty)."""
        conditions_by_id = conditions()
        restrictions = {
            conditions_by_id[offer_id].stays
            for offer_id in self.welfare
            if offer_id in conditions_by_id and self.places
        }
        return "always" if "always" in restrictions else "first" if "first" in restrictions else ""

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> JobPreference:
        """Read a preference from the slots of a conversation."""
        return cls(
            occupations=tuple(slots.get("occupation") or ()),
            any_occupation=bool(slots.get("any_occupation")),
            region_code=slots.get("region_code"),
            salary_min=slots.get("salary_min"),
            salary_max=slots.get("salary_max"),
            work_time=slots.get("work_time"),
            excluded=tuple(slots.get("excluded") or ()),
            education=slots.get("education"),
            experience_years=slots.get("experience_years"),
            age=slots.get("age"),
            group=slots.get("group"),
            also_regions=tuple(slots.get("also_regions") or ()),
            welfare=tuple(slots.get("welfare") or ()),
        )

    def missing(self) -> PreferenceSlot | None:
        """Return what must be asked before a search makes sense: the trade, then the place."""
        if not self.occupations and not self.any_occupation and not self.work_time:
            return "occupation"
        if not self.region_code:
            return "region"
        return None
