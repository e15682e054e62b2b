"""Fields of YAML files with their lines, and the faults met while reading."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.warning.errors import WarningFileErrors
from bot.warning.yaml_file import FigureSource, YamlEntry, check, read_file


def _entry(folder: Path, text: str) -> YamlEntry:
    file = folder / "lines.yml"
    file.write_text(text, encoding="utf-8")
    return read_file(file)


@pytest.mark.parametrize(
    ("written", "number"),
    [("3", 3.0), ("-0.5", -0.5), ("true", None), ("三", None), ("'3'", None), ("", None)],
)
def test_a_number_is_no_text_and_no_truth_value(
    tmp_path: Path, written: str, number: float | None
) -> None:
    entry = _entry(tmp_path, f"a: x\nlimit: {written}\n")
    assert entry.number("limit") == number
    assert [(fault.line, fault.field) for fault in entry.faults] == (
        [] if number is not None else [(2, "limit")]
    )


def test_what_may_be_missing_is_no_fault(tmp_path: Path) -> None:
    entry = _entry(tmp_path, "a: x\n")
    assert entry.number("limit", required=False) is None
    assert entry.day("day", required=False) is None
    assert entry.text("name", required=False) == ""
    assert entry.entry("inner", required=False) is None
    assert list(entry.items("rows", required=False)) == []
    check(entry)


@pytest.mark.parametrize(
    ("read", "result"),
    [
        (lambda e: e.day("name"), None),
        (lambda e: e.texts("name"), ()),
        (lambda e: e.choice("name", ("one", "two")), "one"),
        (lambda e: e.entry("name"), None),
        (lambda e: e.text("missing"), ""),
        (lambda e: list(e.items("name")), []),
        (lambda e: e.only("name"), None),
    ],
)
def test_a_field_of_another_kind_is_a_fault(tmp_path: Path, read: Any, result: Any) -> None:
    entry = _entry(tmp_path, "name: x\nother: 2026-01-01\n")
    assert read(entry) == result
    with pytest.raises(WarningFileErrors):
        check(entry)


@pytest.mark.parametrize(
    ("rows", "reason"), [("one row", "must be a list"), ("{a: 1}", "must be a list")]
)
def test_an_optional_list_of_another_kind_is_a_fault(
    tmp_path: Path, rows: str, reason: str
) -> None:
    entry = _entry(tmp_path, f"a: x\nrows: {rows}\n")
    assert list(entry.items("rows", required=False)) == []
    assert [(fault.line, fault.field, fault.reason) for fault in entry.faults] == [
        (2, "rows", reason)
    ]


def test_sources_of_a_version(tmp_path: Path) -> None:
    entry = _entry(
        tmp_path, "sources:\n  law: {document: 失业保险条例, article: 第六条, dated: 1999-01-22}\n"
    )
    assert entry.sources() == {"law": FigureSource("失业保险条例", "", "第六条", date(1999, 1, 22))}
    assert str(entry.sources()["law"]) == "《失业保险条例》第六条"
    assert str(FigureSource("《条例》", "国令1号")) == "《条例》（国令1号）"
    check(entry)


@pytest.mark.parametrize("text", ["- a list\n", "a: [\n", "text\n"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(WarningFileErrors):
        _entry(tmp_path, text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WarningFileErrors, match="no such file"):
        read_file(tmp_path / "none.yml")
