"""Postings made in one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from itertools import count
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.db.tables import Employer, Posting, PostingOccupation
from bot.text.vocabulary import vocabulary

Post = Callable[..., Posting]


@pytest.fixture
def post(words: Session) -> Post:
    """Add a posting; what is not given is a guard's job in 沈阳市铁西区 for 3000–4000 a month."""
    numbers = count(1)

    def add(trades: tuple[str, ...] = ("保安员",), region: str = "210106", **given: Any) -> Posting:
        number = next(numbers)
        employer = given.pop("employer", None) or Employer(name=f"单位{number}")
        values = {
            "source": "test", "source_key": str(number), "content_hash": "x", "title": f"{trades[0]}{number}",
            "salary_text": "3-4千", "salary_min": 3000, "salary_max": 4000, "region_code": region,
            "city_code": vocabulary().city_of(region), "place_text": "某地",
            "imported_at": datetime(2026, 11, 1, tzinfo=timezone.utc), **given,
        }  # fmt: skip
        posting = Posting(employer=employer, **values)
        posting.occupations = [
            PostingOccupation(occupation_name=name, rank=rank) for rank, name in enumerate(trades)
        ]
        words.add(posting)
        words.flush()
        return posting

    return add
