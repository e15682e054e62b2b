"""State of the sources: number of postings and outcome of the last run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.tables import GatherRun, PostingOrigin
from bot.postings.sources.config import Source


@dataclass(frozen=True)
class SourceState:
    """One source and its last run."""

    name: str
    kind: str
    postings: int
    """How many postings it has now."""
    last_run: datetime | None
    last_taken: datetime | None
    """When it last brought anything."""
    error: str | None
    """What was wrong in its last run."""

    def to_dict(self) -> dict[str, Any]:
        """Return the state for the command line."""
        return {
            "source": self.name,
            "kind": self.kind,
            "postings": self.postings,
            "last_run": self.last_run.isoformat() if self.last_run else None,
            "last_taken": self.last_taken.isoformat() if self.last_taken else None,
            "error": self.error,
        }


def states(db: Session, sources: list[Source]) -> list[SourceState]:
    """Return the state of each source of the list."""
    return [_state(db, source) for source in sources]


def _state(db: Session, source: Source) -> SourceState:
    newest = (GatherRun.started_at.desc(), GatherRun.id.desc())
    runs = select(GatherRun).where(GatherRun.source == source.name).order_by(*newest)
    last = db.scalar(runs.limit(1))
    last_taken = db.scalar(runs.where(GatherRun.taken).limit(1))
    postings = db.scalar(
        select(func.count())
        .select_from(PostingOrigin)
        .where(PostingOrigin.source == source.name, PostingOrigin.gone_at.is_(None))
    )
    return SourceState(
        source.name,
        source.kind,
        postings or 0,
        last.ended_at if last else None,
        last_taken.ended_at if last_taken else None,
        last.error if last else None,
    )
