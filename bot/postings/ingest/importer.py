"""Import of posting files: each file whole or not at all, screened, idempotent."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot import clock
from bot.db.one_import import WriterTurns, importing, renew_statistics
from bot.postings.ingest.files import rows
from bot.postings.ingest.origins import expire_rows
from bot.postings.ingest.parser import Drafter, RowError
from bot.postings.ingest.report import PostingImportReport
from bot.postings.ingest.repository import Store
from bot.postings.ingest.schema_org import in_first_place
from bot.postings.pay_medians import refresh_medians

__all__ = [
    "PostingImportReport",
    "Progress",
    "import_files",
    "refresh_after_import",
    "store_rows",
    "storing",
]
Progress = Callable[[Path, int], None]
#: What an absurd value can lead to: a number of a thousand digits, lists within lists.
_UNREADABLE_ERRORS = (ValueError, ArithmeticError, RecursionError, TypeError)


def import_files(
    url: str, files: Iterable[Path], progress: Progress | None = None
) -> PostingImportReport:
    """Import files into the database at a URL.

    Raises PostingFileError for a file that cannot be read to its end; the files before it stay.
    """
    report, drafter = PostingImportReport(), Drafter()
    began = time.perf_counter()
    for file in files:
        part = PostingImportReport()
        with _garbage_collector_frozen(), storing(url, part) as store:
            skipped: list[str] = []
            numbered = rows(file, drafter.fields, skipped)
            store_rows(store, numbered, drafter, part, file, progress=progress)
            part.sheets += [(file.name, why) for why in skipped]
            store.complete()
        report.add(part)
    refresh_after_import(url)
    report.seconds = time.perf_counter() - began
    return report


def refresh_after_import(url: str) -> None:
    """Bring up to date what follows from postings: what is over, the planner's figures, medians."""
    with importing(url) as db:
        turns = WriterTurns(db)
        # What was over before these files is over now too.
        expire_rows(db, clock.now(), clock.today())
        turns.give_up()
        renew_statistics(db)
        turns.give_up()
        refresh_medians(db)


@contextmanager
def storing(url: str, report: PostingImportReport, register: bool = False) -> Iterator[Store]:
    """Open a store that excludes other imports; on an error nothing of it stays.

    `register`: see Store. To be completed before the end.
    """
    with importing(url) as db:
        store = Store(db, report, register)
        try:
            yield store
        except BaseException:
            store.give_up()
            raise


@contextmanager
def _garbage_collector_frozen() -> Iterator[None]:
    """Keep the garbage collector from looking at the vocabulary again with every few rows."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def store_rows(
    store: Store,
    numbered: Iterable[tuple[int, Mapping[str, Any]]],
    drafter: Drafter,
    report: PostingImportReport,
    file: Path,
    *,
    source: str | None = None,
    progress: Progress | None = None,
) -> None:
    """Draft and store rows; one that cannot become a posting is named in the report.

    `source` names the source of all rows; without it a row's own field counts, or the file.
    """
    for number, cells in numbered:
        report.read += 1
        sheet = getattr(cells, "sheet", "")
        row = in_first_place(cells)
        try:
            raw = drafter.raw_posting(row, source or file.name, always=source is not None)
            key = store.key(raw)
            draft = None if store.has(raw, key) else drafter.parse(raw)
        except (RowError, *_UNREADABLE_ERRORS) as refused:
            why = str(refused) if isinstance(refused, RowError) else "cannot be read"
            report.refused.append((file.name, number, f"{sheet}: {why}" if sheet else why))
            continue
        for column in drafter.fields.unread(row):
            report.columns[file.name, sheet, column] += 1
        if draft:
            report.count(draft, (file.name, number))
            store.add(draft, key)
        if progress and report.read % 500 == 0:
            progress(file, report.read)
    if progress:
        progress(file, report.read)
