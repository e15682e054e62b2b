"""Moments are stored and read in China's time, on each database."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from bot.clock import CHINA
from bot.db.tables import Subscription
from bot.matching.job_preference import JobPreference
from tests.factories import make_seeker, make_subscription, saved

MOMENT = datetime(2026, 11, 23, 23, 30, tzinfo=timezone.utc)
WISH = JobPreference(occupations=("保安员",), region_code="210100")


def _subscription(db: Session, created_at: datetime) -> Subscription:
    seeker = saved(db, make_seeker())
    row = make_subscription(WISH, seeker, date(2027, 1, 1), created_at=created_at)
    return saved(db, row)


def test_a_moment_of_another_zone_is_read_as_chinas(words: Session) -> None:
    number = _subscription(words, MOMENT).id
    words.expire_all()
    read = words.get_one(Subscription, number).created_at
    assert read == MOMENT
    assert (read.hour, read.utcoffset()) == (7, timedelta(hours=8))


def test_moments_of_two_zones_compare_as_moments(words: Session) -> None:
    _subscription(words, MOMENT)
    later = MOMENT.astimezone(CHINA) + timedelta(minutes=1)
    assert words.query(Subscription).filter(Subscription.created_at < later).count() == 1
    assert words.query(Subscription).filter(Subscription.created_at > later).count() == 0


def test_a_moment_without_a_zone_is_refused(words: Session) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        _subscription(words, datetime(2026, 11, 24))
