"""The web widget's own: what its sessions saw, and which answers helped."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base
from bot.db.sealing import SealedAddress, SealedText
from bot.db.types import Moment


class WebMessage(Base):
    """A message of a web session, for restoring it; gone when it expires."""

    __tablename__ = "web_messages"
    __table_args__ = (
        Index("ix_web_messages_session_seq", "session", "seq"),
        # Numbers are never given twice: a browser asks for what came after the one it saw last.
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(primary_key=True)
    session: Mapped[str] = mapped_column(SealedAddress())
    body: Mapped[str] = mapped_column(SealedText("web_messages.body"))
    """What the widget is sent, as JSON."""
    expires_at: Mapped[Moment] = mapped_column(index=True)


class AnswerVote(Base):
    """A vote on an answer: its kind, never its words."""

    __tablename__ = "answer_votes"

    message: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The number of the message voted on, so that one answer has one vote."""
    act: Mapped[str | None] = mapped_column(String(40))
    topic: Mapped[str | None] = mapped_column(String(60))
    status: Mapped[str] = mapped_column(String(20))
    vote: Mapped[str] = mapped_column(String(4))
    """up or down."""
    why: Mapped[str | None] = mapped_column(String(10))
    """Why it did not help, when the person said: off, unclear, wrong, no_help."""
    voted_at: Mapped[Moment]
