"""Words around a sum of pay: what it is paid by, and whether it is an end or about.

元/天, 一天, 年薪, 100元/8小时; 以上, 不低于, 左右. A period counts where it belongs to the sum:
right behind it, or right before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.text.sums import Sum

Bound = Literal["", "least", "most", "about"]

_PERIODS = {
    "月": "月", "month": "月", "年": "年", "year": "年", "天": "天",
    "日": "天", "day": "天", "工": "天",
    "小时": "时", "时": "时", "钟": "时", "钟头": "时", "h": "时", "hour": "时",
    "周": "周", "星期": "周", "week": "周", "半月": "半月", "半个月": "半月",
}  # fmt: skip
_PERIOD = (
    "半个?月|月|month|年|year|天|日|day|工(?!作)|个?小时|个?钟头?|时|hour|h(?![a-z])|周|星期|week"
)
_UP = r"及?以上|往上|起步?|打底|开外|之上|朝上|\+(?!\s?[一-龥\d])"
_DOWN = r"及?以下|及?以内|之内|封顶"
_ABOUT = "左右|上下|差不多"
_BOUND = rf"(?:{_UP}|{_DOWN}|{_ABOUT})"
_BEHIND = re.compile(
    rf"^\s?(?P<more>[来多几])?\s?(?:元|块钱?|rmb)?整?(?P<bound>\s?{_BOUND})?"
    rf"(?:\s?(?:元|块)?\s?(?:/|每|一|per)\s?人?\s?(?P<many>\d{{1,2}})?\s?个?(?P<period>{_PERIOD})"
    r"|\s?(?P<year>年薪|年(?=$|[^\d终底]))"
    r"|(?:(?<=[元块钱整])|(?<=[元块钱整] ))(?P<bare>月|天)(?=$|[,，。;；、（(\s]))?"
    rf"(?P<bound2>\s?{_BOUND})?"
)
_PAID_BY = re.compile(r"^\s?[,，、(（]?\s?(?:(日结|日薪|当日结)|(时薪|小时工)|(周薪))")
_YEAR = "年薪|每年|一年|年收入|年综合|年入"
_MONTH = "月薪|每个?月|[一1]个?月|月工资|月收入|月均|月综合|月入"
_DAY = "日薪|日工资|日结|每[天日]|(?<![第\\d十百期])一[天日]"
_HOUR = r"时薪|(?<![\d一二三四五六七八九十两半个])小时工?资?|每小时|一个?(?:小时|钟头?)|1个?小时"
_WEEK = "周薪|周结|每周|一周"
#: What may stand between the words for a period and the sum.
_FILLER = (
    r"工资|薪资|收入|薪酬|待遇|税前|税后|综合|约|为|是|可达|到手|给个?|能|可以|挣|赚|开|拿|得|要|想|大概|差不多"
    r"|过|破|上|至少|最少|最低|起码|不低于|不少于|不超过|最多|最高|顶多|保底|底薪|总[共计]|一共|共|怎么也|下来|[:：,，、\s]"
)
#: Words that say of a sum nothing but how it is meant: 一月, 每天, 年薪, 到手, 至少, 左右, 以上.
WORDS = rf"(?:{_YEAR}|{_MONTH}|{_DAY}|{_HOUR}|{_WEEK}|{_FILLER}|{_BOUND}|月)"
_BEFORE = re.compile(
    rf"(?:(?P<year>{_YEAR})|(?P<month>{_MONTH})"
    rf"|(?P<day>{_DAY}|(?<![\d.])(?:[6-9]|1[0-2]|[六七八九十]|十[一二])个?小时(?:/天)?)"
    rf"|(?P<hour>{_HOUR})|(?P<week>{_WEEK}))"
    rf"(?:(?:1\d|[2-9]|[二三四五六七八九十]{{1,2}})个?小时)?(?:{_FILLER}){{0,4}}$"
)
_NAMES = {"year": "年", "month": "月", "day": "天", "hour": "时", "week": "周"}
_AT_LEAST = re.compile(
    r"(?:不低于|至少|最少|起码|最低|保底|(?<!所)得|超过|[月年薪入资]过|过(?=$)|破(?=$)|上(?=$)|大于|不少于|≥|>=?)[^\d一二三四五六七八九十,，。]{0,3}$"
)
_AT_MOST = re.compile(r"(?:最[高多]|不超过|至多|顶多|≤|<=?)[^\d一二三四五六七八九十,，。]{0,3}$")
#: So far back the words before a sum are looked for.
_FAR = 24
#: More a day than anybody is paid: then 日结 says when it is paid, not for what.
_MOST_A_DAY = 2000
#: 100元/8小时 is by the day, 5000元/30天 by the month.
_WHOLE_DAY, _WHOLE_MONTH = 6, 21
_PIECES = "件|个(?!月|小时|钟)|单|台|套|节|课|场|篇|千?字|趟|米|平|亩|吨|箱|斤|次|公里|票|车|份|张"
_BY_PIECE = re.compile(
    rf"^[来多几]?\s?(?:元|块钱?)?\s?(?:/\s?(?:{_PIECES})|[一每](?:{_PIECES})(?!月))"
)


@dataclass(frozen=True)
class Rate:
    """How a sum is meant as pay."""

    period: str
    """A key of bot.text.pay.MONTHLY."""
    period_count: int
    """Of how many of its periods the sum is: 8 hours of 100元/8小时 are 1 day, 2周 are 2."""
    bound: Bound
    """Which end it is, as stated; empty when it is no end."""
    end: int
    """Where the words that belong to the sum end."""


def rate(text: str, amount: Sum) -> Rate:
    """Return what a sum of a text is paid by and which end it states; by the month if not said."""
    preceding = text[max(0, amount.start - _FAR) : amount.start]
    following = _BEHIND.match(text[amount.end :])
    assert following is not None  # every part of it may be empty
    end = amount.end + len(following.group().rstrip())
    period = _period(amount, preceding, following, text[end:])
    count = int(following["many"] or 1) or 1
    if period == "时" and count >= _WHOLE_DAY:
        period, count = "天", 1
    if period == "天" and count >= _WHOLE_MONTH:
        period, count = "月", 1
    return Rate(period, count, _bound(amount, preceding, following), end)


def has_period_before(text: str, amount: Sum) -> bool:
    """Tell whether the words before a sum say what it is paid by: 一月2000, 年薪…"""
    return bool(_BEFORE.search(text[max(0, amount.start - _FAR) : amount.start]))


def is_piecework(text: str, amount: Sum) -> bool:
    """Tell whether a sum is paid by the piece (3元/件), whose month nobody knows."""
    return bool(_BY_PIECE.match(text[amount.end :]))


def _period(amount: Sum, preceding: str, following: re.Match[str], rest: str) -> str:
    """Return what a sum is paid by: as stated behind it, else before it, else the month."""
    explicit = (following["period"] or following["bare"] or "").removeprefix("个")
    if explicit:
        return _PERIODS[explicit]
    if following["year"]:
        return "年"
    hit, paid_by = _BEFORE.search(preceding), _PAID_BY.match(rest)
    period = next((_NAMES[name] for name in _NAMES if hit and hit[name]), None)
    if period is None and paid_by:
        period = "天" if paid_by[1] else "时" if paid_by[2] else "周"
    if period == "天" and amount.low > _MOST_A_DAY:
        return "月"
    return period or "月"


def _bound(amount: Sum, preceding: str, following: re.Match[str]) -> Bound:
    words = f"{following['bound'] or ''} {following['bound2'] or ''}"
    if re.search(_DOWN, words) or _AT_MOST.search(preceding):
        return "most"
    if re.search(_ABOUT, words):
        return "about"
    if re.search(_UP, words) or following["more"] in ("多", "几") or _AT_LEAST.search(preceding):
        return "least"
    return ""
