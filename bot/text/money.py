"""Read pay and amounts in messages. Pay becomes yuan a month, whatever it was stated by.

The pay field of a posting is read by bot.text.pay_field.
"""

from __future__ import annotations

import re

from bot.text.found import Found
from bot.text.pay import Pay, monthly
from bot.text.pay_field import salary_field
from bot.text.rates import Rate, by_piece, has_period_before, rate
from bot.text.sums import Sum, sums

__all__ = ["LEAST", "MOST", "NAMES", "Pay", "amounts", "read", "salary_field", "write"]

#: Numbers that are names: hotlines, 4050人员, 996工作制.
NAMES = frozenset(("12333", "12345", "12356", "12315", "4050", "996"))
#: Pay a month that a message can mean; what lies outside is something else.
LEAST, MOST = 500, 500_000
#: What a bare number is when this stands behind it: no pay.
_OTHER_UNIT = re.compile(
    r"^(?:岁|年(?!薪)|个月|月(?!薪)|天|日(?![结薪])|号|点|分|人|个|次|回|楼|层|室|路|平|米|公里|里|斤|倍|折|%|％|周(?!薪)|小时|位|名|家|栋|院|中|期|届|级|线|度|条|章|款)"
)
_PAY_WORD = re.compile(
    r"(?:工资|月薪|薪资|薪水|待遇|底薪|收入|开支|到手|挣|赚|薪|给个?|开)[^,，。]{0,6}$"
)
#: What stands behind an amount that is no pay: 3000元补贴, 1200块房租.
_NO_PAY_BEHIND = re.compile(
    r"^\s?(?:元|块钱?)的?(?:补贴|补助|房租|押金|学费|罚款|贷款|服装费|报名费|培训费|中介费)(?!\d)"
)
_NO_PAY = re.compile(
    r"(?:贷款?|借|欠|罚|赔|补贴|交了?|押金|花了?|房租|学费|服装费|买|本金|利息|缴费?|存|骗了?|还|电话|手机|号码?|拨打?)[^,，。;；\s]{0,5}\s?$"
    r"|(?:[房车][贷代]|月供|房租|生活费|药费|护理费)[^,，。;；]{0,8}$"
)


def read(text: str) -> list[Found[Pay]]:
    """Return the pay that a normalised message names: 四五千, 五千往上, 一天二百, 8-10k."""
    found: list[Found[Pay]] = []
    for one in sums(text):
        if _NO_PAY.search(text[: one.start]) or _NO_PAY_BEHIND.match(text[one.end :]):
            continue
        paid = rate(text, one)
        pay = _pay(one, paid)
        if pay and not _is_something_else(text, one, paid):
            found.append(Found(pay, one.start, paid.end, text[one.start : paid.end]))
    return found


def amounts(text: str) -> list[Found[int]]:
    """Return all amounts of money of a message in yuan that are no pay: 贷二十万, 押金300."""
    pays = read(text)
    return [
        Found(round(one.low), one.start, end, text[one.start : end])
        for one, raw, end in (
            (one, text[one.start : one.end], _end(text, one)) for one in sums(text)
        )
        if 100 <= one.low < 10**8
        and raw not in NAMES
        and (one.in_yuan or "万" in raw or _NO_PAY.search(text[: one.start]))
        and not _OTHER_UNIT.match(text[end:])
        and all(one.end <= pay.start or pay.end <= one.start for pay in pays)
    ]


def _end(text: str, one: Sum) -> int:
    """Return where an amount ends, with the 多 of 一万多."""
    return one.end + (text[one.end : one.end + 1] in ("多", "来"))


def _pay(one: Sum, paid: Rate) -> Pay | None:
    """Return a sum as pay within the bounds of reason; one alone is the least that is wished."""
    least = monthly(one.low / paid.many, paid.period)
    most = monthly(one.high / paid.many if one.high else None, paid.period)
    if least is None or not LEAST <= least <= (most or least) <= MOST:
        return None
    if paid.bound == "most":
        return Pay(None, most or least, paid.period)
    if paid.bound == "about" and most is None:
        return Pay(*around(least), paid.period)
    if paid.bound == "least":
        return Pay(least, None, paid.period)
    return Pay(least, most, paid.period)


def around(middle: int) -> tuple[int, int]:
    """Return what 左右 allows: a tenth less to a tenth more."""
    return round(middle * 0.9), round(middle * 1.1)


def middle_of(low: int | None, high: int | None) -> int | None:
    """Return the sum of which 左右 was said, None when two sums were, or one."""
    if not low or not high:
        return None
    middle = (low + high) // 2
    return middle if (low, high) == around(middle) else None


def _is_something_else(text: str, one: Sum, paid: Rate) -> bool:
    """Tell whether a number is an age, a year, a telephone number… rather than pay."""
    raw, before = text[one.start : one.end], text[: one.start]
    if raw in NAMES or before.endswith("第") or by_piece(text, one):
        return True
    if before and before[-1].isascii() and before[-1].isalnum():
        return True
    figures = re.findall(r"\d+", raw) if re.fullmatch(r"[\d\s~-]+|\d+[到至]\d+", raw) else []
    if any(len(part) > 6 or part[0] == "0" for part in figures):
        return True
    paid_for = _PAY_WORD.search(before)
    if _OTHER_UNIT.match(text[_end(text, one) :]) and not paid_for:
        return True
    if figures and all(1990 <= int(part) <= 2035 for part in figures):
        # 2000 alone is a year; 2000元, 一月2000, 2000以上 and 至少2000 are pay.
        with_pay = (
            paid_for or paid.end > one.end or bool(paid.bound) or has_period_before(text, one)
        )
        return not (one.in_yuan or (one.low % 100 == 0 and with_pay))
    # 2018.01 is a month, 600-800 may be metres.
    vague = "." in raw or (len(figures) > 1 and min(map(len, figures)) < 4)
    return (
        vague
        and not re.search("[百千万kw]", raw)
        and paid.period == "月"
        and not (one.in_yuan or paid_for)
    )


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
