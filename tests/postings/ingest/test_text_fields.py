"""Contact, age, address, how to apply and days of a text, by cases/posting_text.yml."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from ruamel.yaml import YAML

from bot import clock
from bot.postings.ingest.parser import Draft, Drafter
from bot.postings.ingest.text_fields import TextFields, fields
from tests.anything import ANY

CASES = YAML(typ="safe").load(
    (Path(__file__).parent.parent / "cases" / "posting_text.yml").read_text("utf-8")
)
#: Where a draft keeps each.
KEPT = {"age": "age_text", "apply": "apply_text", "until": "stated_until", "published": "published_on"}  # fmt: skip


@pytest.fixture(scope="module")
def drafter() -> Drafter:
    return Drafter()


def _draft(drafter: Drafter, text: str) -> Draft:
    with clock.frozen(date(2026, 11, 28)):
        return drafter.draft({"职位": "普工", "公司": "某厂", "描述": text}, "test")


@pytest.mark.parametrize(
    ("field", "text", "right"),
    [(field, text, right) for field, cases in CASES.items() for text, right in cases.items()],
)
def test_a_text_states_it(drafter: Drafter, field: str, text: str, right: object) -> None:
    has = getattr(_draft(drafter, text), KEPT.get(field, field))
    assert (has or None) == right


def test_columns_count_before_the_text(drafter: Drafter) -> None:
    text = (
        "联系人：李红，电话13812345678。年龄18-30岁。工作地址：中山路8号。招聘截止时间：2026-12-01"
    )
    columns = {"联系电话": "024-1234567", "年龄要求": "50以下", "工作地址": "太原街1号", "截止日期": "2026-12-31"}  # fmt: skip
    with clock.frozen(date(2026, 11, 28)):
        draft = drafter.draft({"职位": "普工", "公司": "某厂", "描述": text, **columns}, "test")
    assert (draft.contact, draft.age_text) == ("024-1234567", "50岁以下")
    assert (draft.address, draft.stated_until) == ("太原街1号", date(2026, 12, 31))


def test_a_name_of_a_column_takes_the_number_of_the_text(drafter: Drafter) -> None:
    row = {"职位": "普工", "公司": "某厂", "描述": "电话13812345678", "联系人": "王姐"}
    assert drafter.draft(row, "test").contact == "王姐 13812345678"


@given(ANY)
def test_no_text_makes_it_fail(text: str) -> None:
    said = TextFields(text)
    assert all(isinstance(one, str) for field in fields().finds for one in said.statements(field))
    assert isinstance(said.contact() + said.address() + said.age(), str)
