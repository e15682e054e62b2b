"""Read the pay field of a posting: a sum or a range among the other words of its cell.

4000-6000元（年底双薪）, 月薪三千五, 8000-1.2万, 120元/天, 100元/8小时. Sums and the words
around them are read as in messages (bot.understanding.extractors.sums,
bot.understanding.extractors.rates); here a sum alone is the pay.
"""

from __future__ import annotations

import unicodedata

from bot.text.pattern_file import patterns
from bot.understanding.extractors.pay import Pay, monthly
from bot.understanding.extractors.rates import is_piecework, rate
from bot.understanding.extractors.sums import Sum, sums

_PATTERNS = patterns("pay_field")
#: So far back it is looked for what a sum is.
_CONTEXT_CHARS = 24


def salary_field(text: str) -> Pay | None:
    """Read the pay field of a posting; None when it states nothing that can be read.

    A sum in another currency, or by the piece, is none. 左右 is left out: what is stated counts.
    """
    simple = _PATTERNS["plain_range"].fullmatch(text)
    if simple:
        low, high = int(simple[1]), int(simple[2])
        return Pay(min(low, high), max(low, high))
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    if not plain or _PATTERNS["foreign_currency"].search(plain):
        return None
    plain = plain.replace("参", "三").replace("￥", "").replace("¥", "")
    if "面议" in plain and not _PATTERNS["has_amount"].search(plain):
        return Pay(None, None, negotiable=True)
    months = _PATTERNS["months_paid"].search(plain)
    plain = _PATTERNS["months_paid"].sub(" ", plain)
    amount = _pay_amount(plain)
    return _pay(plain, amount, int(months.group(1)) if months else 12) if amount else None


def _pay_amount(text: str) -> Sum | None:
    """Return the first sum of a cell; what is paid at first only when there is no other.

    Of a part of the pay and the whole of it the whole counts.
    """
    trial_pay = base = None
    for amount in sums(text):
        preceding = text[max(0, amount.start - _CONTEXT_CHARS) : amount.start]
        no_sum = not amount.in_yuan and _PATTERNS["no_sum"].match(text[amount.end :])
        if no_sum or is_piecework(text, amount) or _PATTERNS["extra_pay"].search(preceding):
            continue
        if _PATTERNS["trial_pay"].search(preceding):
            trial_pay = trial_pay or amount
        elif base is None and _PATTERNS["base_pay"].search(preceding):
            base = amount
        elif base is None or _PATTERNS["total_pay"].search(preceding):
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
