"""Diversity of a list: each job once, and a limit for each employer."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from bot.matching.features import Features
from bot.matching.score import Scored
from bot.postings.match_config import Condition

#: What makes two postings the same job: employer, title and pay.
Job = tuple[int, str, int | None]


@dataclass(frozen=True)
class ScoredPosting:
    """A scored posting that may be listed."""

    features: Features
    scored: Scored
    broken: frozenset[Condition]
    """Conditions that it does not keep."""


def job_of(features: Features) -> Job:
    """Return what tells a posting's job from others, whatever its source."""
    return (features.employer_id, features.title, features.salary_min)


def one_per_job(best_first: Sequence[ScoredPosting], shown_jobs: Set[Job]) -> list[ScoredPosting]:
    """Return the best of each job, none of those shown before."""
    best_by_job: dict[Job, ScoredPosting] = {}
    for candidate in best_first:
        job = job_of(candidate.features)
        if job not in shown_jobs:
            best_by_job.setdefault(job, candidate)
    return list(best_by_job.values())


def limit_per_employer(
    best_first: Sequence[ScoredPosting],
    employer_counts: dict[int, int],
    limit: int,
    of_one_employer: int,
) -> list[ScoredPosting]:
    """Take the best, at most so many of one employer while others are there.

    `employer_counts`: postings of each employer already in the list; updated.
    """
    selected: list[ScoredPosting] = []
    spare: list[ScoredPosting] = []
    for candidate in best_first:
        employer = candidate.features.employer_id
        if employer_counts.get(employer, 0) < of_one_employer:
            employer_counts[employer] = employer_counts.get(employer, 0) + 1
            selected.append(candidate)
        else:
            spare.append(candidate)
    return (selected + spare)[:limit]
