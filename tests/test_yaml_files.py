"""Reader of YAML files: the same content both ways, and each kind of fault with its place."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.resolver import Resolver

from bot.failures import explain
from bot.policies.errors import PolicyFault
from bot.settings import ROOT
from bot.text.pattern_file import read_patterns
from bot.yaml_files import (
    FileFault,
    YamlFileError,
    _with_lines_in_python,
    edited_text,
    flow_list,
    line_of,
    line_of_item,
    line_of_value,
    parse_yaml,
    read_for_editing,
    read_yaml,
    read_yaml_with_lines,
)

READERS = (read_yaml, read_yaml_with_lines)
TWICE = 'found duplicate key "{}" with value "3" (original value: "1")'
#: What a file holds, and the line, field and a part of the reason of its fault.
FAULTS = {
    "list that does not end": (b"a: 1\nb: [\n", 3, "file", "node content"),
    "line without a colon": (b"a: 1\nb\nc: 2\n", 3, "file", "could not find expected ':'"),
    "unknown anchor": (b"a: 1\nb: *c\n", 2, "file", "undefined alias"),
    "second document": (b"a: 1\n---\nb: 2\n", 2, "file", "another document"),
    "key twice": (b"a: 1\nb: 2\na: 3\n", 3, "a", TWICE.format("a")),
    "inner key twice": ("外:\n  甲: 1\n  乙: 2\n  甲: 3\n".encode(), 4, "甲", TWICE.format("甲")),
    "quoted key twice": (b"'a b': 1\n'a b': 3\n", 2, "a b", TWICE.format("a b")),
    "key twice on a line": (b"a:\n  {b: 1, c: 2, b: 3}\n", 2, "b", TWICE.format("b")),
    "no such day": (b"a:\n  b: 2025-02-30\n", 2, "b", "'2025-02-30' is no date"),
    "no such day in a list": (b"a:\n  - 2025-13-01\n", 2, "file", "'2025-13-01' is no date"),
    "no number": (b"a: 1\nb: 0x_\n", 2, "b", "'0x_' is no number"),
    "nothing": (b"", 1, "file", "is empty"),
    "comments alone": (b"# a: 1\n\n", 1, "file", "is empty"),
    "GBK": ("a: 1\nb: 啊\n".encode("gbk"), 2, "file", "the byte 0xb0 is not UTF-8"),
    "UTF-16": ("a: 1\n".encode("utf-16"), 1, "file", "the byte 0xff is not UTF-8"),
    "control character": (b"a: 1\nb: \x01\n", 2, "file", "the character U+0001 is not allowed"),
}


def _written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "faulty.yml"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(("content", "line", "field", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_fault_has_file_line_field_and_reason(
    read: Any, content: bytes, line: int, field: str, reason: str, tmp_path: Path
) -> None:
    path = _written(tmp_path, content)
    with pytest.raises(YamlFileError) as error:
        read(path)
    wrong = error.value
    assert (wrong.path, wrong.line, wrong.field) == (path, line, field)
    assert reason in wrong.reason
    assert wrong.fault == FileFault("faulty.yml", line, field, wrong.reason)
    assert str(wrong) == f"faulty.yml:{line}: {field}: {wrong.reason}"


@pytest.mark.parametrize("read", READERS)
def test_a_file_that_is_not_there_or_no_file(read: Any, tmp_path: Path) -> None:
    with pytest.raises(YamlFileError, match=r"none\.yml:1: file: there is no such file") as missing:
        read(tmp_path / "none.yml")
    assert isinstance(missing.value.__cause__, FileNotFoundError)
    with pytest.raises(YamlFileError, match="file: cannot be read: Is a directory"):
        read(tmp_path)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("content", [b"", b"# a: 1\n"])
def test_an_empty_file_may_be_allowed(read: Any, content: bytes, tmp_path: Path) -> None:
    assert read(_written(tmp_path, content), allow_empty=True) is None


@pytest.mark.parametrize("read", READERS)
def test_lists_that_libyaml_refuses_are_read(read: Any, tmp_path: Path) -> None:
    content = b"a: [(?:b|c)d?, https://e]\nb: {c: d?e}\n"
    expected = {"a": ["(?:b|c)d?", "https://e"], "b": {"c": "d?e"}}
    assert read(_written(tmp_path, content)) == expected


def test_a_fault_behind_such_a_list_is_in_the_words_of_libyaml(tmp_path: Path) -> None:
    with pytest.raises(YamlFileError, match=r"faulty\.yml:1: file: did not find expected"):
        read_yaml(_written(tmp_path, b"a: [(?:b|c)\nb: 1\n"))


@pytest.mark.parametrize("folder", ["patterns", "wording", "vocab"])
def test_the_files_of_the_product_hold_the_same_by_each_reader(folder: str) -> None:
    for path in sorted((ROOT / "data" / folder).glob("*.yml")):
        expected = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        assert repr(read_yaml(path)) == repr(expected), path
        if path.stat().st_size < 20_000:
            assert read_yaml_with_lines(path) == expected, path


def test_values_follow_yaml_1_2(tmp_path: Path) -> None:
    content = b"a: yes\nb: 1_000\nc: 1:30\nd: ~\ne: true\nf: 0o10\ng: 1e3\nh: ''\ni:\n"
    expected = {"a": "yes", "b": 1000, "c": "1:30", "d": None, "e": True, "f": 8, "g": 1000.0,
                "h": "", "i": None}  # fmt: skip
    path = _written(tmp_path, content)
    assert read_yaml(path) == read_yaml_with_lines(path) == expected


def test_lines_of_keys_and_items(tmp_path: Path) -> None:
    content = b"base: &base\n  x: 1\nown:\n  <<: *base\n  y: 2\nlist:\n  - a\n  - b\n"
    path = _written(tmp_path, content)
    read = read_yaml_with_lines(path)
    assert (line_of(read, "own"), line_of(read["own"], "y"), line_of(read["own"], "x")) == (3, 5, 2)
    assert line_of_item(read["list"], 1) == 8
    assert (line_of_value(read, "own"), line_of_value(read["own"], "y")) == (4, 5)
    assert line_of(read, "none", 7) == line_of_item(read["list"], 9, 7) == 7
    without = read_yaml(path)
    assert line_of(without, "own", 7) == line_of_item(without["list"], 1, 7) == 7


def _places(content: Any, read_by_python: Any, path: str) -> None:
    """Hold values and lines to those of ruamel's own parser."""
    if isinstance(content, dict):
        assert list(content) == list(read_by_python), path
        for key in content:
            # That parser loses the lines of what is taken over from a mapping that takes over.
            known = line_of(read_by_python, key, line_of(content, key))
            assert line_of(content, key) == known, f"{path}.{key}"
            _places(content[key], read_by_python[key], f"{path}.{key}")
    elif isinstance(content, list):
        assert len(content) == len(read_by_python), path
        for index, item in enumerate(content):
            assert line_of_item(content, index) == line_of_item(read_by_python, index), path
            _places(item, read_by_python[index], f"{path}.{index}")
    else:
        assert content == read_by_python, path


def test_lines_are_those_of_the_parser_in_python() -> None:
    folders = ("policies", "privacy", "patterns", "duties", "warning")
    paths = [path for folder in folders for path in sorted((ROOT / "data" / folder).glob("*.yml"))]
    small = [path for path in paths if path.stat().st_size < 8_000]
    assert len(small) > 50
    for path in [*small, ROOT / "data" / "policies" / "minimum-wage.yml"]:
        text = path.read_text(encoding="utf-8")
        _places(read_yaml_with_lines(path), _with_lines_in_python(text), path.name)


def test_lines_of_what_is_taken_over_twice_and_of_lists_that_libyaml_refuses() -> None:
    raw = b"a: &a\n  x: 1\nb: &b\n  <<: *a\n  y: 2\nc:\n  <<: *b\n  z: 3\n"
    read = parse_yaml(Path("merged.yml"), raw, lines=True)
    assert [line_of(read["c"], key) for key in "zyx"] == [8, 5, 2]
    read = parse_yaml(Path("refused.yml"), b"a:\n  - b\n  - [(?:b|c)d?]\n", lines=True)
    assert (line_of(read, "a"), line_of_item(read["a"], 1)) == (1, 3)


def test_entries_taken_over_stand_first_or_last() -> None:
    raw = b"base: &base {x: 1, y: 2}\nown:\n  <<: *base\n  z: 3\n  y: 4\n"
    path = Path("merged.yml")
    assert list(parse_yaml(path, raw)["own"].items()) == [("x", 1), ("y", 4), ("z", 3)]
    expected = [("z", 3), ("y", 4), ("x", 1)]
    assert list(parse_yaml(path, raw, own_first=True)["own"].items()) == expected
    assert list(parse_yaml(path, raw, lines=True)["own"].items()) == expected


def test_an_edit_leaves_comments_quotes_and_order(tmp_path: Path) -> None:
    content = "# head\nb: 'x'  # why\na:\n  - \"y\"\nc: [d, e]\n"
    path = _written(tmp_path, content.encode())
    read = read_for_editing(path)
    assert edited_text(read) == content
    read["c"] = flow_list(["f", "g"])
    assert edited_text(read) == content.replace("[d, e]", "[f, g]")
    path.write_bytes(b"a: [\n")
    with pytest.raises(YamlFileError, match=r"faulty\.yml:2: file: "):
        read_for_editing(path)


def test_faults_of_the_rooms_are_faults_of_files() -> None:
    fault = PolicyFault("loan.yml", 5, "title", "is missing")
    assert isinstance(fault, FileFault)
    assert str(fault) == "loan.yml:5: title: is missing"


# For those who run a command


def _explained(path: Path) -> str:
    with pytest.raises(YamlFileError) as error:
        read_patterns.__wrapped__(path)
    return str(explain(error.value))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"words:\n  a: [\n", ":3: did not find expected node content"),
        (b"a: 1\na: 2\n", ':2: found duplicate key "a" with value "2" (original value: "1")'),
        ("a: 啊\n".encode("gbk"), ":1: the byte 0xb0 is not UTF-8"),
    ],
)
def test_the_file_that_was_read_is_named_with_a_remedy(
    content: bytes, sentence: str, tmp_path: Path
) -> None:
    path = _written(tmp_path, content)
    remedy = "Correct the file and start again; nothing of it was read."
    assert _explained(path) == f"{path}{sentence}\n  {remedy}"


def test_a_missing_file_is_a_wrong_path(tmp_path: Path) -> None:
    path = tmp_path / "none.yml"
    sentence = f"{path}: No such file or directory"
    assert _explained(path) == f"{sentence}\n  Correct the path, or make what is missing."


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refused)
    explained = _explained(tmp_path / "x.yml")
    assert f"{tmp_path / 'x.yml'} cannot be read: Permission denied\n" in explained
    assert "Let the user that runs this" in explained


def test_an_error_of_rasas_reader_names_the_broken_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A list that libyaml refuses and we read stands before it.
    (tmp_path / "a.yml").write_text("a: [(?:b|c)]\n", encoding="utf-8")
    (tmp_path / "b.yml").write_text("a: 1\nb: [\n", encoding="utf-8")
    monkeypatch.setattr("bot.failures.settings", lambda: SimpleNamespace(data=tmp_path))
    with pytest.raises(Exception, match="expected") as error:
        YAML().load("a: [")
    assert str(explain(error.value)).startswith(f"{tmp_path / 'b.yml'}:3: did not find expected")


def test_rasas_own_expression_makes_no_list_of_ruamel_grow() -> None:
    """With it a resolver that is not ruamel's default got longer at each value, and slower."""
    import rasa.shared.utils.io  # noqa: F401

    content = b"".join(b"- value %d\n" % number for number in range(3))
    before = [len(known) for known in Resolver.yaml_implicit_resolvers.values()]
    parse_yaml(Path("some.yml"), content)
    assert [len(known) for known in Resolver.yaml_implicit_resolvers.values()] == before
