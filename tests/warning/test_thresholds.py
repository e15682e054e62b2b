from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import ThresholdVersion
from bot.warning.errors import WarningFileErrors
from bot.warning.indicators import indicators
from bot.warning.thresholds import diff, load, loaded, read_thresholds
from tests.warning.lines import LINE, written


def test_none_is_shipped_for_the_founding_text_gives_no_value() -> None:
    assert read_thresholds() == {}


def test_a_line_is_read_with_its_document_and_its_measures(tmp_path: Path) -> None:
    line = read_thresholds(written(tmp_path))["registered-unemployed"].lines[0]
    assert (line.levels, line.hold, line.complete) == ({"yellow": 10, "red": 25}, 2, 0.95)
    assert line.cited["red"] == "《测试用文件》（测发〔2025〕1号）"
    assert [(one.measure, one.office, one.days) for one in line.responses["red"]] == [
        ("分析原因", "市", 2),
        ("专题会商", "省", None),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("    sources: {order", "    quellen: {order", 3, "sources"),
        ("red: {at_least: 25, source: order}", "red: {at_least: 25}", 8, "red.source"),
        ("red: {at_least: 25", "red: {at_least: 9", 8, "red"),
        ("at_least: 10", "at_least: 一成", 7, "yellow.at_least"),
        ("['210000']", "['219999']", 4, "regions"),
        ("same_month_last_year", "last_year", 6, "compare"),
        ("complete: 0.95", "complete: 95", 9, "complete"),
        ("[专题会商, 省]", "[专题会商]", 12, "responses.red"),
        ("    hold: 2\n", "", 3, "hold"),
        ("id: registered-unemployed", "id: openings", 1, "id"),
        ("id: registered-unemployed", "id: nothing", 1, "id"),
        ("    minimum: 200\n", "    minimum: 200\n    limit: 5\n", 12, "limit"),
        ("compare: same_month_last_year", "compare: share_of", 3, "share_of"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_line_and_field(
    tmp_path: Path, old: str, new: str, line: int, field: str
) -> None:
    assert old in LINE
    with pytest.raises(WarningFileErrors) as wrong:
        read_thresholds(written(tmp_path, LINE.replace(old, new)))
    places = {(one.file, one.line, one.field) for one in wrong.value.faults}
    assert any(
        (file, at) == ("registered-unemployed.yml", line) and name.endswith(field)
        for file, at, name in places
    ), places


def test_of_an_indicator_where_less_is_worse_red_lies_below_yellow(tmp_path: Path) -> None:
    text = LINE.replace("id: registered-unemployed", "id: startup-loans")
    with pytest.raises(WarningFileErrors, match="red"):
        read_thresholds(written(tmp_path, text))
    falling = text.replace("at_least: 10", "at_least: -10").replace("at_least: 25", "at_least: -25")
    assert (
        read_thresholds(written(tmp_path, falling))["startup-loans"].lines[0].levels["red"] == -25
    )


def test_loading_keeps_every_version_and_says_what_changed(db: Session, tmp_path: Path) -> None:
    first = read_thresholds(written(tmp_path))
    assert diff(db, first) == ["registered-unemployed：新设1版"]
    load(db, first, "王")
    assert loaded(db) == first
    assert diff(db, first) == []
    second = read_thresholds(written(tmp_path, LINE.replace("at_least: 25", "at_least: 30")))
    assert load(db, second, "李") == ["registered-unemployed：有改动，现1版"]
    assert loaded(db)["registered-unemployed"].lines[0].levels["red"] == 30
    assert load(db, {}, "李") == ["registered-unemployed：撤下，改为未设线"]
    assert loaded(db) == {}
    rows = db.scalars(select(ThresholdVersion).order_by(ThresholdVersion.id)).all()
    assert [(one.loaded_by, one.ended_at is None) for one in rows] == [("王", False), ("李", False)]


def test_every_number_of_the_plan_has_an_indicator_with_definition_and_source() -> None:
    listed = indicators().by_id.values()
    assert {one.number for one in listed} == set(range(1, 14))
    assert {one.dimension for one in listed} == {"数量", "质量", "环境", "创业", "景气度"}
    assert all(one.definition and one.source for one in listed)
