import pytest

from bot.text.negation import is_former, is_ruled_out


def _span(text: str) -> tuple[str, int, int]:
    """Return the text without the brackets that mark the span."""
    start = text.index("[")
    plain = text.replace("[", "").replace("]", "")
    return plain, start, text.index("]") - 1


@pytest.mark.parametrize(
    "marked",
    ["不要[销售]", "除了[销售]啥都行", "不是[沈阳]是鞍山", "[销售]的不要", "别给我推[保险]", "不想干[保安]了",
     "[大连]不去了", "[夜班]不行", "不能上[夜班] 一礼拜去趟医院", "上不了[夜班]", "有没有不用上[晚班]的", "不需要值[夜班]", "现在开不了[大车]了"],
)  # fmt: skip
def test_what_is_not_wanted_is_ruled_out(marked: str) -> None:
    assert is_ruled_out(*_span(marked))


@pytest.mark.parametrize(
    "marked",
    ["想找[保安]的活", "不是沈阳,是[鞍山]", "不要销售,[文员]可以", "有没有[会计]", "[沈阳]有活没", "除了销售 [锦州]", "能不能上[夜班]", "用不用上[夜班]"],
)  # fmt: skip
def test_what_is_wanted_is_not_ruled_out(marked: str) -> None:
    assert not is_ruled_out(*_span(marked))


@pytest.mark.parametrize(
    "marked",
    ["以前[开大车]的", "原来在厂里干[电工]", "干过[会计] 想换个别的", "[厨师]干了十年了 干不动了", "当过五年[保安] 有没有轻巧的"],
)  # fmt: skip
def test_a_trade_of_the_past_is_no_wish(marked: str) -> None:
    assert is_former(*_span(marked))


@pytest.mark.parametrize(
    "marked",
    ["想干[保洁]", "以前在厂里,现在想找[保安]", "[电工]有招的吗", "我做过六年[瓦工] 本溪有活吗", "[厨师]干了十年了 锦州招不招"],
)  # fmt: skip
def test_a_wish_is_not_of_the_past(marked: str) -> None:
    assert not is_former(*_span(marked))
