"""Which tests are handed out together."""

import pytest

from tests import schedule
from tests.schedule import part_of, weight_of

HEAVY, LIGHT, NEW = "tests/a/test_heavy.py", "tests/a/test_light.py", "tests/a/test_new.py"


@pytest.fixture(autouse=True)
def _weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "weights", lambda: {HEAVY: 100.0, LIGHT: 1.0})


@pytest.mark.parametrize(
    ("test", "part"),
    [
        (f"{HEAVY}::test_it[sqlite-one]", f"{HEAVY}[sqlite]"),
        (f"{HEAVY}::test_it[postgresql]", f"{HEAVY}[postgresql]"),
        (f"{HEAVY}::test_it[one-postgresql]", f"{HEAVY}[postgresql]"),
        (f"{HEAVY}::test_it[a text]", HEAVY),
        (f"{HEAVY}::test_it", HEAVY),
        (f"{LIGHT}::test_it[sqlite]", LIGHT),
        (f"{NEW}::test_it[sqlite]", NEW),
    ],
)
def test_a_heavy_file_is_divided_by_its_database(test: str, part: str) -> None:
    assert part_of(test) == part


def test_what_takes_longer_is_handed_out_first() -> None:
    assert weight_of(f"{HEAVY}::test_it") > weight_of(f"{HEAVY}::test_it[sqlite]")
    assert weight_of(f"{HEAVY}::test_it[sqlite]") > weight_of(f"{NEW}::test_it")
    assert weight_of(f"{NEW}::test_it") > weight_of(f"{LIGHT}::test_it")


def test_every_weight_is_of_a_file_that_exists() -> None:
    known = schedule.json.loads(schedule.WEIGHTS.read_text(encoding="utf-8"))
    assert known
    gone = [file for file in known if not (schedule.WEIGHTS.parent.parent / file).exists()]
    assert gone == []
