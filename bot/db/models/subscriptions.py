"""Push: subscriptions of seekers, and the outbox of messages to be sent."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.db.base import Base
from bot.db.models.preference_columns import VALUE, WORDS, PreferenceColumns
from bot.db.sealing import SealedAddress, SealedText
from bot.db.types import Moment

_RUNNING = text("ended_at IS NULL")


class Subscription(PreferenceColumns, Base):
    """A seeker's subscription on one channel; the job preference stands in columns, indexed."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        Index(
            "uq_subscriptions_running",
            "seeker_id",
            "channel",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        Index("ix_subscriptions_any_occupation_region_code", "any_occupation", "region_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seekers.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(12))
    frequency: Mapped[str] = mapped_column(String(8))
    """at_once, daily or weekly."""
    any_occupation: Mapped[bool] = mapped_column(default=False, info=VALUE)
    """True when no occupation is named: then the side table holds none."""
    education: Mapped[str | None] = mapped_column(String(12), info=VALUE)
    excluded: Mapped[str] = mapped_column(Text, default="", info=WORDS)
    """Occupations, working times and words that are ruled out, joined by commas."""
    created_at: Mapped[Moment]
    paused_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    expires_on: Mapped[date]
    """The day from which on nothing is sent, unless the seeker says so anew."""

    occupations: Mapped[list[SubscriptionOccupation]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="SubscriptionOccupation.position"
    )


class SubscriptionOccupation(Base):
    """One occupation of a wish: the index by which a posting finds its subscriptions."""

    __tablename__ = "subscription_occupations"
    __table_args__ = (Index("ix_subscription_occupations_occupation_name", "occupation_name"),)

    subscription_id: Mapped[int] = mapped_column(
        ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True
    )
    occupation_name: Mapped[str] = mapped_column(ForeignKey("occupations.name"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class MatchedPosting(Base):
    """A posting that has been matched against all subscriptions, and in which form."""

    __tablename__ = "matched_postings"

    posting_id: Mapped[int] = mapped_column(
        ForeignKey("postings.id", ondelete="CASCADE"), primary_key=True
    )
    content_hash: Mapped[str] = mapped_column(String(40))
    """That of the posting when it was matched; another one is matched again."""
    matched_at: Mapped[Moment]


class SubscriptionMatch(Base):
    """A posting that waits for the next digest of a subscription."""

    __tablename__ = "subscription_matches"

    subscription_id: Mapped[int] = mapped_column(
        ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True
    )
    posting_id: Mapped[int] = mapped_column(
        ForeignKey("postings.id", ondelete="CASCADE"), primary_key=True
    )
    score: Mapped[float]
    reasons: Mapped[str] = mapped_column(Text, default="")
    """In plain words, one a line."""
    found_at: Mapped[Moment]


class Delivery(Base):
    """One message that is to reach a person: written with its cause, sent by a worker."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_state_next_attempt_at", "state", "next_attempt_at"),
        Index("ix_deliveries_seeker_id_kind_created_at", "seeker_id", "kind", "created_at"),
        Index("ix_deliveries_channel_address", "channel", "address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """The same cause makes the same key; senders pass it on, so that nothing is shown twice."""
    seeker_id: Mapped[int | None] = mapped_column(ForeignKey("seekers.id", ondelete="SET NULL"))
    subscription_id: Mapped[int | None] = mapped_column(
        ForeignKey("subscriptions.id", ondelete="SET NULL")
    )
    channel: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(SealedAddress())
    kind: Mapped[str] = mapped_column(String(20))
    """digest, follow_up, monthly_contact, consent, fair, hand_off."""
    body: Mapped[str] = mapped_column(SealedText("deliveries.body"))
    """A structured message as JSON; empty once the seeker had his data deleted."""
    slots: Mapped[str] = mapped_column(SealedText("deliveries.slots"), default="{}")
    """Slots of the conversation that sending sets, as JSON: so a reply is understood."""
    state: Mapped[str] = mapped_column(String(10), default="queued")
    """queued, sending, sent, delivered, read, answered, failed or stopped."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often the sender asked for another try."""
    next_attempt_at: Mapped[Moment]
    claim: Mapped[str | None] = mapped_column(String(32))
    """The worker's claim under which it is being sent."""
    lease_until: Mapped[Moment | None]
    """When a claim falls back to the queue, should its worker have died."""
    provider_id: Mapped[str | None] = mapped_column(String(120), index=True)
    reason: Mapped[str] = mapped_column(String(80), default="")
    """Why the last attempt failed: a code, never a text of the person."""
    created_at: Mapped[Moment]
    sent_at: Mapped[Moment | None]
    delivered_at: Mapped[Moment | None]
    read_at: Mapped[Moment | None]
    answered_at: Mapped[Moment | None]
    failed_at: Mapped[Moment | None]


class DeliveryPosting(Base):
    """A posting that a delivery shows. A person gets the same posting only once."""

    __tablename__ = "delivery_postings"

    seeker_id: Mapped[int] = mapped_column(
        ForeignKey("seekers.id", ondelete="CASCADE"), primary_key=True
    )
    posting_id: Mapped[int] = mapped_column(
        ForeignKey("postings.id", ondelete="CASCADE"), primary_key=True
    )
    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("deliveries.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    """Its number in the list, from 1."""
