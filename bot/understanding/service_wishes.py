"""Wishes about the service itself: pushes kept or resumed, no counsellor, another medium.

A model that reads 退订 in 别退订, or 人工 in 不用转人工, does the opposite of what is wished.
Consent and tickets hang on it, so plain words decide before it. All texts are normalised ones;
the patterns stand in data/vocab/service_wishes.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from bot.settings import settings
from bot.text.pattern_file import Patterns, read_patterns
from bot.understanding.list_talk import wants_no_messages

#: keep: the subscription stays. resume: pushes again. no_counsellor: none is to be called.
#: no_messages: nothing is to be sent. other_medium: a call in place of a text message.
#: how_to_stop: asks how pushes end, and ends none.
ServiceWish = Literal[
    "keep", "resume", "no_counsellor", "other_medium", "no_messages", "how_to_stop"
]

#: Longer texts are stories; a wish of this kind is short.
MAX_CHARS, MAX_MEDIUM_CHARS = 120, 40
#: Characters next to the denial in a text that says nothing else.
_MAX_OTHER_CHARS = 4
_FILE = "service_wishes.yml"
#: Before 不 it is a question or a complaint (能不能退订, 怎么不给停), before 没 too (怎么还没退订).
_QUESTION_WORDS = (
    "能", "可", "要", "是", "会", "咋", "怎么", "为啥", "为什么", "凭啥", "凭什么", "干嘛", "还",
)  # fmt: skip
#: The medium that is wished, and the one that is not.
_MEDIA = (
    ("by_call", "not_in_writing"),
    ("by_chat", "not_by_text_or_call"),
    ("by_text", "not_by_call_or_chat"),
)


def service_wish(text: str) -> ServiceWish | None:
    """Return what a normalised text wishes of the service; None when it is about something else."""
    if len(text) > MAX_CHARS:
        return None
    if _wants_other_medium(text):
        return "other_medium"
    if _wants_no_counsellor(text):
        return "no_counsellor"
    if _patterns()["how_to_stop"].search(text):
        return "how_to_stop"
    if wants_no_messages(text):
        return "no_messages"
    find = _patterns()
    if find["complains"].search(text) or find["of_money"].search(text):
        return None
    denied = any(_is_denied(text, hit) for hit in find["not_stop"].finditer(text))
    if denied or find["never_said"].search(text):
        return "keep"
    resume_hits = (
        hit for name in find if name.startswith("resume_") for hit in find[name].finditer(text)
    )
    return "resume" if any(_is_wished(text, hit) for hit in resume_hits) else None


def names_no_counsellor_only(text: str) -> bool:
    """Tell whether a normalised text says nothing but that no counsellor is wanted."""
    rest = _patterns()["not_called"].sub("", text[:MAX_CHARS])
    return _wants_no_counsellor(text) and len(rest) <= _MAX_OTHER_CHARS


def _wants_no_counsellor(text: str) -> bool:
    find = _patterns()
    hits = [hit for hit in find["not_called"].finditer(text) if _is_denied(text, hit)]
    if find["called_refused"].search(text):
        return True
    return bool(hits) and not find["calls"].search("".join(_outside(text, hits)))


def _outside(text: str, hits: list[re.Match[str]]) -> Iterator[str]:
    position = 0
    for hit in hits:
        yield text[position : hit.start()]
        position = hit.start("after")
    yield text[position:]


def _is_denied(text: str, hit: re.Match[str]) -> bool:
    """Tell whether a denial is one: no question (能不能…), no threat (不…就…)."""
    word, preceding = hit["not"], text[max(0, hit.start() - 3) : hit.start()]
    # 我还不想退订呢 keeps; 怎么还没退订, 能不能退订 do not.
    wants_to_keep = preceding.endswith("还") and len(word) > 1 and word.startswith("不")
    if (
        word.startswith(("不", "没", "未"))
        and preceding.endswith(_QUESTION_WORDS)
        and not wants_to_keep
    ):
        return False
    return not (word[:1] in "不没未" and _patterns()["still_stops"].match(hit["after"]))


def _is_wished(text: str, hit: re.Match[str]) -> bool:
    """Tell whether pushes are wished again: nothing in or just before the words refuses them."""
    refuses = _patterns()["refuses"]
    lead = re.split(r"[,。;!? ]", text[max(0, hit.start() - 6) : hit.start()])[-1]
    return not refuses.search(lead) and not refuses.search(hit.group().replace("能不能", ""))


def _wants_other_medium(text: str) -> bool:
    find = _patterns()
    if len(text) > MAX_MEDIUM_CHARS or find["of_others"].search(text):
        return False
    return any(find[this].search(text) and find[that].search(text) for this, that in _MEDIA)


def _patterns() -> Patterns:
    return read_patterns(settings().data_file("vocab", _FILE))
