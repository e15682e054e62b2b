"""Whether what a text names is wanted, ruled out (不要销售) or left behind (以前开大车)."""

from __future__ import annotations

import re

_CLAUSE_END = r"[,，。.;；!！?？\s]"
_RULED_OUT_BEFORE = re.compile(
    r"(?:不想|不要|不去|不干|不做|不找|不考虑|不愿意?|别给我|别(?!的)|除了|除开|除去|不是|非|甭|拒绝|不接受|讨厌|不喜欢|(?<!上)不上)"
    r"(?:再|去|干|做|找|当|要|来|给|是|有|招|上|在|那种|这种|那些|什么|啥|搞|推){0,6}[^,，。;；!！?？\s]{0,2}$"
    # 不能上夜班, 不会开车, 开不了大车
    r"|(?<!会)不会(?:再|去|干|做)?$"
    r"|(?:(?<!能)不能|没法|没办法|不敢)(?:再)?(?:上|干|熬|值|倒|开|做|跑|当)$"
    r"|(?:上|干|熬|值|倒|开|做|跑|当)不(?:了|动|成|得)$"
)
_RULED_OUT_AFTER = re.compile(
    r"^(?:我|俺|这样|那样|这种|那种|之类|啥|什么|工|班|岗|岗位|的|活|地方|那边|这边|公司|工作|类|行业){0,6}"
    r"(?:不要|不行|除外|不去|不干|不想|不做|不考虑|太远|干不了|开不了|开不动|不会|没干过|就算了|干够了|别"
    r"|差点意思|差点火候|(?:房租|消费|物价|花销)(?:好像)?(?:太|很|挺|有点)?(?:贵|高))"
)
_PAST_BEFORE = re.compile(
    r"(?:以前|原来|原先|之前|过去|曾经|从前|早先|早些年|年轻时候?)[^,，。;；!！?？]{0,6}$"
)
#: Done for years: what the person can do. Left behind only when he says that he wants out.
_DONE_BEFORE = re.compile(r"(?:干过|做过|当过|开过)[^,，。;；!！?？]{0,5}$")
_WANTS_OUT = re.compile(
    r"不想|不干了|干不|做不|不行|不好使|换|转行|改行|轻[巧快松省]|别的|其[他它]|不动|伤|太累|够了|没了|黄了|不要了|现在想"
)
#: With the years between (开了八年大车) or right behind it (焊了八年想换), it is left behind only
#: when the trade is the reason.
_YEARS_BEFORE = re.compile(r"[了过][^,，。;；!！?？]{1,5}年的?$")
_YEARS_AFTER = re.compile(r"^[了过]?(?:有|快|小)?(?!\d{4})[\d一二三四五六七八九十两来多几]{1,4}年")
_LEAVES_TRADE = re.compile(
    r"不想|不干了|干不|做不|换|转行|改行|轻[巧快松省]|别的|其[他它]|不动|太累|够了"
)
_PAST_AFTER = re.compile(
    r"^(?:的|了|工作)?(?:干|做|当)?了?[^,，。;；!！?？]{0,4}年(?:了|,|，|\s|$)"
)


#: 要不要保安, 干不干保洁 ask for what follows, and rule nothing out.
_EITHER = re.compile(r"([要是干做找去])不\1")


def is_ruled_out(text: str, start: int, end: int) -> bool:
    """Tell whether the span is ruled out by the words around it, within its clause."""
    return bool(
        _RULED_OUT_BEFORE.search(_EITHER.sub(r"\1", _clause_before(text, start)))
        or _RULED_OUT_AFTER.search(text[end : end + 12])
        or _is_denied(text, start)
    )


def _is_denied(text: str, start: int) -> bool:
    """Tell whether a bare 不 stands before what is done: 不送外卖; not in 开不开车."""
    preceding = text[max(0, start - 2) : start]
    return preceding.endswith("不") and preceding[:-1] != text[start : start + 1]


def is_former(text: str, start: int, end: int) -> bool:
    """Tell whether the span is what the person did before, not what he wants."""
    preceding = _clause_before(text, start)
    if _PAST_BEFORE.search(preceding):
        return True
    done = _DONE_BEFORE.search(preceding) or _PAST_AFTER.search(text[end : end + 10])
    if done and _WANTS_OUT.search(text):
        return True
    has_years = _YEARS_BEFORE.search(preceding) or _YEARS_AFTER.match(text[end : end + 10])
    return bool(has_years and _LEAVES_TRADE.search(text))


def _clause_before(text: str, start: int) -> str:
    return re.split(_CLAUSE_END, text[max(0, start - 14) : start])[-1]
