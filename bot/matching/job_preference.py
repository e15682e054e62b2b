"""Job preference of a seeker: collected from the conversation, used to search and to match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
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
            **{
                field.name: _from_slot(slots.get(SLOT_OF[field.name]), field.default)
                for field in fields(cls)
            }
        )

    def to_slots(self) -> dict[str, Any]:
        """Return the slots that `from_slots` reads: lists for tuples, None for what is unsaid."""
        return {slot: _to_slot(getattr(self, name)) for name, slot in SLOT_OF.items()}

    def missing(self) -> PreferenceSlot | None:
        """Return what must be asked before a search makes sense: the trade, then the place."""
        if not self.occupations and not self.any_occupation and not self.work_time:
            return "occupation"
        if not self.region_code:
            return "region"
        return None


#: The slot of each field: that of its name, but for the trades, which share theirs with the entity.
SLOT_OF = {
    field.name: "occupation" if field.name == "occupations" else field.name
    for field in fields(JobPreference)
}


def _from_slot(value: Any, default: object) -> Any:
    """Return a slot's value as its field holds it; `default` is what the field holds unsaid."""
    if default == ():
        return tuple(value or ())
    return bool(value) if default is False else value


def _to_slot(value: Any) -> Any:
    """Return a field's value as JSON; None for an empty tuple and for False."""
    if isinstance(value, tuple):
        return list(value) or None
    return None if value is False else value
