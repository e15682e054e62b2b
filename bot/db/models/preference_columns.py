"""Columns of a job preference, shared by the tables that keep one, and their values by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ForeignKey, String, Text, inspect
from sqlalchemy.orm import Mapped, mapped_column

from bot.caches import process_cache
from bot.db.base import Base
from bot.db.comma_lists import joined, split

#: Marks of a column that holds a field of a preference: as it is, or as words joined by commas.
VALUE: dict[str, str] = {"preference": "value"}
WORDS: dict[str, str] = {"preference": "words"}


class PreferenceColumns:
    """The columns of every kept preference; a table adds those that it alone has."""

    region_code: Mapped[str | None] = mapped_column(
        ForeignKey("regions.code"), info=VALUE, sort_order=1
    )
    """A district, a city or the province; None means anywhere."""
    also_regions: Mapped[str] = mapped_column(
        Text, default="", server_default="", info=WORDS, sort_order=1
    )
    """Codes of further places that will do, joined by commas."""
    salary_min: Mapped[int | None] = mapped_column(info=VALUE, sort_order=1)
    """Yuan a month."""
    salary_max: Mapped[int | None] = mapped_column(info=VALUE, sort_order=1)
    work_time: Mapped[str | None] = mapped_column(String(12), info=VALUE, sort_order=1)
    welfare: Mapped[str] = mapped_column(
        Text, default="", server_default="", info=WORDS, sort_order=1
    )
    """Welfare wished for, ids of bot.understanding.extractors.benefits, joined by commas."""


def stored_fields(row: Base) -> dict[str, Any]:
    """Return the fields of a preference that a row keeps, by name; words as a tuple."""
    return {
        column.name: split(getattr(row, column.name))
        if column.info == WORDS
        else getattr(row, column.name)
        for column in field_columns(type(row))
    }


def set_stored_fields(row: Base, values: Mapping[str, Any]) -> None:
    """Write those of some values, by the names of the fields, that a row has columns for."""
    for column in field_columns(type(row)):
        value = values[column.name]
        setattr(row, column.name, joined(value) if column.info == WORDS else value)


@process_cache(size=4)
def field_columns(table: type[Base]) -> tuple[Column[Any], ...]:
    """Return the columns of a table that hold fields of a preference."""
    return tuple(column for column in inspect(table).columns if "preference" in column.info)
