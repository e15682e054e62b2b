"""Each job once, and a limit for each employer."""

from __future__ import annotations

from typing import Any

from bot.matching.diversify import ScoredPosting, limit_per_employer, one_per_job
from bot.matching.score import score
from tests.matching.postings import guard, wish


def _candidate(number: int, **changed: Any) -> ScoredPosting:
    features = guard(posting_id=number, **changed)
    return ScoredPosting(features, score(features, wish()), frozenset())


def _numbers(candidates: list[ScoredPosting]) -> list[int]:
    return [candidate.features.posting_id for candidate in candidates]


def test_of_one_job_the_best_is_taken_and_none_that_was_shown() -> None:
    best_first = [
        _candidate(1),
        _candidate(2),
        _candidate(3, title="门卫"),
        _candidate(4, salary_min=1),
    ]
    assert _numbers(one_per_job(best_first, set())) == [1, 3, 4]
    assert _numbers(one_per_job(best_first, {(1, "保安员", 3000)})) == [3, 4]


def test_more_of_one_employer_come_after_the_others() -> None:
    best_first = [_candidate(1), _candidate(2), _candidate(3), _candidate(4, employer_id=2)]
    assert _numbers(limit_per_employer(best_first, {}, 9, 2)) == [1, 2, 4, 3]
    assert _numbers(limit_per_employer(best_first, {}, 3, 2)) == [1, 2, 4]


def test_what_the_list_has_already_counts() -> None:
    counts = {1: 1}
    best_first = [_candidate(1), _candidate(2), _candidate(4, employer_id=2)]
    assert _numbers(limit_per_employer(best_first, counts, 9, 2)) == [1, 4, 2]
    assert counts == {1: 2, 2: 1}
