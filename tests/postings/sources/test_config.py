from pathlib import Path

import pytest

from bot.postings.errors import SourceError
from bot.postings.sources.config import read_sources
from bot.settings import ROOT


def _file(folder: Path, text: str) -> Path:
    file = folder / "sources.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_list_that_comes_with_the_project_sets_up_nothing() -> None:
    assert read_sources(ROOT / "data" / "sources.yml") == []


def test_the_examples_in_it_are_right(tmp_path: Path) -> None:
    lines = (ROOT / "data" / "sources.yml").read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("# - name"))
    text = "\n".join(line.removeprefix("# ").removeprefix("#") for line in lines[start:])
    names = [source.name for source in read_sources(_file(tmp_path, text))]
    assert names == ["区人社局收件夹", "经开区每周用工表", "省公共招聘网"]


def test_no_file_means_no_sources(tmp_path: Path) -> None:
    assert read_sources(tmp_path / "none.yml") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: [", "is no YAML"),
        ("a: 1", "is no list of sources"),
        ("- x", "entry 1: : is no mapping"),
        ("- {kind: feed, url: 'http://a'}", "entry 1: name: is missing"),
        ("- {name: a, kind: ftp}", "a: kind: is none of folder, feed"),
        ("- {name: a, kind: folder}", "a: path: is missing"),
        ("- {name: a, kind: feed, url: 'file:///etc'}", "a: url: is no http or https address"),
        ("- {name: a, kind: feed, url: 'http://a', format: csv}", "a: format: is none of"),
        ("- {name: a, kind: feed, url: 'http://a', format: xml}", "a: items: must name the tag"),
        ("- {name: a, kind: folder, path: b, color: red}", "a: color: is no setting"),
        ("- {name: a, kind: folder, path: b, max_mb: 0}", "a: max_mb: is no positive number"),
        ("- {name: a, kind: folder, path: b, tries: true}", "a: tries: is no positive number"),
        ("- {name: a, kind: folder, path: b, complete: 1}", "a: complete: is neither"),
        ("- {name: a, kind: folder, path: b, fields: {wage: x}}", "a: fields: has no field wage"),
        ("- {name: a, kind: folder, path: b, fields: [x]}", "a: fields: is no mapping"),
        ("- &s {name: a, kind: folder, path: b}\n- *s", "a: name: stands twice"),
    ],
)
def test_a_wrong_entry_is_named_with_its_field(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(SourceError) as wrong:
        read_sources(_file(tmp_path, text))
    assert reason in str(wrong.value)
