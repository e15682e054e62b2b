"""What is told of the data that is kept."""

from __future__ import annotations

import pytest

from bot.privacy.records import Group
from bot.seekers.my_data import PersonalData
from bot.subscriptions.replies import kept_data


@pytest.mark.parametrize(
    ("table", "rows", "is_counted"),
    [("tickets", 1, False), ("tickets", 2, True), ("deliveries", 1, True)],
)
def test_of_what_there_is_one_of_no_number_is_told(table: str, rows: int, is_counted: bool) -> None:
    group = Group("工单", rows, "结束之后1年就删", (table,))
    text = kept_data(PersonalData(None, (), None, (), (), (), 0, (group,))).text
    assert "工单" in text
    assert "结束之后1年就删" in text
    assert (f"{rows}条" in text) == is_counted
