"""A posting and a preference that fit each other; a test changes what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bot.matching.features import Features
from bot.matching.job_preference import JobPreference
from bot.postings.traits import Traits

GUARD = Features(
    1, 1, "保安员", ("保安员",), "210106", 3000, 4000, None, None, None, date(2026, 11, 20), True,
    traits=Traits(),
)  # fmt: skip
WISH = JobPreference(occupations=("保安员",), region_code="210106", salary_min=3000)


def guard(**changed: Any) -> Features:
    return replace(GUARD, **changed)


def wish(**changed: Any) -> JobPreference:
    return replace(WISH, **changed)
