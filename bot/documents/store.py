"""Keep documents by version: a new one replaces the old, which stays with the day it ended."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Article, Document
from bot.documents.article_parser import DocumentText, split
from bot.documents.errors import DocumentError
from bot.documents.passages import passages, pieces, questions
from bot.documents.readers import read_file
from bot.documents.titles import short_name
from bot.embeddings.sentence_model import sentence_model
from bot.search.vector_store import ensure_vectors

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Imported:
    """Result of importing one file."""

    name: str
    articles: int
    state: str
    """new, changed (an older version was ended) or unchanged."""
    warnings: tuple[str, ...] = ()
    """What whoever imports must know: articles that are missing, pictures not read."""


def import_files(
    db: Session, files: Sequence[Path], progress: Progress = lambda done, of: None
) -> list[Imported]:
    """Read, split and keep files; embed what is new. Raises DocumentError; then nothing is kept."""
    read = [_read(file) for file in files]
    done = [_save(db, document, warnings) for document, warnings in read]
    db.flush()
    embed(db, progress)
    return done


def embed(db: Session, progress: Progress = lambda done, of: None) -> None:
    """Make the sentence vectors that articles in force, or soon in force, lack.

    Makes none without a sentence model.
    """
    model = sentence_model()
    if model is not None:
        lasting = or_(Document.effective_to.is_(None), Document.effective_to >= clock.today())
        lasting_passages = passages(_articles(db, lasting))
        texts = [
            text for passage in lasting_passages for text in (*pieces(passage), *questions(passage))
        ]
        ensure_vectors(db, model, texts, progress)


def in_force(db: Session, day: date) -> list[Article]:
    """Return the articles of the versions that hold on a day, in their documents' order."""
    holds = (
        or_(Document.effective_from.is_(None), Document.effective_from <= day),
        or_(Document.effective_to.is_(None), Document.effective_to >= day),
    )
    return _articles(db, *holds)


def _articles(db: Session, *where: ColumnElement[bool]) -> list[Article]:
    query = select(Article).join(Document).where(*where).order_by(Document.id, Article.position)
    return list(db.scalars(query))


def _read(file: Path) -> tuple[DocumentText, tuple[str, ...]]:
    """Read and split a file; return with it what must be told. Raises DocumentError."""
    content = read_file(file)
    document = split(file.name, content.text)
    if document.draft and document.effective_from is None:
        raise DocumentError(file.name, f"is a draft that is in force from no day: {document.title}")
    return document, (*content.warnings, *_warnings(document))


def _warnings(document: DocumentText) -> Iterator[str]:
    if document.missing:
        yield f"incomplete: {document.missing} missing"
    if document.draft:
        yield f"a draft by its title: {document.title}"
    if document.revised and _by_title(document):
        yield (
            f"the day of the revision of {document.revised} is not in the text: "
            f"counted from {document.revised}-01-01"
        )


def _save(db: Session, read: DocumentText, warnings: tuple[str, ...]) -> Imported:
    content = "\n".join(f"{a.chapter}|{a.number}|{a.text}" for a in read.articles)
    digest = hashlib.sha256(f"{read.title}|{read.number}|{content}".encode()).hexdigest()
    versions = _versions(db, read.name)
    if any(version.content_hash == digest for version in versions):
        return Imported(read.name, len(read.articles), "unchanged", warnings)
    begins = _begins(read)
    open_ones = [v for v in versions if v.effective_to is None]
    for version in open_ones:
        # On the same days a mended text takes the place of the one before it.
        if begins is None or version.effective_from is None or version.effective_from <= begins:
            version.effective_to = (begins or clock.today()) - timedelta(days=1)
    later = [v.effective_from for v in open_ones if v.effective_to is None and v.effective_from]
    db.add(_row(read, digest, begins, min(later, default=None)))
    return Imported(read.name, len(read.articles), "changed" if versions else "new", warnings)


def _versions(db: Session, name: str) -> list[Document]:
    """Return a document's versions, also those kept under a name with their revision in it."""
    versions = [
        candidate
        for candidate in db.scalars(select(Document).where(Document.name.startswith(name)))
        if name in (candidate.name, short_name(candidate.title))
    ]
    for version in versions:
        version.name = name
    return versions


def _by_title(read: DocumentText) -> bool:
    """Tell whether only the year in the title says when this version began."""
    days = [day for day in (read.effective_from, read.dated) if day]
    return bool(read.revised) and all(day.year < (read.revised or 0) for day in days)


def _begins(read: DocumentText) -> date | None:
    """Return when this version began: a law's own day, or that of its last amendment."""
    if read.revised and _by_title(read):
        return date(read.revised, 1, 1)
    days = [day for day in (read.effective_from, read.dated) if day]
    return max(days, default=None)


def _row(read: DocumentText, digest: str, begins: date | None, later: date | None) -> Document:
    return Document(
        name=read.name,
        title=read.title,
        number=read.number,
        dated=read.dated,
        effective_from=begins,
        effective_to=later - timedelta(days=1) if later else None,
        content_hash=digest,
        imported_at=clock.now(),
        articles=[
            Article(position=position, number=a.number, chapter=a.chapter, text=a.text)
            for position, a in enumerate(read.articles)
        ],
    )
