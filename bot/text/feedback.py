"""Read what a person says about a posting that was shown: 第一个投了, 没意思, 已经招满, 存一下.

Which posting is meant is read elsewhere (bot/text/numbers): here stands only what is said of it.
"""

from __future__ import annotations

import re
from typing import Literal

#: What can be said of a posting.
Kind = Literal["applied", "dull", "full", "save", "report"]

_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "report",
        re.compile(
            r"(?:要|收|让|叫)[^,，。\s]{0,6}(?:押金|保证金|服装费|体检费|培训费|报名费|介绍费|手续费|中介费|先交钱|交\S{0,4}钱)|是?骗子|骗人的?|骗钱|假的|传销|刷单|(?:不要|只要|限)(?:女|男)的"
        ),
    ),
    (
        "full",
        re.compile(r"招满|招完|满员|招够|不招(?:人)?了|没(?:有)?名额|停招|已经不招|人够了"),
    ),
    (
        "applied",
        re.compile(
            r"(?<!没)(?<!不)(?:投了|投过|报名了|报过名|联系了|联系过|打过电话|打电话了|应聘了|面试了|面过)|已经?(?:投|报名|联系)"
        ),
    ),
    (
        "save",
        re.compile(
            r"存(?:一?下|起来|上|着)|收藏|先留着|留一下|记(?:一?下|上|着)(?!名)|帮我留|标一下"
        ),
    ),
    (
        "dull",
        re.compile(
            r"没意思|不感兴趣|没兴趣|看不上眼?|不咋地|不怎么样|相不中|没相中|都不(?:行|合适)|pass"
        ),
    ),
)
#: Said of one posting these mean that it does not suit; said by themselves they mean anything.
_NOT_THIS = re.compile(r"不喜欢|不合适|不适合|不想去|不去|不要|没看上|不行|太远|太累|钱少|算了")
#: The list goes on: 还有吗, 换一批, 下一页.
_MORE = re.compile(
    r"还有(?:没|吗|嘛|么|别的|其他|啥)|下一页|换一批|再来|再找|多来|接着|更多|别的|其他的|继续|往下|再看|再给|还有没有"
)
#: What may stand beside it in a message that says nothing else.
_BESIDE = re.compile(
    r"几个|两个|一批|一页|一下|活儿?|工作|岗位|职位|[还有没再给帮我俺来看找点些的了吧呢吗嘛么啊呗不那]"
    r"|[,，。?？!！~ ]"
)
_LIST = re.compile(
    r"(?:看看?|查|找|给我看)?[^,，。\s]{0,3}(?:收藏|存|留|保存)(?:的|着的|过的|下的|了的|起来的)[^,，。\s]{0,4}(?:岗位|工作|活|单位|职位|呢|有(?:啥|哪些|什么))?[?？吗呢]{0,9}$|我的收藏"
)
_WISH = re.compile(
    r"我(?:刚才|之前)?(?:要找|想找|找)的?(?:是|都是)?(?:啥|什么)(?:来着|样的)?|我的(?:求职意向|要求|条件|意向)(?:是|都是|有)?(?:啥|什么|哪些)?|(?:记的|记着)[^,，。]{0,4}(?:条件|要求)"
)


def said_of_posting(text: str, named: bool) -> Kind | None:
    """Return what a normalised message says of a posting, None when it says nothing of one.

    `named` is true when the message says which one (第二个不要): then plain refusals count too.
    """
    for kind, pattern in _PATTERNS:
        if pattern.search(text):
            return kind
    return "dull" if named and _NOT_THIS.search(text) else None


def asks_for_more(text: str) -> bool:
    """Tell whether the list is to go on, whatever else is said."""
    return bool(_MORE.search(text))


def only_asks_for_more(text: str) -> bool:
    """Tell whether a message says that the list is to go on, and nothing else."""
    return asks_for_more(text) and not _BESIDE.sub("", _MORE.sub("", text))


def asks_for_saved(text: str) -> bool:
    """Tell whether the postings that the person saved are asked for."""
    return bool(_LIST.search(text))


def asks_for_wish(text: str) -> bool:
    """Tell whether the person asks which job he said he wants."""
    return bool(_WISH.search(text))
