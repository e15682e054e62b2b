import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import normalise
from bot.text.phrase_matcher import Gazetteer
from bot.understanding.extractors.occupations import MAX_OCCUPATIONS, OccupationReader
from bot.vocabulary.vocabulary import vocabulary

READER = OccupationReader(vocabulary())


@pytest.mark.parametrize(
    ("text", "name"),
    {"有没有打更的活": "保安员", "想干打扫卫生的": "保洁员", "会开大车": "货车司机", "伺候月子": "月嫂", "二保焊有活吗": "焊工",
     "找个会计的活": "会计", "想学java开发": "Java开发工程师", "端盘子": "餐厅服务员", "跑滴滴": "网约车司机", "想当护士": "护士",
     "上幼儿园干活": "幼儿教师", "货车的": "货车司机"}.items(),
)  # fmt: skip
def test_the_names_people_use_are_read(text: str, name: str) -> None:
    assert [found.value[0] for found in READER.read(normalise(text).text)] == [name]


@pytest.mark.parametrize(
    "text", ["会计师事务所有活吗", "javascriptx", "沈阳天气", "孩子刚上幼儿园", "送完幼儿园再去"]
)
def test_what_only_contains_a_trade_is_none(text: str) -> None:
    assert READER.read(text) == []


@pytest.mark.parametrize(
    ("title", "name"),
    {"急招保安员（包吃住）": "保安员", "电商客服": "客服", "会计助理": "会计", "品牌市场经理": "市场专员", "Java开发工程师（双休）": "Java开发工程师",
     "诚聘电焊工8000起": "焊工", "C++软件工程师": "C++开发工程师", "幼儿园老师": "幼儿教师", "4.2米司机送货": "货车司机",
     "安全攻防工程师": "网络工程师", "蓝军实战攻防岗": "网络工程师", "努力搬砖成就美丽人生 销售管培生": "销售经理",
     "今天搬砖不狠明天地位不稳 急招【高薪包吃住配送员】": "外卖骑手"}.items(),
)  # fmt: skip
def test_a_title_is_read_as_the_trade_at_its_head(title: str, name: str) -> None:
    assert READER.title(title)[0] == name


def test_most_titles_of_real_postings_are_read(shared: Path) -> None:
    with gzip.open(shared / "jobs" / "liaoning.jsonl.gz", "rt", encoding="utf-8") as lines:
        titles = [json.loads(line)["title"] for line in lines]
    assert sum(bool(READER.title(title)) for title in titles) / len(titles) > 0.9


@given(st.text(max_size=80))
def test_no_title_makes_the_reader_fail(title: str) -> None:
    assert len(READER.title(title)) <= MAX_OCCUPATIONS


def test_the_longest_name_wins_and_latin_names_are_whole_words() -> None:
    names = Gazetteer([("会计", 1), ("成本会计", 2), ("java", 3)])
    assert [found.value for found in names.find("成本会计")] == [2]
    assert [found.value for found in names.find("java开发,javascript")] == [3]
    (found,) = names.find("找  会计")
    assert (found.start, found.end) == (3, 5)


def test_minding_a_child_of_ones_own_is_no_trade() -> None:
    assert READER.read("她带孩子只能上午干") == []
    assert [f.value[0] for f in READER.read("找个带孩子的活")] == ["育儿嫂"]
