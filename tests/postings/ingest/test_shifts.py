"""Shifts that a posting states, and the working time that they amount to."""

from __future__ import annotations

import pytest

from bot.postings.ingest.shifts import from_posting_text, names, work_time


@pytest.mark.parametrize(
    ("text", "shifts", "time"),
    [
        ("三班倒", ("three_shifts",), None),
        ("两班倒，白班夜班", ("two_shifts",), None),
        ("长白班", ("day_shift",), "shift_day"),
        ("夜班", ("night_shift",), "shift_night"),
        ("白班、夜班", ("rotating",), None),
        ("包吃住", (), None),
    ],
)
def test_shifts_of_a_posting(text: str, shifts: tuple[str, ...], time: str | None) -> None:
    read = from_posting_text(text)
    assert read == shifts
    assert work_time(read) == time
    assert set(read) <= names().keys()
