"""Occupations by their codes in 职业分类大典 2022, with the names people use for them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.db.base import Base


class Occupation(Base):
    """One occupation of the vocabulary. Several may share a code, as 月嫂 and 育儿嫂 do."""

    __tablename__ = "occupations"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The name in the vocabulary, e.g. 保安员: the value of the slot `occupation`."""
    code: Mapped[str] = mapped_column(String(12), index=True)
    """The code in 职业分类大典 2022, e.g. 4-07-05-01."""
    family: Mapped[str] = mapped_column(String(40), index=True)
    """The family a seeker would accept as a neighbour, e.g. 安保."""

    aliases: Mapped[list[OccupationAlias]] = relationship(
        back_populates="occupation", cascade="all, delete-orphan", lazy="selectin"
    )


class OccupationAlias(Base):
    """A name people use for an occupation: 打更的 for 保安员."""

    __tablename__ = "occupation_aliases"

    alias: Mapped[str] = mapped_column(String(40), primary_key=True)
    occupation_name: Mapped[str] = mapped_column(
        ForeignKey("occupations.name", ondelete="CASCADE"), primary_key=True, index=True
    )

    occupation: Mapped[Occupation] = relationship(back_populates="aliases")
