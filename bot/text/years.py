"""Read years of two digits and years in characters: 15年入职, 从08年交到23年, 零三年, 二零一五年.

Such a year is a point in time, and 干了15年 a length. What stands around it decides; where nothing
does, it is left to the readers of lengths.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

from bot.text.numbers import value
from bot.text.spans import Span
from bot.text.text_span import TextSpan

_DIGIT = "零〇一二三四五六七八九"
_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
#: Months and days behind a year; 12个月 is a length, and so is 零三个月.
_REST = (
    rf"(?:的?(?P<month>{_N})月(?!薪|嫂|子)份?(?:(?P<part>[初中底末])|(?P<day>{_N})[号日](?!结))?)?"
)
_YEAR = re.compile(
    rf"(?<![\d.{_DIGIT}十百])(?:(?P<long>[一二][九零〇][{_DIGIT}]{{2}})|(?P<short>\d\d|[{_DIGIT}]{{2}}))年(?![代级]|个月)(?P<year_part>[初底末](?![薪终]))?{_REST}"
)
#: So many years ahead may be spoken of: up to then a year of two digits is of this century.
AHEAD = 5
#: No length of a working life has so many years: 98年 is 1998.
LONGEST = 60
#: What a length follows: 干了15年, 满10年, 交15年.
_LENGTH_BEFORE = re.compile(
    r"(?:了|过|满|足|共|有|整整?|够|将近|超过?|不到|不足|至少|最多|最长|最少|再|又|才|已经?|工龄|年限|累计|龄"
    r"|期限?|合同|签|订|每|头|前|后|这|第|差|好几|干|做|工作|交|缴|满打满算|上班|坐|判)$"
)
#: What leads to a point in time, right before a year.
_POINT_BEFORE = re.compile(r"(?:从|自从?|打从?|由|是|于|截止|截至|在|至|(?<![不达满])到)$")
#: 工龄是15年, 交到15年才能领 are lengths for all that.
_IS_LENGTH = re.compile(r"(?:工龄|年限|合同期?|期限|时间|一共|总共)是$")
_UP_TO_LENGTH = re.compile(r"(?:才|就行|就能|就可以|就够|够)")
#: What follows a point in time.
_POINT_BEHIND = re.compile(
    r"(?:的?(?:时候|那时候?|那会儿?|那阵)|入|进(?!修)|来(?:的|到|这|单位|厂|公司)|参加|参保|上的?班|开始|毕业|退伍|转业|到岗|上岗|聘"
    r"|(?:我们?|俺们?)?(?:厂[子里]?|公司|单位|店里?|工厂|企业|老板|矿上?)[^,，。;；\d]{0,4}(?:黄|倒|关|停|破产|裁|搬|让|辞|解散|改制|散)|黄的|倒闭|破产|买断|内退|改制"
    r"|被|离|走的|辞|下岗|停|断|裁|解除|失业|不干|起(?!码)|以[来后前]|之[后前]后?|至今|到(?:现|今|如|目|去|底)|就|签的?合同|签的|交的|缴的|办的|登记|结婚|出生|生人"
    r"|[-~—至](?:\d|现|今)|[^,，。\d]{0,3}(?:最低工资|社平|法定|节假日|放假))"
)
#: 18年到25年 says two points in time; 10年到20年的年假 two lengths.
_TO = re.compile(rf"(?:[^,，。;；\d]{{0,12}}?)(?:到|至|-|~|—)(?:了)?(?:\d\d|[{_DIGIT}]{{2}})年")
#: 不是9年，是12年 sets a length right.
_SET_RIGHT = re.compile(r"不是[^,，。\s]{1,5}年[,，、 ]{0,2}(?:而|应该){0,2}是$")
_OF_LENGTHS = re.compile(r"^.{0,10}?(?:的?年[假休]|工龄|的职工|的员工|的合同)")
_CLAUSE = re.compile(r"(?:^|[,，。;；!！?？\s]|我|俺|咱)$")


def extract(text: str, today: date) -> list[TextSpan[Span]]:
    """Return the years (with month and day where stated) that are points in time."""
    years: list[TextSpan[Span]] = []
    for hit in _YEAR.finditer(text):
        if not _is_point(text, hit, years):
            continue
        span = _span(hit, today)
        if span:
            years.append(TextSpan(span, hit.start(), hit.end(), hit.group()))
    return years


def _is_point(text: str, hit: re.Match[str], earlier_years: list[TextSpan[Span]]) -> bool:
    """Tell whether a year of two digits is one of the calendar."""
    lead, following = text[: hit.start()], text[hit.end() :]
    if hit["long"]:
        return True
    short = hit["short"]
    if short[0] in "0零〇" or (short.isdigit() and int(short) >= LONGEST):
        return True
    if _SET_RIGHT.search(lead):
        return False
    if re.match(r"(?:多|半|来)?(?:前|内|以上|以下|左右)(?!后)", following):
        return False
    if re.search(rf"(?:\d\d?|[{_DIGIT}十两]{{1,3}})年(?:到|至|-|~)$", lead) and not (
        earlier_years and earlier_years[-1].end >= hit.start() - 1
    ):
        return False  # 满10年到20年
    if earlier_years and re.search(
        r"(?:到|至|-|~|—)了?$", text[earlier_years[-1].end : hit.start()]
    ):
        return True  # 从08年交到23年
    if _IS_LENGTH.search(lead) or _UP_TO_LENGTH.match(following):
        return False
    if _POINT_BEFORE.search(lead):
        return True
    if _LENGTH_BEFORE.search(lead):
        return False
    if hit["month"] or hit["year_part"] or _POINT_BEHIND.match(following):
        return True
    if not short.isdigit():  # 一五年 is no length; 一二年 and 七八年 are about so many years
        return _value(short[1]) != _value(short[0]) + 1
    to = _TO.match(text, hit.end())
    return bool(to and _CLAUSE.search(lead) and not _OF_LENGTHS.match(text[to.end() :]))


def _span(hit: re.Match[str], today: date) -> Span | None:
    year = _year(hit, today)
    if hit["month"] is None:
        first, end = {"初": (1, 1), "底": (12, 12), "末": (12, 12)}.get(hit["year_part"], (1, 12))
        return Span(date(year, first, 1), date(year, end, 31))
    month = int(value(hit["month"]) or 0)
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    if hit["part"]:
        first, end = {"初": (1, 10), "中": (11, 20)}.get(hit["part"], (21, last))
        return Span(date(year, month, first), date(year, month, end))
    if hit["day"] is None:
        return Span(date(year, month, 1), date(year, month, last))
    day = int(value(hit["day"]) or 0)
    return Span(*(date(year, month, day),) * 2) if 1 <= day <= last else None


def _year(hit: re.Match[str], today: date) -> int:
    """Return the year of the calendar: 98 is 1998, 15 is 2015."""
    if hit["long"]:
        return int("".join(str(_value(char)) for char in hit["long"]))
    short = int("".join(str(_value(char)) for char in hit["short"]))
    century = today.year // 100 * 100
    return century + short if short <= today.year % 100 + AHEAD else century - 100 + short


def _value(char: str) -> int:
    return int(char) if char.isdigit() and char.isascii() else max(_DIGIT.index(char) - 1, 0)
