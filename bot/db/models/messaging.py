"""State of the channels between messages and between workers.

No row holds what a person wrote or is told but those of the inbox, which are gone once the answer
has gone out, and what a quota kept back.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base
from bot.db.sealing import SealedAddress, SealedKey, SealedText
from bot.db.types import Moment


class SeenMessage(Base):
    """A message, event or nonce that has come in once; until it expires it is not taken again."""

    __tablename__ = "seen_messages"

    channel: Mapped[str] = mapped_column(String(12), primary_key=True)
    key: Mapped[str] = mapped_column(SealedKey(), primary_key=True)
    """The provider's message id, or what stands for it where there is none."""
    expires_at: Mapped[datetime] = mapped_column(index=True)


class InboxMessage(Base):
    """A message that was taken and is not answered yet: answered again should its process die."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_channel_address", "channel", "address"),)

    channel: Mapped[str] = mapped_column(String(12), primary_key=True)
    key: Mapped[str] = mapped_column(SealedKey(), primary_key=True)
    """The provider's message id."""
    address: Mapped[str] = mapped_column(SealedAddress())
    text: Mapped[str] = mapped_column(SealedText("inbox.text"))
    holder: Mapped[str] = mapped_column(String(32))
    """The process that answers it."""
    held_until: Mapped[Moment] = mapped_column(index=True)
    """When another one may take it over; the holder moves it on while it lives."""
    tries: Mapped[int]
    """How often a process has begun with it."""
    taken_at: Mapped[Moment]
    to_send: Mapped[str | None] = mapped_column(SealedText("inbox.to_send"))
    """JSON list of the texts of its answer that have not gone out; NULL while it has none."""


class Offer(Base):
    """Numbered choices of the last answer on a channel that a person can still pick."""

    __tablename__ = "offers"

    channel: Mapped[str] = mapped_column(String(12), primary_key=True)
    address: Mapped[str] = mapped_column(SealedAddress(), primary_key=True)
    choices: Mapped[str] = mapped_column(SealedText("offers.choices"), default="[]")
    """JSON list of title and what it says, in the order of the numbers from 1 on."""
    rest: Mapped[str] = mapped_column(SealedText("offers.rest"), default="")
    """What of the answer did not fit and comes for 0."""
    unsent: Mapped[str] = mapped_column(SealedText("offers.unsent"), default="")
    """Answers that a quota kept back; they come before the next answer."""
    made_at: Mapped[datetime]


class SentMessage(Base):
    """The state of one message that we sent, as its provider reports it."""

    __tablename__ = "sent_messages"
    __table_args__ = (Index("ix_sent_messages_provider", "channel", "provider_id"),)

    channel: Mapped[str] = mapped_column(String(12), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    """Our own key of the send; a push's is that of its delivery."""
    provider_id: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12))
    """accepted, buffered, delivered, failed or refused."""
    reason: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime]


class AccessToken(Base):
    """The access token of one official account, shared by all workers."""

    __tablename__ = "access_tokens"

    app_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    token: Mapped[str] = mapped_column(String(600))
    expires_at: Mapped[datetime]
    forced_at: Mapped[datetime | None]
    """When a new token was last asked for by force, which the provider counts strictly."""


class LinkCode(Base):
    """A code shown on one channel that makes the one who types it on another the same seeker."""

    __tablename__ = "link_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """Keyed digest of the code, so that the table alone links nobody."""
    channel: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(SealedAddress())
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LinkAttempt(Base):
    """A wrong code that was typed: counted, so that all codes cannot be tried."""

    __tablename__ = "link_attempts"
    __table_args__ = (Index("ix_link_attempts_who", "channel", "address", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(SealedAddress())
    made_at: Mapped[datetime]
