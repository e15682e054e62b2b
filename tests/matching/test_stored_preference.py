"""A preference comes back from slots and rows as it went in; no field is forgotten on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from bot.db.models.preference_columns import field_columns
from bot.db.tables import JobPreferenceRow, Subscription
from bot.matching.job_preference import SLOT_OF, JobPreference
from bot.matching.stored_preference import from_row, from_values, to_row, to_slots
from bot.settings import ROOT
from bot.understanding.slot_filling.person_switch import (
    PERSONAL_SLOTS,
    PLACE_SLOTS,
    PREFERENCE_SLOTS,
)
from bot.yaml_files import read_yaml

#: Every field says something.
FULL = JobPreference(
    occupations=("会计", "出纳"), any_occupation=True, region_code="210200",
    also_regions=("210100", "210300"), salary_min=5000, salary_max=7000, work_time="shift_day",
    excluded=("销售员", "夜班"), education="college", experience_years=3, age=45,
    group="hardship", welfare=("meals", "weekends_off"),
)  # fmt: skip
EMPTY = JobPreference()


@pytest.mark.parametrize("preference", [FULL, EMPTY, JobPreference(experience_years=0)])
def test_slots_give_back_what_was_said(preference: JobPreference) -> None:
    assert JobPreference.from_slots(preference.to_slots()) == preference


def test_slots_hold_json_and_nothing_for_what_is_unsaid() -> None:
    slots = FULL.to_slots()
    assert (slots["occupation"], slots["any_occupation"]) == (["会计", "出纳"], True)
    assert not any(isinstance(value, tuple) for value in slots.values())
    assert set(EMPTY.to_slots().values()) == {None}


def test_a_subscription_gives_back_what_it_keeps() -> None:
    row = Subscription()
    to_row(FULL, row)
    kept = replace(FULL, any_occupation=False, experience_years=None, age=None, group=None)
    assert from_row(row) == kept
    assert [one.position for one in row.occupations] == [0, 1]
    assert (row.also_regions, row.any_occupation) == ("210100,210300", False)


def test_a_subscription_keeps_the_rows_of_trades_that_stay() -> None:
    row = Subscription()
    to_row(FULL, row)
    cashier = row.occupations[1]
    to_row(JobPreference(occupations=("出纳", "保安员", "出纳")), row)
    assert [one.occupation_name for one in row.occupations] == ["出纳", "保安员"]
    assert (row.occupations[0] is cashier, cashier.position) == (True, 0)
    assert (row.salary_min, row.welfare, row.education) == (None, "", None)


@pytest.mark.parametrize(("wish", "any_trade"), [(FULL, False), (EMPTY, True)])
def test_a_kept_preference_gives_back_what_it_keeps(wish: JobPreference, any_trade: bool) -> None:
    row = JobPreferenceRow()
    to_row(wish, row)
    kept = from_row(row)
    assert kept == replace(
        wish, any_occupation=any_trade, excluded=(), education=None, experience_years=None,
        age=None, group=None,
    )  # fmt: skip


def test_other_values_of_a_row_are_left_out() -> None:
    values = {"occupations": ("会计",), "salary_min": 5000, "expires_on": None}
    assert from_values(values) == JobPreference(occupations=("会计",), salary_min=5000)


def test_a_subscription_fills_no_slot_of_the_person(words: Session) -> None:
    assert to_slots(FULL) == {
        "occupation": ["会计", "出纳"], "any_occupation": True, "region_code": "210200",
        "region": "大连市", "also_regions": ["210100", "210300"], "salary_min": 5000,
        "salary_max": 7000, "work_time": "shift_day", "excluded": ["销售员", "夜班"],
        "education": "college", "welfare": ["meals", "weekends_off"],
    }  # fmt: skip
    assert set(to_slots(EMPTY).values()) == {None}


def test_every_field_has_its_slot_and_every_column_its_field() -> None:
    slots = set(SLOT_OF.values())
    assert slots <= read_yaml(ROOT / "domain.yml")["slots"].keys()
    assert slots <= {*PERSONAL_SLOTS, *PREFERENCE_SLOTS, *PLACE_SLOTS}
    for table in (JobPreferenceRow, Subscription):
        assert {column.name for column in field_columns(table)} <= SLOT_OF.keys()
