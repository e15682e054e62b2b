import pytest

from bot.db.comma_lists import joined, split
from bot.subscriptions.preference_rows import normalise_places


@pytest.mark.parametrize(
    ("region", "also", "first", "further"),
    [
        (None, "", None, ()),
        ("210100", "", "210100", ()),
        ("210100", "210200,210400", "210100", ("210200", "210400")),
        (None, "210200,210400", None, ("210200", "210400")),
        ("210100", "210106,210200", "210100", ("210200",)),
        ("210106", "210200,210100", "210100", ("210200",)),
        ("210106", "210000", "210000", ()),
        ("210100", "210100", "210100", ()),
    ],
)
def test_no_place_of_a_kept_wish_lies_in_another(
    region: str | None, also: str, first: str | None, further: tuple[str, ...]
) -> None:
    assert normalise_places(region, also) == (first, further)


def test_lists_come_back_from_their_column_each_word_once() -> None:
    assert split(joined(["lodging", "meals", "lodging"])) == ("lodging", "meals")
    assert split(joined([])) == ()
