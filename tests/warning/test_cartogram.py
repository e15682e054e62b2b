"""The tiles of districts: every one is there, says its level in a word, and needs no colour."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from bot.monthly_reports.cartogram import cartogram, city_grid, short_name, tally
from bot.vocabulary.vocabulary import vocabulary
from bot.warning.levels import NAMES
from bot.warning.series import districts

PROVINCE, SHENYANG = "210000", "210100"
SVG = "{http://www.w3.org/2000/svg}"


def _levels(level: str = "blue") -> dict[str, str]:
    return dict.fromkeys(vocabulary().regions, NAMES[level])  # type: ignore[index]


def _texts(drawn: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(drawn).iter("text")]


def test_every_district_of_the_province_has_a_tile_in_the_picture() -> None:
    drawn = cartogram(PROVINCE, _levels())
    root = ElementTree.fromstring(drawn)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    # One rectangle more: the pattern's own.
    tiles = [one for one in root.iter("rect") if "x" in one.attrib]
    assert len(tiles) == len(districts(PROVINCE)) == 100
    places = {(float(one.attrib["x"]), float(one.attrib["y"])) for one in tiles}
    assert len(places) == 100
    assert all(
        float(one.attrib["x"]) + float(one.attrib["width"]) <= width
        and float(one.attrib["y"]) + float(one.attrib["height"]) <= height
        for one in tiles
    )
    texts = _texts(drawn)
    assert {short_name(place) for place in districts(PROVINCE)} <= set(texts)
    assert max(len(short_name(place)) for place in districts(PROVINCE)) <= 4


@pytest.mark.parametrize(
    ("level", "mark"),
    [
        ("yellow", "黄"),
        ("red", "红"),
        ("missing", "缺数"),
        ("unset", "未设"),
        ("break", "不可比"),
    ],
)
def test_a_level_is_a_word_and_a_fill_of_its_own(level: str, mark: str) -> None:
    plain, other = cartogram(SHENYANG, _levels()), cartogram(SHENYANG, _levels(level))
    assert _texts(other).count(mark) == len(districts(SHENYANG))
    fills = [
        re.findall(r'<rect x="0.5" .*?fill="([^"]+)"(.*?)/>', one)[0] for one in (plain, other)
    ]
    assert fills[0] != fills[1]


def test_a_hidden_level_is_not_told_and_a_missing_one_is_never_blue() -> None:
    levels = _levels()
    levels["210106"], levels["210102"] = "—", NAMES["missing"]
    texts = _texts(cartogram(SHENYANG, levels))
    assert texts[texts.index("铁西") + 1] == "不示"
    assert texts[texts.index("和平") + 1] == "缺数"
    assert tally(levels, ["210106", "210102", "210104"]) == "蓝1，缺数1，不示1"


def test_nothing_is_drawn_for_a_district_and_nothing_runs() -> None:
    assert cartogram("210106", _levels()) == ""
    assert city_grid("210100", _levels()) == []
    drawn = cartogram(PROVINCE, _levels())
    assert not re.search(r"script|style=|href|on\w+=", drawn)


def test_the_grid_of_texts_names_each_city_once() -> None:
    cells = [cell for row in city_grid(PROVINCE, _levels()) for cell in row if cell]
    assert len(cells) == 14
    assert "沈阳市（蓝）蓝13" in cells
