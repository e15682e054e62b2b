import json
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.text.errors import VocabularyError
from bot.vocabulary.vocabulary import Vocabulary, vocabulary

WORDS = vocabulary()


def test_liaoning_has_its_14_cities_and_100_districts_and_counties() -> None:
    inside = [r for r in WORDS.regions.values() if r.code.startswith("21")]
    assert sum(r.level == 2 for r in inside) == 14
    assert sum(r.level == 3 for r in inside) == 100


def test_the_divisions_are_those_of_an_independent_list(shared: Path) -> None:
    listed = json.loads((shared / "vocab" / "liaoning-divisions.json").read_text(encoding="utf-8"))
    for city in listed["children"]:
        assert WORDS.name(city["code"] + "00") == city["name"]
        for district in city["children"]:
            assert WORDS.name(district["code"]) == district["name"]


def test_every_occupation_has_a_code_of_the_official_list(shared: Path) -> None:
    lines = (shared / "vocab" / "occupations-2022.csv").read_text(encoding="utf-8-sig").splitlines()
    codes = {line.split(",")[1] for line in lines[1:] if line.count(",") > 3}
    assert len(WORDS.occupations) >= 400
    assert [o.name for o in WORDS.occupations.values() if o.code not in codes] == []


def test_where_a_region_lies() -> None:
    assert WORDS.full_name("210106") == "沈阳市铁西区"
    assert WORDS.city_of("210106") == "210100"
    assert WORDS.is_within("210106", "210000")
    assert not WORDS.is_within("210303", "210100")
    assert "210102" in WORDS.neighbours("210106")
    assert "210400" in WORDS.neighbours("210100")


def test_neighbours_are_neighbours_both_ways() -> None:
    cities = [r.code for r in WORDS.regions.values() if r.level == 2 and r.code.startswith("21")]
    for city in cities:
        assert WORDS.neighbours(city)
        assert all(city in WORDS.neighbours(near) for near in WORDS.neighbours(city)), city


def _copy(folder: Path) -> Path:
    for file in (ROOT / "data" / "vocab").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


@pytest.mark.parametrize(
    ("file", "line", "reason"),
    [
        ("regions.csv", "999,某区,3,210100", "no new code"),
        ("regions.csv", "219999,某区,3,999999", "is not a region above"),
        ("region_names.csv", "某地,999999", "is no region"),
        ("occupations-2022.csv", "某工,9-99,某类", "is no code"),
        ("neighbours.csv", "210100,000000", "is no region"),
        ("trade_verbs.yml", "某: 某某工", "is no occupation"),
    ],
)
def test_a_wrong_line_is_refused_with_file_and_line(
    tmp_path: Path, file: str, line: str, reason: str
) -> None:
    path = _copy(tmp_path) / file
    before = path.read_text(encoding="utf-8")
    path.write_text(before + line + "\n", encoding="utf-8")
    with pytest.raises(VocabularyError, match=reason) as wrong:
        Vocabulary(tmp_path)
    assert wrong.value.line == before.count("\n") + 1
