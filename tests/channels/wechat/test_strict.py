"""What a strict platform sends and looks at, beyond a friendly conversation."""

from __future__ import annotations

import asyncio
import hashlib
import time
import uuid
from xml.etree import ElementTree

import pytest

from tests.channels.wechat.fake_api import FakeApi
from tests.channels.wechat.platform import ACCOUNT, TOKEN, Platform, new_openid, sign

#: Events about which nothing is to be said, with all that the platform sends along.
SILENT = {
    "VIEW": "<EventKey>https://x.example/?a=1&amp;b=2</EventKey><MenuId>1</MenuId>",
    "view_miniprogram": "<EventKey>pages/index</EventKey><MenuId>1</MenuId>",
    "LOCATION": "<Latitude>41.8</Latitude><Longitude>123.4</Longitude><Precision>65</Precision>",
    "scancode_waitmsg": "<EventKey>k</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult></ScanCodeInfo>",
    "location_select": "<EventKey>k</EventKey><SendLocationInfo><Location_X>41</Location_X><Label>沈阳</Label></SendLocationInfo>",
    "pic_sysphoto": "<EventKey>k</EventKey><SendPicsInfo><Count>1</Count><PicList><item/></PicList></SendPicsInfo>",
    "TEMPLATESENDJOBFINISH": "<MsgID>200163836</MsgID><Status>failed:user block</Status>",
    "MASSSENDJOBFINISH": "<MsgID>1</MsgID><Status>send success</Status><TotalCount>9</TotalCount>",
    "subscribe_msg_popup_event": "<SubscribeMsgPopupEvent><List><TemplateId>t</TemplateId><SubscribeStatusString>accept</SubscribeStatusString><PopupScene>2</PopupScene></List></SubscribeMsgPopupEvent>",
    "subscribe_msg_change_event": "<SubscribeMsgChangeEvent><List><TemplateId>t</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgChangeEvent>",
    "subscribe_msg_sent_event": "<SubscribeMsgSentEvent><List><TemplateId>t</TemplateId><MsgID>1</MsgID><ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus></List></SubscribeMsgSentEvent>",
    "kf_create_session": "<KfAccount>a@b</KfAccount>",
    "kf_close_session": "<KfAccount>a@b</KfAccount>",
    "an_event_of_next_year": "<Anything><Deep><Deeper/></Deep></Anything>",
}  # fmt: skip


def _xml(openid: str, inner: str) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>\n"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName>\n"
        f"<CreateTime>{int(time.time())}</CreateTime>\n{inner}</xml>"
    )


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
async def test_events_about_which_there_is_nothing_to_say_get_success_alone(
    platform: Platform, api: FakeApi, mode: str
) -> None:
    platform.mode, openid = mode, new_openid()
    api.wrote(openid)
    for event, fields in SILENT.items():
        kind = f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{event}]]></Event>"
        answer = await platform.post(_xml(openid, kind + fields), openid)
        assert (answer.status, answer.body) == (200, "success"), event
    await asyncio.sleep(1)
    assert api.texts(openid) == []


async def test_ids_of_64_bits_are_told_apart_to_their_last_digit(platform: Platform) -> None:
    openid, top = new_openid(), 2**64 - 1 - uuid.uuid4().int % 10**9
    for number in (top, top - 1, top):
        inner = f"<MsgType>text</MsgType><Content>您好。</Content><MsgId>{number}</MsgId>"
        await platform.post(_xml(openid, inner), openid)
    assert platform.seen[openid] == ["你说：您好。"] * 2


async def test_one_id_in_two_persons_messages_is_two_messages_of_the_platforms(
    platform: Platform,
) -> None:
    # The platform's ids are its own, one for each message: the second is a repetition.
    number, inner = uuid.uuid4().int % 10**18, "<MsgType>text</MsgType><Content>您好。</Content>"
    for openid in (first := new_openid(), second := new_openid()):
        await platform.post(_xml(openid, f"{inner}<MsgId>{number}</MsgId>"), openid)
    assert platform.seen[first] == ["你说：您好。"]
    assert second not in platform.seen


async def test_an_encrypted_reply_carries_a_signature_of_itself(platform: Platform) -> None:
    platform.mode = "safe"
    (answer,) = await platform.say(new_openid(), "您好🙂")
    fields = {one.tag: one.text or "" for one in ElementTree.fromstring(answer.body)}
    assert set(fields) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
    parts = sorted([TOKEN, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"]])
    assert fields["MsgSignature"] == hashlib.sha1("".join(parts).encode()).hexdigest()
    assert abs(int(fields["TimeStamp"]) - time.time()) < 60
    assert answer.text == "你说：您好🙂"


async def test_what_xml_forbids_is_left_out_of_a_reply(platform: Platform) -> None:
    (answer,) = await platform.say(new_openid(), "怪字")
    content = ElementTree.fromstring(answer.body).findtext("Content")
    assert content == answer.text == "a\x85]]>🙂z"


@pytest.mark.parametrize("patience", ["passive", "later"])
async def test_a_very_long_answer_takes_five_sends_of_2048_bytes_and_says_that_it_was_cut(
    platform: Platform, api: FakeApi, patience: str
) -> None:
    openid = new_openid()
    (answer,) = await platform.say(openid, "七千字")
    wanted = 5 - bool(answer.text)
    for _ in range(100):
        if len(api.texts(openid)) >= wanted:
            break
        await asyncio.sleep(0.05)
    texts = [answer.text, *api.texts(openid)]
    assert len(texts) == 5
    assert all(0 < len(text.encode()) <= 2048 for text in texts)
    assert texts[-1].endswith("…")


async def test_what_goes_beyond_the_three_sends_of_a_click_comes_with_the_next_answer(
    platform: Platform, api: FakeApi
) -> None:
    openid = new_openid()
    (answer,) = await platform.say(openid, "七千字")
    api.left[openid] = 3  # what a click allows
    for _ in range(100):
        if len(api.texts(openid)) == 3:
            break
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)
    assert len(api.texts(openid)) == 3
    (after,) = await platform.say(openid, "在吗")
    await asyncio.sleep(1.5)
    texts = [answer.text, *api.texts(openid)[:3], after.text, *api.texts(openid)[3:]]
    assert "你说：在吗" in texts[-1]
    assert (
        texts[4].count("字") == answer.text.count("字") - 1
    )  # the fifth, which says that it was cut
    assert "".join(texts).count("你说") == 1


@pytest.mark.parametrize("echo", ["5837397576500011341", "a b+c%&<>\"'", "🙂", "0"])
async def test_the_echo_comes_back_as_it_is(platform: Platform, echo: str) -> None:
    assert await platform.get(platform.query(echostr=echo)) == (200, echo)


@pytest.mark.parametrize(
    "timestamp", ["", "0", "-1", "1e9", "９" * 10, "9" * 5000, " 1", "now", str(2**63)]
)
async def test_a_timestamp_that_is_none_is_refused_though_it_is_signed(
    platform: Platform, timestamp: str
) -> None:
    nonce = uuid.uuid4().hex[:10]
    query = {"signature": sign(TOKEN, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    assert (await platform.get({**query, "echostr": "x"}))[0] == 403


async def test_bodies_in_other_encodings_and_with_marks_in_front_are_read(
    platform: Platform,
) -> None:
    inner = "<MsgType>text</MsgType><Content>失业金🙂</Content>"
    for encoding in ("utf-8-sig", "utf-16"):
        openid = new_openid()
        body = _xml(openid, f"{inner}<MsgId>{uuid.uuid4().int % 10**18}</MsgId>").encode(encoding)
        status, answer = await platform.raw(platform.query(), body)
        assert status == 200
        assert "你说：失业金🙂" in answer


async def test_fields_missing_empty_or_doubled_do_no_harm(platform: Platform) -> None:
    openid = new_openid()
    text = "<MsgType>text</MsgType>"
    for inner, status in (
        (text, 200),
        (f"{text}<Content/><MsgId/>", 200),
        ("<MsgType/>", 400),
        ("<MsgType>event</MsgType>", 200),
        ("<MsgType>event</MsgType><Event/>", 200),
        (f"{text}{text}<Content>一</Content><Content>二</Content>", 200),
        ("<MsgType>location</MsgType><Location_X>x</Location_X>", 200),
        (f"{text}<Content><b>深</b></Content>", 200),
        (f"{text}<Content>{'字' * 9000}</Content>", 200),
    ):
        answered = await platform.raw(platform.query(), _xml(openid, inner).encode())
        assert answered[0] == status, inner
        assert answered[1] == "success" or answered[1].startswith("<xml>") or status == 400
