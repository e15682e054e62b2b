"""Cells, tables and feeds as offices write them: all that cases/*.yml holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot import clock
from bot.db.session import session
from bot.postings.errors import PostingFileError
from bot.postings.ingest.importer import import_files
from bot.postings.ingest.parser import Draft, Drafter
from bot.text.normalise import normalise
from bot.understanding.extractors.regions import RegionReader
from bot.vocabulary.vocabulary import vocabulary
from tests.databases import copied
from tests.postings.imported import differences, write_files

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 11, 28)


def _cases(name: str) -> Any:
    return YAML(typ="safe").load((CASES / f"{name}.yml").read_text("utf-8"))


CELLS = _cases("cells")


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.fixture(scope="module")
def drafter() -> Drafter:
    return Drafter()


def _draft(drafter: Drafter, **given: Any) -> Draft:
    return drafter.draft({"职位": "普工", "公司": "某厂", **given}, "test")


@pytest.mark.parametrize(("cell", "right"), CELLS["pay"].items())
def test_pay(drafter: Drafter, cell: str, right: Any) -> None:
    draft = _draft(drafter, 薪资待遇=cell)
    ends = [draft.pay.min, draft.pay.max] if draft.pay else "unread"
    assert ends == right
    assert ("pay" in draft.unread) == (right == "unread")


@pytest.mark.parametrize(("cell", "right"), CELLS["until"].items())
def test_until(drafter: Drafter, cell: str, right: Any) -> None:
    draft = _draft(drafter, 有效期=cell)
    assert draft.valid_until == (right if isinstance(right, date) else None)
    assert ("valid_until" in draft.unread) == (right == "unread")


@pytest.mark.parametrize(("cell", "right"), CELLS["place"].items())
def test_place(drafter: Drafter, cell: str, right: str | None) -> None:
    assert _draft(drafter, 工作地点=cell).region_code == right


@pytest.mark.parametrize(("said", "right"), CELLS["street_said"].items())
def test_street_said(said: str, right: str | None) -> None:
    found = RegionReader(vocabulary()).read(normalise(said).text)
    assert [one.value.code for one in found] == ([right] if right else [])


@pytest.mark.parametrize(("cell", "right"), CELLS["text"].items())
def test_text(drafter: Drafter, cell: str, right: str) -> None:
    assert _draft(drafter, 描述=cell).description == right


@pytest.mark.parametrize("case", _cases("schema_org"), ids=lambda case: str(case["right"]))
def test_schema_org(drafter: Drafter, case: dict[str, Any]) -> None:
    row = {"@type": "JobPosting", "title": "普工", "hiringOrganization": "某厂", **case["posting"]}
    draft = drafter.draft(row, "test")
    pay = [draft.pay.min, draft.pay.max] if draft.pay else "unread"
    has = {
        "pay": pay, "region": draft.region_code, "employer": draft.employer, "title": draft.title,
        "until": draft.valid_until, "published": draft.published_on, "description": draft.description,
        "education": draft.education, "experience_years": draft.experience_years,
        "phone": getattr(draft, "contact", ""),
    }  # fmt: skip
    for name, right in case["right"].items():
        assert right in has[name] if name == "phone" else has[name] == right


@pytest.mark.parametrize("case", _cases("sheets"), ids=lambda case: case["kind"])
def test_sheet(case: dict[str, Any], stocked_file: Path, tmp_path: Path) -> None:
    url = copied(stocked_file, tmp_path / "a.db")
    files = write_files(case, tmp_path)
    if "refused" in case:
        with pytest.raises(PostingFileError, match=case["refused"]):
            import_files(url, files)
        return
    report = import_files(url, files)
    assert report.refused == []
    with session(url) as db:
        assert differences(db, case["right"]) == []
    for name in case.get("named", ()):
        assert name in str(report.to_dict())
    if case.get("again"):
        again = import_files(url, files)
        assert (again.new, again.changed) == (0, 0)
        with session(url) as db:
            assert differences(db, case["right"]) == []
