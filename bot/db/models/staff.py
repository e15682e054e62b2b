"""Roles of staff, each in an area. Staff log in as counsellors (bot/db/models/handoff.py)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base
from bot.db.models.areas import AreaCode
from bot.db.types import Moment

_OPEN = text("ended_at is null")


class StaffRole(Base):
    """A role that a member of staff has, or had, in an area. Not grantable to oneself."""

    __tablename__ = "staff_roles"
    __table_args__ = (
        CheckConstraint(
            "granted_by is null or granted_by <> counsellor_id", name="not_granted_by_oneself"
        ),
        Index(
            "uq_staff_roles_open", "counsellor_id", "role", "scope",
            unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    counsellor_id: Mapped[int] = mapped_column(ForeignKey("counsellors.id"))
    role: Mapped[str] = mapped_column(String(20))
    """A key of bot.casework.roles.ROLES."""
    scope: Mapped[AreaCode]
    """The code of an area, or empty for a role that sees no persons."""
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("counsellors.id"))
    """None: at the command line."""
    granted_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("counsellors.id"))
