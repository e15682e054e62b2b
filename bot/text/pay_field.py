"""Read the pay field of a posting: a sum or a range among the other words of its cell.

4000-6000元（年底双薪）, 月薪三千五, 8000-1.2万, 120元/天, 100元/8小时. A period counts where it
belongs to the sum: right behind it (元/天), or right before (年薪, 每天).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.text.numbers import pair, value
from bot.text.pay import Pay, monthly

#: Numbers in bank writing, which sums are guarded with.
_BANK = str.maketrans(
    "壹贰貳叁参肆伍陆柒捌玖拾佰仟萬兩两元圆", "一二二三三四五六七八九十百千万二二元元"
)
_DASHES = re.compile(
    r"\s?(?:[-‐‑‒–—―−﹣~～〜]|至|到){1,9}\s?(?=(?:[￥¥]\s?)?[\d一二三四五六七八九十])"
)
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
#: Digits are bounded: a number of four hundred is nothing that a person is paid.
_DIGITS = r"\d{1,9}(?:\.\d{1,4})?"
_HAN = "一二三四五六七八九十"
_AMOUNT = rf"(?:{_DIGITS}\s?[万千kw](?:\d千?(?!\d))?|{_DIGITS}|[{_HAN}][{_HAN}百千万零〇半]{{0,8}})"
_SUM = re.compile(
    rf"(?<![\d.])(?P<low>{_AMOUNT})(?![\d.])\s?(?P<first>元|块钱?|rmb)?"
    rf"(?:\s?-\s?[￥¥]?\s?(?P<high>{_AMOUNT})(?!\d))?\s?(?P<yuan>元|块钱?|rmb)?整?"
)
_PIECES = "件|个|单|台|套|节|课|场|篇|千?字|趟|米|平|亩|吨|箱|斤|次|公里|票|车|份|张"
#: A sum by the piece, whose month nobody knows.
_BY_PIECE = re.compile(rf"^\s?(?:/\s?(?:{_PIECES})|[一每](?:{_PIECES})(?!月))")
#: What stands behind a number that is no sum: hours, insurances, days off, people, a share.
_NO_SUM = re.compile(
    r"^\s?(?:薪|险|金|个?小时|个?钟|天(?!/)|个|年(?!薪)|周(?!薪)|岁|人|名|位|%|点|班|休|倍|次|期|号|日|月"
    rf"|级|楼|公里|台|份|成|件|单|课时|/\s?(?:{_PIECES})|[一每](?:{_PIECES})(?!月))"
)
#: What stands before a number that is paid besides, or only at first.
_BESIDES = re.compile(
    r"(?:补贴?|补助|津贴|奖金?|全勤|工龄|押金|社保|保险|公积金|话费|房补|红包|提成|学费|服装费)[^,，。;；/\d]{0,4}$"
)
_AT_FIRST = re.compile(r"(?:试用|实习|培训|学徒)期?[^,，。;；\d]{0,6}$")
_FOREIGN = re.compile(
    r"usd|美[元金刀]|us\$|\$|eur|欧元|€|日[元币]|jpy|hkd|港[元币]|韩[元币]|新币|sgd|gbp|英镑"
)
_PERIODS = {
    "月": "月", "month": "月", "年": "年", "year": "年", "天": "天",
    "日": "天", "day": "天", "工": "天",
    "小时": "时", "时": "时", "钟头": "时", "h": "时", "hour": "时",
    "周": "周", "星期": "周", "week": "周",
}  # fmt: skip
_PERIOD = "月|month|年|year|天|日|day|工(?!作)|个?小时|个?钟头|时|hour|h(?![a-z])|周|星期|week"
_BOUND = r"(?:及?以上|及以下|以下|及?以内|起步?|左右|上下|封顶|\+(?!\s?[一-龥\d]))"
_BEHIND = re.compile(
    rf"^\s?(?P<bound>{_BOUND})?\s?"
    rf"(?:(?:元|块)?\s?(?:/|每|一|per)\s?人?\s?(?P<many>\d{{1,2}})?\s?个?(?P<period>{_PERIOD})|(?P<year>年薪|年(?=$|[^\d终底]))|(?P<bare>月|天)(?=$|[,，。;；、（(\s]))?"
    rf"\s?(?P<bound2>{_BOUND})?"
)
_PAID_BY = re.compile(r"^\s?[,，、(（]?\s?(?:(日结|日薪|当日结)|(时薪|小时工)|(周薪))")
_BEFORE = re.compile(
    r"(?:(?P<year>年薪|每年|一年|年收入|年综合)|(?P<month>月薪|每个?月|一个?月|月工资|月收入|月均|月综合)"
    r"|(?P<day>日薪|日工资|日结|每[天日]|一[天日]|(?<![\d.])(?:[6-9]|1[0-2]|[六七八九十]|十[一二])个?小时(?:/天)?)"
    r"|(?P<hour>时薪|小时工?资?|每小时|一小时|1个?小时)|(?P<week>周薪|周结|每周|一周))"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})?(?:个?小时)?(?:工资|薪资|收入|薪酬|待遇|税前|税后|综合|约|为|是|可达|到手|给|[:：,，、\s]){0,4}$"
)
_AT_LEAST = re.compile(r"(?:不低于|至少|最低|保底|不少于|≥|>=?)[^\d,，。]{0,3}$")
_AT_MOST = re.compile(r"(?:最高|不超过|至多|≤|<=?)[^\d,，。]{0,3}$")
#: Most of what job sites write.
_SIMPLE = re.compile(r"(\d{4,6})-(\d{4,6})(?:元(?:/月)?)?", re.A)
_MONTHS = re.compile(r"(\d{2})\s?薪")
#: More a day than anybody is paid: then 日结 says when it is paid, not for what.
_MOST_A_DAY = 2000
#: 100元/8小时 is by the day.
_WHOLE_DAY = 6


@dataclass(frozen=True)
class _Sum:
    """A sum or range of a cell, with what stands around it."""

    low: float
    high: float | None
    before: str
    behind: str


def salary_field(text: str) -> Pay | None:
    """Read the pay field of a posting; None when it states nothing that can be read.

    A sum in another currency, or by the piece, is none.
    """
    simple = _SIMPLE.fullmatch(text)
    if simple:
        low, high = int(simple[1]), int(simple[2])
        return Pay(min(low, high), max(low, high))
    plain = _plain(text)
    if not plain or _FOREIGN.search(plain):
        return None
    if "面议" in plain and not re.search(r"\d{3}|[一二三四五六七八九][千万]", plain):
        return Pay(None, None, negotiable=True)
    months = _MONTHS.search(plain)
    found = _chosen(list(_sums(_MONTHS.sub(" ", plain))))
    return _pay(found, int(months.group(1)) if months else 12) if found else None


def _plain(text: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().translate(_BANK).split())
    return _DASHES.sub("-", _THOUSANDS.sub("", plain)).replace("￥", "").replace("¥", "")


def _sums(text: str) -> Iterator[_Sum]:
    """Yield what may be the pay, first to last."""
    for hit in _SUM.finditer(text):
        behind = text[hit.end() :]
        before = text[max(0, hit.start() - 24) : hit.start()]
        in_yuan = hit["first"] or hit["yuan"]
        if (_BY_PIECE if in_yuan else _NO_SUM).match(behind):
            continue
        ends = _ends(hit["low"], hit["high"])
        if ends and not _BESIDES.search(before):
            yield _Sum(*ends, before, behind)


def _chosen(sums: list[_Sum]) -> _Sum | None:
    """Return the first sum; what is paid at first only when there is no other."""
    lasting = [one for one in sums if not _AT_FIRST.search(one.before)]
    return next(iter(lasting or sums), None)


def _ends(low: str, high: str | None) -> tuple[float, float | None] | None:
    """Return a sum's ends in yuan; an end without a unit has the other's where that fits."""
    if high is None:
        both = _paired(low)
        if both:
            return both
    first, last = _value(low), _value(high) if high else None
    if first is None or (high and last is None):
        return None
    if high is None or last is None:
        return first, None
    units = _unit(low), _unit(high)
    if units[1] and not units[0]:
        first = _fitting(first, last, units[1])
    elif units[0] and not units[1] and last < first:
        last *= units[0]
    elif not any(units) and first < 100 <= last / 10:
        first = _fitting(first, last, 1000)
    return (first, last) if first <= last else (last, first)


def _fitting(first: float, last: float, unit: int) -> float:
    """Scale a lower end that has no unit of its own: 8-10千, 8-1.2万 and 4-6000 mean thousands."""
    scaled = (first * scale for scale in (unit, 1000) if first * scale <= last)
    return next(scaled, first) if first < 100 else first


def _paired(number: str) -> tuple[float, float] | None:
    """四五千 is a range."""
    ends = pair(number[:2])
    unit = {"千": 1000, "万": 10000, "百": 100}.get(number[2:])
    return (ends[0] * unit, ends[1] * unit) if ends and unit else None


def _value(number: str) -> float | None:
    plain = number.replace(" ", "")
    tail = re.fullmatch(rf"({_DIGITS})([万千kw])(\d)(千?)", plain)
    if tail:
        scale = {"千": 1000, "k": 1000}.get(tail[2], 10000)
        return float(tail[1]) * scale + int(tail[3]) * scale / 10
    return value(plain)


def _unit(number: str) -> int:
    """Return the scale of a number's last unit, 0 when it has none."""
    hit = re.search(r"[万w千k](?=\d?千?$)|[十百千万]", number.replace(" ", ""))
    if not hit:
        return 0
    last = "万" if "万" in number or "w" in number else hit.group()
    return {"万": 10000, "w": 10000, "千": 1000, "k": 1000}.get(last, 0)


def _pay(found: _Sum, months: int) -> Pay:
    low, high = found.low, found.high
    behind = _BEHIND.match(found.behind)
    assert behind is not None  # every part of it may be empty
    period = _period(found, behind)
    many = int(behind["many"] or 1) or 1
    if period == "时" and many >= _WHOLE_DAY:
        period, many = "天", 1
    low, high = low / many, high / many if high else None
    bounds = f"{behind['bound'] or ''} {behind['bound2'] or ''}"
    least: float | None = low
    if re.search(r"以下|以内|封顶", bounds) or (high is None and _AT_MOST.search(found.before)):
        least, high = None, high or low
    elif high is None and not (re.search(r"以上|起|\+", bounds) or _AT_LEAST.search(found.before)):
        high = low
    return Pay(monthly(least, period), monthly(high, period), period, months)


def _period(found: _Sum, behind: re.Match[str]) -> str:
    """Return what a sum is paid by: as stated behind it, else before it, else the month."""
    stated = (behind["period"] or behind["bare"] or "").removeprefix("个")
    if stated:
        return _PERIODS[stated]
    if behind["year"]:
        return "年"
    before = _BEFORE.search(found.before)
    names = {"year": "年", "month": "月", "day": "天", "hour": "时", "week": "周"}
    named = next((names[name] for name in names if before and before[name]), None)
    rest = _PAID_BY.match(found.behind[behind.end() :])
    if named is None and rest:
        named = "天" if rest[1] else "时" if rest[2] else "周"
    if named == "天" and found.low > _MOST_A_DAY:
        return "月"
    return named or "月"
