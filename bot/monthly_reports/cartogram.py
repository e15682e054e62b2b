"""Levels of cities and districts as tiles in SVG: no script, readable without colour.

A tile is no map: blocks of cities lie roughly as the cities do (data/warning/cartogram.yml), the
districts in a block by their codes. Each tile says its level in a word; the fill repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from bot.caches import process_cache
from bot.vocabulary.vocabulary import vocabulary
from bot.warning.levels import NAMES
from bot.warning.rule_figures import folder
from bot.warning.yaml_file import check, read_file

#: Sizes of a tile, the gap between blocks, and the line with the city's name.
WIDTH, HEIGHT, GAP, HEADING = 62, 16, 8, 15
#: Tiles in a row of a block.
IN_A_ROW = 3
#: What a tile says of its level; anything else is hidden, since it would give a small number away.
MARKS = {
    NAMES["blue"]: "蓝", NAMES["yellow"]: "黄", NAMES["red"]: "红", NAMES["missing"]: "缺数",
    NAMES["unset"]: "未设", NAMES["break"]: "不可比",
}  # fmt: skip
_HIDDEN = "不示"
_ORDER = (*MARKS.values(), _HIDDEN)
_INK, _PAPER = "#1a1a1a", "#ffffff"
#: Fill, ink and border of a level; the yellow is hatched and the red dark, so that grey tells them.
_FILLS = {
    "蓝": ("#e3eef9", _INK, ""), "黄": ("url(#hatch)", _INK, ""), "红": ("#8c1016", _PAPER, ""),
    "缺数": (_PAPER, _INK, ' stroke-dasharray="3 2"'),
}  # fmt: skip
_PLAIN = ("#f1f2f3", "#444444", ' stroke-dasharray="1 2"')
_HATCH = (
    '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<rect width="5" height="5" fill="#ffe9a8"/>'
    '<path d="M0,5 L5,0" stroke="#8a6d00" stroke-width="0.8"/></pattern></defs>'
)
_OFFICIAL = re.compile(r"(?:满族|蒙古族)自治县$|(?<=..)[区县市]$")


@dataclass(frozen=True)
class _Layout:
    """Places of the cities' blocks and short names."""

    cities: Mapping[str, tuple[int, int]]
    short: Mapping[str, str]


def cartogram(region: str, levels: Mapping[str, str]) -> str:
    """Return the tiles of a province or city by the level of each district; empty for a district.

    `levels`: the name of the level by GB/T 2260 code. Raises WarningFileErrors.
    """
    blocks = _blocks(region)
    if not blocks:
        return ""
    tops, width, height = _tops(blocks)
    body = "".join(
        _block(city, column * (IN_A_ROW * WIDTH + GAP), tops[row], levels)
        for city, (column, row) in blocks.items()
    )
    counts = tally(levels, [place for city in blocks for place in vocabulary().children(city)])
    title = escape(f"{vocabulary().full_name(region)}各区县警戒线：{counts}")
    return (
        f'<svg role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<title>{title}</title>{_HATCH}{body}</svg>"
    )


def tally(levels: Mapping[str, str], places: list[str]) -> str:
    """Return how many districts have which level, in words."""
    counts: dict[str, int] = {}
    for place in places:
        mark = MARKS.get(levels.get(place, ""), _HIDDEN)
        counts[mark] = counts.get(mark, 0) + 1
    return "，".join(
        f"{mark}{counts[mark]}" for mark in (*MARKS.values(), _HIDDEN) if mark in counts
    )


def city_grid(region: str, levels: Mapping[str, str]) -> list[list[str]]:
    """Return the blocks as rows of texts, for where nothing is drawn; empty but for a province.

    Each says the city, its level, and how many of its districts have which.
    """
    blocks = _blocks(region) if vocabulary().regions[region].level == 1 else {}
    if not blocks:
        return []
    columns = max(column for column, _ in blocks.values()) + 1
    grid = [[""] * columns for _ in range(max(row for _, row in blocks.values()) + 1)]
    for city, (column, row) in blocks.items():
        own = MARKS.get(levels.get(city, ""), _HIDDEN)
        districts = tally(levels, vocabulary().children(city))
        grid[row][column] = f"{vocabulary().regions[city].name}（{own}）{districts}"
    return grid


def short_name(place: str) -> str:
    """Return a district's name as a tile has room for it."""
    return _layout().short.get(place) or _OFFICIAL.sub("", vocabulary().regions[place].name)


def _blocks(region: str) -> Mapping[str, tuple[int, int]]:
    """Return the cities of a region with the place of their block."""
    if vocabulary().regions[region].level == 2:
        return {region: (0, 0)}
    inside = set(vocabulary().children(region))
    return {city: place for city, place in _layout().cities.items() if city in inside}


def _tops(blocks: Mapping[str, tuple[int, int]]) -> tuple[dict[int, int], int, int]:
    """Return where each row of blocks begins, and the size of the whole."""
    top, tops = 0, {}
    for row in range(max(row for _, row in blocks.values()) + 1):
        tops[row] = top
        tallest = max(
            (len(vocabulary().children(city)) for city, (_, r) in blocks.items() if r == row),
            default=0,
        )
        top += HEADING + -(-tallest // IN_A_ROW) * HEIGHT + GAP
    columns = max(column for column, _ in blocks.values()) + 1
    return tops, columns * (IN_A_ROW * WIDTH + GAP) - GAP, top - GAP + 2


def _block(city: str, left: int, top: int, levels: Mapping[str, str]) -> str:
    own = MARKS.get(levels.get(city, ""), _HIDDEN)
    name = escape(f"{vocabulary().regions[city].name}（{own}）")
    heading = f'<text x="{left}" y="{top + 11}" font-size="10.5" font-weight="bold">{name}</text>'
    return heading + "".join(_tiles(city, left, top + HEADING, levels))


def _tiles(city: str, left: int, top: int, levels: Mapping[str, str]) -> Iterator[str]:
    for number, place in enumerate(vocabulary().children(city)):
        mark = MARKS.get(levels.get(place, ""), _HIDDEN)
        fill, ink, border = _FILLS.get(mark, _PLAIN)
        x, y = left + number % IN_A_ROW * WIDTH, top + number // IN_A_ROW * HEIGHT
        yield (
            f'<rect x="{x + 0.5}" y="{y + 0.5}" width="{WIDTH - 1}" height="{HEIGHT - 1}"'
            f' fill="{fill}" stroke="{_INK}" stroke-width="0.6"{border}/>'
            f'<text x="{x + 3}" y="{y + 11.5}" font-size="9.5" fill="{ink}">'
            f"{escape(short_name(place))}</text>"
            f'<text x="{x + WIDTH - 3}" y="{y + 11.5}" font-size="9.5" font-weight="bold"'
            f' text-anchor="end" fill="{ink}">{mark}</text>'
        )


@process_cache(size=1)
def _layout() -> _Layout:
    file = read_file(folder() / "cartogram.yml")
    places, names = file.entry("cities"), file.entry("short")
    cities = {}
    for code, place in (places.values if places else {}).items():
        known = code in vocabulary().regions and vocabulary().regions[code].level == 2
        if not known or not (isinstance(place, list) and len(place) == 2):
            file.fault("cities", f"{code}: {place!r} is no city with [column, row]")
            continue
        cities[str(code)] = (int(place[0]), int(place[1]))
    if len(set(cities.values())) < len(cities):
        file.fault("cities", "two cities have one place")
    check(file)
    short = {str(code): str(name) for code, name in (names.values if names else {}).items()}
    return _Layout(cities, short)
