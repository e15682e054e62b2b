"""Passwords: hashed with a salt of their own, checked, refused when too short or too long."""

from __future__ import annotations

import pytest

from bot.handoff.errors import UnfitPassword
from bot.handoff.passwords import MAX_CHARS, MIN_CHARS, NOBODY, hashed, is_correct


def test_a_password_is_known_again_and_kept_nowhere() -> None:
    stored = hashed("correct horse")
    assert "correct" not in stored
    assert is_correct("correct horse", stored)
    assert not is_correct("correct horsf", stored)
    assert hashed("correct horse") != stored


@pytest.mark.parametrize("length", [0, MIN_CHARS - 1, MAX_CHARS + 1])
def test_a_password_too_short_or_too_long_is_refused(length: int) -> None:
    with pytest.raises(UnfitPassword):
        hashed("x" * length)


@pytest.mark.parametrize("length", [MIN_CHARS, MAX_CHARS])
def test_the_ends_of_the_length_are_fit(length: int) -> None:
    assert is_correct("x" * length, hashed("x" * length))


@pytest.mark.parametrize(
    "stored",
    ["", "bcrypt$1$2$3$00$00", "scrypt$1", NOBODY],
    ids=("nothing", "bcrypt", "cut", "nobody"),  # that of nobody differs in each process
)
def test_a_hash_of_another_kind_fits_nothing(stored: str) -> None:
    assert not is_correct("long enough for a test", stored)
