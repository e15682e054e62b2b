"""Annotated talks on policies: read with what stands before each turn, refused when wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.policy_talks import TalkError, load_phrasings, load_talks
from tests.policies.ranking.two_policies import TALK


def test_a_turn_knows_what_stands_before_it(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text(TALK, encoding="utf-8")
    (talk,) = load_talks(tmp_path)
    first, second, third, other, last = talk.turns
    assert (first.before, first.spoken_of, first.said) == ((), None, None)
    assert (second.spoken_of, second.said) == ("bonus", "bonus#what")
    assert second.before == ("上岗红包是啥",)
    assert second.units == ("bonus#materials", "bonus/quit")
    assert (third.label, third.units) == ("none", ())
    assert other.label == "other"
    assert (last.before, last.spoken_of) == ((), "bonus")  # another business lay between


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ("units: [none]", "units: [none, bonus/quit]", "none stands alone"),
        ("text: 手机能办不", "text: 12", "needs text and units"),
        ("units: [other]", "units: []", "needs text and units"),
        ("  turns:", "  lines:", "turns"),
    ],
)
def test_a_wrong_talk_is_refused_with_its_file(
    tmp_path: Path, written: str, instead: str, fault: str
) -> None:
    assert written in TALK
    (tmp_path / "one.yml").write_text(TALK.replace(written, instead), encoding="utf-8")
    with pytest.raises(TalkError, match=f"one.yml: talk 1: .*{fault}"):
        load_talks(tmp_path)


PHRASINGS = "bonus/quit\t\t老板撵我我没走自己走的\nbonus#what\t红包是啥\t那这个呢\n"


def test_phrasings_are_talks_of_one_message(tmp_path: Path) -> None:
    (tmp_path / "phrasings").mkdir()
    (tmp_path / "phrasings" / "bonus.tsv").write_text(PHRASINGS, encoding="utf-8")
    first, second = (talk.turns[0] for talk in load_phrasings(tmp_path))
    assert (first.before, first.spoken_of, first.units) == ((), None, ("bonus/quit",))
    assert (second.before, second.spoken_of, second.text) == (("红包是啥",), "bonus", "那这个呢")


@pytest.mark.parametrize("line", ["bonus/quit\t老板撵我", "\t\t老板撵我", "bonus/quit\t\t"])
def test_a_wrong_phrasing_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "phrasings").mkdir()
    text = PHRASINGS + line + "\n"
    (tmp_path / "phrasings" / "bonus.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(TalkError, match=r"bonus\.tsv: line 3"):
        load_phrasings(tmp_path)
