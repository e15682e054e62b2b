from datetime import datetime

import pytest

from bot.clock import CHINA
from bot.subscriptions.frequency import FREQUENCY_TEXTS, extract_frequency, is_due


@pytest.mark.parametrize(
    ("said", "frequency"),
    [
        ("每周一发", "weekly"), ("一周发我一次就行", "weekly"), ("每个礼拜给我发点", "weekly"), ("周一给我发一次", "weekly"),
        ("每天早上发", "daily"), ("天天给我发招聘信息", "daily"), ("一天一次", "daily"),
        ("一有新的就告诉我", "at_once"), ("有了就跟我说", "at_once"), ("马上通知我", "at_once"),
        ("帮我留意着", None), ("好", None),
    ],
)  # fmt: skip
def test_how_often_is_read_from_what_people_say(said: str, frequency: str | None) -> None:
    assert extract_frequency(said) == frequency


@pytest.mark.parametrize("frequency", FREQUENCY_TEXTS)
def test_what_is_said_of_a_frequency_is_read_as_it(frequency: str) -> None:
    assert extract_frequency(FREQUENCY_TEXTS[frequency]) == frequency  # type: ignore[index]


def _november(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("frequency", "last", "now", "due"),
    [
        ("at_once", (24, 10), (24, 10), True),
        ("daily", (23, 9), (24, 8), False),
        ("daily", (23, 9), (24, 9), True),
        ("daily", (24, 9), (24, 20), False),
        ("weekly", (18, 12), (20, 12), False),  # subscribed on Wednesday, now Friday
        ("weekly", (18, 12), (23, 8), False),  # Monday, too early
        ("weekly", (18, 12), (23, 9), True),
        ("weekly", (18, 12), (25, 9), True),  # Monday and Tuesday were free
        ("weekly", (23, 9), (27, 9), False),
    ],
)
def test_a_digest_is_due_in_the_morning_of_its_day(
    frequency: str, last: tuple[int, int], now: tuple[int, int], due: bool
) -> None:
    assert is_due(frequency, _november(*last), _november(*now)) is due
