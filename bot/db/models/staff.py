"""Roles of staff, each in an area, and the second factors of their logins.

Staff log in as counsellors (bot/db/models/handoff.py).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
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


class SecondFactor(Base):
    """The authenticator of an account (TOTP, RFC 6238); it counts once its first code was typed."""

    __tablename__ = "second_factors"

    counsellor_id: Mapped[int] = mapped_column(ForeignKey("counsellors.id"), primary_key=True)
    secret_sealed: Mapped[str] = mapped_column(Text)
    """Base32, 160 bits; sealed by bot.casework.identity."""
    created_at: Mapped[Moment]
    confirmed_at: Mapped[Moment | None]
    """None: the key was shown, no code of it was typed yet."""
    last_step: Mapped[int] = mapped_column(BigInteger)
    """The newest step of 30 seconds whose code was used: none of it or of an earlier one holds."""
    failures: Mapped[int]
    """Wrong codes since the last right one."""
    locked_until: Mapped[Moment | None]


class RecoveryCode(Base):
    """A code that stands in for the authenticator once; only its keyed digest is stored."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("counsellor_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    counsellor_id: Mapped[int] = mapped_column(ForeignKey("counsellors.id"))
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[Moment | None]


class SecondFactorRole(Base):
    """A role whose holders must log in with a second factor."""

    __tablename__ = "second_factor_roles"

    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    """A key of bot.casework.roles.ROLES."""
    demanded_by: Mapped[int] = mapped_column(ForeignKey("counsellors.id"))
    demanded_at: Mapped[Moment]
