"""Streets, towns and townships that a text names."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.text.errors import VocabularyError
from bot.vocabulary.streets import StreetReader, _streets, street_reader, streets


def _named(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(span.text, span.value) for span in street_reader().read(text)]


def test_every_street_is_read_by_its_name_with_all_districts_that_have_one() -> None:
    for street in streets():
        spans = street_reader().read(f"我家在{street.name}")
        districts = [code for span in spans for code in span.value]
        assert street.district in districts, street.name


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("俺家搁兴华街道办这块儿", [("兴华街道办", ("210106",))]),
        ("三台子附近有站吗", [("三台子", ("210105", "210781"))]),
        ("家在三台子", [("三台子", ("210105", "210781"))]),
        ("茨榆坨镇的", []),
        ("茨榆坨街道", [("茨榆坨街道", ("210115",))]),
        ("东陵满族乡", []),
    ],
)
def test_streets_as_people_name_them(text: str, named: list[tuple[str, tuple[str, ...]]]) -> None:
    assert _named(text) == named


@pytest.mark.parametrize(
    "text",
    ["三台子路怎么走", "买了三台子机器", "城镇居民咋参保", "建设工地的活", "和平年代"],
)
def test_what_is_no_street(text: str) -> None:
    assert _named(text) == []


def test_a_row_that_is_no_street_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "streets.csv"
    file.write_text(
        "code,name,district\n210102001,浑河湾街道,210102\n210102002,新华街道\n", "utf-8"
    )
    with pytest.raises(VocabularyError) as refused:
        _streets(file)
    assert (refused.value.file, refused.value.line) == (file, 3)


def test_a_reader_of_no_streets_reads_none() -> None:
    assert StreetReader(()).read("我家在兴华街道") == []
