"""The installation's secret and the keys that come of it."""

from __future__ import annotations

from pathlib import Path

from bot.keys import derived, secret


def test_a_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secret"
    made = secret(file)
    assert secret(file) == made
    assert len(made) == 64
    assert file.stat().st_mode & 0o077 == 0
    assert secret(tmp_path / "other" / "secret") != made


def test_one_that_is_set_counts_and_makes_no_file(tmp_path: Path) -> None:
    assert secret(tmp_path / "secret", "set") == b"set"
    assert not (tmp_path / "secret").exists()


def test_each_purpose_has_a_key_of_its_own() -> None:
    assert derived("one", b"s") == derived("one", b"s")
    assert derived("one", b"s") != derived("other", b"s")
    assert derived("one", b"s") != derived("one", b"t")
    assert len(derived("one", b"s")) == 32
