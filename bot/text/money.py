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

__all__ = [
    "MAX_MONTHLY_PAY",
    "MIN_MONTHLY_PAY",
    "NAMES",
    "Pay",
    "amounts",
    "read",
    "salary_field",
    "write",
]

#: Numbers that are names: hotlines, 4050人员, 996工作制.
NAMES = frozenset(("12333", "12345", "12356", "12315", "4050", "996"))
#: Pay a month that a message can mean; what lies outside is something else.
MIN_MONTHLY_PAY, MAX_MONTHLY_PAY = 500, 500_000
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
    spans: list[Found[Pay]] = []
    for amount in sums(text):
        if _NO_PAY.search(text[: amount.start]) or _NO_PAY_BEHIND.match(text[amount.end :]):
            continue
        pay_rate = rate(text, amount)
        pay = _pay(amount, pay_rate)
        if pay and not _is_something_else(text, amount, pay_rate):
            spans.append(Found(pay, amount.start, pay_rate.end, text[amount.start : pay_rate.end]))
    return spans


def amounts(text: str) -> list[Found[int]]:
    """Return all amounts of money of a message in yuan that are no pay: 贷二十万, 押金300."""
    pays = read(text)
    return [
        Found(round(amount.low), amount.start, end, text[amount.start : end])
        for amount, raw, end in (
            (amount, text[amount.start : amount.end], _amount_end(text, amount))
            for amount in sums(text)
        )
        if 100 <= amount.low < 10**8
        and raw not in NAMES
        and (amount.in_yuan or "万" in raw or _NO_PAY.search(text[: amount.start]))
        and not _OTHER_UNIT.match(text[end:])
        and all(amount.end <= pay.start or pay.end <= amount.start for pay in pays)
    ]


def _amount_end(text: str, amount: Sum) -> int:
    """Return where an amount ends, with the 多 of 一万多."""
    return amount.end + (text[amount.end : amount.end + 1] in ("多", "来"))


def _pay(amount: Sum, pay_rate: Rate) -> Pay | None:
    """Return a sum as pay within the bounds of reason; one alone is the least that is wished."""
    low = monthly(amount.low / pay_rate.many, pay_rate.period)
    high = monthly(amount.high / pay_rate.many if amount.high else None, pay_rate.period)
    if low is None or not MIN_MONTHLY_PAY <= low <= (high or low) <= MAX_MONTHLY_PAY:
        return None
    if pay_rate.bound == "most":
        return Pay(None, high or low, pay_rate.period)
    if pay_rate.bound == "about" and high is None:
        return Pay(*around(low), pay_rate.period)
    if pay_rate.bound == "least":
        return Pay(low, None, pay_rate.period)
    return Pay(low, high, pay_rate.period)


def around(middle: int) -> tuple[int, int]:
    """Return what 左右 allows: a tenth less to a tenth more."""
    return round(middle * 0.9), round(middle * 1.1)


def middle_of(low: int | None, high: int | None) -> int | None:
    """Return the sum of which 左右 was said, None when two sums were, or one."""
    if not low or not high:
        return None
    middle = (low + high) // 2
    return middle if (low, high) == around(middle) else None


def _is_something_else(text: str, amount: Sum, pay_rate: Rate) -> bool:
    """Tell whether a number is an age, a year, a telephone number… rather than pay."""
    raw, preceding = text[amount.start : amount.end], text[: amount.start]
    if raw in NAMES or preceding.endswith("第") or by_piece(text, amount):
        return True
    if preceding and preceding[-1].isascii() and preceding[-1].isalnum():
        return True
    figures = re.findall(r"\d+", raw) if re.fullmatch(r"[\d\s~-]+|\d+[到至]\d+", raw) else []
    if any(len(part) > 6 or part[0] == "0" for part in figures):
        return True
    pay_word = _PAY_WORD.search(preceding)
    if _OTHER_UNIT.match(text[_amount_end(text, amount) :]) and not pay_word:
        return True
    if figures and all(1990 <= int(part) <= 2035 for part in figures):
        # 2000 alone is a year; 2000元, 一月2000, 2000以上 and 至少2000 are pay.
        with_pay = (
            pay_word
            or pay_rate.end > amount.end
            or bool(pay_rate.bound)
            or has_period_before(text, amount)
        )
        return not (amount.in_yuan or (amount.low % 100 == 0 and with_pay))
    # 2018.01 is a month, 600-800 may be metres.
    vague = "." in raw or (len(figures) > 1 and min(map(len, figures)) < 4)
    return (
        vague
        and not re.search("[百千万kw]", raw)
        and pay_rate.period == "月"
        and not (amount.in_yuan or pay_word)
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
