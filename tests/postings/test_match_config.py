from pathlib import Path

import pytest

from bot.postings.match_config import PARTS, read_rules, rules
from bot.postings.match_config_error import MatchFileError
from bot.settings import settings

GIVEN = (settings().data / "match.yml").read_text("utf-8")


def test_the_file_weighs_every_part_and_loosens_something() -> None:
    assert len(rules().weights) == len(PARTS)
    assert rules().loosen[0] == {"pay_reaches"}


@pytest.mark.parametrize(
    ("was", "becomes", "names"),
    [
        ("  trade: 3.0", "  trade: much", "weights.trade"),
        ("  trade: 3.0", "  trade: -1", "weights.trade"),
        ("  trade: 3.0", "  trades: 3.0", "weights.trade"),
        ("- [place]", "- [palce]", "palce is none of"),
        ("  lower_pay: 0.85", "  lower_pay: 1.5", "limits.lower_pay"),
        ("  lower_pay: 0.85", "  higher_pay: 0.85", "limits.lower_pay"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, was: str, becomes: str, names: str) -> None:
    assert was in GIVEN
    file = tmp_path / "match.yml"
    file.write_text(GIVEN.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(MatchFileError, match=names):
        read_rules(file)
