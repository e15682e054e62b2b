"""Report of an import: counts of rows, faults and unread columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bot.postings.ingest.parser import Draft

#: Rows, columns and sheets of each kind that a report names.
MAX_REPORTED_ROWS = 100


@dataclass
class PostingImportReport:
    """Counts and refused rows of one import."""

    read: int = 0
    new: int = 0
    """Rows that their source did not have before."""
    changed: int = 0
    unchanged: int = 0
    duplicates: int = 0
    """Of the new rows, those of a job that is known already: from another source, or twice."""
    held: int = 0
    """Postings that wait for a counsellor because of what the screen found."""
    refused: list[tuple[str, int, str]] = field(default_factory=list)
    """File, row and reason of each row that was not taken."""
    stated: Counter[str] = field(default_factory=Counter)
    """Rows that state pay, region, occupation, of those that were new or changed."""
    understood: Counter[str] = field(default_factory=Counter)
    """Of these, the rows from which it could be read."""
    columns: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Rows that state something in a column that means no field: by file, sheet and header."""
    sheets: list[tuple[str, str]] = field(default_factory=list)
    """File, and sheet with the reason, of each sheet that was left out."""
    unread: Counter[str] = field(default_factory=Counter)
    """Rows whose pay or last day is stated and could not be read, by field."""
    unread_rows: list[tuple[str, int, str]] = field(default_factory=list)
    """File, row and field of the first of these."""
    seconds: float = 0.0

    def count(self, draft: Draft, row: tuple[str, int]) -> None:
        """Count what a row (file and number) states and what of it was understood."""
        for name in draft.unread:
            self.unread[name] += 1
            if len(self.unread_rows) < MAX_REPORTED_ROWS:
                self.unread_rows.append((*row, name))
        for field_name, is_stated, is_read in (
            ("pay", bool(draft.salary_text), draft.pay is not None),
            ("region", bool(draft.place_text), draft.region_code is not None),
            ("occupation", True, bool(draft.occupations)),
        ):
            self.stated[field_name] += is_stated
            self.understood[field_name] += is_stated and is_read

    def add(self, part: PostingImportReport) -> None:
        """Add the report of one more file."""
        self.read += part.read
        self.new += part.new
        self.changed += part.changed
        self.unchanged += part.unchanged
        self.duplicates += part.duplicates
        self.held += part.held
        self.refused += part.refused
        self.stated += part.stated
        self.understood += part.understood
        self.columns += part.columns
        self.sheets += part.sheets
        self.unread += part.unread
        self.unread_rows += part.unread_rows[: MAX_REPORTED_ROWS - len(self.unread_rows)]

    def share(self, field_name: str) -> float | None:
        """Return the share of rows stating pay, region or occupation that could be read."""
        return (
            round(self.understood[field_name] / self.stated[field_name], 4)
            if self.stated[field_name]
            else None
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the report as the command line's contract has it."""
        return {
            "read": self.read,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "duplicates": self.duplicates,
            "held": self.held,
            "refused": len(self.refused),
            "refused_rows": [
                {"file": file, "row": row, "reason": why}
                for file, row, why in self.refused[:MAX_REPORTED_ROWS]
            ],
            "unread": dict(self.unread),
            "unread_rows": [
                {"file": file, "row": row, "field": name} for file, row, name in self.unread_rows
            ],
            "unread_columns": [
                {"file": file, "sheet": sheet, "column": column[:60], "rows": rows}
                for (file, sheet, column), rows in self.columns.most_common(MAX_REPORTED_ROWS)
            ],
            "unread_sheets": [
                {"file": file, "sheet": why} for file, why in self.sheets[:MAX_REPORTED_ROWS]
            ],
            "pay_read": self.share("pay"),
            "region_read": self.share("region"),
            "occupation_read": self.share("occupation"),
            "seconds": round(self.seconds, 2),
            "rows_per_second": round(self.read / self.seconds) if self.seconds else None,
        }
