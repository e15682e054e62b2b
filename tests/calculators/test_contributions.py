"""Contributions in pieces, and benefits drawn (社会保险法 45, 46)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.calculators import replies as calculation_replies
from bot.calculators.contributions import History, events, granted_and_drawn, history
from bot.calculators.unemployment_benefit import unemployment_benefit
from bot.understanding.entity_extractor import message_reader

DAY = date(2026, 11, 28)


def _history(text: str, known: int | None = None) -> History:
    with clock.frozen(DAY):
        return history(events(text, message_reader().read(text), known))


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("先交5年断2年又交3年", 96),
        ("社保断了两年，前面交了6年后面交了5年", 132),
        ("第一家单位交3年，第二家交4年", 84),
        ("交了3年2个月又交了1年11个月", 61),
        ("头一个厂给我缴了6年，歇了一年半，第二个厂缴了4年", 120),
        ("前面交了2年10个月 中间断缴1年 后面交了1年4个月", 50),
        ("断断续续交了7年，中间停了3年", 84),
        ("中间有两年没交，前后交了9年", 108),
        ("交了3年、2年和4年", 108),
        ("一共交了8年，其中沈阳交了5年", 96),
        ("失业保险从08年交到23年", 180),
        ("09年到14年交，16年到20年又交", 108),
        ("08年交的社保，23年断的", 180),
        ("我从15年开始交的，一直没断", 132),
        ("干了二十年电焊", 0),
        ("是9年不是8年", 0),
        ("交了9年不是8年", 108),
        ("失业保险09年到14年交了5年，17年到26年又交了9年", 168),
        ("保险厂子是从前年才给上的以前都没上就两年多点儿", 24),
        ("厂子从前年才给上的保险 就两年多点儿", 24),
        ("失业保险是从前年三月交的 上个月厂子让我走了", 31),
        ("从前年三月交的", 32),
        ("房租是从前年三月交的 到期了要搬走", 0),
        ("厂里前年五月才给交的失业险 今年十月黄了", 29),
        ("失业险交了快三年", 35),
        ("失业险将近五年", 59),
        ("交了一年零俩月", 14),
        ("干了一年二 没给我上失业保险 都走了一年多了", 0),
        ("中间断了就两年", 0),
    ],
)
def test_what_was_paid_is_added_and_gaps_are_not(text: str, months: int) -> None:
    assert _history(text).paid == months


@pytest.mark.parametrize(
    ("text", "paid", "before", "drawn"),
    [
        ("交了8年，领了5个月", 96, (), 5),
        ("先交了5年领了3个月，又上班交了3年", 36, ((60, 3),), 0),
        ("我以前领过失业金，后来又交了3年", 36, ((0, None),), 0),
        ("交了6年能领几个月", 72, (), 0),
        ("失业金我领过3个月，之前交了5年", 60, (), 3),
        ("领了3个月了，交了5年", 60, (), 3),
    ],
)
def test_work_after_a_benefit_begins_the_count_anew(
    text: str, paid: int, before: Any, drawn: int
) -> None:
    got = _history(text)
    assert (got.paid, got.closed, got.drawn) == (paid, before, drawn)


@pytest.mark.parametrize(
    ("text", "left", "carried", "months"),
    [
        ("交了8年领了5个月", 11, 0, 16),  # 16 - 5
        ("交了3年领了12个月", 0, 0, 9),
        ("先交了5年领了3个月，又上班交了3年", None, 10, 19),  # 13 - 3, and 9
        ("先交了10年领了1个月，又上班交了3年", None, 23, 24),  # 23 and 9, 24 at most
    ],
)
def test_months_not_drawn_are_added_and_what_was_drawn_is_taken_off(
    policies: Session, text: str, left: int | None, carried: int, months: int
) -> None:
    past = _history(text)
    found = unemployment_benefit(policies, past.paid, None, DAY, past)
    assert found is not None
    assert (found.remaining, found.carried, found.months) == (left, carried, months)


def test_a_benefit_drawn_before_is_asked_for(policies: Session) -> None:
    past = _history("先交5年断2年又交3年")
    found = unemployment_benefit(policies, past.paid, None, DAY, past)
    assert found is not None
    said = calculation_replies.benefit(found, "8年", None, "失业保险金", past=past).text
    assert "几段加起来" in said
    assert "以前领过失业金的" in said


def test_a_month_of_a_rate_is_no_month_paid() -> None:
    said = "那我一共能领几个月啊？一个月大概多少"
    assert events(said, message_reader().read(said), known_months=204) == []


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("失业金总共24个月，我领了10个月，还有几个月", (24, 10)),
        ("失业金核定18个月，领了6个月找到工作了，还剩几个月", (18, 6)),
        ("交满10年，已经领了9个月", None),
    ],
)
def test_what_is_left_of_months_that_were_granted(text: str, of: tuple[int, int] | None) -> None:
    assert granted_and_drawn(text, message_reader().read(text)) == of


def test_a_year_that_is_nearly_full_is_no_full_one() -> None:
    assert _history("失业险交了快三年").almost
    assert not _history("失业险交了三年").almost
    assert not _history("先交了快三年，又交了2年").almost
