"""Read pay and amounts in messages. Pay becomes yuan a month, whatever it was stated by.

The pay field of a posting is read by bot.text.pay_field.
"""

from __future__ import annotations

import re

from bot.text.found import Found
from bot.text.numbers import NUMBER, pair, value
from bot.text.pay import Pay, monthly
from bot.text.pay_field import salary_field

__all__ = ["LEAST", "MOST", "NAMES", "Pay", "amounts", "read", "salary_field", "write"]

#: Numbers that are names: hotlines, 4050人员, 996工作制.
NAMES = frozenset(("12333", "12345", "12356", "12315", "4050", "996"))
_DIGIT = re.compile(r"[\d零一二三四五六七八九十两俩仨半壹贰叁肆伍陆柒捌玖]")
#: Pay a month that a message can mean; what lies outside is something else.
LEAST, MOST = 500, 500_000

_RANGE = re.compile(
    rf"(?P<first>{NUMBER})(?:块|元|来|多)?\s?(?:[-~—]|到|至)\s?(?P<second>{NUMBER})(?P<unit>千|万|k|百)?"
)
_PAIRED = re.compile(r"(?P<pair>[一二两三四五六七八][二三四五六七八九])(?P<unit>千|万|百)")
_VAGUE = re.compile(
    r"(?<![一二三四五六七八九十两\d])(?P<vague>万八千|千八百|万把块|万八|千八|小一万|十来万|十几万|几千|一两万)"
)
_SINGLE = re.compile(rf"(?P<single>{NUMBER})(?P<more>来|多)?")
#: 二十万三年 is an amount and a length of time, not 230,000.
_LENGTH_BESIDE = re.compile(r"^(.{0,20}[万千百])[一二三四五六七八九两][年个天岁次]$")
_VAGUE_VALUES = {
    "万八千": (8000, 10000), "万八": (8000, 10000), "万把块": (9000, 11000), "小一万": (9000, 10000),  # noqa: E501
    "千八百": (800, 1000), "千八": (800, 1000), "十来万": (100000, 110000), "十几万": (110000, 190000),  # noqa: E501
    "一两万": (10000, 20000),
}  # fmt: skip
_UP = re.compile(
    r"^(?:块钱?|元)?(?:一个?月|每月|/月)?(?:往上|以上|起步?|打底|开外|之上|朝上|\+|及以上|多)"
)
_DOWN = re.compile(r"^(?:块钱?|元)?(?:以下|以内|之内|封顶)")
_ABOUT = re.compile(r"^(?:块钱?|元)?(?:一个?月)?(?:左右|上下|来块|差不多)")
_AT_LEAST = re.compile(
    r"(?:不低于|至少|最少|起码|最低|得|超过|大于|不少于|低于(?=.{0,20}不))[^\d一二三四五六七八九十,，]{0,3}$"
)
_AT_MOST = re.compile(r"(?:最多|不超过|顶多)[^\d一二三四五六七八九十]{0,3}$")
_A_DAY = re.compile(r"(?:一天|每天|日结|日薪|一日|一天能?[挣开给]?)[^,，。]{0,4}$")
_A_YEAR = re.compile(r"(?:年薪|一年|每年)[^,，。]{0,4}$")
_AN_HOUR = re.compile(r"(?:时薪|一小时|每小时|一个小时|一个钟)[^,，。]{0,3}$")
_BEHIND = re.compile(r"^(?:块钱?|元)?(?:/|每|一)?\s?(天|日|小时|时|年|个?月)")
#: What a bare number is when this stands behind it: no pay.
_OTHER_UNIT = re.compile(
    r"^(?:岁|年|个月|月(?!薪)|天|号|点|分|人|个|次|回|楼|层|室|路|平|米|公里|里|斤|倍|折|%|％|周|小时|位|名|家|栋|院|中|期|届|级|线|度|条|章|款)"
)
_PAY_WORD = re.compile(
    r"(?:工资|月薪|薪资|薪水|待遇|底薪|收入|开支|到手|挣|赚|薪|给个?|开)[^,，。]{0,6}$"
)
_NO_PAY = re.compile(
    r"(?:贷款?|借|欠|罚|赔|补贴|交了?|押金|花了?|房租|学费|服装费|买|本金|利息|缴费?|存|骗了?|还|电话|手机|号码?|拨打?)[^,，。;；]{0,5}$"
)


def read(text: str) -> list[Found[Pay]]:
    """Return the pay that a normalised message names: 四五千, 五千往上, 一天二百, 8-10k."""
    found: list[Found[Pay]] = []
    for start, end, low, high in _amounts(text):
        before, behind = text[:start], text[end:]
        if _NO_PAY.search(before):
            continue
        period, end = _stated_period(before, behind, end)
        pay = _bounded(low, high, before, text[end:] if period == "月" else behind, period)
        if pay and not _is_something_else(text, start, end, low, period):
            end += len(_tail(text[end:]))
            found.append(Found(pay, start, end, text[start:end]))
    return found


def amounts(text: str) -> list[Found[int]]:
    """Return all amounts of money of a message in yuan that are no pay: 贷二十万, 押金300."""
    pays = read(text)
    return [
        Found(round(low), start, start + len(text[start:end].rstrip()), text[start:end].rstrip())
        for start, end, low, high in _amounts(text)
        if 100 <= low < 10**8
        and text[start:end].strip() not in NAMES
        and (
            _NO_PAY.search(text[:start])
            or re.match(r"^(?:块|元)", text[end:])
            or "万" in text[start:end]
        )
        and not _OTHER_UNIT.match(text[end:])
        and all(end <= pay.start or pay.end <= start for pay in pays)
    ]


def _amounts(text: str) -> list[tuple[int, int, float, float | None]]:
    """Return every number and range with its span, low and high end."""
    taken: list[tuple[int, int, float, float | None]] = []
    for pattern, reading in (
        (_RANGE, _range),
        (_PAIRED, _paired),
        (_VAGUE, _vague),
        (_SINGLE, _single),
    ):
        for hit in pattern.finditer(text):
            ends, end = reading(hit), hit.end()
            beside = _LENGTH_BESIDE.search(text[hit.start() : end + 1])
            if beside and pattern is _SINGLE:
                end = hit.start() + beside.end(1)
                amount = value(beside.group(1))
                ends = None if amount is None else (amount, None)
            if ends and all(end <= a or b <= hit.start() for a, b, _, _ in taken):
                taken.append((hit.start(), end, *ends))
    return sorted(taken)


def _range(hit: re.Match[str]) -> tuple[float, float | None] | None:
    low, high = value(hit["first"]), value(hit["second"])
    if low is None or high is None:
        return None
    scale = {"千": 1000, "k": 1000, "万": 10000, "百": 100}.get(hit["unit"] or "", 1)
    if scale > 1:
        high *= scale
    # 8-10k, 三到四千: the unit stands at the end for both.
    if low < 100 <= high and low * 1000 <= high * 10:
        unit = 10000 if high >= 10000 and hit.group().rstrip()[-1] in "万w" else 1000
        low *= unit if high >= 1000 else 1
    return (low, high) if low < high else None


def _paired(hit: re.Match[str]) -> tuple[float, float | None] | None:
    ends = pair(hit["pair"])
    scale = {"千": 1000, "万": 10000, "百": 100}[hit["unit"]]
    return (ends[0] * scale, ends[1] * scale) if ends else None


def _vague(hit: re.Match[str]) -> tuple[float, float | None] | None:
    return _VAGUE_VALUES.get(hit["vague"])


def _single(hit: re.Match[str]) -> tuple[float, float | None] | None:
    amount = value(hit["single"])
    return None if amount is None else (amount, None)


def _stated_period(before: str, behind: str, end: int) -> tuple[str, int]:
    """Return what the pay is stated by, and where the words for it end."""
    if _A_DAY.search(before):
        return "天", end
    if _AN_HOUR.search(before):
        return "时", end
    if _A_YEAR.search(before):
        return "年", end
    stated = _BEHIND.match(behind)
    if stated and (stated.group()[0] in "块元/每一"):
        unit = {"日": "天", "小时": "时", "个月": "月"}.get(stated.group(1), stated.group(1))
        return unit, end + stated.end()
    return "月", end


def _bounded(low: float, high: float | None, before: str, behind: str, period: str) -> Pay | None:
    least, most = monthly(low, period), monthly(high, period)
    if least is None or not LEAST <= least <= MOST:
        return None
    if _DOWN.match(behind) or _AT_MOST.search(before):
        return Pay(None, most or least, period)
    if high is None and _ABOUT.match(behind):
        return Pay(round(least * 0.9), round(least * 1.1), period)
    if _UP.match(behind) or _AT_LEAST.search(before):
        return Pay(least, None, period)
    return Pay(least, most, period)


def _is_something_else(text: str, start: int, end: int, low: float, period: str) -> bool:
    """Tell whether a number is an age, a year, a telephone number… rather than pay."""
    raw = text[start:end]
    digits = re.fullmatch(r"\d+", raw)
    if digits and (len(raw) > 6 or raw[0] == "0"):
        return True
    if text[start - 1 : start].isascii() and text[start - 1 : start].isalnum() and start:
        return True
    if period == "月" and _OTHER_UNIT.match(text[end:]) and not _PAY_WORD.search(text[:start]):
        return True
    if raw in NAMES or text[start - 1 : start] == "第" or not _DIGIT.search(raw):
        return True
    is_year = digits and 1950 <= low <= 2050 and text[end : end + 1] in ("年", "届", "级")
    round_pay = low % 100 == 0 and _PAY_WORD.search(text[:start])
    is_year = is_year or (digits and 1990 <= low <= 2035 and not round_pay)
    has_unit = bool(re.search(r"[千万百kw仟佰,]", raw)) or bool(re.match(r"(?:块|元)", text[end:]))
    has_unit = has_unit or bool(re.fullmatch(r"\d{4,6}\s?(?:[-~—]|到|至)\s?\d{4,6}", raw))
    plausible = has_unit or period != "月" or bool(digits) or bool(_PAY_WORD.search(text[:start]))
    return bool(is_year) or not plausible


def _tail(behind: str) -> str:
    """Return the words of a bound right behind an amount."""
    for pattern in (_UP, _DOWN, _ABOUT):
        hit = pattern.match(behind)
        if hit:
            return hit.group()
    return "".join(re.findall(r"^(?:块钱?|元)", behind))


def write(pay: Pay) -> str:
    """Say pay in words: 4000–5000元/月, 5000元以上/月, 面议."""
    if pay.negotiable or (pay.min is None and pay.max is None):
        return "面议"
    if pay.min is None:
        return f"{pay.max}元以下/月"
    if pay.max is None:
        return f"{pay.min}元以上/月"
    if pay.min == pay.max:
        return f"{pay.min}元/月"
    return f"{pay.min}-{pay.max}元/月"


#: A wish for pay that says how much.
_WISHED = re.compile(
    r"(?:工资|月薪|薪资|薪水|待遇|底薪|到手|年薪|日薪|时薪)[^,，。;；!！?？]{0,12}?(?:[\d壹贰叁肆伍陆柒捌玖]|[一二三四五六七八九两几][位千百万kw]|[oO〇○]{2}|以上|往上|左右|起步|不低于|至少|最少|以下)[^,，。;；!！?？]{0,8}"
)


def unread(text: str) -> str | None:
    """Return the words of a normalised message that state a pay which cannot be read; None if none.

    工资五位数以上 says how much in words that are no figures.
    """
    pays = read(text)
    for hit in _WISHED.finditer(text):
        if all(hit.end() <= pay.start or pay.end <= hit.start() for pay in pays):
            return hit.group()
    return None
