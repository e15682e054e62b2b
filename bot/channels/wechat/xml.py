"""The platform's XML, read without entities and written without surprises."""

from __future__ import annotations

import re
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot import clock
from bot.channels.wechat.errors import NotReadable

#: The fields of one message, by the platform's own names.
Fields = dict[str, str]


def read_xml(body: bytes) -> Fields:
    """Return the fields of a message; raises NotReadable for anything else.

    A document type, entities and external references are refused before they are looked at.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as wrong:
        raise NotReadable from wrong
    if root.tag != "xml":
        raise NotReadable
    return {child.tag: (child.text or "").strip() for child in root if isinstance(child.tag, str)}


#: What XML 1.0 does not admit, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def cdata(text: str) -> str:
    """Return a text as CDATA; one that contains the end mark goes into two."""
    allowed = _FORBIDDEN.sub("", text)
    return f"<![CDATA[{allowed.replace(']]>', ']]]]><![CDATA[>')}]]>"


def text_reply(to: str, sender: str, text: str) -> str:
    """Return a passive text reply."""
    return (
        f"<xml><ToUserName>{cdata(to)}</ToUserName><FromUserName>{cdata(sender)}</FromUserName>"
        f"<CreateTime>{int(clock.now().timestamp())}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content>{cdata(text)}</Content></xml>"
    )


def transfer_reply(to: str, sender: str) -> str:
    """Return a passive reply that gives the person's message to the platform's own desk."""
    return (
        f"<xml><ToUserName>{cdata(to)}</ToUserName><FromUserName>{cdata(sender)}</FromUserName>"
        f"<CreateTime>{int(clock.now().timestamp())}</CreateTime>"
        "<MsgType><![CDATA[transfer_customer_service]]></MsgType></xml>"
    )


def reply_envelope(sealed: str, signed: str, timestamp: str, nonce: str) -> str:
    """Return an encrypted reply."""
    return (
        f"<xml><Encrypt>{cdata(sealed)}</Encrypt><MsgSignature>{cdata(signed)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
    )
