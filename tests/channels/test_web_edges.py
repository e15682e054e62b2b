"""What the web socket, REST and the counsellors' page answer to what should not come."""

from __future__ import annotations

import asyncio
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.channels.conftest import SERVER
from tests.channels.edge_server import Served, serving
from tests.channels.widget_client import Widget
from tests.conftest import _free_port
from tests.waiting import until

ODD = (None, [], {}, [1], {"x": {}}, "text", 5, True, 1.5, {"token": []}, {"seq": "x", "token": 5},
       {"message": {"message": "x"}, "id": []}, {"seq": 2**70, "vote": ["up"]}, b"\xff\x00")  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    port = _free_port()
    command = [sys.executable, str(SERVER), str(port)]
    with serving(tmp_path_factory.mktemp("web-edges"), command, port) as running:
        yield running


def _log(served: Served) -> str:
    return served.log.read_text(encoding="utf-8")


async def test_no_event_of_any_shape_is_a_failure(served: Served) -> None:
    for transports in (("websocket",), ("polling",)):
        widget = Widget(transports)
        await widget.client.connect(
            served.url, transports=list(transports), socketio_path="/chat/socket.io"
        )
        for event in ("user_uttered", "vote", "session_request", "disconnect_", "connect_", "x"):
            await widget.client.emit(event)  # before there is a session
            for data in ODD:
                await widget.client.emit(event, data)
                await asyncio.sleep(0.01)  # engine.io takes 16 packets of one poll
            await widget.client.emit(event, ({"message": "您好"}, {"more": 1}, 2))
        await widget.client.emit("session_request", {"token": None})
        await widget.next("session_confirm")
        for event in ("vote", "session_request"):
            for data in ODD:
                await widget.client.emit(event, data)
                await asyncio.sleep(0.01)
            await widget.client.emit(event, (1, 2, 3))
        await asyncio.sleep(0.3)
        assert (
            await widget.client.call("user_uttered", ({"message": "您好"}, 2), timeout=10) is True
        )
        while (await widget.next("bot_uttered"))["text"] != "你说：您好":
            pass
        await widget.client.disconnect()
    await asyncio.sleep(0.3)
    log = _log(served)
    for fault in ("Traceback", "Invalid response type", "TypeError", "never retrieved"):
        assert fault not in log


async def _raw(served: Served, sent: str | bytes) -> None:
    """Send something that is no packet over a websocket of one's own."""
    url = f"{served.url}/chat/socket.io/?EIO=4&transport=websocket"
    async with aiohttp.ClientSession() as http, http.ws_connect(url) as socket:
        await socket.receive(5)
        await socket.send_str("40")
        await socket.receive(5)
        await (socket.send_bytes if isinstance(sent, bytes) else socket.send_str)(sent)
        await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    "sent",
    ["", "4", "42", "42[", '42["user_uttered"', "42{}", "42[]", "42[5]", '42["x",', "9", "字", "4字",
     "451-", '451-["x",{"_placeholder":true,"num":9}]', "43", "430[1]", "44{}", "1", "6", b"", b"\xff\xfe",
     '42["user_uttered",{"message":"\\ud800"}]', "42/other,[1]", '42["' + "x" * 300_000 + '"]'],
    ids=lambda sent: repr(sent[:24]),
)  # fmt: skip
async def test_what_is_no_packet_harms_nobody_else(served: Served, sent: str | bytes) -> None:
    await _raw(served, sent)
    widget = Widget()
    await widget.open(served.url)
    assert (await widget.say("您好"))["text"] == "你说：您好"
    await widget.client.disconnect()
    assert "Invalid response type" not in _log(served)


async def test_a_message_over_256_kb_ends_its_connection_alone(served: Served) -> None:
    one, other = Widget(("websocket",)), Widget(("websocket",))
    token = (await one.open(served.url))["token"]
    await other.open(served.url)
    await one.client.emit("user_uttered", {"message": "字" * 300_000})
    for _ in range(50):
        if not one.client.connected:
            break
        await asyncio.sleep(0.1)
    assert not one.client.connected
    assert (await other.say("您好"))["text"] == "你说：您好"
    back = Widget()
    assert (await back.open(served.url, token))["messages"] == []
    for widget in (other, back):
        await widget.client.disconnect()


def _statuses(widget: Widget) -> list[str]:
    """Return the statuses of the answers that came and were not yet looked at."""
    queue = list(widget.events._queue)  # type: ignore[attr-defined]
    return [data["message"]["status"] for name, data in queue if name == "bot_uttered"]


async def test_ten_times_too_many_messages_slow_nobody_else(served: Served) -> None:
    one, other = Widget(), Widget()
    await one.open(served.url)
    await other.open(served.url)
    for n in range(200):
        await one.client.emit("user_uttered", {"message": f"第{n}句说完了。"})
    assert (await asyncio.wait_for(other.say("您好"), 5))["text"] == "你说：您好"
    await until(lambda: "refused" in _statuses(one))
    await asyncio.sleep(0.5)  # so that a second refusal would be seen
    statuses = _statuses(one)
    assert statuses.count("refused") == 1
    assert statuses.count("answered") <= 20
    for widget in (one, other):
        await widget.client.disconnect()


async def test_a_crowd_of_sessions_of_one_machine_is_held_off(tmp_path: Path) -> None:
    port = _free_port()
    command = [sys.executable, str(SERVER), str(port)]
    with serving(tmp_path, command, port, SANIC_PROXIES_COUNT="1") as served:
        crowd = [Widget(("websocket",)) for _ in range(12)]
        for widget in crowd:
            await widget.open(served.url, **{"X-Forwarded-For": "203.0.113.9"})
            for n in range(19):
                await widget.client.emit("user_uttered", {"message": f"第{n}句说完了。"})
        neighbour = Widget(("websocket",))
        await neighbour.open(served.url, **{"X-Forwarded-For": "203.0.113.10"})
        assert (await neighbour.say("您好"))["text"] == "你说：您好"

        def all_statuses() -> list[str]:
            return [status for widget in crowd for status in _statuses(widget)]

        await until(lambda: len(all_statuses()) >= 201)
        await asyncio.sleep(0.5)  # so that more would be seen
        said = all_statuses()
        assert said.count("refused") == 1
        assert said.count("answered") == 200
        for widget in (*crowd, neighbour):
            await widget.client.disconnect()


def _post(url: str, body: bytes, **headers: str) -> int:
    headers.setdefault("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=10) as got:
            return int(got.status)
    except urllib.error.HTTPError as refused:
        return refused.code


async def test_a_polling_call_without_a_session_is_refused(served: Served) -> None:
    url = f"{served.url}/chat/socket.io/?EIO=4&transport=polling"
    loop = asyncio.get_running_loop()
    for given in ("", "&sid=", "&sid=unknown"):
        assert await loop.run_in_executor(None, _post, url + given, b"40") == 400
    assert "Traceback" not in _log(served)


def test_the_desk_takes_no_rubbish_and_no_flood(served: Served) -> None:
    login, origin = f"{served.url}/desk/api/login", served.url
    good = json.dumps({"name": "王", "password": "x"}).encode()
    for body in (b"", b"{", b"[]", b"5", b"\xff\xfe", good + b" " * 40_000):
        assert _post(login, body, Origin=origin) == 400
    assert _post(login, good, Origin=origin, **{"Content-Type": "text/plain"}) == 400
    assert _post(login, good) == 400
    for odd in ({}, {"name": [], "password": {}}, {"name": None}, {"password": "x" * 9000}):
        assert _post(login, json.dumps(odd).encode(), Origin=origin) == 401
    flood = [_post(login, good, Origin=origin) for _ in range(50)]
    assert flood.count(401) <= 5
    assert flood[-1] == 429
    for what in ("take", "reply", "back", "close", "logout"):
        assert _post(f"{served.url}/desk/api/{what}", b"{}", Origin=origin) == 403
    assert "Traceback" not in _log(served)


def test_a_widget_that_names_no_transport_of_ours_is_refused(served: Served) -> None:
    for query in (
        "",
        "?EIO=3&transport=polling",
        "?EIO=4&transport=smoke",
        "?EIO=4&transport=websocket",
    ):
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(f"{served.url}/chat/socket.io/{query}", timeout=10)
