"""Rows that tests make are valid, and say what they were told."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.matching.job_preference import JobPreference
from bot.subscriptions.service import preference_of
from tests.factories import make_delivery, make_posting, make_seeker, make_subscription, saved


@pytest.mark.parametrize("attempt", [1, 2])
def test_rows_are_numbered_from_one_in_each_test(words: Session, attempt: int) -> None:
    first, second = saved(words, make_posting()), saved(words, make_posting(("厨师", "店长"), None))
    assert (first.title, first.employer.name, first.city_code) == ("保安员1", "单位1", "210100")
    assert (second.title, second.employer.name, second.city_code) == ("厨师2", "单位2", None)
    assert [one.occupation_name for one in second.occupations] == ["厨师", "店长"]


def test_a_subscription_has_the_wish_it_was_made_for(words: Session) -> None:
    wish = JobPreference(("保安员",), region_code="210100", salary_min=3000, excluded=("夜班",))
    one = make_subscription(wish, saved(words, make_seeker()), date(2027, 3, 1), frequency="weekly")
    assert preference_of(saved(words, one)) == wish
    assert one.frequency == "weekly"


def test_a_delivery_is_due_when_it_was_made_unless_told_otherwise(words: Session) -> None:
    one = saved(words, make_delivery("k"))
    assert (one.key, one.next_attempt_at) == ("k", one.created_at)
