from bot.jobs.few import MOST, some


def test_few_are_all_named() -> None:
    assert some(["沈阳市", "抚顺市"]) == "沈阳市、抚顺市"
    assert "等" not in some(list("甲乙丙丁")[:MOST])


def test_of_many_the_first_are_named_and_all_counted() -> None:
    assert some(["甲", "乙", "丙", "丁", "戊", "己"]) == "甲、乙、丙、丁等6地"
