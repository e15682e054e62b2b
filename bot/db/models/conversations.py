"""Rasa's conversations: its events, and where each conversation is read from."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base
from bot.db.sealing import SealedAddress, SealedText


class ConversationEvent(Base):
    """An event of a conversation, as Rasa 3.6's SQLTrackerStore keeps it."""

    __tablename__ = "events"
    # Rasa's own index on the sender alone makes PostgreSQL visit every event of a long talk.
    __table_args__ = (Index("ix_events_sender_id_id", "sender_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sender_id: Mapped[str] = mapped_column(SealedAddress(255))
    type_name: Mapped[str] = mapped_column(String(255))
    timestamp: Mapped[float | None]
    intent_name: Mapped[str | None] = mapped_column(String(255))
    action_name: Mapped[str | None] = mapped_column(String(255))
    data: Mapped[str | None] = mapped_column(SealedText("events.data"))
    """The event as JSON."""


class ConversationStart(Base):
    """Start of a long conversation as it is read: slots in place of older events."""

    __tablename__ = "conversation_starts"

    sender_id: Mapped[str] = mapped_column(SealedAddress(255), primary_key=True)
    after: Mapped[int]
    """Events up to this id are left out."""
    slots: Mapped[str] = mapped_column(SealedText("conversation_starts.slots"))
    """The slots as they stood there, a JSON object by name."""
