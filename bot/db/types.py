"""Moments in China's time, the same on every database: SQLite keeps no time zone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from bot.clock import CHINA


class ChinaTime(TypeDecorator[datetime]):
    """A moment that is stored, compared and read in China's time.

    Naive moments are refused with ValueError: their time zone is unknown.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Store in China's time, so that SQLite's texts compare as moments do."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(CHINA)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read in China's time."""
        if value is None:
            return None
        return value.replace(tzinfo=CHINA) if value.tzinfo is None else value.astimezone(CHINA)


#: A moment in China's time.
Moment = Annotated[datetime, mapped_column(ChinaTime())]
