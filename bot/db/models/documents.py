"""Laws and official notices as published, split by article; and vectors of texts for search."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.db.base import Base


class Document(Base):
    """One version of a law or notice; an older one stays, with the day it ended."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("name", "content_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    """The title without 中华人民共和国: 劳动合同法."""
    title: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(80))
    """The document's number, e.g. 法释〔2025〕12号; laws have none."""
    dated: Mapped[date | None]
    """When it was issued or last amended."""
    effective_from: Mapped[date | None]
    effective_to: Mapped[date | None]
    """The last day it holds; None while no later version is known."""
    content_hash: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]

    articles: Mapped[list[Article]] = relationship(
        back_populates="document", cascade="all, delete-orphan", order_by="Article.position"
    )


class Article(Base):
    """One article of a document, word for word."""

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(20))
    """As the document writes it: 第三十八条."""
    chapter: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)

    document: Mapped[Document] = relationship(back_populates="articles")


class TextVector(Base):
    """The sentence vector of a text, by the text's hash: unchanged texts keep their vector."""

    __tablename__ = "text_vectors"

    model: Mapped[str] = mapped_column(String(60), primary_key=True)
    text_hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    """Half-precision numbers."""
