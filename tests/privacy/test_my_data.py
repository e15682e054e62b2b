"""What a person hears of, takes along and has deleted is all that is kept of her, in every table."""

import json

from bot import clock
from bot.db.session import session
from bot.db.tables import PostingReport
from bot.messaging import event_log
from bot.privacy.register import register
from bot.seekers.my_data import export
from tests.handlers.conftest import Dialogue
from tests.privacy.conftest import SAID, WholePerson, counts, everything_of

SHOWN = (
    "求职意向", "订阅", "同意记录", "号码", "收藏", "发给你的消息：1条", "回访", "近况", "每月联系",
    "说过的话和回的话：4条（最后一句话之后30天就删）", "网页上的聊天记录", "还没答完的话", "关联码",
    "工单里说的话", "举报", "评价",
)  # fmt: skip


def test_every_kind_is_told_with_its_end(whole: WholePerson) -> None:
    told = Dialogue(whole.web).say("你们存了我啥", "my_data").text
    assert [word for word in SHOWN if word not in told] == []
    assert Dialogue(whole.phone, "sms").say("你们存了我啥", "my_data").text == told


def test_who_has_only_written_hears_what_is_kept_of_that(here: str) -> None:
    said = [{"event": "user", "text": "我在铁西", "timestamp": clock.now().timestamp()}]
    with session(here) as db:
        event_log.add(db.connection(), "+8613800000000", said)
    dialogue = Dialogue("+8613800000000", "sms")
    told = dialogue.say("你们存了我啥", "my_data")
    assert "只记着你和我说的话" in told.text
    assert "说过的话和回的话：1条" in told.text
    assert "清掉" in dialogue.say("清掉我的信息", "my_data").text
    assert not any(counts(here).values())


def test_the_export_holds_every_table_and_all_words(whole: WholePerson) -> None:
    text = Dialogue(whole.web).say("导出我的信息", "my_data").text
    told = json.loads(text)["records"]
    assert set(told) == {entry.name for entry in register().of_seekers()}
    assert told["events"]["rows"][0]["data"]["text"] == "我住人民路三号楼"
    assert told["tickets"]["ground"] == "个人信息保护法第十三条第一款第三项"
    assert told["offers"]["readers"] == ["机器人，只在回答本人时", "管数据库的人"]


def test_an_export_that_is_too_long_for_a_text_message_is_to_be_had_elsewhere(
    whole: WholePerson,
) -> None:
    assert "网页" in Dialogue(whole.phone, "sms").say("导出我的信息", "my_data").text


def test_an_earlier_export_does_not_double_the_next_one(whole: WholePerson) -> None:
    with session(whole.url) as db:
        before = export(db, "web", whole.web)
        said = {
            "event": "bot",
            "data": {"custom": {"act": "my_data", "text": before}},
            "text": before,
            "timestamp": SAID.timestamp(),
        }
        event_log.add(db.connection(), whole.web, [said])
    with session(whole.url) as db:
        assert len(export(db, "web", whole.web)) < len(before) + 1000


def test_all_tables_are_empty_after_the_yes(whole: WholePerson) -> None:
    one = Dialogue(whole.web)
    one.say("删掉我的信息", "my_data")
    last = one.say("确定删", "affirm")
    assert (last.type, "全删了" in last.text) == ("erased", True)
    left = {name: rows for name, rows in counts(whole.url).items() if rows}
    assert left == {"posting_reports": 1}
    with session(whole.url) as db:
        told = db.query(PostingReport).one()
        assert (told.reason, told.seeker_id) == ("", None)


def test_what_is_kept_of_others_stays(whole: WholePerson) -> None:
    everything_of(whole.url, "+8613911112222", "web-another", "别处")
    one = Dialogue(whole.web)
    with session(whole.url) as db:
        theirs = json.loads(export(db, "web", "web-another"))
    one.say("删掉我的信息", "my_data")
    one.say("确定删", "affirm")
    with session(whole.url) as db:
        assert json.loads(export(db, "web", "web-another")) == theirs
