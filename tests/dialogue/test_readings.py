"""Fields of the businesses of a talk."""

from __future__ import annotations

from bot.dialogue.readings import FIELDS, MOVES, THREADS, field_of


def test_threads_of_one_field_are_one_and_others_stand_alone() -> None:
    assert field_of("calculation") == field_of("policy") == "knowledge"
    assert field_of("posting") == field_of("job_search") == "jobs"
    for thread in THREADS:
        assert field_of(thread) == FIELDS.get(thread, thread)


def test_names_stand_once() -> None:
    assert len(set(THREADS)) == len(THREADS)
    assert len(set(MOVES)) == len(MOVES)
