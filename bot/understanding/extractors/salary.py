"""Pay and other amounts in messages; pay becomes yuan a month, whatever period it was stated for.

The pay field of a posting is read by bot.understanding.extractors.pay_field.
"""

from __future__ import annotations

import re

from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan
from bot.understanding.extractors.pay import Pay, monthly
from bot.understanding.extractors.pay_field import salary_field
from bot.understanding.extractors.rates import Rate, has_period_before, is_piecework, rate
from bot.understanding.extractors.sums import Sum, sums

__all__ = [
    "MAX_MONTHLY_PAY",
    "MIN_MONTHLY_PAY",
    "NAMES",
    "Pay",
    "amounts",
    "extract",
    "format_pay",
    "salary_field",
]

_PATTERNS = patterns("money")
#: Numbers that are names: hotlines, 4050人员, 996工作制.
NAMES = frozenset(("12333", "12345", "12356", "12315", "4050", "996"))
#: Pay a month that a message can mean; what lies outside is something else.
MIN_MONTHLY_PAY, MAX_MONTHLY_PAY = 500, 500_000


def extract(text: str) -> list[TextSpan[Pay]]:
    """Return the pay that a normalised message names: 四五千, 五千往上, 一天二百, 8-10k."""
    spans: list[TextSpan[Pay]] = []
    for amount in sums(text):
        if _is_no_pay(text, amount):
            continue
        pay_rate = rate(text, amount)
        pay = _pay(amount, pay_rate)
        if pay and not _is_something_else(text, amount, pay_rate):
            spans.append(
                TextSpan(pay, amount.start, pay_rate.end, text[amount.start : pay_rate.end])
            )
    return spans


def _is_no_pay(text: str, amount: Sum) -> bool:
    """Tell whether the words around an amount say that it is no pay: 贷二十万, 3000元补贴."""
    return bool(
        _PATTERNS["no_pay_before"].search(text[: amount.start])
        or _PATTERNS["no_pay_after"].match(text[amount.end :])
    )


def amounts(text: str) -> list[TextSpan[int]]:
    """Return all amounts of money of a message in yuan that are no pay: 贷二十万, 押金300."""
    pays = extract(text)
    return [
        TextSpan(round(amount.low), amount.start, end, text[amount.start : end])
        for amount, raw, end in (
            (amount, text[amount.start : amount.end], _amount_end(text, amount))
            for amount in sums(text)
        )
        if 100 <= amount.low < 10**8
        and raw not in NAMES
        and (
            amount.in_yuan or "万" in raw or _PATTERNS["no_pay_before"].search(text[: amount.start])
        )
        and not _PATTERNS["other_unit"].match(text[end:])
        and all(amount.end <= pay.start or pay.end <= amount.start for pay in pays)
    ]


def _amount_end(text: str, amount: Sum) -> int:
    """Return where an amount ends, with the 多 of 一万多."""
    return amount.end + (text[amount.end : amount.end + 1] in ("多", "来"))


def _pay(amount: Sum, pay_rate: Rate) -> Pay | None:
    """Return a sum as pay within the bounds of reason; a single sum is the wished minimum."""
    low = monthly(amount.low / pay_rate.period_count, pay_rate.period)
    high = monthly(amount.high / pay_rate.period_count if amount.high else None, pay_rate.period)
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
    """Return the range of 左右: a tenth less to a tenth more."""
    return round(middle * 0.9), round(middle * 1.1)


def middle_of(low: int | None, high: int | None) -> int | None:
    """Return the middle of a range that 左右 made, None of other ranges."""
    if not low or not high:
        return None
    middle = (low + high) // 2
    return middle if (low, high) == around(middle) else None


def _is_something_else(text: str, amount: Sum, pay_rate: Rate) -> bool:
    """Tell whether a number is an age, a year, a telephone number… rather than pay."""
    raw, preceding = text[amount.start : amount.end], text[: amount.start]
    if raw in NAMES or preceding.endswith("第") or is_piecework(text, amount):
        return True
    if preceding and preceding[-1].isascii() and preceding[-1].isalnum():
        return True
    figures = re.findall(r"\d+", raw) if _PATTERNS["arabic_figures"].fullmatch(raw) else []
    if any(len(part) > 6 or part[0] == "0" for part in figures):
        return True
    pay_word = _PATTERNS["pay_word"].search(preceding)
    if _PATTERNS["other_unit"].match(text[_amount_end(text, amount) :]) and not pay_word:
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
        and not _PATTERNS["multiplier"].search(raw)
        and pay_rate.period == "月"
        and not (amount.in_yuan or pay_word)
    )


def format_pay(pay: Pay) -> str:
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


def unreadable_pay(text: str) -> str | None:
    """Return the words of a normalised message that state a pay which cannot be read; None if none.

    工资五位数以上 says how much in words that are no figures.
    """
    pays = extract(text)
    for hit in _PATTERNS["wished_pay"].finditer(text):
        if all(hit.end() <= pay.start or pay.end <= hit.start() for pay in pays):
            return hit.group()
    return None
