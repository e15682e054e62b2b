"""State of the eligibility interview."""

from __future__ import annotations

from bot.eligibility.interview import Interview
from bot.policies.facts import fact_schema

QUESTION = fact_schema().questions["age"]


def test_the_slot_holds_the_whole_state() -> None:
    state = Interview({"age": 52, "disabled": None}, ("age",), "disabled", 1, True)
    assert Interview.from_slot(state.to_slot()) == state
    assert Interview.from_slot(None) == Interview()


def test_the_newest_fact_counts() -> None:
    state = Interview({"age": 52}).with_facts({"age": 53})
    assert state.facts == {"age": 53}
    assert state.with_facts({}) is state


def test_an_answer_closes_its_question_and_another_fact_does_not() -> None:
    waiting = Interview(open_question="age", failed_attempts=1)
    answered = waiting.with_answer(QUESTION, {"age": 52})
    assert (answered.open_question, answered.failed_attempts) == (None, 0)
    missed = waiting.with_answer(QUESTION, {"disabled": "no"})
    assert (missed.open_question, missed.failed_attempts) == ("age", 2)
    assert missed.facts == {"disabled": "no"}


def test_a_question_missed_three_times_is_taken_as_not_known() -> None:
    waiting = Interview(open_question="age", failed_attempts=2)
    given_up = waiting.with_answer(QUESTION, {})
    assert (given_up.open_question, given_up.failed_attempts) == (None, 0)
    assert given_up.facts == {"age": None}
