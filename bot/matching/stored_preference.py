"""Codec of kept job preferences: rows and their slots, by the names of the fields.

A field of `JobPreference` is kept in the column of its name, where a table has one, and comes back
as the slot of its name: no field is listed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from bot.db.models.preference_columns import (
    field_columns,
    set_stored_fields,
    stored_fields,
)
from bot.db.tables import JobPreferenceRow, Subscription, SubscriptionOccupation
from bot.matching.job_preference import SLOT_OF, JobPreference
from bot.vocabulary.vocabulary import vocabulary


def from_row(row: JobPreferenceRow | Subscription) -> JobPreference:
    """Return the preference that a row keeps."""
    values = stored_fields(row)
    if isinstance(row, Subscription):
        values["occupations"] = tuple(named.occupation_name for named in row.occupations)
    return from_values(values)


def from_values(values: Mapping[str, Any]) -> JobPreference:
    """Return the preference of stored values, by the names of the fields; others are left out."""
    known = {name: values[name] for name in SLOT_OF if name in values}
    return JobPreference(**{"any_occupation": not known["occupations"], **known})


def to_row(preference: JobPreference, row: JobPreferenceRow | Subscription) -> None:
    """Write a preference into a row; without an occupation any will do."""
    values = {field.name: getattr(preference, field.name) for field in fields(preference)}
    set_stored_fields(row, {**values, "any_occupation": not preference.occupations})
    if isinstance(row, Subscription):
        _set_occupations(row, preference.occupations)


def to_slots(preference: JobPreference) -> dict[str, Any]:
    """Return the slots of a subscription's preference; None for what it does not say.

    Those alone that a subscription keeps: age, experience and group are the person's.
    """
    slots = preference.to_slots()
    kept = {"occupations", *(column.name for column in field_columns(Subscription))}
    place = preference.region_code
    region = {"region": vocabulary().name(place) if place else None}
    return {slot: slots[slot] for name, slot in SLOT_OF.items() if name in kept} | region


def _set_occupations(subscription: Subscription, occupations: Sequence[str]) -> None:
    existing = {named.occupation_name: named for named in subscription.occupations}
    subscription.occupations = [
        existing.get(name) or SubscriptionOccupation(occupation_name=name)
        for name in dict.fromkeys(occupations)
    ]
    for position, named in enumerate(subscription.occupations):
        named.position = position
