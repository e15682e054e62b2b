"""The tables and documents of the shared reports are imported as their READMEs say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import clock
from bot.clock import CHINA
from bot.db.session import session
from bot.db.tables import Posting
from bot.documents.article_parser import split
from bot.documents.readers import read_text
from bot.postings.ingest.importer import import_files
from tests.databases import sqlite_copy

DAY = datetime(2026, 11, 29, 10, tzinfo=CHINA)
Imports = Callable[..., list[Posting]]


@pytest.fixture
def imports(shared: Path, tmp_path: Path) -> Iterator[Imports]:
    """Import files of a report into a database of their own; the postings, by number of row."""
    url = sqlite_copy("stocked", tmp_path / "reports.db")

    def run(*names: str) -> list[Posting]:
        for name in names:
            import_files(url, [shared / "reports" / name])
        with session(url) as db:
            return list(db.scalars(select(Posting).order_by(Posting.id)))

    with clock.frozen(DAY):
        yield run


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("04-title-row-above-header/c2_title.csv", 1),
        ("04-title-row-above-header/x1_title_row.xlsx", 2),
        ("05-merged-employer/x2_merged_employer.xlsx", 3),
        ("07-headers-with-newlines-and-units/x4_header_newline_unit.xlsx", 1),
        ("07-headers-with-newlines-and-units/x4b_header_unit.xlsx", 1),
        ("10-numbers-that-start-again/restarts.xlsx", 4),
        ("10-numbers-that-start-again/j1.jsonl", 7),
    ],
)
def test_no_row_is_lost_and_no_heading_is_one(imports: Imports, name: str, count: int) -> None:
    assert len(imports(name)) == count


def test_files_of_one_name_from_two_offices_replace_nothing(imports: Imports) -> None:
    folder = "10-numbers-that-start-again"
    assert len(imports(f"{folder}/office-a/岗位表.xlsx", f"{folder}/office-b/岗位表.xlsx")) == 4


def test_a_merged_employer_and_place_hold_for_all_rows(imports: Imports) -> None:
    postings = imports("05-merged-employer/x2_merged_employer.xlsx")
    assert len({posting.employer.name for posting in postings}) == 1
    assert len({posting.region_code for posting in postings} - {None}) == 1


def test_a_unit_in_the_header_is_the_pays(imports: Imports) -> None:
    for name in ("x4_header_newline_unit.xlsx", "x4b_header_unit.xlsx"):
        posting = imports(f"07-headers-with-newlines-and-units/{name}")[-1]
        assert (posting.salary_min, posting.salary_max) == (6000, 9000)


def test_sex_age_and_telephone_of_columns_are_kept_and_screened(imports: Imports) -> None:
    postings = imports("09-sex-age-contact-columns/x6_gender_age_phone.xlsx")
    assert [posting.status for posting in postings if posting.sex_text == "男"][:1] == ["held"]
    assert all(posting.contact for posting in postings)
    assert any(posting.age_text for posting in postings)


def test_the_pay_beside_other_words(imports: Imports) -> None:
    postings = imports("12-pay-and-other-words/pay_words.csv")
    assert [(posting.salary_min, posting.salary_max) for posting in postings] == [
        (4000, 6000), (4000, 6000), (3500, 5000), (5000, 8000), (5000, 5000), (2175, 2175),
    ]  # fmt: skip


def test_nothing_of_html_is_left(imports: Imports) -> None:
    for posting in imports("24-html-in-feeds/j2.jsonl"):
        shown = f"{posting.title} {posting.employer.name} {posting.description}"
        assert not {mark for mark in ("&amp", "&lt", "&nbsp", "<p>", "<br") if mark in shown}


def test_an_instant_is_a_day_of_chinas(imports: Imports) -> None:
    status = {p.employer.name: p.status for p in imports("25-utc-end-of-validity/j3.jsonl")}
    assert {status[name] for name in ("甲1", "甲2", "甲3", "甲4")} == {"open"}
    assert status["甲6"] == "expired"
    assert status["甲5"] == "expired"


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("14-article-named-at-a-line-beginning/d5_wrapped.txt", 4),
        ("14-article-named-at-a-line-beginning/d6_pagemark.txt", None),
        ("15-radicals-of-pdf/d7_kangxi.txt", 4),
    ],
)
def test_articles_run_on_in_their_order(shared: Path, name: str, count: int | None) -> None:
    file = shared / "reports" / name
    found = split(file.name, read_text(file))
    numbers = [article.number for article in found.articles]
    assert len(set(numbers)) == len(numbers)
    assert count is None or len(numbers) == count
    assert not [article for article in found.articles if "—1—" in article.text]


def test_radicals_are_their_characters(shared: Path) -> None:
    file = shared / "reports" / "15-radicals-of-pdf" / "d7_kangxi.txt"
    found = split(file.name, read_text(file))
    assert found.name == "某市工资支付办法"
    assert found.effective_from == date(2026, 4, 1)


def test_a_revision_is_the_same_law(shared: Path) -> None:
    folder = shared / "reports" / "17-title-with-its-revision"
    names = {split(file.name, read_text(file)).name for file in folder.glob("*.txt")}
    assert names == {"某市就业促进条例"}
