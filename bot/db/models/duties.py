"""Duties as loaded from data/duties: figures and lists by region and day, each with its source."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, RegionCode


class DutyFigureRow(Base):
    """A figure for a region from a day on."""

    __tablename__ = "duty_figures"
    __table_args__ = (UniqueConstraint("key", "region_code", "effective_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(40))
    region_code: Mapped[RegionCode]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    citation: Mapped[str] = mapped_column(Text)
    grade: Mapped[str] = mapped_column(String(2))


class DutyItemRow(Base):
    """An entry of a list for a region from a day on, such as a reason of exit."""

    __tablename__ = "duty_items"
    __table_args__ = (
        UniqueConstraint("list", "code", "region_code", "effective_from"),
        CheckConstraint(
            "list <> 'exit_reasons' or code not in ('refused_3', 'unreachable_6m')",
            name="no_forbidden_reason",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(Text)
    region_code: Mapped[RegionCode]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    citation: Mapped[str] = mapped_column(Text)
    grade: Mapped[str] = mapped_column(String(2))
