"""What goes wrong at the carrier reaches the state of the send: Kannel with its SMPP group."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import clock
from bot.channels.sms.gateway import Gateway
from bot.channels.sms.kannel import Kannel as Client
from bot.channels.sms.sender import SmsSender
from bot.db.session import session
from bot.db.tables import Delivery
from bot.delivery.outbox import DeliveryDraft, put
from bot.delivery.outcome import Sent
from bot.delivery.worker import Worker
from bot.messages import Message
from bot.messaging.send_log import state_of
from bot.settings import Settings, settings
from tests.channels.edge_server import Served, serving
from tests.channels.sms.kannel_here import Kannel, settings_for
from tests.channels.sms.smpp_carrier import SmppCarrier
from tests.conftest import _free_port


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Kannel, SmppCarrier]]:
    folder: Path = tmp_path_factory.mktemp("smpp")
    port, carrier = _free_port(), SmppCarrier()
    kannel = Kannel(folder / "kannel", port, carrier.port)
    try:
        kannel.wait("carrier.*online")
        with serving(folder, port=port, **settings_for(kannel)) as served:
            yield served, kannel, carrier
    finally:
        kannel.stop()
        carrier.close()


@pytest.mark.parametrize(
    ("handset", "state", "reason"),
    [
        ("13800130000", "refused", "NACK/0x0000000b/"),
        ("13800139999", "failed", "stat:UNDELIV err:024"),
        ("13800130001", "delivered", ""),
        ("13800138000", "delivered", ""),
    ],
)
async def test_refused_undelivered_and_throttled(
    world: tuple[Served, Kannel, SmppCarrier],
    monkeypatch: pytest.MonkeyPatch,
    handset: str,
    state: str,
    reason: str,
) -> None:
    served, kannel, carrier = world
    monkeypatch.setenv("DATABASE_URL", served.database)
    settings.cache_clear()
    here = {**settings_for(kannel), "JIUYE_PORT": str(served.port)}
    gateway = Gateway.from_settings(Settings.from_environment(here))
    assert gateway is not None
    client = Client(gateway)
    assert await client.send_text(handset, "您好🙂", f"smpp-{handset}") == Sent()
    await client.close()
    kept = None
    for _ in range(150):
        with session(served.database) as db:
            kept = state_of(db, "sms", f"smpp-{handset}")
        if kept and kept.state in ("delivered", "failed", "refused"):
            break
        time.sleep(0.2)
    settings.cache_clear()
    assert kept is not None
    assert kept.state == state
    assert reason in kept.reason
    if handset.endswith("0001"):
        assert carrier.throttled == {f"+86{handset}"} or carrier.throttled == {f"86{handset}"}


async def test_a_report_settles_the_delivery_of_the_outbox(
    world: tuple[Served, Kannel, SmppCarrier], monkeypatch: pytest.MonkeyPatch
) -> None:
    served, kannel, _ = world
    monkeypatch.setenv("DATABASE_URL", served.database)
    settings.cache_clear()
    here = {**settings_for(kannel), "JIUYE_PORT": str(served.port)}
    gateway = Gateway.from_settings(Settings.from_environment(here))
    assert gateway is not None
    wanted = {"13800140000": "failed", "13800149999": "failed", "13800148000": "delivered"}
    with session(served.database) as db:
        for handset in wanted:
            said = Message(text="工作人员王老师：您好🙂")
            put(db, DeliveryDraft(handset, "sms", f"+86{handset}", "hand_off", said), clock.now())
    sender = SmsSender(gateway)
    await Worker(served.database, {"sms": sender}).drain()
    await sender.close()
    for _ in range(150):
        with session(served.database) as db:
            kept = {one.key: one for one in db.query(Delivery)}
        if {key: one.state for key, one in kept.items()} == wanted:
            break
        await asyncio.sleep(0.2)
    settings.cache_clear()
    assert {key: one.state for key, one in kept.items()} == wanted
    assert "NACK/0x0000000b" in kept["13800140000"].reason
    assert "err:024" in kept["13800149999"].reason
    assert kept["13800148000"].delivered_at is not None
