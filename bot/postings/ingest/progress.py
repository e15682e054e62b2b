"""A progress bar for imports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.postings.ingest.importer import PostingImportReport
from bot.postings.ingest.importer import Progress as Report


@contextmanager
def progress_bar(quiet: bool = False) -> Iterator[Report]:
    """Show the number of rows read of each file, on the terminal's error stream."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True, quiet=quiet)
    with Progress(*columns, console=console) as bar:
        tasks: dict[Path, int] = {}

        def report(file: Path, read: int) -> None:
            if file not in tasks:
                tasks[file] = bar.add_task(file.name, total=None)
            bar.update(tasks[file], completed=read)  # type: ignore[arg-type]

        yield report


def report_table(report: PostingImportReport) -> Table:
    """Return an import's report for the terminal, with the first refused rows."""
    summary = Table("import", "")
    for name, value in report.to_dict().items():
        if not isinstance(value, (list, dict)):
            summary.add_row(name, "–" if value is None else str(value))
    for name, count in report.unread.items():
        summary.add_row(f"{name} not read", f"{count} rows")
    for (file, sheet, column), count in report.columns.most_common(20):
        place = f"{file}, {sheet}" if sheet else file
        summary.add_row(f"{place}: column not read", f"{column} ({count} rows)")
    for file, why in report.sheets[:20]:
        summary.add_row(f"{file}: sheet not read", why)
    for file, row, reason in report.refused[:20]:
        summary.add_row(f"{file}, row {row}", reason)
    return summary
