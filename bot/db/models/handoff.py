"""Hand-off: tickets, what was said on them, and the counsellors who answer."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, RegionCode
from bot.db.sealing import SealedAddress, SealedText
from bot.db.types import Moment

_NOT_CLOSED = text("state <> 'closed'")


class Counsellor(Base):
    """A counsellor, who answers tickets."""

    __tablename__ = "counsellors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    """As the seeker sees it."""
    password_hash: Mapped[str] = mapped_column(String(200))
    """scrypt with its salt and costs (bot/handoff/passwords)."""
    created_at: Mapped[Moment]
    left_at: Mapped[Moment | None]
    """When he stopped answering tickets; from then on nobody can log in under the name."""
    signed_out_at: Mapped[Moment | None]
    """When he logged out last: sessions from before are worth nothing, wherever they are kept."""


class Ticket(Base):
    """A conversation that waits for a counsellor, is with one, or was. One open an address."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index(
            "uq_tickets_not_closed", "channel", "address",
            unique=True, sqlite_where=_NOT_CLOSED, postgresql_where=_NOT_CLOSED,
        ),
        Index("ix_tickets_state_opened_at", "state", "opened_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    seeker_id: Mapped[int | None] = mapped_column(
        ForeignKey("seekers.id", ondelete="CASCADE"), index=True
    )
    """The seeker, None when nothing is kept of the person."""
    channel: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(SealedAddress())
    reason: Mapped[str] = mapped_column(String(20))
    """distress, unpaid, fraud, asked or unclear."""
    posting_id: Mapped[int | None] = mapped_column(ForeignKey("postings.id", ondelete="SET NULL"))
    region_code: Mapped[RegionCode | None]
    """The district, or the city alone, that was spoken of; None: every desk's."""
    employer: Mapped[str] = mapped_column(SealedText("tickets.employer"), default="")
    """The employer that the person named; empty for none."""
    state: Mapped[str] = mapped_column(String(10), default="open")
    """open, taken or closed."""
    opened_at: Mapped[Moment]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("counsellors.id"), index=True)
    taken_at: Mapped[Moment | None]
    told_away_at: Mapped[Moment | None]
    """When the seeker was told that the counsellor is off duty; empty after the next reply."""
    closed_at: Mapped[Moment | None]
    closed_by: Mapped[str | None] = mapped_column(String(12))
    """seeker, counsellor or platform (given to WeChat's own desk)."""
    result: Mapped[str] = mapped_column(String(12), default="")
    """A key of bot.handoff.results.RESULTS; empty when nobody stated one."""
    result_note: Mapped[str] = mapped_column(SealedText("tickets.result_note"), default="")


class TicketMessage(Base):
    """One line of a ticket's conversation."""

    __tablename__ = "ticket_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    sender: Mapped[str] = mapped_column(String(12))
    """seeker, bot or counsellor."""
    counsellor_id: Mapped[int | None] = mapped_column(ForeignKey("counsellors.id"))
    text: Mapped[str] = mapped_column(SealedText("ticket_messages.text"))
    said_at: Mapped[Moment]
