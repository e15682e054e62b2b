"""Invented listings for demonstrations, from data/demo/places, around the present week.

`{+9}` in a sheet is nine days after this week's Monday, `{q}` the present quarter, `{q-1}` the one
before. All rows are marked as invented, whatever the sheets state.
"""

from __future__ import annotations

import re
import tempfile
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.db.session import session
from bot.places.changes import TABLES
from bot.places.importer import import_file
from bot.places.sheets import Kind

#: The sheets by kind, in the order in which they are imported.
SHEETS: dict[Kind, str] = {
    "station": "stations.csv",
    "fair": "fairs.csv",
    "provider": "providers.csv",
    "course": "courses.csv",
    "directory": "directories.csv",
}
_DAY, _QUARTER = re.compile(r"\{([+-]\d{1,3})\}"), re.compile(r"\{q(-\d)?\}")


def load_demo(url: str, folder: Path, today: date) -> int:
    """Import the invented listings unless there are any listings; return how many are new."""
    with session(url) as db:
        if any(db.scalar(select(table.id).limit(1)) for table in TABLES.values()):
            return 0
    new = 0
    with tempfile.TemporaryDirectory() as place:
        for kind, name in SHEETS.items():
            file = Path(place) / name
            file.write_text(dated((folder / name).read_text("utf-8"), today), "utf-8")
            new += import_file(url, file, kind, "demo", demo=True).new
    return new


def dated(text: str, today: date) -> str:
    """Return a sheet with its days and quarters counted from a day."""
    monday = today - timedelta(days=today.weekday())
    text = _DAY.sub(lambda hit: (monday + timedelta(days=int(hit[1]))).isoformat(), text)
    return _QUARTER.sub(lambda hit: _quarter(today, int(hit[1] or 0)), text)


def _quarter(today: date, moved: int) -> str:
    quarter_index = today.year * 4 + (today.month - 1) // 3 + moved
    return f"{quarter_index // 4}年第{quarter_index % 4 + 1}季度"
