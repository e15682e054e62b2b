"""The channel as the platform and the people behind it see it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
import uuid

import pytest
from sqlalchemy import select, update

from bot import clock
from bot.db.session import session
from bot.db.tables import Consent, InboxMessage, Ticket
from bot.handoff.accounts import add, staffed
from bot.seekers.identity import seeker_of
from tests.channels.edge_server import Served
from tests.channels.wechat.crowd import crowd, in_words
from tests.channels.wechat.fake_api import FakeApi
from tests.channels.wechat.platform import (
    OLD_KEY,
    TOKEN,
    TRANSFER,
    UNAVAILABLE,
    Platform,
    new_openid,
    sign,
)
from tests.profiles import size
from tests.waiting import until


async def _until(api: FakeApi, openid: str, count: int, seconds: float = 60) -> list[str]:
    with contextlib.suppress(AssertionError):  # what came instead says more
        await until(lambda: len(api.texts(openid)) >= count, seconds)
    return api.texts(openid)


async def test_the_address_is_verified(platform: Platform) -> None:
    assert await platform.get(platform.query(echostr="4711🙂")) == (200, "4711🙂")
    forged = platform.query(echostr="4711") | {"signature": "0" * 40}
    assert (await platform.get(forged))[0] == 403
    assert (await platform.get({"echostr": "4711"}))[0] == 403


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
@pytest.mark.parametrize("text", ["失业金怎么领", "找活🙂🙂", "<b>&amp;]]></b>"])
async def test_a_text_gets_a_passive_reply_in_every_mode(
    platform: Platform, api: FakeApi, mode: str, text: str
) -> None:
    platform.mode, openid = mode, new_openid()
    (answer,) = await platform.say(openid, text)
    assert answer.text == f"你说：{text}"
    assert api.texts(openid) == []


async def test_the_previous_key_is_still_taken(served: Served, api: FakeApi) -> None:
    platform = Platform(f"{served.url}/webhooks/wechat", api, "safe", OLD_KEY)
    (answer,) = await platform.say(new_openid(), "您好")
    assert answer.text == "你说：您好"


async def test_a_foreign_key_is_refused(served: Served, api: FakeApi) -> None:
    platform = Platform(f"{served.url}/webhooks/wechat", api, "safe", "z" * 42 + "8")
    (answer,) = await platform.say(new_openid(), "您好")
    assert answer.status == 400


async def test_a_slow_answer_reaches_the_person_once(platform: Platform, api: FakeApi) -> None:
    openid = new_openid()
    began = time.monotonic()
    (answer,) = await platform.say(openid, "慢8")
    assert answer.body == "success"
    assert time.monotonic() - began < 5
    assert await _until(api, openid, 1) == ["你说：慢8"]
    await asyncio.sleep(1)
    assert platform.seen.get(openid, []) + api.texts(openid) == ["你说：慢8"]


async def test_retries_of_one_message_give_one_answer(platform: Platform, api: FakeApi) -> None:
    openid, message = (
        new_openid(),
        {"MsgType": "text", "Content": "慢3", "MsgId": uuid.uuid4().int % 10**18},
    )
    # The platform's connection is cut after a second here, so that it repeats three times.
    await platform.push(openid, patience=0.9, **message)
    await _until(api, openid, 1)
    (late,) = await platform.push(openid, tries=1, **message)
    assert late.body == "success"
    shown = [text for text in platform.seen.get(openid, []) if text != UNAVAILABLE]
    assert shown + api.texts(openid) == ["你说：慢3"]


async def test_repeated_events_are_told_by_sender_and_time(platform: Platform) -> None:
    openid, now = new_openid(), int(time.time())
    answers = [
        (await platform.event(openid, "subscribe", EventKey="", CreateTime=now))[0]
        for _ in range(3)
    ]
    assert [bool(answer.text) for answer in answers] == [True, False, False]
    assert "没有你同意" in answers[0].text


async def test_a_long_answer_follows_the_passive_reply_in_order(
    platform: Platform, api: FakeApi
) -> None:
    openid = new_openid()
    (answer,) = await platform.say(openid, "长")
    rest = await _until(api, openid, 2)
    assert answer.text + "".join(rest) == "字" * 1500
    assert all(len(text.encode()) <= 2048 for text in [answer.text, *rest])


async def test_six_messages_of_the_bot_are_merged(platform: Platform) -> None:
    (answer,) = await platform.say(new_openid(), "六条")
    assert re.findall(r"第\d条", answer.text) == [f"第{n}条" for n in range(1, 7)]


async def test_a_number_answers_the_question_before_it(platform: Platform) -> None:
    openid = new_openid()
    (asked,) = await platform.say(openid, "选择")
    assert asked.text == "哪个铁西？\n1. 沈阳的　2. 鞍山的"
    (answer,) = await platform.say(openid, "2")
    assert answer.text == "你说：鞍山铁西"


async def test_late_choices_come_as_a_menu_to_press(platform: Platform, api: FakeApi) -> None:
    openid = new_openid()
    await platform.say(openid, "慢5选择")
    await _until(api, openid, 1)
    (sent,) = [one for one in api.sent if one.openid == openid]
    assert sent.kind == "msgmenu"
    assert [one["content"] for one in sent.raw["msgmenu"]["list"]] == ["沈阳的", "鞍山的"]
    (answer,) = await platform.say(openid, "沈阳的", bizmsgmenuid="1")
    assert answer.text == "你说：沈阳铁西"


async def test_an_account_without_menus_gets_numbers(platform: Platform, api: FakeApi) -> None:
    api.menus, openid = False, new_openid()
    await platform.say(openid, "慢5选择")
    assert await _until(api, openid, 1) == ["哪个铁西？\n1. 沈阳的　2. 鞍山的"]


async def test_what_a_quota_refuses_comes_before_the_next_answer(
    platform: Platform, api: FakeApi
) -> None:
    openid = new_openid()
    api.always = 45047
    await platform.say(openid, "慢5")
    await until(lambda: api.calls["message/custom/send"])
    (answer,) = await platform.say(openid, "在吗")
    assert answer.text == "你说：慢5\n\n你说：在吗"


@pytest.mark.parametrize("mode", ["plain", "safe"])
async def test_who_asks_for_a_person_is_given_to_the_platforms_desk(
    platform: Platform, api: FakeApi, served: Served, mode: str
) -> None:
    platform.mode, openid = mode, new_openid()
    with session(served.database) as db:
        if not staffed(db):
            add(db, "王老师", "long enough for a test")
    (answer,) = await platform.say(openid, "转人工")
    assert answer.text == TRANSFER
    (words,) = await _until(api, openid, 1)
    assert "转给人工客服了" in words
    with session(served.database) as db:
        ticket = db.scalar(select(Ticket).where(Ticket.address == openid))
    assert ticket is not None
    assert (ticket.state, ticket.closed_by) == ("closed", "platform")
    (after,) = await platform.say(openid, "等着呢")
    assert after.text == "你说：等着呢"


async def test_helplines_are_said_and_not_replaced_by_a_transfer(platform: Platform) -> None:
    (answer,) = await platform.say(new_openid(), "不想活了")
    assert "12356" in answer.text


async def test_voice_place_and_pictures(platform: Platform) -> None:
    def kind(name: str, **fields: str) -> dict[str, str]:
        return {"MsgType": name, "MsgId": str(uuid.uuid4().int % 10**18), **fields}

    async def shown(**fields: str) -> str:
        (answer,) = await platform.push(new_openid(), **fields)
        return answer.text

    voice = {"MediaId": "m", "Format": "amr"}
    assert await shown(**kind("voice", Recognition="失业金怎么领", **voice)) == "你说：失业金怎么领"
    assert "打字" in await shown(**kind("voice", Recognition="", **voice))
    assert "打字" in await shown(**kind("voice", **voice))
    place = {"Location_X": "41.80", "Location_Y": "123.38", "Scale": "15"}
    label = "辽宁省沈阳市铁西区建设中路1号"
    assert (
        await shown(**kind("location", Label=label, **place))
        == "你说：我在沈阳市铁西区（41.800,123.380），最近的就业服务站在哪"
    )
    unnamed = await shown(**kind("location", Label="某小区", **place))
    assert unnamed == "你说：我在（41.800,123.380），最近的就业服务站在哪"
    abroad = {"Location_X": "10.0", "Location_Y": "x"}
    assert "哪个区县" in await shown(**kind("location", Label="某小区", **abroad))
    labelled = await shown(**kind("location", Label=label, **abroad))
    assert labelled == "你说：我在沈阳市铁西区，就业服务站在哪"
    for name in ("image", "video", "shortvideo", "link", "something_new"):
        assert "看不了" in await shown(**kind(name, MediaId="m", PicUrl="p", ThumbMediaId="t", Title="t", Description="d", Url="u"))  # fmt: skip
    sticker = "【收到不支持的消息类型，暂无法显示】"
    assert "看不了" in await shown(**kind("text", Content=sticker))


async def test_a_quotation_and_a_telephone_number_do_not_reach_the_bot(platform: Platform) -> None:
    quoting = "「就业助手：想看哪个」\n- - - - - - - - -\n第二个"
    (answer,) = await platform.say(new_openid(), quoting)
    assert answer.text == "你说：第二个"
    (answer,) = await platform.say(new_openid(), "找保安，电话13900139000")
    assert answer.text == "你说：找保安，■■■"


async def test_a_click_and_a_scanned_code_say_something(platform: Platform, api: FakeApi) -> None:
    openid = new_openid()
    (clicked,) = await platform.event(openid, "CLICK", EventKey="benefit")
    assert clicked.text == "你说：失业金怎么领"
    (scanned,) = await platform.event(openid, "SCAN", EventKey="station-210106", Ticket="t")
    assert scanned.text == "你说：沈阳市铁西区的就业服务站在哪"
    for event, key in (("CLICK", "of an older menu"), ("VIEW", "https://x"), ("SCAN", "?")):
        (nothing,) = await platform.event(openid, event, EventKey=key, Ticket="t", CreateTime=1)
        assert nothing.body == "success"
    new = new_openid()
    api.wrote(new)
    (welcome,) = await platform.event(new, "subscribe", EventKey="qrscene_fair-210200", Ticket="t")
    assert "就业顾问" in welcome.text
    assert await _until(api, new, 1) == ["你说：大连市最近有招聘会吗"]


async def test_who_leaves_gets_no_more_pushes(platform: Platform, served: Served) -> None:
    openid = new_openid()
    with session(served.database) as db:
        seeker_of(db, "wechat", openid).consents.append(
            Consent(purpose="push", channel="wechat", wording="可以", given_at=clock.now())
        )
    (answer,) = await platform.event(openid, "unsubscribe", EventKey="")
    assert answer.body == "success"
    with session(served.database) as db:
        (consent,) = seeker_of(db, "wechat", openid).consents
        assert consent.withdrawn_at is not None


async def test_an_expired_token_is_renewed_once(platform: Platform, api: FakeApi) -> None:
    openid = new_openid()
    api.next_codes.extend([42001])
    await platform.say(openid, "慢5")
    assert await _until(api, openid, 1) == ["你说：慢5"]
    assert api.calls["message/custom/send"] == 2


async def test_many_people_at_once_each_get_one_answer(platform: Platform, api: FakeApi) -> None:
    people = size(300, 1000)
    done = await crowd(platform, people, "您好", patience=120)
    # How long it takes is measured apart (`bench wechat`): here the machine may be busy.
    assert (done.lost, done.twice) == (0, 0), in_words(done)
    assert done.passive + done.later == people


async def test_a_server_that_is_killed_after_success_answers_after_its_restart(
    platform: Platform, api: FakeApi, served: Served
) -> None:
    openid = new_openid()
    (answer,) = await platform.say(openid, "慢6")
    assert answer.body == "success"
    served.kill()
    with session(served.database) as db:
        db.execute(update(InboxMessage).values(held_until=clock.now()))
    served.start()
    assert await _until(api, openid, 1) == ["你说：慢6"]


async def test_a_server_that_is_killed_within_an_answer_sends_what_is_left_of_it(
    platform: Platform, api: FakeApi, served: Served
) -> None:
    openid, said = new_openid(), "慢5" + "字" * 900
    api.busy_after = 1
    (answer,) = await platform.say(openid, said)
    assert answer.body == "success"
    assert len(await _until(api, openid, 1)) == 1
    await until(lambda: api.calls["message/custom/send"] >= 2)  # the second text is refused
    served.kill()
    api.busy_after = None
    with session(served.database) as db:
        db.execute(update(InboxMessage).values(held_until=clock.now()))
    served.start()
    texts = await _until(api, openid, 2)
    await asyncio.sleep(1)
    assert len(api.texts(openid)) == 2
    assert "".join(texts) == f"你说：{said}"
    with session(served.database) as db:
        assert db.scalars(select(InboxMessage.key)).all() == []


async def test_a_server_that_is_killed_within_a_long_reply_lets_the_rest_follow(
    platform: Platform, api: FakeApi, served: Served
) -> None:
    openid = new_openid()
    api.busy_after = 0
    (answer,) = await platform.say(openid, "长")
    await until(lambda: api.calls["message/custom/send"])  # what follows the reply is refused
    served.kill()
    api.busy_after = None
    with session(served.database) as db:
        db.execute(update(InboxMessage).values(held_until=clock.now()))
    served.start()
    await _until(api, openid, 2)
    await asyncio.sleep(1)
    assert answer.text + "".join(api.texts(openid)) == "字" * 1500


def _query(age: int = 0, **changed: str) -> dict[str, str]:
    timestamp, nonce = str(int(time.time()) - age), uuid.uuid4().hex[:10]
    return {"timestamp": timestamp, "nonce": nonce, "signature": sign(TOKEN, timestamp, nonce), **changed}  # fmt: skip


async def test_forged_stale_repeated_and_broken_requests_are_refused(platform: Platform) -> None:
    xml = platform.xml(new_openid(), MsgType="text", Content="您好", MsgId="5").encode()
    assert (await platform.raw(_query(signature="0" * 40), xml))[0] == 403
    assert (await platform.raw(_query(signature="é"), xml))[0] == 403
    assert (await platform.raw({}, xml))[0] == 403
    assert (await platform.raw(_query(age=301), xml))[0] == 403
    assert (await platform.raw(_query(age=-301), xml))[0] == 403
    once = _query()
    assert (await platform.raw(once, xml))[0] == 200
    assert (await platform.raw(once, xml))[0] == 403
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><Content>&b;</Content></xml>'
    outside = (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>'
    )
    for body in (b"", b"<xml>", b"{}", b"<html/>", b"<xml></xml>", b"\xff\xfe\x00", bomb, outside,
                 b"<?xml version='1.0' encoding='no-such'?><xml/>"):  # fmt: skip
        assert (await platform.raw(_query(), body))[0] == 400
    assert (await platform.raw(_query(), b"<xml>" + b" " * 70_000 + b"</xml>"))[0] == 413
    sealed = _query(encrypt_type="aes", msg_signature="0" * 40)
    assert (await platform.raw(sealed, b"<xml><Encrypt>x</Encrypt></xml>"))[0] == 403


async def test_the_log_holds_no_openid_text_or_secret(platform: Platform, served: Served) -> None:
    openid = new_openid()
    await platform.say(openid, "我的电话是13800138000")
    await platform.say(openid, "出错")
    for _ in range(100):
        log = served.log.read_text()
        if "the agent fails" in log:
            break
        await asyncio.sleep(0.1)
    assert "the agent fails" in log
    for private in (openid, "13800138000", "我的电话", TOKEN, "secret-of-the-account"):
        assert private not in log
