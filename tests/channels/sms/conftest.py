"""Our server, a real Kannel, and a carrier at its other end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.channels.edge_server import Served, serving
from tests.channels.sms.carrier import Carrier
from tests.channels.sms.kannel_here import Kannel, kannel, settings_for
from tests.conftest import _free_port


@dataclass
class World:
    served: Served
    kannel: Kannel
    carrier: Carrier


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("sms")
    port = _free_port()
    with (
        kannel(folder / "kannel", port) as (running, carrier),
        serving(folder, port=port, **settings_for(running)) as served,
    ):
        yield World(served, running, carrier)
