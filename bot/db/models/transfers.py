"""Transfers of people between areas: asked for by one side, decided by the other."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base
from bot.db.models.areas import AreaCode
from bot.db.types import Moment

_OPEN = text("state = 'proposed'")


class Transfer(Base):
    """A transfer of a person from one area to another.

    A person's district changes by an accepted one alone (trigger people_transfer, migration 0030).
    """

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint(
            "state in ('proposed', 'accepted', 'refused', 'withdrawn')", name="state"
        ),
        CheckConstraint("direction in ('in', 'out')", name="direction"),
        CheckConstraint(
            "state not in ('accepted', 'refused') or (decided_by is not null and decided_at is"
            " not null and decided_by <> proposed_by)",
            name="has_both_sides",
        ),
        Index(
            "uq_transfers_open", "person_id", unique=True,
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        Index("ix_transfers_from_code", "from_code"),
        Index("ix_transfers_to_code", "to_code"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    from_code: Mapped[AreaCode]
    to_code: Mapped[AreaCode]
    direction: Mapped[str] = mapped_column(String(3))
    """in: the new area asks for the person; out: the old one hands the person over."""
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("counsellors.id"))
    proposed_at: Mapped[Moment]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("counsellors.id"))
    decided_at: Mapped[Moment | None]
    note: Mapped[str] = mapped_column(String(200))
    """Why it was refused; empty otherwise."""
