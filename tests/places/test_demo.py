from __future__ import annotations

from datetime import date

from sqlalchemy import select

from bot.db.session import session
from bot.db.tables import (
    Course,
    Fair,
    Provider,
    Station,
    SubsidyRate,
)


def test_all_demo_listings_are_marked_and_cover_each_city(committed: str) -> None:
    from bot.places.demo import load_demo
    from bot.settings import ROOT

    folder = ROOT / "data" / "demo" / "places"
    assert load_demo(committed, folder, date(2026, 11, 24)) > 200
    assert load_demo(committed, folder, date(2026, 11, 24)) == 0
    with session(committed) as db:
        for table in (Station, Fair, Course, Provider):
            rows = db.scalars(select(table)).all()
            assert len({row.region_code[:4] for row in rows}) == 14, table
            assert all(row.demo and row.title.startswith("示范·") for row in rows)
        assert db.scalars(select(SubsidyRate)).all() == []  # no sum is invented
