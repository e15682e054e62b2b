"""Rows as tests need them: valid ones, of which a test names only what it is about.

Nothing is added to a session here: `saved` does, and gives the row back with its id.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot.clock import CHINA
from bot.db.base import Base
from bot.db.tables import (
    Delivery,
    Employer,
    Posting,
    PostingOccupation,
    Seeker,
    Subscription,
)
from bot.matching.job_preference import JobPreference
from bot.matching.stored_preference import to_row
from bot.vocabulary.vocabulary import vocabulary

#: When rows were imported, created or sent unless a test says otherwise.
MOMENT = datetime(2026, 11, 1, 8, tzinfo=CHINA)
Row = TypeVar("Row", bound=Base)
_numbers = count(1)


def restart_numbers() -> None:
    """Number postings and employers from 1 again, as each test expects."""
    global _numbers
    _numbers = count(1)


def saved(db: Session, row: Row) -> Row:
    """Add a row and flush it, so that it has its id."""
    db.add(row)
    db.flush()
    return row


def make_posting(
    occupations: Sequence[str] = ("保安员",), region: str | None = "210106", **columns: Any
) -> Posting:
    """Return a guard's posting in 沈阳市铁西区 for 3000 to 4000 yuan a month; columns replace it.

    The city follows from the region; the employer is one of its own unless one is named (as row or
    id); the title is that of the first occupation.
    """
    number = next(_numbers)
    if "employer_id" not in columns:
        columns.setdefault("employer", Employer(name=f"单位{number}"))
    trade = occupations[0] if occupations else "岗位"
    values: dict[str, Any] = {
        "source": "test", "source_key": str(number), "content_hash": "x", "title": f"{trade}{number}",
        "salary_text": "3-4千", "salary_min": 3000, "salary_max": 4000, "region_code": region,
        "city_code": vocabulary().city_of(region) if region else None, "place_text": "某地",
        "imported_at": MOMENT, **columns,
    }  # fmt: skip
    posting = Posting(**values)
    posting.occupations = [
        PostingOccupation(occupation_name=name, rank=rank) for rank, name in enumerate(occupations)
    ]
    return posting


def make_seeker(**columns: Any) -> Seeker:
    """Return a seeker of whom nothing is kept."""
    return Seeker(**{"created_at": MOMENT, **columns})


def make_subscription(
    wish: JobPreference, seeker: Seeker, expires: date, **columns: Any
) -> Subscription:
    """Return a running daily subscription to a wish by the web, without the consent behind it."""
    values: dict[str, Any] = {
        "seeker_id": seeker.id, "channel": "web", "frequency": "daily", "created_at": MOMENT,
        "expires_on": expires, **columns,
    }  # fmt: skip
    subscription = Subscription()
    to_row(wish, subscription)
    for name, value in values.items():
        setattr(subscription, name, value)
    return subscription


def make_delivery(key: str = "a", **columns: Any) -> Delivery:
    """Return a digest to Anna on the web, queued and due at once."""
    values: dict[str, Any] = {
        "key": key, "channel": "web", "address": "anna", "kind": "digest", "body": "{}", "slots": "{}",
        "created_at": MOMENT, **columns,
    }  # fmt: skip
    values.setdefault("next_attempt_at", values["created_at"])
    return Delivery(**values)
