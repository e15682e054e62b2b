"""The log of looks and acts: rows that are added, never changed, each with the hash before it."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base
from bot.db.types import Moment


class AuditEntry(Base):
    """One act of a member of staff. Triggers refuse changes, and deletion for three years."""

    __tablename__ = "audit"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Its place in the chain, from 1, without gaps."""
    at: Mapped[Moment]
    actor: Mapped[str] = mapped_column(String(80))
    """`counsellor:3`, `operator:login name`, `worker`."""
    action: Mapped[str] = mapped_column(String(40))
    """view, list, export, erase, import, …"""
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(80))
    """A number of ours or a keyed digest; never a name, telephone number or openid."""
    scope: Mapped[str] = mapped_column(String(80))
    """The region or selection within which it was done; '' for none."""
    purpose: Mapped[str] = mapped_column(String(200))
    before_hash: Mapped[str | None] = mapped_column(String(64))
    after_hash: Mapped[str | None] = mapped_column(String(64))
    """Keyed digests of the object's state (bot.audit.chain.state_digest)."""
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of all columns above, in hexadecimal digits."""


class AuditHead(Base):
    """The end of the chain, one row: who appends holds it until the transaction ends."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
