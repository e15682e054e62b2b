from __future__ import annotations

from bot.db.session import session
from bot.db.tables import DirectoryItem
from tests.days import TUESDAY
from tests.factories import make_posting, saved
from tests.place_handlers.talk import Talk, keep


def test_beside_the_directory_stand_the_open_postings_of_the_place(here: str) -> None:
    item = {"directory": "shortage", "quarter": "2026Q4", "verified_on": TUESDAY.date()}
    keep(
        DirectoryItem(key="d", title="焊工", region_code="210000", position=1, occupation_name="焊工", **item)
    )  # fmt: skip
    with session() as db:
        for _ in range(2):
            saved(db, make_posting(imported_at=TUESDAY))
    said = Talk().text("沈阳现在学啥吃香", "training")
    assert said.index("焊工") < said.index("沈阳市现在挂着的岗位，多的是")
    assert "2个（2026-11-24）" in said
    assert "挂着的岗位" not in Talk().text("现在学啥吃香", "training")
