"""Lines of a posting's card."""

from __future__ import annotations

from datetime import date

from bot.matching.card_lines import detail_lines, expired_line, origin_line

DAY = date(2026, 11, 17)


def test_a_source_is_named_without_the_ending_of_its_file() -> None:
    assert origin_line("沈阳.xlsx", DAY) == origin_line("沈阳", DAY)
    assert "沈阳" in origin_line("沈阳.xlsx", DAY)
    assert "2026-11-17" in origin_line("沈阳", DAY)


def test_what_is_not_known_leaves_no_gap() -> None:
    for line in (origin_line("", DAY), origin_line("", None), origin_line("沈阳", None)):
        assert line
        assert "，，" not in line
        assert not line.startswith("，")
    assert "2026-12-31" in origin_line("", DAY, date(2026, 12, 31))
    assert "2026-11-17" in expired_line(DAY)


def test_only_stated_details_have_a_line() -> None:
    (line,) = detail_lines({"address": "保工街1号", "age": "", "unknown": "x"})
    assert "保工街1号" in line
    assert detail_lines({}) == []
