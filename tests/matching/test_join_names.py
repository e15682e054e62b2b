from bot.matching.join_names import MAX_NAMES, join_names


def test_few_are_all_named() -> None:
    assert join_names(["沈阳市", "抚顺市"]) == "沈阳市、抚顺市"
    assert "等" not in join_names(list("甲乙丙丁")[:MAX_NAMES])


def test_of_many_the_first_are_named_and_all_counted() -> None:
    assert join_names(["甲", "乙", "丙", "丁", "戊", "己"]) == "甲、乙、丙、丁等6地"
