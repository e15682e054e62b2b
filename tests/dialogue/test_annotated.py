"""Annotated dialogues: what is read, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.annotated import DialogueError, load_dialogues
from bot.dialogue.readings import MOVES, THREADS
from bot.settings import settings

GOOD = """
- id: a-1
  person: 45岁 大连
  turns:
  - say: 找个保安的活
    reading: job_search.open
    bot: {thread: job_search, asks: region, offers: [啥活都行]}
  - say: 大连
    reading: job_search.answer
    bot: {thread: job_search, shows: postings 5}
  - say: "2"
    reading: posting.pick
    bot: {thread: posting, shows: postings 1}
  - say: 失业金能领几个月
    reading: policy.open
    topic: unemployment-benefit
    bot: {thread: policy, topic: unemployment-benefit}
  - say: 谢谢
    reading: small_talk.chat
    bot: {thread: small_talk}
"""


def _folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "talks.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_each_turn_has_the_state_that_the_answers_before_it_left(tmp_path: Path) -> None:
    (dialogue,) = load_dialogues(_folder(tmp_path, GOOD))
    first, place, number, benefit, thanks = (turn.state for turn in dialogue.turns)
    assert (first.field, first.asks) == ("", "")
    assert (place.field, place.asks, place.offers) == ("jobs", "place", ("啥活都行",))
    assert (number.asks, number.shows) == ("", "postings")
    assert (benefit.thread, benefit.shows) == ("posting", "posting")
    assert (thanks.field, thanks.topic) == ("knowledge", "unemployment-benefit")
    assert thanks.before == ("jobs",)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (GOOD.replace("posting.pick", "posting.choose"), "posting.choose"),
        (GOOD.replace("posting.pick", "post.pick"), "post.pick"),
        (GOOD.replace('"2"', "2"), "no text: 2"),
        (GOOD.replace("{thread: small_talk}", "{thread: talk}"), "no thread: talk"),
        (GOOD.replace("    bot: {thread: small_talk}\n", ""), "bot"),
        (GOOD + GOOD, "stands twice"),
        ("- id: [", "talks.yml"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, wrong: str, said: str) -> None:
    with pytest.raises(DialogueError) as refused:
        load_dialogues(_folder(tmp_path, wrong))
    assert "talks.yml" in str(refused.value)
    assert said in str(refused.value)


def test_our_dialogues_are_many_and_of_all_kinds() -> None:
    dialogues = load_dialogues(settings().data / "dialogues")
    turns = [turn for dialogue in dialogues for turn in dialogue.turns]
    assert len(dialogues) >= 400
    assert len(turns) >= 2500
    assert {turn.thread for turn in turns} == set(THREADS)
    assert {turn.move for turn in turns} == set(MOVES)
    assert sum(len(turn.text) <= 8 for turn in turns) > len(turns) / 3
