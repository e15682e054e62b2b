from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.settings import settings
from bot.text.errors import VocabularyError
from bot.vocabulary.trade_needs import trade_needs

VOCAB = settings().data / "vocab"


def test_every_trade_of_the_vocabulary_says_what_it_needs() -> None:
    families = YAML(typ="safe").load((VOCAB / "occupations.yml").read_text("utf-8"))
    named = {trade for members in families.values() for trade in members}
    assert named == set(trade_needs().needs)


@pytest.mark.parametrize(
    ("wanted", "offered"),
    [("保安员", "停车管理员"), ("普工", "装配工"), ("车工", "铣工"), ("会计", "出纳"), ("月嫂", "育儿嫂"), ("护工", "养老护理员"),
     ("货车司机", "司机"), ("Java开发工程师", "软件开发工程师"), ("快递员", "分拣员")],
)  # fmt: skip
def test_who_knows_a_trade_is_offered_what_needs_no_more(wanted: str, offered: str) -> None:
    assert offered in trade_needs().substitutes(wanted)


@pytest.mark.parametrize(
    ("wanted", "not_offered"),
    [("停车管理员", "货车司机"), ("保洁员", "货车司机"), ("运维工程师", "Java开发工程师"), ("康乐服务员", "前端开发工程师"), ("医生", "护士"),
     ("护士", "医生"), ("普工", "质检员"), ("出纳", "会计"), ("育儿嫂", "月嫂"), ("司机", "货车司机"), ("焊工", "普工"), ("医生", "护工")],
)  # fmt: skip
def test_nobody_is_offered_what_has_to_be_learned_or_is_of_another_level(
    wanted: str, not_offered: str
) -> None:
    assert not_offered not in trade_needs().substitutes(wanted)


def test_a_licence_told_of_opens_the_trades_that_need_it() -> None:
    known = trade_needs()
    held = known.allowed(("licence_a2",))
    assert known.can_do("货车司机", "司机", held)
    assert not known.can_do("货车司机", "司机", known.allowed(("licence_c",)))
    assert not known.can_do("客车司机", "司机", held)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("停车管理员 收费员 加油员", "停车管理员 收费员 厨师"), ("masonry: 瓦工", "masonry: 瓦瓦工")],
)
def test_a_wrong_line_is_refused(tmp_path: Path, was: str, becomes: str) -> None:
    file = tmp_path / "trade_needs.yml"
    text = (VOCAB / "trade_needs.yml").read_text("utf-8")
    assert was in text
    file.write_text(text.replace(was, becomes, 1), "utf-8")
    with pytest.raises(VocabularyError):
        trade_needs(file)
