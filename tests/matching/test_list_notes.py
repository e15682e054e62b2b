"""Notes on a list of postings."""

from __future__ import annotations

import pytest

from bot.matching.job_preference import JobPreference
from bot.matching.list_notes import near_home_note


@pytest.mark.parametrize(
    ("region", "note"),
    [("210106", "先挑铁西区里的"), ("210100", "说你住哪个区"), ("210000", "说你住哪个区")],
)
def test_who_wants_work_near_home_is_asked_for_the_district_only_when_it_is_unknown(
    region: str, note: str
) -> None:
    (line,) = near_home_note(JobPreference(region_code=region, welfare=("near",)))
    assert note in line


def test_no_note_on_home_without_a_place_or_the_wish() -> None:
    assert near_home_note(JobPreference(region_code="210106")) == []
    assert near_home_note(JobPreference(welfare=("near",))) == []
