"""Quotations in a message, and what WeChat sends in place of what it cannot hand on.

A reply to a message brings that message along. What the person says stands below it.
"""

from __future__ import annotations

import re

#: WeChat's own form: 「谁：…」, a line of dashes, the words.
_OPENS = ("「", "“", '"')
_CLOSED = re.compile(r"[」”\"]\s{0,4}(?:[-—–―─－_=‐‑‒…][ \t]?){3,80}\s{0,4}")
#: A push as it is quoted in an SMS: the signature in front, how to stop behind.
_PUSHED = re.compile(
    r"[“\"「]?【[^【】\n]{1,20}】[^【■]{0,600}?"
    r"(?:(?:退订|拒收)请?回复?\s?(?:TD|T|N|R)|回复?\s?(?:TD|T|N|R)\s?(?:退订|拒收))[”\"」]?",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"^[“\"「>\s]{0,4}(?:(?:回复|原文|原短信|Re)[:：]?)?[“\"「>\s]{0,4}【", re.IGNORECASE
)
_LEAD = re.compile(
    r"^(?:回复|原文|原短信|Re)\s{0,3}[:：]\s{0,3}|\s{0,3}(?:原文|原短信)[:：]?$", re.IGNORECASE
)
_EDGES = ' \t\r\n，,。.：:“”"「」>'
#: What a quoted push is answered with that can be taken for itself: T, 退订, 第2个.
_ANSWER = re.compile(
    r"(?:td|t|n|stop|退订|停止?|取消(?:订阅)?|不要了|别发了|第?[0-9０-９一二三四五六七八九]个?)[吧啊呀了]?",
    re.IGNORECASE,
)
#: What stands for a sticker, a picture or a kind that the account cannot receive.
_PLACEHOLDER = re.compile(
    r"[\[【(（]\s?(?:"
    r"(?:动画|自定义)?表情|图片|视频|小视频|语音|文件|链接|位置|小程序|名片|聊天记录|红包|转账|音乐|视频号|拍一拍|贴纸|照片"
    r"|[^\]】)）]{0,16}(?:不支持|暂不|无法|不能|未知)[^\]】)）]{0,12}(?:消息|类型|显示|展示|查看)[^\]】)）]{0,20}"
    r"|[^\]】)）]{0,16}(?:消息|类型)[^\]】)）]{0,8}(?:不支持|暂不|暂无法|无法|不能)[^\]】)）]{0,20}"
    r"|收到(?:了)?一?[条个张段][^\]】)）]{0,6}(?:表情|图片|视频|语音|文件|消息)[^\]】)）]{0,20}"
    r")\s?[\]】)）]"
)


def own_words(text: str) -> str:
    """Return what a person says below or beside what they quote; the text when they quote nothing.

    A push that is quoted goes only where a short answer is left: who asks about an SMS of somebody
    else's needs its words.
    """
    below = _below_dashes(text)
    if below is not None:
        return below
    lines = text.split("\n")
    own_lines = [line for line in lines if not line.lstrip().startswith((">", "＞"))]
    if len(own_lines) < len(lines) and any(line.strip() for line in own_lines):
        return "\n".join(own_lines).strip()
    return _answer_to_push(text) or text


def _below_dashes(text: str) -> str | None:
    if not text.lstrip().startswith(_OPENS):
        return None
    last = None
    for last in _CLOSED.finditer(text):  # noqa: B007  # a quotation may hold another
        pass
    return text[last.end() :].strip() or None if last else None


def _answer_to_push(text: str) -> str | None:
    """Return the short answer beside a quoted push; None when there is none."""
    remainder = _PUSHED.sub(" ", text, count=1)
    if remainder == text:
        first, _, rest = text.strip().rpartition("\n")
        remainder = rest if first and _SIGNED.match(text) else ""
    answer = _LEAD.sub("", remainder.strip(_EDGES)).strip(_EDGES)
    return answer if _ANSWER.fullmatch(answer) else None


def is_placeholder(text: str) -> bool:
    """Tell whether a message is nothing but what stands for a sticker, a picture, a file."""
    return bool(_PLACEHOLDER.search(text)) and not _PLACEHOLDER.sub("", text).strip()
