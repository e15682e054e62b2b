import asyncio
import logging
import time

import pytest
from rasa.core.channels.channel import UserMessage
from sqlalchemy import select

from bot.channels.base import dispatcher
from bot.db.session import session
from bot.db.tables import ChannelIdentity
from bot.messages import Message
from bot.messaging.reply_choices import save_choices
from bot.rate_limits.rate_limit import RateLimit
from bot.runtime.admission import MAX_CONCURRENT
from tests.channels.base.conftest import Person


async def test_a_message_is_answered_and_delivered(person: Person) -> None:
    await person.open().say("失业金怎么领")
    await person.desk.close()
    assert person.delivered == ["你说：失业金怎么领"]


async def test_who_waits_takes_the_answer_himself_and_nothing_is_delivered(person: Person) -> None:
    turn = await person.open().say("您好", waited_for=True)
    answer = await turn.answer(5)
    await person.desk.close()
    assert answer is not None
    assert [a["text"] for a in answer] == ["你说：您好"]
    assert person.delivered == []


async def test_an_answer_that_comes_too_late_is_delivered_once(person: Person) -> None:
    person.seconds = 0.3
    turn = await person.open().say("您好", waited_for=True)
    assert await turn.answer(0.05) is None
    await person.desk.close()
    assert person.delivered == ["你说：您好"]


async def test_an_answer_is_delivered_when_the_one_waiting_goes_away(person: Person) -> None:
    person.seconds = 0.3
    turn = await person.open().say("您好", waited_for=True)
    waiting = asyncio.create_task(turn.answer(5))
    await asyncio.sleep(0.05)
    waiting.cancel()
    await person.desk.close()
    assert person.delivered == ["你说：您好"]


async def test_retries_of_one_message_get_one_answer(person: Person) -> None:
    person.open()
    for _ in range(4):
        await person.say("您好", key="same")
    await person.desk.close()
    await person.say("您好", key="same")
    await person.desk.close()
    assert person.delivered == ["你说：您好"]


async def test_what_is_counted_elsewhere_keeps_its_order_and_a_retry_meanwhile_is_one(
    person: Person, redis_url: str
) -> None:
    person.open(limit=RateLimit("test-order", 1000, 10, redis_url=redis_url))
    person.seconds = 0.1
    texts = [f"第{n}个问题怎么办？" for n in range(5)]
    coming = [person.say(text, key=text) for text in texts for _ in range(2)]
    turns = await asyncio.gather(*coming)
    await person.desk.close()
    assert [turn.repeated for turn in turns] == [False, True] * 5
    assert person.delivered == [f"你说：{text}" for text in texts]


async def test_another_worker_does_not_answer_the_retry(person: Person) -> None:
    await person.open().say("您好", key="same")
    await person.desk.close()
    turn = await person.open().say("您好", key="same", waited_for=True)
    assert await turn.answer(5) == []
    assert person.heard == ["您好"]


async def test_three_short_lines_are_answered_in_order_without_a_wait(person: Person) -> None:
    person.open().seconds = 0.3
    began = time.monotonic()
    for text in ("我想找活", "大连", "会计"):
        await person.say(text)
        await asyncio.sleep(0.1)
    await person.desk.close()
    assert person.heard == ["我想找活", "大连，会计"]
    assert time.monotonic() - began < 2


async def test_sentences_of_their_own_stay_apart_and_in_order(person: Person) -> None:
    texts = ["失业金怎么领？", "创业贷款能贷多少？", "1", "谢谢。"]
    person.open()
    for text in texts:
        await person.say(text)
    await person.desk.close()
    assert person.heard == texts


async def test_many_people_are_answered_beside_each_other_but_not_all_at_once(
    person: Person,
) -> None:
    running, most = 0, 0

    async def bot(message: object) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.3)
        running -= 1

    person.open().desk._bot = bot  # type: ignore[assignment]
    for n in range(50):
        await person.say("您好", address=f"a{n}")
    await person.desk.close()
    assert most == MAX_CONCURRENT
    assert len(person.delivered) == 50


async def test_a_bot_that_never_pauses_leaves_room_for_deadlines(person: Person) -> None:
    worked = []

    async def bot(message: UserMessage) -> None:
        worked.append(message.sender_id)
        time.sleep(0.02)  # works in the loop, as Rasa does
        said = Message(text="好").to_dict()
        await message.output_channel.send_custom_json(message.sender_id, said)

    person.open().desk._bot = bot
    turns = [await person.say("您好", address=f"a{n}", waited_for=True) for n in range(60)]
    answers = await asyncio.gather(*(turn.answer(0.5) for turn in turns))
    assert len(worked) < 60  # nobody waited for all the others
    assert None in answers
    assert [] not in answers
    await person.desk.close()
    assert len(person.delivered) + len([one for one in answers if one]) == 60


async def test_nobody_waits_in_vain_once_a_crowd_is_there(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "MAX_WAITING_SENDERS", 20)
    person.open().seconds = 0.5
    turns = [await person.say("您好", address=f"a{n}", waited_for=True) for n in range(40)]
    began = time.monotonic()
    assert (
        await asyncio.gather(*(turn.answer(0 if n > 20 else 30) for n, turn in enumerate(turns)))
        == [None] * 40
    )
    assert time.monotonic() - began < 5
    await person.desk.close(30)
    assert len(person.delivered) == 40
    assert person.desk._unanswered == set()


async def test_a_failure_and_a_silence_are_said_plainly_and_logged_without_the_text(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    person.open()
    for text in ("出错", "不吭声"):
        await person.say(text)
        await person.desk.close()
    assert all("12333" in text for text in person.delivered)
    assert len(person.delivered) == 2
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("bot."))
    assert "failed" in ours
    assert "出错" not in ours
    assert "13800138000" not in ours


async def test_a_flood_gets_one_kind_word(person: Person) -> None:
    person.open(most=3)
    for n in range(30):
        await person.say(f"第{n}条消息来了。")
    await person.desk.close()
    assert len(person.heard) == 3
    assert sum("歇一下" in text for text in person.delivered) == 1


async def test_a_typed_intent_reaches_the_bot_as_plain_text(person: Person) -> None:
    await person.open().say("/restart")
    await person.desk.close()
    assert person.heard == ["restart"]


async def test_the_stop_word_is_answered_before_the_bot(person: Person) -> None:
    person.open()
    for word in ("退订", "TD", "ｔｄ", "T", "取消", "回复T"):
        await person.say(word)
        await person.desk.close()
    assert person.heard == []
    assert all("不再给你推送" in text for text in person.delivered)
    await person.say("取消失业登记怎么办")
    await person.desk.close()
    assert person.heard == ["取消失业登记怎么办"]


async def test_a_number_is_heard_as_the_choice_of_the_last_answer(
    person: Person, here: str
) -> None:
    with session() as db:
        save_choices(
            db,
            "sms",
            "+8613800138000",
            [("沈阳的", "沈阳铁西"), ("鞍山的", "鞍山铁西")],
            rest="后面还有",
        )
    person.open()
    for text in ("2", "0", "7"):
        await person.say(text)
        await person.desk.close()
    assert person.heard == ["鞍山铁西", "7"]
    assert person.delivered[1] == "后面还有"


async def test_a_code_of_wechat_typed_by_sms_links_both(person: Person, here: str) -> None:
    turn = await person.open().say("绑定", address="o1", channel="wechat", waited_for=True)
    shown = (await turn.answer(5) or [])[0]["text"]
    code = "".join(c for c in shown if c.isdigit())[:8]
    await person.say(f"关联 {code[:4]} {code[4:]}")
    await person.desk.close()
    assert "关联上了" in person.delivered[-1]
    await person.say(f"关联{code}", address="+8613900139000")
    await person.desk.close()
    assert "不对" in person.delivered[-1]
    with session() as db:
        owners = {i.seeker_id for i in db.scalars(select(ChannelIdentity))}
        assert len(owners) == 1


async def test_the_answer_to_a_quoted_push_stops_pushes(person: Person) -> None:
    await person.open().say("【辽宁就业】沈阳3个新岗位：1保安 4500元 退订回T\nTD")
    await person.say("TD是啥意思")
    await person.desk.close()
    assert "不再给你推送" in person.delivered[0]
    assert person.heard == ["TD是啥意思"]


async def test_64_kilobytes_of_anything_hold_nobody_up(person: Person) -> None:
    person.open().seconds = 0.0
    for kind in (" ", "绑定 ", "0", "「", "【", "T 【", "的", "1380013800013", "。", "😀"):
        began = time.process_time()
        await person.say(
            kind * (65536 // len(kind.encode())), address=f"+86138001380{len(person.heard)}"
        )
        assert time.process_time() - began < 0.3
    await person.desk.close()
    assert max(map(len, person.heard)) <= 1001
