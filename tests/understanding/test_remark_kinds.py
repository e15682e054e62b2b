"""Kinds of remarks: by their words, by the nearest saying, and matters that are none."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from bot.fixed_replies import reply
from bot.settings import settings
from bot.understanding.remark_kinds import (
    CHEERFUL,
    GRAVE,
    SAYINGS,
    kinds,
    remark_kind,
    tells_matter,
)


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
        ("家里就剩我跟一条狗", "lonely"),
        ("拖鞋都没换 笑死人", "light"),
        ("唠唠就不那么堵得慌了", "thanks"),
        ("我老伴前年腊月走的", "loss"),
        ("我妈走了三年了", "loss"),
        ("怀的这个没保住", "loss"),
        ("我就想要个明白账", "resolve"),
        ("肚子里这个踢我一脚", "baby"),
        ("工头踢了我一脚", "anger"),
        ("孩子学费还没凑上", "money"),
        ("穷得裤子都穿不上了", "money"),
        ("就当交学费了", "scammed"),
        ("心里太难受了", "hard"),
        ("我妈病倒了我又下岗 真是雪上加霜", "hard"),
        ("今年旱，没打多少粮", "hard"),
        ("我精神快崩溃了", "heavy"),
        ("我豁出去了 跟他同归于尽", "heavy"),
        ("别劝我了,我已经想好了", "heavy"),
        ("心里早麻木了", "heavy"),
        ("挺不过去了", "heavy"),
        ("活着太累", "heavy"),
        ("站在楼顶上", "heavy"),
    ],
)
def test_words_tell_the_kind(text: str, kind: str) -> None:
    assert remark_kind(text) == kind


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("别劝我了", "resolve"),
        ("豁出去了", "resolve"),
        ("要个理发师", "resolve"),
        ("我精神不好", "pride"),
        ("欠得太厉害", "pride"),
        ("没啥手艺", "pride"),
        ("我可能快不行了", "pride"),
        ("他人真不好", "pride"),
        ("做梦都是机器轧手那一下", "light"),
        ("他天天喝酒", "light"),
        ("抖音上看的招聘", "light"),
        ("让人笑死了", "light"),
        ("他给我踢我出群了", "baby"),
        ("怀着这个没保住", "baby"),
        ("没有胎动了", "baby"),
        ("旱涝保收", "weather"),
        ("雪上加霜", "weather"),
        ("心里真冷", "weather"),
        ("孩子交学费", "scammed"),
        ("早上当保安", "scammed"),
        ("心里难受", "parting"),
        ("干了半辈子", "parting"),
        ("离婚了", "lonely"),
        ("就剩一个月工资", "lonely"),
        ("同事都领了就剩我没领", "lonely"),
        ("看不起病", "shame"),
        ("白天干活", "boss"),
        ("我爸没了收入", "loss"),
        ("孩子奶粉没了着落", "loss"),
        ("老公走了后门", "loss"),
        ("这辈子毁了", "memory"),
        ("钱打过去了", "memory"),
        ("累计十五年", "tired"),
    ],
)
def test_a_bare_word_tells_no_kind(text: str, wrong: str) -> None:
    assert remark_kind(text) != wrong


@pytest.mark.parametrize(
    "text", ["机器轧手那一下 哈哈", "癌都得了 真好", "下雪天截肢了", "我要个说法 我想好了"]
)
def test_nothing_cheerful_is_taken_beside_grim_words(text: str) -> None:
    assert remark_kind(text) not in CHEERFUL


@pytest.mark.parametrize("again", [False, True])
def test_a_resolve_is_not_approved_of(again: bool) -> None:
    text = reply("remark_resolve", None, repeated=again).text
    assert not any(word in text for word in ("不劝", "你自己拿", "听你的", "这股劲"))


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
    first, second = reply(name, None), reply(name, None, repeated=True)
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
