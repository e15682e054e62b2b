"""Mistyped names, on the real vocabulary."""

from __future__ import annotations

import pytest

from bot.understanding.entity_extractor import message_reader


def _read(text: str) -> dict[str, str]:
    return {
        e["entity"]: e.get("name") or e["names"][0]
        for e in message_reader().read(text)
        if e["entity"] in ("region", "occupation")
    }


@pytest.mark.parametrize(
    ("typed", "region", "occupation"),
    [
        ("沈样 保安 4000", "沈阳市", "保安员"),
        ("大联有没有招会记的", "大连市", "会计"),
        ("想找宝洁的活", None, "保洁员"),
        ("有电悍的活没", None, "焊工"),
        ("俺52 电悍干了20多年", None, "焊工"),
        ("葫芦到有啥活", "葫芦岛市", None),
        ("瓦房殿附近 普工", "瓦房店市", "普工"),
        ("在甘井了找工作", "甘井子区", None),
        ("找个月扫的活", None, "月嫂"),
        ("沈阳铁西区找保按", "铁西区", "保安员"),
        ("在常海县找活", "长海县", None),
        ("在掌海县找活", "长海县", None),
        ("大连 快计", "大连市", "会计"),
        ("沈阳 银杭柜员", "沈阳市", "银行柜员"),
        ("找个跳酒师的活", None, "调酒师"),
        ("招叉 车司机吗", None, "叉车司机"),
        ("招叉　车司机吗", None, "叉车司机"),
        ("找个保\n洁的活", None, "保洁员"),
        ("我 想 找 保 安", None, "保安员"),
        ("长海县快计", "长海县", "会计"),
        ("大洼县电悍", "大洼区", "焊工"),
        ("和平区报安", "和平区", "保安员"),
        ("新民市司击", "新民市", "司机"),
        ("沈阳市保结", "沈阳市", "保洁员"),
        ("沈 阳找会 计", "沈阳市", "会计"),
        ("铁 西区 保洁", "铁西区", "保洁员"),
    ],
)
def test_a_mistyped_name_is_read(typed: str, region: str | None, occupation: str | None) -> None:
    read = _read(typed)
    assert (read.get("region"), read.get("occupation")) == (region, occupation)


@pytest.mark.parametrize(
    "typed",
    [
        "公益岗位是干啥的",
        "农民工工资拖欠",
        "我要找工作人员",
        "赔偿怎么算",
        "离家近就行",
        "面试没过",
        "没那个意思",
        "几点上班",
        "急招人 事情多吗",
        "快点回复我",
        "我搬丹东市里了",
        "县城有活吗",
    ],
)
def test_ordinary_words_are_no_mistyped_names(typed: str) -> None:
    assert _read(typed).get("occupation") in (None, "农民工")


def test_a_name_spelt_right_is_never_replaced() -> None:
    assert _read("鞍山保安") == {"region": "鞍山市", "occupation": "保安员"}


def test_false_readings_are_rare_on_what_people_write(shared) -> None:  # type: ignore[no-untyped-def]
    """On real questions, which name few places and trades, a mistyped name is the exception."""
    import json

    from bot.text.fuzzy_names import NearNames  # noqa: F401
    from bot.text.normalise import normalise

    reader = message_reader()
    lines = (shared / "eval" / "real-questions.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [normalise(json.loads(line)["text"]).text for line in lines]
    found = 0
    for text in texts:
        for room, gazetteer in (
            (reader.regions._mistyped_names, reader.regions._gazetteer),
            (reader.occupations._mistyped_names, reader.occupations._messages),
        ):
            taken = [(hit.start, hit.end) for hit in gazetteer.find(text)]
            found += len(room.find(text, taken))
    assert found <= len(texts) * 0.01
