"""Questions for stations, fairs and courses as the actions answer them, without a model."""

from __future__ import annotations

from datetime import date

import pytest

from tests.place_handlers.talk import Talk, keep, station


def test_without_any_listing_the_turn_is_left_to_others(here: str) -> None:
    talk = Talk()
    for text, act in (
        ("沈阳铁西就业服务站在哪", "station"), ("这周末沈阳有啥招聘会", "fair"),
        ("沈阳有电焊班吗", "training"), ("现在学啥吃香", "training"), ("明天沈阳有没有零活", "find_job"),
    ):  # fmt: skip
        assert talk.say(text, act) is None


def test_invented_listings_are_never_shown_beside_real_ones(here: str) -> None:
    keep(station("示范·站", demo=True))
    talk = Talk()
    assert "示范数据，不是真的" in talk.text("沈阳铁西就业服务站在哪")
    keep(station("保工站"))
    said = talk.text("沈阳铁西就业服务站在哪")
    assert "保工站" in said
    assert "示范" not in said
    assert "2026-11-20由铁西区人社局核实" in said


@pytest.mark.parametrize(
    ("verified", "said"),
    [
        (date(2026, 11, 20), "核实。"),
        (date(2026, 1, 5), "2026-01-05以后没再核实"),
        (None, "没有核实过"),
    ],
)
def test_each_answer_says_how_sure_it_is(here: str, verified: date | None, said: str) -> None:
    keep(station("保工站", verified_on=verified))
    talk = Talk()
    for text in ("沈阳铁西就业服务站在哪", "几点开门", "电话多少", "能办啥", "第一个"):
        assert said in talk.text(text)


def test_other_business_ends_what_was_shown(here: str) -> None:
    keep(station("保工站"))
    talk = Talk()
    talk.text("沈阳铁西就业服务站在哪")
    talk.slots["subject"] = "job"  # a search came between
    assert talk.say("几点开门", "inform") is None
    talk.text("沈阳铁西就业服务站在哪")
    for text, act in (
        ("转人工", "handoff"), ("附近有啥活", "find_job"), ("失业金怎么领", "policy"),
        ("找个保洁的活", "find_job"), ("谢谢", "thanks"), ("删掉我的信息", "my_data"),
    ):  # fmt: skip
        assert talk.say(text, act) is None, text
