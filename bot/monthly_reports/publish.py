"""Prepare a report and publish it: one person prepares, another approves; each month once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Publication, PublishedFigure
from bot.disclosure.rule import Audience
from bot.monthly_reports.content import MonthReport, month_report
from bot.monthly_reports.docx import word
from bot.monthly_reports.figures import rows_to_publish
from bot.monthly_reports.page import page
from bot.monthly_reports.xlsx import workbook
from bot.private_files import make_file, make_own_folder
from bot.settings import ROOT
from bot.warning.errors import CaseStateError
from bot.warning.months import last_day
from bot.wording import wording

_SAY = wording("warning_report")

#: Where the files of reports lie, for their owner alone.
REPORTS = ROOT / "var" / "reports"


@dataclass(frozen=True)
class PreparedReport:
    """A report that waits for a second person."""

    publication: Publication
    report: MonthReport
    files: tuple[Path, ...]


def prepare(
    db: Session, region: str, month: date, audience: Audience, staff: str, folder: Path
) -> PreparedReport:
    """Write the report of a month; an earlier draft of it is replaced.

    Raises DisclosureError when it could give a figure away, CaseStateError when the month is not
    over or was published.
    """
    if clock.today() <= last_day(month):
        raise CaseStateError(_SAY("report_month_not_over", month=f"{month:%Y年%-m月}"))
    if not staff:
        raise CaseStateError(_SAY("author_missing"))
    for old in _of_month(db, region, month, audience):
        if old.approved_at is not None:
            raise CaseStateError(_SAY("report_published_already", month=f"{month:%Y年%-m月}"))
        db.execute(delete(PublishedFigure).where(PublishedFigure.publication_id == old.id))
        db.delete(old)
    report = month_report(db, region, month, audience)
    files = _write(report, folder)
    publication = Publication(
        region=region, month=month, audience=audience, sha256=digest(files), prepared_by=staff,
        prepared_at=clock.now(),
    )  # fmt: skip
    db.add(publication)
    db.flush()
    rows = rows_to_publish(report.figures, publication.id)
    if rows:
        db.execute(insert(PublishedFigure), rows)
    return PreparedReport(publication, report, files)


def approve(db: Session, publication_id: int, staff: str, files: tuple[Path, ...]) -> Publication:
    """Publish a report that another person prepared.

    Raises CaseStateError when it is the same person, when it was published, or when the files are
    not those that were prepared.
    """
    row = db.get(Publication, publication_id)
    if row is None or row.approved_at is not None:
        raise CaseStateError(_SAY("report_unknown", report=publication_id))
    if not staff or staff == row.prepared_by:
        raise CaseStateError(_SAY("approver_is_author"))
    if digest(files) != row.sha256:
        raise CaseStateError(_SAY("files_changed"))
    row.approved_by, row.approved_at = staff, clock.now()
    db.flush()
    return row


def file_names(region: str, month: date, audience: Audience) -> tuple[str, ...]:
    """Return the names of a report's files."""
    name = f"warning-{region}-{month:%Y%m}-{audience}"
    return (f"{name}.docx", f"{name}.html", f"{name}.xlsx")


def digest(files: tuple[Path, ...]) -> str:
    """Return the SHA-256 of files together."""
    combined = hashlib.sha256()
    for file in files:
        combined.update(hashlib.sha256(file.read_bytes()).digest())
    return combined.hexdigest()


def _of_month(db: Session, region: str, month: date, audience: Audience) -> list[Publication]:
    query = select(Publication).where(
        Publication.region == region, Publication.month == month, Publication.audience == audience
    )
    return list(db.scalars(query))


def _write(report: MonthReport, folder: Path) -> tuple[Path, ...]:
    """Write the files for their owner alone."""
    make_own_folder(folder)
    contents = (word(report), page(report).encode(), workbook(report))
    names = file_names(report.region, report.month, report.audience)
    files = tuple(folder / name for name in names)
    for file, content in zip(files, contents, strict=True):
        make_file(file)
        file.write_bytes(content)
    return files
