"""Read schooling as the ids of the taxonomy, from messages and from fields of postings."""

from __future__ import annotations

import re

from bot.caches import process_cache
from bot.text.found import Found

#: Lowest first.
LEVELS = ("none", "junior", "senior", "vocational", "college", "bachelor", "master")
#: What the levels are called in postings.
NAMES = {
    "none": "不限",
    "junior": "初中",
    "senior": "高中",
    "vocational": "中专",
    "college": "大专",
    "bachelor": "本科",
    "master": "硕士",
}
_WORDS = {
    "master": r"硕士|研究生|博士|mba",
    "bachelor": r"本科(?!目)|大本|学士|(?<![没上])大学(?:毕业|学历|文化)|统招本"
    r"|专升本(?=毕业|学历|的|出来|$|[,，\s])|[一二]本毕业",
    "college": r"大专|专科|高职|高专|电大",
    "vocational": r"中专|中技|职高|技校|职校|中职|职专|卫校",
    "senior": r"高中|高[一二三](?:就|没|都没)?(?:不念|没?念完|没?读完|不读|辍学|下学)",
    "junior": r"初中|初[一二三](?:就|没|都没)?(?:不念|没?念完|没?读完|不读|辍学|下学)|中学毕业",
    "none": r"没(?:啥)?文化|没(?:念|读|上)过[书学]"
    r"|没(?:念|读|上)(?:过|了)?几[天年](?:书|学)|文盲|小学|不识字|学历低",
}
#: 初中及以下 asks for none.
_UP_TO = re.compile(
    r"(?:小学|初中|高中|中专|中技|职高|技校|大专|专科|本科)(?:学历|文化)?(?:及|或|和)?以下"
)
_ANY = re.compile(r"不限|无要求|不要求|无学历")
#: Schools, and not how far somebody went: 小学老师, 高中食堂, 孩子上初中.
_SCHOOL = re.compile(r"小学|初中|高中")
_OF_SCHOOL = re.compile(
    r"老师|教师|教书|校长|食堂|宿舍|门口|附近|旁边|对面|那边|边上|放学|上学|开学|陪读|接送|辅导|补课|课"
)
#: 没上过高中 is no 高中.
_NOT_GONE = re.compile(r"没(?:有)?(?:上|念|读|考)(?:过|上|成)?$|陪读$")
_PUPIL = re.compile(
    r"(?:孩子|儿子|闺女|女儿|姑娘|娃|孙[子女]|外孙)(?:现在|今年|还|都|刚|正|明年|马上)?(?:在|上|念|读)[着的]?$"
)


def read(text: str) -> list[Found[str]]:
    """Return the schooling a normalised message states."""
    spans = [
        Found(level, hit.start(), hit.end(), hit.group())
        for level, pattern in _WORDS.items()
        for hit in re.finditer(pattern, text)
        if not _is_school(text, hit) and not (level != "none" and _is_denied(text, hit))
    ]
    return sorted(spans, key=lambda span: span.start)


def _is_denied(text: str, hit: re.Match[str]) -> bool:
    """Tell whether the words before a school deny it."""
    return bool(_NOT_GONE.search(text[max(0, hit.start() - 6) : hit.start()]))


def _is_school(text: str, hit: re.Match[str]) -> bool:
    """Tell whether the words name a school that somebody goes to, works at or lives near."""
    preceding = text[max(0, hit.start() - 10) : hit.start()]
    return bool(
        _SCHOOL.match(hit.group())
        and (_OF_SCHOOL.match(text, hit.end()) or _PUPIL.search(preceding))
    )


@process_cache(size=5_000)
def field(text: str) -> str | None:
    """Return the least schooling that a posting asks for (`none`: none), None when not stated."""
    if not text.strip():
        return None
    if _UP_TO.search(text):
        return "none"
    levels = [level for level in LEVELS[1:] if re.search(_WORDS[level], text)]
    if levels:
        return levels[0]
    return "none" if _ANY.search(text) or re.search(_WORDS["none"], text) else None


def enough(has: str, required: str | None) -> bool:
    """Tell whether a schooling reaches what a posting asks for."""
    return required is None or LEVELS.index(has) >= LEVELS.index(required)
