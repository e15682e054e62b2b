from __future__ import annotations

import pytest

from bot.understanding.extractors.persons import extract


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("换成我媳妇，她52了", ["wife"]),
        ("给我妈找个保洁", ["mother"]),
        ("我妈五十三能去不", ["mother"]),
        ("那我自己呢", ["self"]),
        ("我闺女刚毕业", ["daughter"]),
        ("帮俺哥问问", ["brother"]),
        ("我妈说有补贴", []),
        ("我家里有老婆孩子要养", []),
        ("失业金怎么领", []),
        ("我的工资没发", []),
    ],
)
def test_for_whom_somebody_speaks(text: str, who: list[str]) -> None:
    assert [found.value for found in extract(text)] == who
