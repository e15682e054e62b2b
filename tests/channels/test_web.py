"""The web channel as a socket.io client sees it."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import socketio
from engineio.async_socket import AsyncSocket
from sqlalchemy import select, update

from bot import clock
from bot.channels.web import channel
from bot.db.session import session as database
from bot.db.tables import AnswerVote, InboxMessage, WebMessage
from bot.handoff.accounts import add
from bot.seekers.my_data import erase
from tests.channels.conftest import SERVER, Start
from tests.channels.edge_server import serving
from tests.channels.widget_client import Widget
from tests.handoff.cases import PASSWORD
from tests.waiting import until


@pytest.fixture
async def widgets():  # type: ignore[no-untyped-def]
    opened: list[Widget] = []

    def make() -> Widget:
        opened.append(Widget())
        return opened[-1]

    yield make
    for widget in opened:
        await widget.client.disconnect()


async def test_an_answer_comes_whole_with_its_words(server: str, widgets: Any) -> None:
    widget = widgets()
    await widget.open(server)
    said = await widget.say("卡片")
    assert said["message"]["citations"][0]["number"] == "辽人社建〔2025〕21号"
    assert "依据" in said["text"]


async def test_two_tabs_of_one_session_see_the_same(server: str, widgets: Any) -> None:
    one, other = widgets(), widgets()
    token = (await one.open(server))["token"]
    await other.open(server, token)
    await one.say("您好")
    assert (await other.next("person_uttered"))["text"] == "您好"
    assert (await other.next("bot_uttered"))["message"]["text"] == "你说：您好"


async def test_three_short_lines_are_answered_in_their_order(server: str, widgets: Any) -> None:
    widget = widgets()
    await widget.open(server)
    lines = ["慢", "大连", "会计"]
    for line in lines:
        await widget.client.emit("user_uttered", {"message": line})
    assert [(await widget.next("person_uttered"))["text"] for _ in lines] == lines
    answers = [(await widget.next("bot_uttered"))["text"] for _ in range(2)]
    assert answers == ["你说：慢", "你说：大连，会计"]


async def test_what_a_page_sends_again_is_taken_once(server: str, widgets: Any) -> None:
    widget, stranger = widgets(), widgets()
    await widget.open(server)
    await stranger.open(server)
    said = {"message": "您好", "id": "1764080000000-x7"}
    assert await widget.client.call("user_uttered", said) is True
    await widget.next("bot_uttered")
    assert await widget.client.call("user_uttered", said) is True
    assert await stranger.client.call("user_uttered", said) is True
    assert (await stranger.next("bot_uttered"))["text"] == "你说：您好"
    await asyncio.sleep(0.3)
    heard = [name for name, _ in list(widget.events._queue)]  # type: ignore[attr-defined]
    assert "person_uttered" not in heard
    assert "bot_uttered" not in heard


async def test_a_server_that_is_killed_answers_after_its_restart(
    tmp_path: Path, port: int, widgets: Any
) -> None:
    widget, back = widgets(), widgets()
    command = [sys.executable, str(SERVER), str(port)]
    with serving(tmp_path, command, port) as served:
        token = (await widget.open(served.url))["token"]
        await widget.client.emit("user_uttered", {"message": "慢"})
        await widget.next("person_uttered")
        await asyncio.sleep(0.3)
        served.kill()
        with database(served.database) as db:
            db.execute(update(InboxMessage).values(held_until=clock.now()))
        served.start()
        opened = await back.open(served.url, token)
        assert [m["text"] for m in opened["messages"]] == ["慢"]
        assert (await back.next("bot_uttered"))["text"] == "你说：慢"
        await back.client.disconnect()


async def test_what_was_said_while_away_comes_on_return(
    server: str, web_folder: str, widgets: Any
) -> None:
    one = widgets()
    opened = await one.open(server)
    first = await one.say("一")
    await one.client.emit("user_uttered", {"message": "慢"})
    await one.next("person_uttered")
    await one.client.disconnect()

    def answered() -> bool:
        with database(f"sqlite:///{web_folder}/web.db") as db:
            return db.scalar(select(InboxMessage.key).limit(1)) is None

    await until(answered)
    back = await widgets().open(server, opened["token"], first["seq"])
    assert [m["text"] for m in back["messages"]] == ["慢", "你说：慢"]


async def test_a_page_that_is_loaded_again_learns_that_a_counsellor_is_asked_for(
    server: str, web_folder: str, widgets: Any
) -> None:
    with database(f"sqlite:///{web_folder}/web.db") as db:
        add(db, "王老师", PASSWORD)
    one = widgets()
    token = (await one.open(server))["token"]
    assert (await one.next("hand_off"))["state"] == "none"
    await one.say("转人工")
    assert (await one.next("hand_off"))["state"] == "open"
    await one.client.disconnect()
    again = widgets()
    await again.open(server, token)
    assert (await again.next("hand_off"))["state"] == "open"


async def test_a_stranger_who_knows_no_token_sees_nothing(server: str, widgets: Any) -> None:
    opened = await widgets().open(server)
    known = opened["token"].split(".")[0]
    stranger = await widgets().open(server, f"{known}.{'0' * 40}")
    assert stranger["token"].split(".")[0] != known
    assert stranger["messages"] == []


async def test_what_is_erased_is_taken_from_every_open_tab(server: str, widgets: Any) -> None:
    one, other, stranger = widgets(), widgets(), widgets()
    token = (await one.open(server))["token"]
    await other.open(server, token)
    await stranger.open(server)
    for widget in (one, other, stranger):
        await widget.next("forget")
    await one.say("我叫张三")
    erased = await one.say("删掉我的信息")
    told = [await one.next("forget"), await other.next("forget")]
    assert told[0]["before"] is told[1]["before"] is None
    assert "seq" not in erased  # said, and kept nowhere
    assert (await stranger.say("您好"))["text"] == "你说：您好"
    back = await widgets().open(server, token)
    assert back["messages"] == []


async def test_what_another_channel_erased_is_taken_away_too(
    server: str, web_folder: str, widgets: Any
) -> None:
    widget = widgets()
    token = (await widget.open(server))["token"]
    await widget.next("forget")
    await widget.say("我叫张三")
    with database(f"sqlite:///{web_folder}/web.db") as db:
        erase(db, "web", token.split(".")[0])
    assert (await widget.next("forget"))["before"] is None


async def test_history_that_has_expired_is_not_shown_again(
    server: str, web_folder: str, widgets: Any
) -> None:
    widget = widgets()
    token = (await widget.open(server))["token"]
    await widget.say("老早说的")
    mine = update(WebMessage).where(WebMessage.session == token.split(".")[0])
    with database(f"sqlite:///{web_folder}/web.db") as db:
        db.execute(mine.values(expires_at=clock.now()))
    await widget.say("刚说的")
    back = await widgets().open(server, token)
    assert [m["text"] for m in back["messages"]] == ["刚说的", "你说：刚说的"]


async def test_votes_reach_the_database_once_an_answer_and_outlive_a_restart(
    start: Start, port: int, tmp_path: Path, widgets: Any
) -> None:
    def votes() -> list[tuple[int, str, str | None]]:
        with database(f"sqlite:///{tmp_path}/web.db") as db:
            return [(one.message, one.vote, one.act) for one in db.scalars(select(AnswerVote))]

    async def in_time(read: Any, last: str = "down") -> Any:
        for _ in range(100):  # events are handled side by side
            if any(vote == last for _, vote, _ in read()):
                break
            await asyncio.sleep(0.05)
        return read()

    widget, stranger, back = widgets(), widgets(), widgets()
    with start(port, str(tmp_path)) as server:
        token = (await widget.open(server))["token"]
        await stranger.open(server)
        seq = (await widget.say("卡片"))["seq"]
        await stranger.client.emit("vote", {"seq": seq, "vote": "down"})
        for wrong in ({"seq": seq, "vote": "sideways"}, {"seq": "1", "vote": "up"}, None, [1]):
            await widget.client.emit("vote", wrong)
        await widget.client.emit("vote", {"seq": seq, "vote": "down"})
        await widget.say("一")
        assert await in_time(votes) == [(seq, "down", "policy")]
        for one in (widget, stranger):
            await one.client.disconnect()
    with start(port, str(tmp_path)) as server:
        await back.open(server, token)
        await back.client.emit("vote", {"seq": seq, "vote": "up"})
        await back.say("二")
        assert await in_time(votes, "up") == [(seq, "up", "policy")]
        await back.client.disconnect()


async def test_a_server_stops_whoever_keeps_his_connection(
    start: Start, port: int, widgets: Any
) -> None:
    with contextlib.ExitStack() as kept:
        with start(port) as server:
            await widgets().open(server)
            for sent in (b"", b"POST /chat/ HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"):
                connection = socket.create_connection(("127.0.0.1", port), timeout=5)
                kept.enter_context(connection).sendall(sent)
            await asyncio.sleep(0.2)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)


async def test_hanging_up_waits_for_nobody_who_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "DISCONNECT_TIMEOUT_S", 0.05)
    sio = socketio.AsyncServer(async_mode="asgi")
    gone = AsyncSocket(sio.eio, "gone")
    gone.connected = True
    await gone.queue.put("what he has not taken")  # nobody writes it any more
    sio.eio.sockets["gone"] = gone
    visitors = SimpleNamespace(_sio=sio)
    await asyncio.wait_for(channel.Connections.disconnect_all(visitors), 5)  # type: ignore[arg-type]


async def test_only_sites_that_are_named_may_show_the_widget(
    start: Start, port: int, widgets: Any
) -> None:
    site = "https://rst.example.gov.cn"
    named = {"JIUYE_WEB_ORIGINS": f"{site}/, https://other.example", "JIUYE_PORT": str(port)}
    with start(port, **named) as server:
        for allowed in (site, "https://other.example", server):
            widget = widgets()
            await widget.open(server, Origin=allowed)
            assert (await widget.say("您好"))["text"] == "你说：您好"
            await widget.client.disconnect()
        no_browser = widgets()
        await no_browser.open(server)
        await no_browser.client.disconnect()
        for foreign in ("https://evil.example", f"{site}.evil.example", "null"):
            with pytest.raises(socketio.exceptions.ConnectionError):
                await widgets().open(server, Origin=foreign)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{server}/demo/")


async def test_without_the_setting_only_our_own_page_may_open_the_socket(
    server: str, widgets: Any
) -> None:
    await widgets().open(server, Origin=server)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await widgets().open(server, Origin="https://evil.example")


def test_the_demo_site_says_that_it_is_none_and_needs_one_line(server: str) -> None:
    with urllib.request.urlopen(f"{server}/demo/") as page:
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]
        text = page.read().decode()
    assert "不是政府网站" in text
    assert text.count("<script") == 1


async def test_typed_intents_and_odd_values_do_no_harm(server: str, widgets: Any) -> None:
    widget = widgets()
    await widget.open(server)
    assert (await widget.say("/restart"))["message"]["text"] == "你说：restart"
    assert (await widget.say(None))["message"]["text"] == "你说："
    assert (await widget.say("长" * 20_000))["message"]["text"].startswith("你说：长")


async def test_the_web_shows_and_takes_link_codes(server: str, widgets: Any) -> None:
    one, other = widgets(), widgets()
    await one.open(server)
    await other.open(server)
    shown = (await one.say("关联"))["message"]["text"]
    code = "".join(c for c in shown if c.isdigit())[:8]
    assert "关联上了" in (await other.say(f"关联 {code}"))["message"]["text"]
    assert "不对" in (await other.say(f"关联 {code}"))["message"]["text"]


async def test_a_failing_agent_says_so_plainly(server: str, widgets: Any) -> None:
    widget = widgets()
    await widget.open(server)
    said = await widget.say("出错")
    assert said["message"]["status"] == "error"
    assert "12333" in said["text"]


async def test_a_flood_is_slowed_with_a_kind_word(server: str, widgets: Any) -> None:
    widget = widgets()
    await widget.open(server)
    answers = [await widget.say(f"第{n}句说完了。") for n in range(21)]
    assert [one["message"]["status"] for one in answers] == ["answered"] * 20 + ["refused"]
    for n in range(5):
        await widget.client.emit("user_uttered", {"message": f"还有{n}"})
    await asyncio.sleep(0.5)
    assert widget.events.empty()


def test_the_one_script_is_at_most_25_kb_on_its_way(server: str) -> None:
    def fetched(**headers: str) -> tuple[bytes, str | None]:
        asked = urllib.request.Request(f"{server}/chat/static/jiuye.js", headers=headers)
        with urllib.request.urlopen(asked) as script:
            return script.read(), script.headers["Content-Encoding"]

    plain, zipped = fetched(), fetched(**{"Accept-Encoding": "br, gzip"})
    assert (plain[1], zipped[1]) == (None, "gzip")
    assert len(zipped[0]) <= 25 * 1024
    assert gzip.decompress(zipped[0]) == plain[0]
    assert b"customElements.define" in plain[0]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_caches_keep_the_compressed_and_the_plain_script_apart(server: str, encoding: str) -> None:
    request = urllib.request.Request(
        f"{server}/chat/static/jiuye.js", headers={"Accept-Encoding": encoding}
    )
    with urllib.request.urlopen(request) as script:
        assert script.headers["Vary"] == "Accept-Encoding"


def test_the_page_allows_nothing_from_elsewhere(server: str) -> None:
    with urllib.request.urlopen(f"{server}/chat/") as page:
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{server}/chat/static/../channel.py")
