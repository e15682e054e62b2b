"""Batches are previewed and taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import clock
from bot.db.session import session
from bot.db.tables import (
    Fair,
    FairSignup,
    Seeker,
    Station,
)
from bot.places.errors import ListingBatchError
from bot.places.importer import import_file, preview, undo
from tests.places.office_sheets import Line, csv_file

STATION: Line = ["市", "区县", "站点名称", "联系电话"]


def test_preview_writes_nothing_and_undo_gives_back_what_was(
    committed: str, tmp_path: Path
) -> None:
    first = csv_file(tmp_path, [STATION, ["沈阳市", "铁西区", "甲站", "1"]])
    assert preview(committed, first, "station").new == 1
    with session(committed) as db:
        assert db.scalars(select(Station)).all() == []
    one = import_file(committed, first, "station", "王某")
    again = import_file(committed, first, "station", "王某")
    assert (again.same, again.batch) == (1, None)
    second = csv_file(
        tmp_path, [STATION, ["沈阳市", "铁西区", "甲站", "2"], ["沈阳市", "皇姑区", "乙站", "3"]]
    )
    two = import_file(committed, second, "station", "李某")
    assert (two.new, two.changed) == (1, 1)
    assert one.batch is not None
    assert two.batch is not None
    with pytest.raises(ListingBatchError, match=f"先撤回第{two.batch}次"):
        undo(committed, one.batch, "王某")
    assert undo(committed, two.batch, "李某") == 2
    with session(committed) as db:
        assert [(s.title, s.phone) for s in db.scalars(select(Station))] == [("甲站", "1")]
    with pytest.raises(ListingBatchError, match="已经撤回"):
        undo(committed, two.batch, "李某")
    assert undo(committed, one.batch, "王某") == 1
    with session(committed) as db:
        assert db.scalars(select(Station)).all() == []


def test_undoing_a_fair_somebody_goes_to_cancels_it(committed: str, tmp_path: Path) -> None:
    lines = [["市", "招聘会名称", "日期", "时间段"], ["沈阳市", "会", "2026-12-05", "9:00-11:00"]]
    report = import_file(committed, csv_file(tmp_path, lines), "fair", "王某")
    with session(committed) as db:
        seeker = Seeker(created_at=clock.now())
        db.add(seeker)
        db.flush()
        fair = db.scalars(select(Fair)).one()
        db.add(
            FairSignup(
                seeker_id=seeker.id, channel="web", fair_id=fair.id, takes_place_on=date(2026, 12, 5),
                state="waiting", remind_at=clock.now(), signed_up_at=clock.now(),
            )
        )  # fmt: skip
    assert report.batch is not None
    undo(committed, report.batch, "王某")
    with session(committed) as db:
        assert db.scalars(select(Fair)).one().state == "cancelled"
