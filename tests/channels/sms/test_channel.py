"""The SMS channel with a real Kannel between it and the handsets."""

from __future__ import annotations

import asyncio
import itertools
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
from sqlalchemy import select, update

from bot import clock
from bot.channels.sms.gateway import Gateway
from bot.channels.sms.kannel import Kannel as Client
from bot.channels.sms.kannel import health
from bot.db.session import session
from bot.db.tables import InboxMessage, SeenMessage
from bot.delivery.outcome import Outcome, Refused, Retry, Sent
from bot.messaging.send_log import state_of
from bot.settings import Settings, settings
from tests.channels.sms.conftest import World
from tests.channels.sms.flood import flood
from tests.channels.sms.kannel_here import KEY, settings_for
from tests.profiles import size
from tests.waiting import wait_until

_numbers = itertools.count(13800138001)
_keys = itertools.count(1)


def _handset() -> str:
    return str(next(_numbers))


def _call(world: World, path: str, **query: str) -> int:
    url = f"{world.served.url}/webhooks/sms/{path}?{urllib.parse.urlencode(query)}"
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            assert answer.read() == b"" or path == "health"
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def _arrive(world: World, sender: str, text: str, key: str) -> int:
    return _call(world, "mo", key=KEY, id=key, **{"from": sender}, to="10690000", text=text)


def test_a_conversation_goes_both_ways_with_emoji(world: World) -> None:
    handset = _handset()
    for number, (said, heard) in enumerate(
        [
            ("您好🙂，找活", "你说：您好🙂，找活"),
            ("选择", "哪个铁西？ 1沈阳的 2鞍山的"),
            ("2", "你说：鞍山铁西"),
            ("贷款", "个人最高能贷30万元。（辽人社建〔2025〕21号） 回复1看材料"),
            ("１", "你说：创业担保贷款要什么材料"),
            ("ＴＤ", "好，不再给你推送岗位。以后想要了，说一声“有新岗位告诉我”就行。"),
            (" ", "你说："),
        ],
        1,
    ):
        world.carrier.send(handset, said)
        assert world.carrier.until(f"+86{handset}", number)[number - 1] == heard
    assert {part.sender for part in world.carrier.parts} == {"10690000"}


@pytest.mark.parametrize(("length", "parts"), [(70, 1), (71, 2), (134, 2)])
def test_a_text_takes_the_parts_that_were_counted(world: World, length: int, parts: int) -> None:
    handset = _handset()
    said = "🙂" + "字" * (length - 5)
    world.carrier.send(handset, said)
    assert world.carrier.until(f"+86{handset}", 1) == [f"你说：{said}"]
    assert len([p for p in world.carrier.parts if p.to == f"+86{handset}"]) == parts


def test_what_does_not_fit_is_said_to_be_left_and_comes_for_0(world: World) -> None:
    handset = _handset()
    story = "".join(f"第{n:02d}句话。" for n in range(40))
    world.carrier.send(handset, story)
    pieces = world.carrier.until(f"+86{handset}", 1)
    assert pieces[0].endswith("回复0看下文")
    while pieces[-1].endswith("回复0看下文"):
        world.carrier.send(handset, "0")
        pieces = world.carrier.until(f"+86{handset}", len(pieces) + 1)
    said = "".join(piece.removesuffix("回复0看下文").rstrip().rstrip("…") for piece in pieces)
    assert said == f"你说：{story}"


def test_one_message_repeated_by_kannel_is_answered_once(world: World) -> None:
    handset = _handset()
    assert [_arrive(world, handset, "您好", "same-id") for _ in range(3)] == [200] * 3
    world.carrier.until(f"+86{handset}", 1)
    _arrive(world, handset, "第二条来了。", "other-id")
    assert world.carrier.until(f"+86{handset}", 2) == ["你说：您好", "你说：第二条来了。"]


def test_a_slow_answer_does_not_hold_kannel_up(world: World) -> None:
    handset = _handset()
    began = time.monotonic()
    assert _arrive(world, handset, "慢3", "slow-id") == 200
    assert time.monotonic() - began < 2.5
    assert world.carrier.until(f"+86{handset}", 1) == ["你说：慢3"]


def test_messages_wait_while_smsbox_is_dead_and_none_is_lost(world: World) -> None:
    handset = _handset()
    world.kannel.kill_smsbox()
    for n in range(5):
        world.carrier.send(handset, f"第{n}条，盒子不在。")
    time.sleep(0.5)
    assert world.carrier.texts(f"+86{handset}") == []
    world.kannel.start_smsbox()
    assert sorted(world.carrier.until(f"+86{handset}", 5, seconds=90)) == [
        f"你说：第{n}条，盒子不在。" for n in range(5)
    ]


def _age_the_inbox(world: World) -> None:
    """Let the time pass after which a silent process's messages are taken over."""
    with session(world.served.database) as db:
        db.execute(update(InboxMessage).values(held_until=clock.now()))


def test_a_server_that_is_killed_answers_what_it_had_taken_after_its_restart(
    world: World,
) -> None:
    slow, quick = _handset(), _handset()
    assert _arrive(world, slow, "慢4", "taken-before-the-kill") == 200
    assert _arrive(world, slow, "第二句也收到了。", "taken-too") == 200
    world.served.kill()
    world.carrier.send(quick, "服务器不在。")
    _age_the_inbox(world)
    world.served.start()
    assert world.carrier.until(f"+86{slow}", 2) == ["你说：慢4", "你说：第二句也收到了。"]
    assert world.carrier.until(f"+86{quick}", 1) == ["你说：服务器不在。"]
    assert _arrive(world, slow, "慢4", "taken-before-the-kill") == 200
    for _ in range(50):
        with session(world.served.database) as db:
            left = db.scalars(select(InboxMessage.key)).all()
        if not left:
            break
        time.sleep(0.1)
    assert left == []
    assert len(world.carrier.texts(f"+86{slow}")) == 2


def _gateway(world: World) -> Gateway:
    port = str(world.served.port)
    return _changed(world, JIUYE_PORT=port, JIUYE_SMS_SIGNATURE="辽宁就业")


async def _send(world: World, to: str, text: str, push: bool = False) -> tuple[Outcome, str]:
    client, key = Client(_gateway(world)), f"key-{next(_keys)}"
    outcome = await (client.send_push if push else client.send_text)(to, text, key)
    await client.close()
    return outcome, key


@pytest.fixture
def same_database(world: World, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv("DATABASE_URL", world.served.database)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("same_database")
async def test_a_delivery_report_reaches_the_state_of_the_send(world: World) -> None:
    handset = _handset()
    outcome, key = await _send(world, handset, "有新岗位：保安员，沈阳铁西，4千-5千🙂", push=True)
    assert outcome == Sent()
    for _ in range(100):
        with session(world.served.database) as db:
            kept = state_of(db, "sms", key)
        if kept is not None and kept.state == "delivered":
            break
        await asyncio.sleep(0.1)
    assert kept is not None
    assert kept.state == "delivered"
    (text,) = world.carrier.until(f"+86{handset}", 1)
    assert text == "【辽宁就业】有新岗位：保安员，沈阳铁西，4千-5千🙂 退订回T"


@pytest.mark.usefixtures("same_database")
async def test_what_is_too_long_or_has_no_number_is_refused_not_cut(world: World) -> None:
    handset = _handset()
    assert isinstance((await _send(world, handset, "字" * 134))[0], Sent)
    assert isinstance((await _send(world, handset, "字" * 135))[0], Refused)
    for to, text in (("10086", "您好"), (f"{handset} 13900139000", "您好"), (handset, " ")):
        assert isinstance((await _send(world, to, text))[0], Refused)
    assert world.carrier.until(f"+86{handset}", 1) == ["字" * 134]


@pytest.mark.parametrize(
    ("kind", "reply", "state", "reason"),
    [
        ("16", "NACK/0x0000000b/Invalid Destination Address", "refused", "NACK/0x0000000b/Invalid Destination Address"),
        ("2", "id:m1 sub:001 dlvrd:000 stat:UNDELIV err:024 text:我的电话", "failed", "stat:UNDELIV err:024"),
        ("4", "", "buffered", ""),
        ("1", "", "delivered", ""),
    ],
)  # fmt: skip
def test_what_the_carrier_reports_is_kept_without_the_text(
    world: World, kind: str, reply: str, state: str, reason: str
) -> None:
    key = f"report-{kind}"
    assert _call(world, "dlr", key=KEY, id=key, state=kind, reply=reply) == 200
    with session(world.served.database) as db:
        kept = state_of(db, "sms", key)
    assert kept is not None
    assert (kept.state, kept.reason) == (state, reason)


@pytest.mark.usefixtures("same_database")
async def test_a_dead_or_unwilling_gateway_is_told_apart(world: World) -> None:
    dead = Client(_changed(world, JIUYE_SMS_SENDSMS="http://127.0.0.1:1/cgi-bin/sendsms"))
    assert isinstance(await dead.send_text("13800138000", "您好", "k1"), Retry)
    wrong = Client(_changed(world, JIUYE_SMS_PASSWORD="wrong"))
    assert isinstance(await wrong.send_text("13800138000", "您好", "k2"), Refused)
    for client in (dead, wrong):
        await client.close()


def _changed(world: World, **changes: str) -> Gateway:
    gateway = Gateway.from_settings(
        Settings.from_environment({**settings_for(world.kannel), **changes})
    )
    assert gateway is not None
    return gateway


async def test_the_status_page_says_what_is_wrong(world: World) -> None:
    assert await health(_gateway(world)) is None
    assert _call(world, "health", key=KEY) == 200
    world.kannel.kill_smsbox()
    for _ in range(50):
        if await health(_gateway(world)):
            break
        await asyncio.sleep(0.1)
    assert await health(_gateway(world)) == "no smsbox is connected: messages wait"
    world.kannel.start_smsbox()
    away = _changed(world, JIUYE_SMS_STATUS="http://127.0.0.1:1/status.xml")
    assert "status page" in str(await health(away))


def test_calls_without_the_key_get_nothing(world: World) -> None:
    for path in ("mo", "dlr", "health"):
        assert _call(world, path, id="1", text="您好", **{"from": "13800138000"}) == 403
        assert _call(world, path, key="wrong", id="1") == 403
    assert _call(world, "mo", key=KEY) == 200
    assert _call(world, "mo", key=KEY, id="x", **{"from": "10086"}, text="您好") == 200
    raw = f"{world.served.url}/webhooks/sms/mo?key={KEY}&id=y&from=%2B8613700137000&text=%FF%FE%00"
    with urllib.request.urlopen(raw, timeout=10) as answer:
        assert answer.status == 200


def test_a_flood_from_one_handset_gets_one_kind_word(world: World) -> None:
    handset = _handset()
    for n in range(30):
        _arrive(world, handset, f"第{n}条消息来了。", f"flood-{n}")
    _arrive(world, _handset(), "您好", "after-the-flood")
    wait_until(lambda: any("歇一下" in text for text in world.carrier.texts(f"+86{handset}")))
    time.sleep(0.5)  # so that a second one would be seen
    heard = world.carrier.texts(f"+86{handset}")
    assert sum("歇一下" in text for text in heard) == 1
    assert len(heard) <= 11


def test_a_flood_at_kannels_own_speed_is_answered_whole(world: World) -> None:
    people = size(200, 1000)
    handsets = [str(13900000000 + n) for n in range(people)]
    with session(world.served.database) as db:
        before = db.query(SeenMessage).count()

    def taken() -> int:
        with session(world.served.database) as db:
            return db.query(SeenMessage).count() - before

    done = flood(world.carrier, handsets, taken)
    assert (done.sent, done.lost, done.twice) == (people, 0, 0)
    assert 0 < done.seconds_to_take <= done.seconds


def test_no_log_holds_a_number_a_text_or_a_secret(world: World) -> None:
    world.carrier.send("13700137009", "我的身份证号是2101")
    world.carrier.until("+8613700137009", 1)
    world.carrier.send("13700137009", "出错")
    world.carrier.until("+8613700137009", 2)
    logs = world.served.log.read_text() + "".join(
        file.read_text(errors="replace") for file in (world.kannel.folder / "log").iterdir()
    )
    assert "the agent fails" in logs
    for private in ("13700137009", "身份证", KEY, "CHANGE_PASSWORD_OF_SENDSMS"):
        assert private not in logs
