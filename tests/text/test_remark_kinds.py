"""Kinds of remarks: by their words, by the nearest saying, and matters that are none."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from bot.replies import reply
from bot.settings import settings
from bot.text.remark_kinds import GRAVE, SAYINGS, kinds, remark_kind, tells_matter


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("外头又下冒烟雪了 窗户都糊死了", "weather"),
        ("我孙女会背三十首诗", "pride"),
        ("半夜又醒了 一宿没睡", "sleepless"),
        ("不敢跟媳妇说", "secret"),
        ("都怪我贪小便宜", "scammed"),
        ("这俩钱都不够赔的", "money"),
        ("村里狗都比人多 哈哈", "light"),
        ("我这两天血压高", "illness"),
        ("那时候矿上的包子一毛五一个", "memory"),
        ("家里冷冷清清的", "lonely"),
        ("唠唠就不那么堵得慌了", "thanks"),
    ],
)
def test_words_tell_the_kind(text: str, kind: str) -> None:
    assert remark_kind(text) == kind


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("孩子出牙了 闹了一宿", "baby"),
        ("同学群我早屏蔽了", "shame"),
        ("颠勺的胳膊抬都抬不动喽", "illness"),
        ("整层楼都空了 怪瘆人的", "parting"),
    ],
)
def test_meaning_tells_the_kind_where_words_do_not(text: str, kind: str) -> None:
    assert remark_kind(text) == kind


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    ["厂子黄了 档案都不知道搁哪了", "平台说我超时罚五十块", "身份证还让前夫压着呢", "没签合同"],
)
def test_what_is_told_of_a_matter_is_known(text: str) -> None:
    assert tells_matter(text)


@pytest.mark.parametrize("text", ["外头又下雪了", "我孙女可聪明了", "村里狗都比人多"])
def test_a_remark_tells_no_matter(text: str) -> None:
    assert not tells_matter(text)


@pytest.mark.parametrize("name", ["remark", *(f"remark_{kind}" for kind in kinds())])
def test_every_kind_has_a_reply_in_two_wordings(name: str) -> None:
    first, second = reply(name, None), reply(name, None, again=True)
    assert first.text != second.text


@pytest.mark.parametrize("kind", sorted(set(kinds()) - GRAVE))
def test_a_helpline_is_named_to_grave_remarks_alone(kind: str) -> None:
    assert "12356" not in reply(f"remark_{kind}", None).text


def test_each_saying_is_nearest_to_its_own_kind() -> None:
    file = settings().data / "vocab" / SAYINGS
    given: dict[str, list[str]] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    sayings = [saying for kind in given.values() for saying in kind]
    assert len(sayings) == len(set(sayings))
    assert set(given) - {"matter"} <= set(kinds())
