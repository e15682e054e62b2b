"""Years of two digits and in characters are points in time; lengths stay lengths."""

from __future__ import annotations

from datetime import date

import pytest

from bot import clock
from bot.understanding.entity_extractor import message_reader


def _read(text: str) -> list[str]:
    with clock.frozen(date(2026, 11, 28)):
        found = message_reader().read(text)
    dates = [str(e["value"]["first"])[:7] for e in found if e["entity"] == "date"]
    lengths = [f"{e['value']}个月" for e in found if e["entity"] == "duration"]
    return [*dates, *lengths]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("15年入职的，24年12月被辞", ["2015-01", "2024-12"]),
        ("从08年交到23年", ["2008-01", "2023-01"]),
        ("保险从零九年一直交到二四年", ["2009-01", "2024-01"]),
        ("09年来的", ["2009-01"]),
        ("15年前进的厂", ["2011-01"]),
        ("三年前下岗的", ["2023-01"]),
        ("两个月前被辞的", ["2026-09"]),
        ("上个月20号走的", ["2026-10"]),
        ("零三年进厂", ["2003-01"]),
        ("二零一五年三月入职", ["2015-03"]),
        ("一九九八年参加工作", ["1998-01"]),
        ("98年参加工作", ["1998-01"]),
        ("九八年上的班", ["1998-01"]),
        ("18年到25年在一家厂子", ["2018-01", "2025-01"]),
        ("我是15年3月进的厂", ["2015-03"]),
        ("大概12年来的", ["2012-01"]),
        ("21年底来的", ["2021-12"]),
        ("打11年起就在饭店", ["2011-01"]),
        ("15年1月1号入职", ["2015-01"]),
        ("15年那会儿失业金多少", ["2015-01"]),
    ],
)
def test_beside_words_of_beginning_and_end_a_year_is_one_of_the_calendar(
    text: str, points: list[str]
) -> None:
    assert _read(text) == points


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("交了15年", ["180个月"]),
        ("干了8年", ["96个月"]),
        ("干了15年被辞", ["180个月"]),
        ("工龄是15年", ["180个月"]),
        ("满10年到20年的年假", ["120个月", "240个月"]),
        ("10年到20年的年假几天", ["120个月", "240个月"]),
        ("养老交到15年才能领", ["180个月"]),
        ("合同10年", ["120个月"]),
        ("12年的老员工", ["144个月"]),
        ("干了11年6个月", ["138个月"]),
        ("干了5个月29天", ["5个月"]),
        ("七八年没干活了", []),
    ],
)
def test_lengths_stay_lengths(text: str, lengths: list[str]) -> None:
    assert _read(text) == lengths


def test_a_length_of_work_is_not_read_from_a_year() -> None:
    found = message_reader().read("14年干到22年")
    assert "experience" not in {entity["entity"] for entity in found}
