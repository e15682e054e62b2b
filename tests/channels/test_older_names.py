"""An endpoints.yml written before 0.2.0 still opens the stores by their older names."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain

from bot.runtime.lock_store import QuickLockStore
from bot.runtime.tracker_store import DatabaseTrackerStore
from bot.settings import ROOT

NAMES = {"bot.channels.": "before 0.2.0", "bot.runtime.": "today"}


@pytest.mark.parametrize("package", NAMES, ids=NAMES.values())
def test_endpoints_open_the_stores(package: str, tmp_path: Path) -> None:
    file = tmp_path / "endpoints.yml"
    text = (ROOT / "endpoints.yml").read_text(encoding="utf-8")
    assert text.count("bot.runtime.") == 2
    file.write_text(text.replace("bot.runtime.", package), encoding="utf-8")
    endpoints = AvailableEndpoints.read_endpoints(str(file))
    tracker_store = TrackerStore.create(endpoints.tracker_store, Domain.empty())
    assert isinstance(getattr(tracker_store, "_tracker_store", tracker_store), DatabaseTrackerStore)
    assert isinstance(LockStore.create(endpoints.lock_store), QuickLockStore)
