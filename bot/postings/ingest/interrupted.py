"""Completion of interrupted posting imports on SQLite."""

from __future__ import annotations

from bot.db.models.imports import is_under_way
from bot.db.one_import import is_importing
from bot.db.session import session


def finish_import(url: str) -> bool:
    """Write an import that was cut off to its end, or drop what it had read; tell whether.

    One that runs now is left alone.
    """
    with session(url) as db:
        if not is_under_way(db) or is_importing(url):
            return False
    # Only now: it brings all that reads postings.
    from bot.postings.ingest.importer import refresh_after_import, storing
    from bot.postings.ingest.report import PostingImportReport

    with storing(url, PostingImportReport()):
        pass
    refresh_after_import(url)
    return True
