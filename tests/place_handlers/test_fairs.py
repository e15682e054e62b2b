from __future__ import annotations

from datetime import timedelta

from bot.db.tables import Fair
from tests.days import TUESDAY
from tests.place_handlers.talk import Talk, keep


def test_a_fair_that_is_over_today_is_not_named(here: str) -> None:
    day = {
        "kind": "fair",
        "region_code": "210106",
        "last_on": TUESDAY.date(),
        "verified_on": TUESDAY.date(),
    }
    early, late = TUESDAY.replace(hour=7), TUESDAY.replace(hour=14)
    keep(
        Fair(key="a", title="早场", starts_at=early, ends_at=early + timedelta(hours=2), **day),
        Fair(key="b", title="晚场", starts_at=late, ends_at=late + timedelta(hours=2), **day),
    )
    said = Talk().text("今天沈阳有招聘会吗", "fair")
    assert "晚场" in said
    assert "早场" not in said
