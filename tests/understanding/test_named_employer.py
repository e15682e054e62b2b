import pytest

from bot.understanding.named_employer import named_employer


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我在鑫源保洁公司干了三个月，一分钱没给", "鑫源保洁公司"),
        ("沈阳顺达物流有限公司拖欠工资", "沈阳顺达物流有限公司"),
        ("老板是大东区红星饭店的", "大东区红星饭店"),
        ("给万家物业看门", "万家物业"),
        ("单位叫辽阳宏伟纺织厂", "辽阳宏伟纺织厂"),
        ("我在一家公司上班", ""),
        ("我们厂不给钱", ""),
        ("原来的公司没给我交社保", ""),
        ("公司不给开证明", ""),
        ("厂长跑了", ""),
        ("转人工", ""),
        ("工资没发，该找谁", ""),
    ],
)
def test_an_employer_is_read_where_one_is_named(text: str, name: str) -> None:
    assert named_employer([text]) == name


def test_the_one_named_last_counts() -> None:
    assert named_employer(["我在甲乙物业干过", "现在说的是丙丁超市", "没给钱"]) == "丙丁超市"
