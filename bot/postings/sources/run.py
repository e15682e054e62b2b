"""Runs of sources: read new rows, store them, expire those that left, and keep a report.

A failed run leaves the last good state, and its report says why. On PostgreSQL all of a run is one
transaction; on SQLite see bot.postings.ingest.repository: a run that is cut off while it is
written is made again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.one_import import renew_statistics
from bot.db.session import session
from bot.db.tables import GatherRun
from bot.postings.errors import FeedError, GatherError, PostingFileError
from bot.postings.ingest.field_mapping import FieldReader
from bot.postings.ingest.files import rows
from bot.postings.ingest.importer import store_rows, storing
from bot.postings.ingest.origins import expire_rows, live_keys, remove_rows
from bot.postings.ingest.parser import Drafter
from bot.postings.ingest.report import PostingImportReport
from bot.postings.ingest.repository import Store
from bot.postings.sources.config import Source
from bot.postings.sources.fetch import Validators, fetch
from bot.postings.sources.parse import parse

logger = logging.getLogger(__name__)
#: A source of which more than this share of the rows is refused is mapped wrongly.
_MAX_REFUSED_SHARE = 0.5
#: A source with fewer postings may lose all of them at once.
_MIN_FOR_SHRINK_CHECK = 10


@dataclass(frozen=True)
class Run:
    """Outcome of one run of a source."""

    source: str
    report: PostingImportReport
    expired: int = 0
    error: str | None = None
    """Why nothing was taken, or what was left undone."""
    has_stored: bool = True
    """False when nothing was taken: nothing was new, or an error."""

    def to_dict(self) -> dict[str, Any]:
        """Return the run for the command line."""
        report = self.report.to_dict()
        names = ("read", "new", "changed", "unchanged", "duplicates", "held", "refused")
        return {
            "source": self.source,
            **{name: report[name] for name in names},
            **{name: report[name] for name in ("unread", "unread_columns", "unread_sheets")},
            "expired": self.expired,
            "error": self.error,
            "taken": self.has_stored,
        }


@dataclass(frozen=True)
class _SourceContent:
    """Rows and state that a source has now."""

    rows: list[tuple[Path, list[tuple[int, dict[str, Any]]]]]
    """Rows with their numbers, by the file they stand in."""
    state: dict[str, Any]
    broken: list[str] = field(default_factory=list)
    """Files of a folder that could not be read."""
    skipped: list[tuple[str, str]] = field(default_factory=list)
    """File, and sheet with the reason, of each sheet that was left out."""


def run_sources(url: str, sources: Iterable[Source], believe_shrink: bool = False) -> Iterator[Run]:
    """Run sources one after another, yielding what each did; one's failure stops no other.

    `believe_shrink` lets a complete source lose more than it normally may, this once.
    """
    for source in sources:
        yield _run(url, source, believe_shrink)
    with session(url) as db:
        expire_rows(db, clock.now(), clock.today())
        renew_statistics(db)


def _run(url: str, source: Source, believe_shrink: bool) -> Run:
    started = clock.now()
    with session(url) as db:
        last_state = _last_state(db, source.name)
    state = last_state
    try:
        read = read_source(source, last_state)
        if read is None:
            run = Run(source.name, PostingImportReport(), has_stored=False)
        else:
            report = PostingImportReport(sheets=list(read.skipped))
            with storing(url, report, register=source.kind == "feed") as store:
                run = _store_source(store, source, read, report, believe_shrink)
            state = read.state
    except GatherError as failed:
        run = Run(source.name, PostingImportReport(), error=str(failed), has_stored=False)
    except Exception as failed:
        # Whatever a source sends, the others are still asked.
        logger.exception("source %s", source.name)
        why = f"cannot be taken ({type(failed).__name__})"
        run = Run(source.name, PostingImportReport(), error=why, has_stored=False)
    with session(url) as db:
        _save_run(db, run, state, started)
    return run


def read_source(source: Source, last_state: dict[str, Any]) -> _SourceContent | None:
    """Return the content of a source, None if unchanged since `last_state`. Raises GatherError."""
    return (
        _read_folder(source, last_state)
        if source.kind == "folder"
        else _read_feed(source, last_state)
    )


def _read_feed(source: Source, last_state: dict[str, Any]) -> _SourceContent | None:
    validators = Validators(**last_state.get("validators", {}))
    with tempfile.TemporaryDirectory(prefix="jiuye-feed-") as folder:
        file = Path(folder) / "feed"
        try:
            new_validators = asyncio.run(fetch(source, file, validators))
        except KeyError as missing:
            raise FeedError(f"the environment has no {missing.args[0]}") from missing
        if new_validators is None:
            return None
        numbered = list(enumerate(parse(file, source), 1))
    return _SourceContent([(Path(source.name), numbered)], {"validators": asdict(new_validators)})


def _read_folder(source: Source, last_state: dict[str, Any]) -> _SourceContent | None:
    folder = Path(source.path)
    if not folder.is_dir():
        raise FeedError("there is no such folder")
    files = sorted(
        (
            f
            for f in folder.glob(source.pattern)
            if f.is_file() and not f.name.startswith((".", "~"))
        ),
        key=lambda file: (file.stat().st_mtime, file.name),
    )
    if source.newest_only:
        files = files[-1:]
    large = [file.name for file in files if file.stat().st_size > source.max_mb * 1024 * 1024]
    if large:
        raise FeedError(f"{', '.join(large)}: larger than {source.max_mb:g} MB")
    last_hashes: dict[str, str] = last_state.get("files", {})
    hashes = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    # Of a complete source all files together are the state; of another only new ones are read.
    fresh = [file for file in files if last_hashes.get(file.name) != hashes[file.name]]
    if not fresh and (not source.complete or hashes == last_hashes):
        return None
    return _rows_of(files if source.complete else fresh, hashes, FieldReader(source.fields))


def _rows_of(files: list[Path], hashes: dict[str, str], reader: FieldReader) -> _SourceContent:
    read, broken, skipped_sheets = [], [], []
    for file in files:
        skipped: list[str] = []
        try:
            read.append((file, list(rows(file, reader, skipped))))
            skipped_sheets += [(file.name, why) for why in skipped]
        except PostingFileError as wrong:
            broken.append(f"{file.name}: {wrong.reason}")
            hashes.pop(file.name)
    if broken and not read:
        raise FeedError("; ".join(broken))
    return _SourceContent(read, {"files": hashes}, broken, skipped_sheets)


def _store_source(
    store: Store,
    source: Source,
    read: _SourceContent,
    report: PostingImportReport,
    believe_shrink: bool,
) -> Run:
    """Store the rows and let go what left. Raises FeedError when most rows are unusable."""
    db, drafter = store.db, Drafter(source.fields, source.max_age_days)
    previous_keys = live_keys(db, source.name)
    for file, numbered in read.rows:
        store_rows(store, numbered, drafter, report, file, source=source.name)
    if len(report.refused) > _MAX_REFUSED_SHARE * report.read:
        first = report.refused[0]
        raise FeedError(
            f"{len(report.refused)} of {report.read} rows are unusable (row {first[1]}: {first[2]})"
        )
    store.complete()
    expired, note = 0, "; ".join(read.broken) or None
    if source.complete and not read.broken:
        departed_keys = previous_keys - store.seen.get(source.name, set())
        share = len(departed_keys) / len(previous_keys) if previous_keys else 0.0
        if (
            share > source.max_shrink
            and len(previous_keys) >= _MIN_FOR_SHRINK_CHECK
            and not believe_shrink
        ):
            note = (
                f"{len(departed_keys)} of {len(previous_keys)} postings are missing at once: "
                "they stay; run it with --believe-shrink when that is right"
            )
        else:
            expired = remove_rows(db, source.name, departed_keys, clock.now(), store.rest)
    expired += expire_rows(db, clock.now(), clock.today())
    return Run(source.name, report, expired, note)


def _last_state(db: Session, source: str) -> dict[str, Any]:
    """Return the state after the last run of a source; a run that took nothing kept the older."""
    query = (
        select(GatherRun.state)
        .where(GatherRun.source == source)
        .order_by(GatherRun.started_at.desc(), GatherRun.id.desc())
        .limit(1)
    )
    state = db.scalar(query)
    return json.loads(state) if state else {}


def _save_run(db: Session, run: Run, state: dict[str, Any], started: datetime) -> None:
    report = run.report
    # What was not believed is looked at again next time, although the source did not change.
    doubted = run.has_stored and run.error is not None
    db.add(
        GatherRun(
            source=run.source,
            started_at=started,
            ended_at=clock.now(),
            read=report.read,
            new=report.new,
            changed=report.changed,
            unchanged=report.unchanged,
            duplicates=report.duplicates,
            held=report.held,
            expired=run.expired,
            refused=len(report.refused),
            error=run.error,
            taken=run.has_stored,
            state=json.dumps({} if doubted else state, ensure_ascii=False),
        )
    )
