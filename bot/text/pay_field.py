"""Read the pay field of a posting: a sum or a range among the other words of its cell.

4000-6000元（年底双薪）, 月薪三千五, 8000-1.2万, 120元/天, 100元/8小时. Sums and the words
around them are read as in messages (bot.text.sums, bot.text.rates); here a sum alone is the pay.
"""

from __future__ import annotations

import re
import unicodedata

from bot.text.pay import Pay, monthly
from bot.text.rates import is_piecework, rate
from bot.text.sums import Sum, sums

#: What stands behind a number that is no sum: hours, insurances, days off, people, a share.
_NO_SUM = re.compile(
    r"^\s?(?:薪|险|金|个?小时|个?钟|天(?!/)|个|年(?!薪)|周(?!薪)|岁|人|名|位|%|点|班|休|倍|次|期|号|日(?![结薪])|月"
    r"|级|楼|公里|台|份|成|件|单|课时)"
)
#: What stands before a number that is paid besides, or only at first.
_BESIDES = re.compile(
    r"(?:补贴?|补助|津贴|奖金?|全勤|工龄|押金|社保|保险|公积金|话费|房补|红包|提成|学费|服装费)[^,，。;；/\d]{0,4}$"
)
_AT_FIRST = re.compile(r"(?:试用|实习|培训|学徒)期?[^,，。;；\d]{0,6}$")
#: A part of the pay, and the whole of it: 底薪3000+计件，综合6500元.
_BASE = re.compile(r"(?:底薪|基本工资|基薪|基础工资|岗位工资)[^,，。;；\d]{0,4}$")
_WHOLE = re.compile(
    r"(?:综合|月均|人均|平均|到手|总收入|合计|月收入|月入|可达|能达)[^,，。;；\d]{0,8}$"
)
_FOREIGN = re.compile(
    r"usd|美[元金刀]|us\$|\$|eur|欧元|€|日[元币]|jpy|hkd|港[元币]|韩[元币]|新币|sgd|gbp|英镑"
)
#: Most of what job sites write.
_SIMPLE = re.compile(r"(\d{4,6})-(\d{4,6})(?:元(?:/月)?)?", re.A)
_MONTHS = re.compile(r"(\d{2})\s?薪")
#: So far back it is looked for what a sum is.
_FAR = 24


def salary_field(text: str) -> Pay | None:
    """Read the pay field of a posting; None when it states nothing that can be read.

    A sum in another currency, or by the piece, is none. 左右 is left out: what is stated counts.
    """
    simple = _SIMPLE.fullmatch(text)
    if simple:
        low, high = int(simple[1]), int(simple[2])
        return Pay(min(low, high), max(low, high))
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    if not plain or _FOREIGN.search(plain):
        return None
    plain = plain.replace("参", "三").replace("￥", "").replace("¥", "")
    if "面议" in plain and not re.search(r"\d{3}|[一二三四五六七八九][千万]", plain):
        return Pay(None, None, negotiable=True)
    months = _MONTHS.search(plain)
    plain = _MONTHS.sub(" ", plain)
    amount = _pay_amount(plain)
    return _pay(plain, amount, int(months.group(1)) if months else 12) if amount else None


def _pay_amount(text: str) -> Sum | None:
    """Return the first sum of a cell; what is paid at first only when there is no other.

    Of a part of the pay and the whole of it the whole counts.
    """
    trial_pay = base = None
    for amount in sums(text):
        preceding = text[max(0, amount.start - _FAR) : amount.start]
        no_sum = not amount.in_yuan and _NO_SUM.match(text[amount.end :])
        if no_sum or is_piecework(text, amount) or _BESIDES.search(preceding):
            continue
        if _AT_FIRST.search(preceding):
            trial_pay = trial_pay or amount
        elif base is None and _BASE.search(preceding):
            base = amount
        elif base is None or _WHOLE.search(preceding):
            return amount
    return base or trial_pay


def _pay(text: str, amount: Sum, months: int) -> Pay:
    paid = rate(text, amount)
    low: float | None = amount.low / paid.period_count
    high = amount.high / paid.period_count if amount.high else None
    if paid.bound == "most":
        low, high = None, high or low
    elif high is None and paid.bound != "least":
        high = low
    return Pay(monthly(low, paid.period), monthly(high, paid.period), paid.period, months)
