"""Find the requests in a message: two questions at once, or a story and its question.

`失业金咋领 顺便问下大连有招保安的没` holds two; `老板欠我仨月工资 电话也不接 咋整` holds one, with
what led to it before it.
"""

from __future__ import annotations

import re

_BREAK = re.compile(
    r"[,，。.;；!！?？\n]{1,99}|\s{1,99}|(?=(?:顺便|另外|还有(?=[^没吗呢别其效多几啥戏机\W])|再问|再有|还想问|还想知道|同时|对了))"
)
#: What makes words a question or a wish.
_ASKS = re.compile(
    r"[?？]|吗|么$|没有?$|不$|呢$|咋|啥|怎|什么|多少|几[个点年天号时次回岁]|多长|多久|多大|哪|谁|能不能|可不可以|是不是"
    r"|([^别还也都就])[不没]\1(?!\1)|能否|是否|行不|好使不|为何|多钱|(?:给|帮|替)(?:我|俺|咱|他|她)?.{0,6}(?:找|查|看|介绍|算|推|登记|报名|转)"
    r"|(?:想|要|求).{0,3}(?:找|问|知道|了解|咨询|办|学|干|做|去|申请|领|查|登记|举报|投诉|报名)|转人工|告诉我|通知我|有招|招.{1,6}的"
)
#: Words that begin a second request rather than go on with the first.
_ALSO = re.compile(
    r"^(?:顺便|另外|还有|再|还|同时|对了)(?:想)?(?:问|打听|咨询)?(?:一下|下|你)?[,，\s]{0,9}(?=.{3})"
)
#: A request has at least so many characters.
SHORTEST = 3


def is_request(text: str) -> bool:
    """Tell whether a clause asks or wishes for something."""
    return len(text) >= SHORTEST and bool(_ASKS.search(text))


def requests(text: str) -> list[tuple[int, int]]:
    """Return the spans of the requests of a normalised message, each with what led to it.

    A message with fewer than two is one span, whole.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for clause_start, clause_end in clauses(text):
        if is_request(_ALSO.sub("", text[clause_start:clause_end])):
            spans.append((start, clause_end))
            start = clause_end
    if len(spans) < 2:
        return [(0, len(text))]
    # What stands behind the last question belongs to it.
    spans[-1] = (spans[-1][0], len(text))
    return [_trimmed(text, span) for span in spans]


def clauses(text: str) -> list[tuple[int, int]]:
    """Return the spans between breaks; a question mark belongs to its clause."""
    edges, position = [], 0
    for hit in _BREAK.finditer(text):
        edges.append(
            (position, hit.end() if "?" in hit.group() or "？" in hit.group() else hit.start())
        )
        position = hit.end()
    edges.append((position, len(text)))
    return [(start, end) for start, end in edges if end > start]


def _trimmed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return a span without the breaks and the 顺便 at its beginning."""
    start, end = span
    lead = re.match(r"[\s,，。.;；!！?？、]{0,99}", text[start:end])
    start += lead.end() if lead else 0
    also = _ALSO.match(text[start:end])
    return start + (also.end() if also else 0), end
