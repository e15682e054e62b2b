import pytest

from bot.rendering.sms_segments import count


@pytest.mark.parametrize(
    ("text", "parts"),
    [("字" * 70, 1), ("字" * 71, 2), ("字" * 134, 2), ("字" * 135, 3), ("🙂" * 35, 1), ("🙂" * 36, 2), ("", 1)],
)  # fmt: skip
def test_parts_are_counted_as_the_air_carries_them(text: str, parts: int) -> None:
    assert count(text) == parts
