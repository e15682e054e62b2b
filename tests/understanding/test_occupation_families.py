import csv

import pytest

from bot.settings import ROOT
from bot.understanding.extractors.occupations import OccupationReader
from bot.understanding.occupation_families import FamilyReader, Weights, title_ngrams
from bot.vocabulary.vocabulary import vocabulary


@pytest.fixture(scope="module")
def reader() -> FamilyReader:
    return FamilyReader(vocabulary())


@pytest.fixture(scope="module")
def occupations() -> OccupationReader:
    return OccupationReader(vocabulary())


@pytest.mark.parametrize(
    ("title", "family"),
    [
        ("电焊工", "6-18"),
        ("保安", "4-07"),
        ("美团外卖骑手（包住）", "4-10"),
        ("成本会计主管", "2-06"),
        ("Java开发工程师", "2-02"),
        ("小学语文老师", "2-08"),
        ("服装店导购", "4-01"),
        ("酒店前台", "4-03"),
        ("仓库管理员", "4-02"),
        ("人民调解员", "3-03"),
        ("普工", "6-31"),
    ],
)
def test_titles_have_their_family(
    reader: FamilyReader, occupations: OccupationReader, title: str, family: str
) -> None:
    assert reader.family(title, occupations.title(title)) == family


def test_a_title_of_nothing_known_has_none(reader: FamilyReader) -> None:
    assert reader.family("ζζζζ", ()) is None


def test_pieces_within_brackets_are_kept_apart() -> None:
    found = title_ngrams("会计（双休）")
    assert "会计" in found
    assert "双休" not in found
    assert "\x04双休" in found


def test_only_short_pieces_of_titles_are_kept() -> None:
    weights = Weights.load()
    assert max(map(len, weights._column)) <= 4
    assert all(len(family) == 4 for family in weights.families)


def test_deciding_words_have_codes_of_the_list() -> None:
    with (ROOT / "data/vocab/title_words.csv").open(encoding="utf-8") as lines:
        families = {row["family"] for row in csv.DictReader(lines)}
    known = {one.code[:4] for one in vocabulary().occupations.values()}
    assert families <= known
