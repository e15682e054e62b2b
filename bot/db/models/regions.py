"""Regions: provinces, cities, districts and counties with their GB/T 2260 codes."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, RegionCode


class Region(Base):
    """A province (level 1), a city (2), or a district, county or county-level city (3)."""

    __tablename__ = "regions"

    code: Mapped[RegionCode] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    level: Mapped[int]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"), index=True)
