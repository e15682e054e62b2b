"""The platform's XML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.errors import NotReadable
from bot.channels.wechat.xml import cdata, read_xml, text_reply, transfer_reply


@pytest.mark.parametrize(
    "body",
    [b"", b"text", b"<html/>", b"<xml>", b"\xff\xfe",
     b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><A>&a;</A></xml>'],
)  # fmt: skip
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(NotReadable):
        read_xml(body)


def test_fields_are_read_without_their_spaces() -> None:
    assert read_xml(b"<xml><A> 1 </A><B/><C><![CDATA[<x>]]></C></xml>") == {
        "A": "1",
        "B": "",
        "C": "<x>",
    }


@given(st.text())
def test_any_text_comes_back_but_for_what_xml_forbids(text: str) -> None:
    read = read_xml(text_reply("to", "from", f"a{text}b").encode("utf-8", "surrogatepass"))
    assert (read["ToUserName"], read["FromUserName"], read["MsgType"]) == ("to", "from", "text")
    assert read["Content"].startswith("a")
    assert read["Content"].endswith("b")


def test_the_mark_of_the_end_does_not_end_a_text() -> None:
    assert read_xml(f"<xml><A>{cdata('a]]>b')}</A></xml>".encode())["A"] == "a]]>b"
    assert read_xml(transfer_reply("to", "from").encode())["MsgType"] == "transfer_customer_service"
