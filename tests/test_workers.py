"""Two workers on one port, PostgreSQL and Redis: in order, nothing lost, one of them killed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from ruamel.yaml import YAML
from sqlalchemy import select

from bot import clock
from bot.db.session import session
from bot.db.tables import Ticket
from bot.delivery.outbox import DeliveryDraft, put
from bot.handoff import service
from bot.handoff.accounts import add
from bot.handoff.queue import talk
from bot.messages import Message
from bot.runtime.action_endpoints import ActionServer
from bot.runtime.agent import open_agent, send_text
from bot.runtime.tracker_store import DatabaseTrackerStore
from bot.settings import ROOT, settings
from tests.channels.widget_client import Widget
from tests.conftest import _free_port
from tests.databases import postgres_copy, sqlite_copy
from tests.serving import serving

pytestmark = pytest.mark.model
#: Conversations that are under way when a worker is killed; 1,000 in the long run.
KILLED_AMONG = int(os.environ.get("JIUYE_KILL_CONVERSATIONS", "40"))
#: Whether the replies to all dialogues are compared, not to a sample of them.
ALL_DIALOGUES = os.environ.get("JIUYE_EQUAL") == "all"
DOMAIN = Domain.load(str(ROOT / "domain.yml"))
#: Said by everybody; each answer needs what was said before it.
SAID = ("沈阳有没有招保安的", "那抚顺呢", "创业贷款最高能贷多少", "谢谢")
EXPECTED = ("沈阳", "抚顺", "30万", "")


@dataclass(frozen=True)
class Served:
    """A running assistant with two workers."""

    process: subprocess.Popen[str]
    address: str
    database: str

    def workers(self) -> list[int]:
        """Return the process ids of the workers that run now."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True, text=True,
        ).stdout.splitlines()  # fmt: skip
        return [int(line.split()[0]) for line in listed if "bot.runtime.server rasa" in line]

    async def conversation(self, who: str) -> list[Event]:
        """Return what is stored of a conversation."""
        store = DatabaseTrackerStore(DOMAIN, host=self.database)
        return list((await store.retrieve(who)).events)


@pytest.fixture(scope="module")
def served(model: Path, postgres: str, redis_url: str) -> Iterator[Served]:
    """Two workers under the supervisor, on a database of their own."""
    url, port = postgres_copy(postgres, "demo"), _free_port()
    with serving(
        "--workers",
        "2",
        JIUYE_PORT=str(port),
        DATABASE_URL=url,
        JIUYE_REDIS_URL=redis_url,
        JIUYE_OFFICE_HOURS="1-7 0:00-24:00 +holidays",
    ) as process:
        _wait_for_listeners(port, 2)
        yield Served(process, f"http://127.0.0.1:{port}", url)


def _wait_for_listeners(port: int, count: int, seconds: float = 120.0) -> None:
    """Wait until so many sockets listen at a port."""
    local, ends = f"0100007F:{port:04X}", time.monotonic() + seconds
    while True:
        rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        if sum(row[1] == local and row[3] == "0A" for row in rows) >= count:
            return
        assert time.monotonic() < ends, "the workers do not listen"
        time.sleep(0.2)


async def _say(served: Served, who: str, words: str) -> list[dict[str, Any]]:
    """Say something on a connection of its own, which either worker may get; say it again when
    the connection breaks, as the other end of a channel does.
    """
    body = {"sender": who, "message": words, "message_id": uuid.uuid4().hex}
    for _ in range(40):
        try:
            async with aiohttp.ClientSession() as client, client.post(
                f"{served.address}/webhooks/rest/webhook", json=body,
                timeout=aiohttp.ClientTimeout(60),
            ) as answer:  # fmt: skip
                said: list[dict[str, Any]] = await answer.json()
                return said
        except aiohttp.ClientError:
            await asyncio.sleep(0.25)
    raise AssertionError("nobody answers")


def _turns(events: list[Event]) -> list[tuple[str, list[str]]]:
    """Return what was heard with the kinds of events up to the next one heard."""
    turns: list[tuple[str, list[str]]] = []
    for event in events:
        if isinstance(event, UserUttered):
            turns.append((event.text or "", []))
        elif turns and isinstance(event, (BotUttered, ActionExecuted)):
            turns[-1][1].append(getattr(event, "action_name", "said"))
    return turns


async def test_one_persons_messages_through_both_workers_keep_order_and_slots(
    served: Served,
) -> None:
    anna = uuid.uuid4().hex
    await _say(served, anna, "想找个活")
    told = ("我52岁", "在沈阳", "干保安", "初中毕业", "一个月四千往上", "不要夜班")
    answers = await asyncio.gather(*(_say(served, anna, words) for words in told))
    assert all(one and one[0]["custom"]["status"] != "error" for one in answers)
    for n in range(6):
        assert await _say(served, anna, ("那抚顺呢", "那沈阳呢")[n % 2])
    events = await served.conversation(anna)
    turns = _turns(events)
    assert [words for words, _ in turns][-6:] == ["那抚顺呢", "那沈阳呢"] * 3
    assert sorted(words for words, _ in turns[1:-6]) == sorted(told)
    for words, happened in turns:  # nobody's turn began in the middle of another
        assert happened[0] == "action_answer", words
        assert happened[-1] == "action_listen", words
        assert "said" in happened, words
    bela = uuid.uuid4().hex
    for words, _ in turns:  # the same, one after the other: the same is known of both
        await _say(served, bela, words)
    store = DatabaseTrackerStore(DOMAIN, host=served.database)
    slots = (await store.retrieve(anna)).current_slot_values()
    assert slots == (await store.retrieve(bela)).current_slot_values()
    assert slots["age"] == 52


def _dialogues() -> list[list[str]]:
    """Return what is said: every tenth of our dialogues, or all that there are.

    Not those that call a counsellor, by a wish or in despair: what is said to them depends on the
    desk, which the tests before have staffed and opened on the server's side alone.
    """
    cases = [
        [turn["say"] for turn in case["turns"]]
        for file in sorted((ROOT / "tests" / "conversations" / "cases").glob("*.yml"))
        for case in YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        if not any(
            "人工" in turn["say"] or turn.get("status") == "crisis" for turn in case["turns"]
        )
    ]
    if not ALL_DIALOGUES:
        return cases[::10]
    judged = ROOT.parent / "shared" / "eval" / "dev.jsonl"
    lines = judged.read_text(encoding="utf-8").splitlines() if judged.exists() else []
    return cases + [[turn["text"] for turn in json.loads(line)["turns"]] for line in lines]


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """This process on an SQLite of its own, with the same data; the database's URL."""
    url = sqlite_copy("demo", tmp_path / "alone.db")
    monkeypatch.setenv("DATABASE_URL", url)
    settings.cache_clear()
    yield url
    settings.cache_clear()


@pytest.fixture
def actions(alone: str) -> Iterator[str]:
    """An action server beside this process; the URL of its webhook."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.runtime.server", "actions"], cwd=ROOT,
        env={**os.environ, "DATABASE_URL": alone, "JIUYE_ACTION_PORT": str(port)},
    )  # fmt: skip
    try:
        _wait_for_listeners(port, 1)
        yield f"http://127.0.0.1:{port}/webhook"
    finally:
        process.terminate()
        process.wait(20)


async def test_every_setup_gives_the_same_replies(
    served: Served, model: Path, actions: str
) -> None:
    here = await open_agent(model, persistent=True)
    beside = await open_agent(model, persistent=True, actions_url=actions)
    for number, said in enumerate(_dialogues()):
        who = f"equal-{number}"
        for at, words in enumerate(said):
            replies = {
                "workers": await _say(served, who, words),
                "in process": await send_text(here, words, who, "rest"),
                "action server": await send_text(beside, words, f"{who}-beside", "rest"),
            }
            told = {name: [one["custom"] for one in given] for name, given in replies.items()}
            assert told["in process"] == told["workers"], (number, at, words)
            assert told["in process"] == told["action server"], (number, at, words)
    assert isinstance(beside.action_endpoint, ActionServer)
    await beside.action_endpoint.close()


def _worker_at(served: Served, port: int) -> int:
    """Return the worker that a client's connection from a port reaches."""
    here = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = f":{int(served.address.rsplit(':', 1)[1]):04X}"
    inodes = [one[9] for one in here if one[1].endswith(ours) and one[2].endswith(f":{port:04X}")]
    for pid in served.workers():
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                if os.readlink(link) == f"socket:[{inodes[0]}]":
                    return pid
    raise AssertionError("no worker has the connection")


@dataclass
class Tabs:
    """Tabs of one session, at least one at each worker."""

    by_worker: dict[int, Widget]
    opened: list[Widget]
    session: str

    async def all_hear(self, name: str) -> list[Any]:
        """Return what each worker's tab is told next of a kind."""
        return [await tab.next(name) for tab in self.by_worker.values()]


@pytest.fixture
async def tabs(served: Served) -> AsyncIterator[Tabs]:
    made, token = Tabs({}, [], ""), None
    for _ in range(40):
        tab = Widget(("websocket",))
        made.opened.append(tab)
        token = (await tab.open(served.address, token))["token"]
        socket = tab.client.eio.ws._response.connection.transport
        worker = _worker_at(served, socket.get_extra_info("sockname")[1])
        if worker in made.by_worker:
            await tab.client.disconnect()
        made.by_worker.setdefault(worker, tab)
        if len(made.by_worker) == 2:
            break
    made.session = str(token).split(".")[0]
    assert len(made.by_worker) == 2
    yield made
    for tab in made.opened:
        await tab.client.disconnect()


async def test_two_tabs_at_two_workers_see_one_conversation(served: Served, tabs: Tabs) -> None:
    for tab, words in zip(tabs.by_worker.values(), ("沈阳有没有招保安的", "那抚顺呢"), strict=True):
        await tab.client.emit("user_uttered", {"message": words})
        said = await tabs.all_hear("person_uttered")
        assert [one["text"] for one in said] == [words] * 2
        answers = await tabs.all_hear("bot_uttered")
        assert answers[0] == answers[1]
    assert "抚顺" in answers[0]["text"]


async def test_a_push_and_a_counsellor_reach_tabs_at_both_workers(
    served: Served, tabs: Tabs
) -> None:
    with session(served.database) as db:
        put(
            db,
            DeliveryDraft("p", "web", tabs.session, "hand_off", Message(text="有新岗位")),
            clock.now(),
        )
    assert [one["text"] for one in await tabs.all_hear("bot_uttered")] == ["有新岗位"] * 2
    with session(served.database) as db:
        wang = add(db, "王老师", "long enough for a test")
    one, other = tabs.by_worker.values()
    await one.client.emit("user_uttered", {"message": "转人工"})
    asked = await tabs.all_hear("bot_uttered")
    assert asked[0] == asked[1]
    with session(served.database) as db:
        number = db.scalars(select(Ticket.id).where(Ticket.address == tabs.session)).one()
        service.take_ticket(db, wang, number)
        service.answer_seeker(db, wang, number, "您想问哪一样？", "key-12345")
    assert all("王老师来了" in said["text"] for said in await tabs.all_hear("bot_uttered"))
    told = await tabs.all_hear("bot_uttered")
    assert [said["text"] for said in told] == ["工作人员王老师：您想问哪一样？"] * 2
    await other.client.emit("user_uttered", {"message": "工资没发"})
    assert [s["text"] for s in await tabs.all_hear("person_uttered")][-1] == "工资没发"
    await asyncio.sleep(2)
    for tab in (one, other):
        names = [name for name, _ in list(tab.events._queue)]  # type: ignore[attr-defined]
        assert "bot_uttered" not in names, "the bot spoke while a counsellor had it"
    with session(served.database) as db:
        assert "工资没发" in [line.text for line in talk(db, wang, number).said]


async def test_both_workers_take_connections(served: Served) -> None:
    def open_files() -> list[int]:
        return [len(os.listdir(f"/proc/{pid}/fd")) for pid in served.workers()]

    before = open_files()
    assert len(before) == 2
    async with aiohttp.ClientSession() as client:
        held = [client.get(f"{served.address}/chat/") for _ in range(32)]
        answers = await asyncio.gather(*held)
        after = open_files()
        for answer in answers:
            answer.close()
    assert all(more > fewer for more, fewer in zip(after, before, strict=True))


async def test_a_worker_killed_in_the_middle_of_many_conversations_loses_none(
    served: Served,
) -> None:
    people = [uuid.uuid4().hex for _ in range(KILLED_AMONG)]
    answered: dict[str, list[str]] = {who: [] for who in people}
    room = asyncio.Semaphore(64)

    async def talk(who: str) -> None:
        for words in SAID:
            async with room:
                said = await _say(served, who, words)
            answered[who].append(said[0]["text"])

    killed = served.workers()[0]
    talking = [asyncio.create_task(talk(who)) for who in people]
    while sum(map(len, answered.values())) < KILLED_AMONG:
        await asyncio.sleep(0.02)
    os.kill(killed, signal.SIGKILL)
    await asyncio.gather(*talking)
    for who in people:
        assert len(answered[who]) == len(SAID)
        for got, expected in zip(answered[who], EXPECTED, strict=True):
            assert expected in got
        heard = [words for words, _ in _turns(await served.conversation(who))]
        # What was stored when the connection broke was said again: it is not stored twice.
        assert heard == list(SAID)
    ends = time.monotonic() + 90
    while len(served.workers()) < 2 or killed in served.workers():
        assert time.monotonic() < ends, "the worker did not come back"
        await asyncio.sleep(0.3)
