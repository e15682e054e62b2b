"""Structured messages in words: for a full screen, for WeChat, and for SMS.

The one place where a message gets a form. Web pages draw cards from the structure itself and use
these words only where they cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Bytes of one WeChat text message (official community's measurement; longer is error 45002).
WECHAT_BYTES = 2048
#: Messages that may follow one of the person's within 48 hours (customer-service quota).
WECHAT_SENDS = 5
#: UCS-2 characters of one part of a concatenated SMS, and how many parts we send (GSM 03.40).
SMS_PART, SMS_PARTS = 67, 2
_HEDGE = "据整理资料，以经办机构为准"

Structured = Mapping[str, Any]


def render(channel: str, message: Structured) -> list[str]:
    """Return a structured message as the texts that a channel would send."""
    if channel == "sms":
        return sms(message)
    if channel == "wechat":
        return wechat(message)
    return [full_text(message)]


def full_text(message: Structured) -> str:
    """Return a message whole: answer, list, what next, source, choices."""
    parts = [message.get("text", ""), *_items(message), *_more_of_law(message)]
    if message.get("next_step"):
        parts.append(f"接下来：{message['next_step']}")
    source = source_line(message)
    if source:
        parts.append(source)
    if message.get("type") in ("clarify", "form") and message.get("buttons"):
        parts.append("　".join(f"{n}. {b['title']}" for n, b in enumerate(message["buttons"], 1)))
    return "\n".join(part for part in parts if part)


def _more_of_law(message: Structured) -> list[str]:
    """Say how to get the whole of an article that is quoted in part."""
    if message.get("type") != "law_quote" or message["text"].endswith(message["whole"]):
        return []
    return [f"（这是节选。要看全文，发“{message['document']}{message['article']}”）"]


def source_line(message: Structured) -> str:
    """Return where an answer comes from: document, number, article, since when."""
    cited = [_cited(citation) for citation in message.get("citations") or ()]
    return f"依据：{'；'.join(cited)}" if cited else ""


def _cited(citation: Structured) -> str:
    text = f"《{citation['document']}》"
    if citation.get("number"):
        text += f"（{citation['number']}）"
    text += citation.get("article") or ""
    if citation.get("effective_from"):
        text += f"，自{citation['effective_from']}起"
    return text + (f"（{_HEDGE}）" if citation.get("second_hand") else "")


def _items(message: Structured) -> list[str]:
    lines = []
    items = message.get("items") or ()
    for number, item in enumerate(items, 1):
        head = " · ".join((item["title"], item["employer"], item["region"], item["salary_text"]))
        lines.append(f"{number}. {head}" if len(items) > 1 else head)
        if item["reasons"]:
            lines.append(f"   为什么：{'；'.join(item['reasons'])}")
        lines += [f"   ⚠ {warning}" for warning in item["warnings"]]
    return lines


def wechat(message: Structured) -> list[str]:
    """Return a message as at most five texts of at most 2048 bytes, cut between lines."""
    pieces: list[str] = []
    for line in full_text(message).split("\n"):
        for part in _by_bytes(line, WECHAT_BYTES):
            joined = f"{pieces[-1]}\n{part}" if pieces else part
            if pieces and len(joined.encode()) <= WECHAT_BYTES:
                pieces[-1] = joined
            else:
                pieces.append(part)
    if len(pieces) > WECHAT_SENDS:
        last = pieces[WECHAT_SENDS - 1]
        pieces = [*pieces[: WECHAT_SENDS - 1], _by_bytes(last, WECHAT_BYTES - 3)[0] + "…"]
    return pieces


def _by_bytes(text: str, most: int) -> list[str]:
    """Cut a text into pieces of so many bytes, between characters."""
    pieces, size = [""], 0
    for char in text:
        size += len(char.encode())
        if size > most:
            pieces.append("")
            size = len(char.encode())
        pieces[-1] += char
    return pieces


def sms(message: Structured) -> list[str]:
    """Return a message in at most two parts of 67 characters; what does not fit ends in 「…」."""
    items = message.get("items") or ()
    if items:
        listed = [f"{n}{i['title'][:9]} {i['salary_text']}" for n, i in enumerate(items[:4], 1)]
        text = f"{' '.join(listed)}。回复数字看详情"
    else:
        text = message.get("text", "").replace("\n", " ")
        if message.get("type") in ("clarify", "form") and message.get("buttons"):
            choices = " ".join(f"{n}{b['title']}" for n, b in enumerate(message["buttons"], 1))
            text = f"{_within(text, SMS_PART * SMS_PARTS - _units(choices) - 1)} {choices}"
        elif message.get("citations"):
            number = next((c["number"] for c in message["citations"] if c.get("number")), "")
            tail = f"（{number}）" if number else ""
            text = _within(text, SMS_PART * SMS_PARTS - _units(tail)) + tail
    return _parts(_within(text, SMS_PART * SMS_PARTS))


def _units(text: str) -> int:
    """Count UCS-2 units: an emoji takes two."""
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def _within(text: str, most: int) -> str:
    """Return a text of at most so many units, ending in 「…」 when it was cut."""
    if _units(text) <= most:
        return text
    kept = ""
    for char in text:
        if _units(kept + char) > most - 1:
            break
        kept += char
    return kept + "…" if most > 0 else ""


def _parts(text: str) -> list[str]:
    """Cut a text into parts of 67 units, never within a character."""
    parts = [""]
    for char in text:
        if _units(parts[-1] + char) > SMS_PART:
            parts.append("")
        parts[-1] += char
    return parts[:SMS_PARTS]
