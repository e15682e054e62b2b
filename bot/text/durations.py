"""Read lengths of time in months: 八年, 八年零三个月, 六年半, 俩月, 半年."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.found import Found
from bot.text.numbers import value

_N = r"(?:\d{1,3}(?:\.\d)?|[一二三四五六七八九十两俩仨]{1,3})"
_LENGTH = re.compile(
    rf"(?<!\d)(?P<years>{_N})(?:来|多)?年(?P<half>半)?(?:零|又|加)?(?:(?P<months>{_N})个?月(?P<half_month>半)?)?"
    rf"|(?P<half_year>半年)|(?P<only>{_N})(?:个半?月(?!薪|份)|半?月(?!薪|份|\d|嫂|子))"
)

#: 一个月能给多少, 一月四千五, 一年几回: by the month, not for a month.
_RATE = re.compile(
    r"(?:[一1]个?月|一年)\s{0,9}(?:能(?!行|吗|不)|给|多少|多钱|开|挣|到手|补|发|领|工资|才|要[交还]|还|最|得|几|可以|涨"
    r"|至少|起码|不低于|怎么也|下来|[\d一二三四五六七八九两]{1,9}[千百万\d])"
)

#: 三年前 is a point in time (bot/text/dates.py); 三年前后 and 半年前三个月 are none.
_AGO = re.compile(r"(?:多|来)?(?:之|以)?前(?!后|面|提|通知|[一二三四五六七八九十两\d])")


@dataclass(frozen=True)
class Duration:
    """A length of time."""

    months: int
    """In whole months; a half month is left out."""


def read(text: str) -> list[Found[Duration]]:
    """Return the lengths of time of a normalised message; years of the calendar are none."""
    spans = []
    for hit in _LENGTH.finditer(text):
        months = _months(hit)
        if months and not _RATE.match(text[hit.start() :]) and not _AGO.match(text, hit.end()):
            spans.append(Found(Duration(months), hit.start(), hit.end(), hit.group()))
    return spans


def _months(hit: re.Match[str]) -> int | None:
    if hit["half_year"]:
        return 6
    if hit["only"]:
        only = value(hit["only"])
        return round(only) if only and only <= 120 and not _is_date(hit) else None
    years = value(hit["years"])
    if years is None or years > 60:
        return None
    months = value(hit["months"]) if hit["months"] else 0
    return round(years * 12 + (6 if hit["half"] else 0) + (months or 0))


def _is_date(hit: re.Match[str]) -> bool:
    """12月 is a month of the year; 12个月 is a length."""
    return "个" not in hit.group() and hit["only"].isdigit() and int(hit["only"]) <= 12
