"""Import files of postings: each file in one transaction, and twice is as once.

A posting is known again by its source's id, or else by employer, title and place and by how
many of the like stood before it in the file.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.session import session
from bot.db.tables import Employer, Posting, PostingOccupation
from bot.jobs.draft import Draft, Drafter, RowError
from bot.jobs.files import rows
from bot.jobs.medians import refresh_medians

#: Rows that are written at once.
BATCH = 2000
Progress = Callable[[Path, int], None]


@dataclass
class ImportReport:
    """What an import did."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[str, int, str]] = field(default_factory=list)
    """File, row and reason of each row that was not taken."""
    stated: Counter[str] = field(default_factory=Counter)
    """Rows that state pay, region, occupation."""
    understood: Counter[str] = field(default_factory=Counter)
    """Of these, the rows from which it could be read."""
    seconds: float = 0.0

    def share(self, what: str) -> float | None:
        """Return the share of rows stating pay, region or occupation that could be read."""
        return round(self.understood[what] / self.stated[what], 4) if self.stated[what] else None

    def to_dict(self) -> dict[str, Any]:
        """Return the report as the command line's contract has it."""
        return {
            "read": self.read,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": len(self.refused),
            "refused_rows": [
                {"file": file, "row": row, "reason": why} for file, row, why in self.refused[:100]
            ],
            "pay_read": self.share("pay"),
            "region_read": self.share("region"),
            "occupation_read": self.share("occupation"),
            "seconds": round(self.seconds, 2),
            "rows_per_second": round(self.read / self.seconds) if self.seconds else None,
        }


def import_files(url: str, files: Iterable[Path], progress: Progress | None = None) -> ImportReport:
    """Import files into the database at a URL.

    Raises PostingFileError for a file that cannot be read to its end; the files before it stay.
    """
    report, drafter = ImportReport(), Drafter()
    began = time.perf_counter()
    for file in files:
        part = ImportReport()
        with session(url) as db:
            _import_file(db, file, drafter, part, progress)
        _add(report, part)
    # The planner chooses indexes by what the tables hold now.
    with session(url) as db:
        db.execute(text("analyze"))
        refresh_medians(db)
    report.seconds = time.perf_counter() - began
    return report


def _add(report: ImportReport, part: ImportReport) -> None:
    report.read += part.read
    report.new += part.new
    report.changed += part.changed
    report.unchanged += part.unchanged
    report.refused += part.refused
    report.stated += part.stated
    report.understood += part.understood


def _import_file(
    db: Session, file: Path, drafter: Drafter, report: ImportReport, progress: Progress | None
) -> None:
    writer = _Writer(db, report)
    for number, row in rows(file):
        report.read += 1
        try:
            draft = drafter.draft(row, file.name)
        except RowError as refused:
            report.refused.append((file.name, number, str(refused)))
            continue
        _count(report, draft)
        writer.take(draft)
        if progress and report.read % 500 == 0:
            progress(file, report.read)
    writer.flush()
    if progress:
        progress(file, report.read)


def _count(report: ImportReport, draft: Draft) -> None:
    for what, stated, understood in (
        ("pay", bool(draft.salary_text), draft.pay is not None),
        ("region", bool(draft.place_text), draft.region_code is not None),
        ("occupation", True, bool(draft.occupations)),
    ):
        report.stated[what] += stated
        report.understood[what] += stated and understood


class _Writer:
    """Writes drafts in batches, knowing what the database has of each source."""

    def __init__(self, db: Session, report: ImportReport) -> None:
        self._db = db
        self._report = report
        self._known: dict[str, dict[str, tuple[int, str]]] = {}
        self._before: Counter[str] = Counter()
        self._next_id = (db.scalar(select(func.max(Posting.id))) or 0) + 1
        self._next_employer = (db.scalar(select(func.max(Employer.id))) or 0) + 1
        employers = db.execute(select(Employer.name, Employer.id)).tuples()
        self._employers = dict(employers.all())
        self._new: list[dict[str, Any]] = []
        self._changed: list[dict[str, Any]] = []
        self._new_employers: list[dict[str, Any]] = []
        self._trades: list[dict[str, Any]] = []
        self._now = clock.now()

    def take(self, draft: Draft) -> None:
        """Sort a draft into new, changed and unchanged."""
        key = self._key(draft)
        known = self._of_source(draft.source)
        if key not in known:
            known[key] = (self._next_id, draft.content_hash)
            self._report.new += 1
            self._new.append(self._values(draft, key, self._next_id))
            self._next_id += 1
        elif known[key][1] == draft.content_hash:
            self._report.unchanged += 1
        else:
            at = known[key][0]
            known[key] = (at, draft.content_hash)
            self._report.changed += 1
            self._changed.append(self._values(draft, key, at))
        if len(self._new) + len(self._changed) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what was taken."""
        changed = {values["id"]: values for values in self._changed}
        fresh = {values["id"] for values in self._new}
        for table, values in (
            (Employer, self._new_employers),
            (Posting, self._new),
        ):
            if values:
                self._db.execute(insert(table), values)
        if changed:
            self._db.execute(update(Posting), list(changed.values()))
            self._db.execute(
                delete(PostingOccupation).where(PostingOccupation.posting_id.in_(list(changed)))
            )
        trades = {(t["posting_id"], t["occupation_name"]): t for t in self._trades}
        if trades:
            kept = [
                t for t in trades.values() if t["posting_id"] in fresh or t["posting_id"] in changed
            ]
            self._db.execute(insert(PostingOccupation), kept)
        for pending in (self._new, self._changed, self._new_employers, self._trades):
            pending.clear()

    def _of_source(self, source: str) -> dict[str, tuple[int, str]]:
        if source not in self._known:
            found = self._db.execute(
                select(Posting.source_key, Posting.id, Posting.content_hash).where(
                    Posting.source == source
                )
            )
            self._known[source] = {key: (at, digest) for key, at, digest in found.tuples()}
        return self._known[source]

    def _key(self, draft: Draft) -> str:
        if draft.given_id:
            return f"id:{draft.given_id}"[:80]
        like = "\n".join((draft.source, draft.employer, draft.title, draft.place_text))
        digest = hashlib.sha1(like.encode(), usedforsecurity=False).hexdigest()
        self._before[digest] += 1
        return f"{digest}:{self._before[digest]}"

    def _employer(self, draft: Draft) -> int:
        if draft.employer not in self._employers:
            self._employers[draft.employer] = self._next_employer
            self._new_employers.append(
                {
                    "id": self._next_employer,
                    "name": draft.employer,
                    "industry": draft.industry,
                    "kind": draft.kind,
                    "size": draft.size,
                }
            )
            self._next_employer += 1
        return self._employers[draft.employer]

    def _values(self, draft: Draft, key: str, at: int) -> dict[str, Any]:
        self._trades += [
            {"posting_id": at, "occupation_name": name, "rank": rank}
            for rank, name in enumerate(draft.occupations)
        ]
        pay = draft.pay
        return {
            "id": at,
            "source": draft.source,
            "source_key": key,
            "content_hash": draft.content_hash,
            "title": draft.title,
            "employer_id": self._employer(draft),
            "description": draft.description,
            "tags": draft.tags,
            "place_text": draft.place_text,
            "region_code": draft.region_code,
            "city_code": draft.city_code,
            "salary_text": draft.salary_text,
            "salary_min": pay.min if pay else None,
            "salary_max": pay.max if pay else None,
            "education": draft.education,
            "experience_years": draft.experience_years,
            "work_time": draft.work_time,
            "published_on": draft.published_on,
            "imported_at": self._now,
            "status": "open",
            "warnings": draft.warnings,
        }
