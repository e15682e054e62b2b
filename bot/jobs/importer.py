"""Import files of postings: each file in one transaction, and twice is as once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot import clock
from bot.db.session import session
from bot.jobs.draft import Drafter, RowError
from bot.jobs.files import rows
from bot.jobs.import_report import ImportReport
from bot.jobs.medians import refresh_medians
from bot.jobs.screen_pay import screen_pay
from bot.jobs.store import Store

__all__ = ["ImportReport", "Progress", "import_files", "take_rows"]
Progress = Callable[[Path, int], None]


def import_files(url: str, files: Iterable[Path], progress: Progress | None = None) -> ImportReport:
    """Import files into the database at a URL.

    Raises PostingFileError for a file that cannot be read to its end; the files before it stay.
    """
    report, drafter = ImportReport(), Drafter()
    began, since = time.perf_counter(), clock.now()
    for file in files:
        part = ImportReport()
        with session(url) as db:
            store = Store(db, part)
            take_rows(store, rows(file), drafter, part, file, progress=progress)
        report.add(part)
    with session(url) as db:
        report.held += screen_pay(db, since)
        # The planner chooses indexes by what the tables hold now.
        db.execute(text("analyze"))
        refresh_medians(db)
    report.seconds = time.perf_counter() - began
    return report


def take_rows(
    store: Store,
    numbered: Iterable[tuple[int, Mapping[str, Any]]],
    drafter: Drafter,
    report: ImportReport,
    file: Path,
    *,
    source: str | None = None,
    progress: Progress | None = None,
) -> None:
    """Draft and store rows; one that cannot become a posting is named in the report.

    `source` names the source of all rows; without it a row's own field counts, or the file.
    """
    for number, row in numbered:
        report.read += 1
        try:
            stated = drafter.stated(row, source or file.name, always=source is not None)
        except RowError as refused:
            report.refused.append((file.name, number, str(refused)))
            continue
        key = store.key(stated)
        if not store.has(stated, key):
            draft = drafter.understood(stated)
            report.count(draft)
            store.take(draft, key)
        if progress and report.read % 500 == 0:
            progress(file, report.read)
    store.flush()
    if progress:
        progress(file, report.read)
