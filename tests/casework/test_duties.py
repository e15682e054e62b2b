from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.casework.areas import area_of_region, load_localities, name_of, names_of
from bot.casework.duties import FORBIDDEN_REASONS, Duties, read_duties
from bot.casework.duty_store import diff, figure, items, known_regions, load, needed
from bot.casework.errors import DutyErrors, DutyUnset
from bot.db.tables import DutyItemRow
from bot.settings import ROOT

SHIPPED = ROOT / "data" / "duties"
REGIONS = {"210000", "210100", "210106", "210200"}
DAY = date(2026, 11, 29)
GOOD = """\
sources:
  paper: {document: 某文件, issuer: 某局, grade: C}
figures:
  some_days:
    label: 天数
    unit: day
    versions:
      - {value: 5, regions: ['210000'], effective_from: 2025-01-01, source: paper}
"""


def written(folder: Path, text: str) -> Path:
    (folder / "one.yml").write_text(text, encoding="utf-8")
    return folder


def shipped(db: Session) -> Duties:
    return read_duties([SHIPPED], known_regions(db))


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ("value: 5", "value: five", "one.yml:8: figures.some_days.value: 'five' is no number"),
        ("value: 5", "value: -1", "one.yml:8: figures.some_days.value: '-1' is no whole number"),
        ("unit: day", "unit: weeks", "one.yml:4: figures.some_days.unit: 'weeks' is none of"),
        ("'210000'", "'990000'", "one.yml:8: figures.some_days.regions: '990000' is no code"),
        ("source: paper", "source: other", "one.yml:8: figures.some_days.source: 'other' is no"),
        ("grade: C", "grade: Z", "one.yml:2: sources.paper.grade: is none of A, B1"),
        ("2025-01-01", "soon", "one.yml:8: figures.some_days.effective_from: 'soon' is no date"),
        ("    label: 天数\n", "", "one.yml:4: figures.some_days.label: is missing"),
        ("figures:", "figures", "one.yml:4: file: is no YAML"),
    ],
)
def test_a_faulty_file_is_refused_with_line_and_field(
    tmp_path: Path, was: str, becomes: str, fault: str
) -> None:
    text = GOOD.replace(was, becomes)
    assert text != GOOD
    with pytest.raises(DutyErrors) as wrong:
        read_duties([written(tmp_path, text)], REGIONS)
    assert [str(one) for one in wrong.value.faults if str(one).startswith(fault)]


@pytest.mark.parametrize("code", FORBIDDEN_REASONS)
def test_no_file_can_make_a_reason_of_what_is_forbidden(tmp_path: Path, code: str) -> None:
    entry = "{label: 理由, regions: ['210000'], effective_from: 2025-01-01, source: paper}"
    text = GOOD + f"lists:\n  exit_reasons:\n    label: 理由\n    items:\n      {code}: {entry}\n"
    with pytest.raises(DutyErrors, match="may never be a reason"):
        read_duties([written(tmp_path, text)], REGIONS)


@pytest.mark.parametrize("code", FORBIDDEN_REASONS)
def test_the_table_refuses_it_as_well(db: Session, code: str) -> None:
    row = {
        "list": "exit_reasons", "code": code, "label": "理由", "region_code": "210000",
        "effective_from": DAY, "citation": "", "grade": "C",
    }  # fmt: skip
    with pytest.raises(IntegrityError):
        db.execute(insert(DutyItemRow), [row])


def test_the_shipped_files_are_in_order_and_loading_them_twice_changes_nothing(
    words: Session,
) -> None:
    duties = shipped(words)
    assert load(words, duties) > 0
    assert load(words, duties) == 0
    assert diff(words, duties) == []


def test_what_the_founding_text_sets_is_cited_and_what_it_does_not_is_unset(words: Session) -> None:
    load(words, shipped(words))
    hours = figure(words, "promise_hours", "210106007", DAY)
    assert hours is not None
    assert (hours.number, hours.grade) == (24, "A")
    assert "辽人社建〔2025〕21号" in hours.citation
    assert figure(words, "promise_hours", "210106", date(2025, 5, 15)) is None
    assert figure(words, "promise_clock", "210106", DAY) is None
    with pytest.raises(DutyUnset, match="未设"):
        needed(words, "promise_clock", "小时怎么数", "210106", DAY)


def test_the_smallest_region_goes_first_and_reaches_no_neighbour(
    words: Session, tmp_path: Path
) -> None:
    text = (
        GOOD
        + "      - {value: 9, regions: ['210200'], effective_from: 2025-01-01, source: paper}\n"
    )
    load(words, read_duties([written(tmp_path, text)], known_regions(words)))
    found = {}
    for area in ("210202001", "2102", "2101", "21"):
        one = figure(words, "some_days", area, DAY)
        found[area] = one.value if one else None
    assert found == {"210202001": "9", "2102": "9", "2101": "5", "21": "5"}
    assert figure(words, "some_days", "22", DAY) is None


def test_a_further_folder_adds_what_an_office_has_set(tmp_path: Path) -> None:
    text = """\
sources:
  own: {document: 本局通知, issuer: 某区, grade: C}
figures:
  promise_clock:
    versions:
      - {value: office, regions: ['210106'], effective_from: 2026-01-01, source: own}
"""
    both = read_duties([SHIPPED, written(tmp_path, text)], REGIONS)
    assert "promise_clock" not in [one.key for one in both.unset()]
    alone = read_duties([SHIPPED], REGIONS)
    assert "promise_clock" in [one.key for one in alone.unset()]


def test_diff_names_a_changed_figure(words: Session, tmp_path: Path) -> None:
    regions = known_regions(words)
    load(words, read_duties([written(tmp_path, GOOD)], regions))
    changed = read_duties([written(tmp_path, GOOD.replace("value: 5", "value: 7"))], regions)
    (change,) = diff(words, changed)
    assert str(change).startswith("changed: figure some_days 210000 2025-01-01: 5 ")
    assert "→ 7 " in str(change)


def test_reasons_of_exit_are_those_of_the_day(words: Session) -> None:
    load(words, shipped(words))
    codes = [one.code for one in items(words, "exit_reasons", "210106007", DAY)]
    assert "employed" in codes
    assert not set(FORBIDDEN_REASONS) & set(codes)
    assert items(words, "exit_reasons", "210106007", date(2024, 1, 1)) == []


def test_areas_have_names_down_to_the_street(words: Session) -> None:
    assert load_localities(words) == 1406
    assert load_localities(words) == 0
    assert name_of(words, "210102002") == "沈阳市和平区新华街道"
    assert name_of(words, "21") == "辽宁省"
    assert names_of(words, {"2101", "999999999999"}) == {
        "2101": "沈阳市", "999999999999": "999999999999",
    }  # fmt: skip
    given = ("210000", "210100", "210106")
    assert [area_of_region(one) for one in given] == ["21", "2101", "210106"]
