from __future__ import annotations

from pathlib import Path

import pytest

from bot.db.session import session
from bot.places.export import export
from bot.places.importer import import_file
from bot.places.sheets import Kind
from tests.places.office_sheets import OFFICES, csv_file


@pytest.mark.parametrize("kind", list(OFFICES))
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_an_export_is_read_again_as_it_was(
    committed: str, tmp_path: Path, kind: Kind, ending: str
) -> None:
    import_file(committed, csv_file(tmp_path, OFFICES[kind][0]), kind, "王某")
    file = tmp_path / f"出{ending}"
    with session(committed) as db:
        assert export(db, kind, file) == 1
    again = import_file(committed, file, kind, "王某")
    assert (again.new, again.changed, list(again.refused), list(again.unread)) == (0, 0, [], [])
