"""Seekers: the identities they write from, what job they want, and what they agreed to."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.db.base import Base
from bot.db.models.preference_columns import WORDS, PreferenceColumns
from bot.db.sealing import SealedAddress


class Seeker(Base):
    """A person who looks for work. Holds no name: a conversation needs none."""

    __tablename__ = "seekers"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]

    identities: Mapped[list[ChannelIdentity]] = relationship(
        back_populates="seeker", cascade="all, delete-orphan", lazy="selectin"
    )
    preference: Mapped[JobPreferenceRow | None] = relationship(
        back_populates="seeker", cascade="all, delete-orphan", lazy="selectin"
    )
    consents: Mapped[list[Consent]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="Consent.given_at"
    )


class ChannelIdentity(Base):
    """The address a seeker writes from on one channel (openid, phone number, web session)."""

    __tablename__ = "channel_identities"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seekers.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(SealedAddress())

    seeker: Mapped[Seeker] = relationship(back_populates="identities")


class JobPreferenceRow(PreferenceColumns, Base):
    """The job a seeker wants, kept only with consent and until it expires."""

    __tablename__ = "job_preferences"

    id: Mapped[int] = mapped_column(primary_key=True)
    seeker_id: Mapped[int] = mapped_column(
        ForeignKey("seekers.id", ondelete="CASCADE"), unique=True
    )
    occupations: Mapped[str] = mapped_column(Text, default="", info=WORDS)
    """Names of the vocabulary, joined by commas; empty means any."""
    updated_at: Mapped[datetime]
    expires_on: Mapped[date]

    seeker: Mapped[Seeker] = relationship(back_populates="preference")


class Consent(Base):
    """Consent of a seeker: when, on which channel, to which words, and when it was withdrawn."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_seeker_id_purpose", "seeker_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seekers.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(20))
    """keep_preference, counsel, keep_postings or push (data/privacy/consents.yml)."""
    channel: Mapped[str] = mapped_column(String(12))
    version: Mapped[str] = mapped_column(String(20), default="1", server_default="1")
    """Of the wording of this purpose (data/privacy/consents.yml) when it was agreed to."""
    wording: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
