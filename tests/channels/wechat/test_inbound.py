"""What the platform sends is one message with its sender: words for the bot, or a fixed reply."""

from __future__ import annotations

import pytest

from bot.channels.wechat.errors import NotReadable
from bot.channels.wechat.inbound import WeChatInbound, parse_inbound
from bot.channels.wechat.menu import Menu, MenuButton
from bot.channels.wechat.xml import Fields

SENDER = {"FromUserName": "o1", "ToUserName": "gh_1", "CreateTime": "1700000000"}
MENU = Menu((MenuButton("找工作", "JOBS", "我想找活"),), {"fair": "附近有招聘会吗"})
pytestmark = pytest.mark.usefixtures("words")


def _parsed(**fields: str) -> WeChatInbound:
    return parse_inbound({**SENDER, **fields}, MENU)


@pytest.mark.parametrize(
    ("fields", "text", "fixed_reply"),
    [
        ({"MsgType": "text", "Content": "您好"}, "您好", None),
        ({"MsgType": "text"}, " ", None),
        ({"MsgType": "text", "Content": "[图片]"}, "", "picture"),
        ({"MsgType": "voice", "Recognition": "找活"}, "找活", None),
        ({"MsgType": "voice"}, "", "voice"),
        ({"MsgType": "location", "Location_X": "0", "Location_Y": "0"}, "", "which_place"),
        ({"MsgType": "image"}, "", "picture"),
    ],
)
def test_a_message_has_words_or_a_fixed_reply(
    fields: Fields, text: str, fixed_reply: str | None
) -> None:
    inbound = _parsed(MsgId="4711", **fields)
    assert (inbound.channel, inbound.address, inbound.key) == ("wechat", "o1", "4711")
    assert (inbound.text, inbound.reply, inbound.account) == (text, fixed_reply, "gh_1")
    assert (inbound.event, inbound.unfollowed, inbound.is_empty) == (False, False, False)


@pytest.mark.parametrize(
    ("event", "key", "text", "fixed_reply", "is_empty"),
    [
        ("subscribe", "", "", "welcome", False),
        ("subscribe", "qrscene_fair", "附近有招聘会吗", "welcome", False),
        ("SCAN", "fair", "附近有招聘会吗", None, False),
        ("CLICK", "JOBS", "我想找活", None, False),
        ("CLICK", "unknown", "", None, True),
        ("unsubscribe", "", "", None, True),
        ("VIEW", "https://example.com", "", None, True),
    ],
)
def test_an_event_says_what_its_button_or_code_stands_for(
    event: str, key: str, text: str, fixed_reply: str | None, is_empty: bool
) -> None:
    inbound = _parsed(MsgType="event", Event=event, EventKey=key)
    assert inbound.key == f"o1:1700000000:{event}:{key}"
    assert (inbound.text, inbound.reply, inbound.event) == (text, fixed_reply, True)
    assert (inbound.unfollowed, inbound.is_empty) == (event == "unsubscribe", is_empty)


def test_a_message_without_an_id_is_known_by_its_sender_time_and_kind() -> None:
    assert _parsed(MsgType="text", Content="您好").key == "o1:1700000000:text"


@pytest.mark.parametrize("lacking", ["FromUserName", "ToUserName", "MsgType"])
def test_what_lacks_a_field_that_all_have_is_not_read(lacking: str) -> None:
    with pytest.raises(NotReadable):
        _parsed(**{"MsgType": "text", "Content": "您好", lacking: ""})
