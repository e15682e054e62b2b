from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import select

from bot.db.session import session
from bot.db.tables import (
    Station,
)
from bot.places.figures import figures
from bot.places.importer import import_file
from bot.places.status import status_of
from tests.places.office_sheets import OFFICES, csv_file


def test_a_row_is_confirmed_until_the_days_of_the_figure_have_passed(
    committed: str, tmp_path: Path
) -> None:
    import_file(committed, csv_file(tmp_path, OFFICES["station"][0]), "station", "王某")
    fresh = figures().fresh_days["station"]
    with session(committed) as db:
        row = db.scalars(select(Station)).one()
        last = date.fromordinal(date(2026, 11, 20).toordinal() + fresh)
        assert status_of(row, "station", last).state == "confirmed"
        assert (
            status_of(row, "station", date.fromordinal(last.toordinal() + 1)).state == "unconfirmed"
        )
        row.state = "closed"
        assert status_of(row, "station", last).state == "closed"
        db.rollback()
