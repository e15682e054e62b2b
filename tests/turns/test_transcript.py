"""Transcripts of a conversation."""

from __future__ import annotations

from typing import Any

from bot.turns.transcript import MAX_TURNS, in_words, last_answers, transcript


def _user(text: str) -> dict[str, Any]:
    return {"event": "user", "text": text, "timestamp": 1.0}


def _bot(text: str, **custom: Any) -> dict[str, Any]:
    return {"event": "bot", "data": {"custom": {"text": text, **custom}}}


def test_lines_stand_in_their_order_with_their_speaker() -> None:
    events = [_user("您好"), {"event": "slot"}, _bot("您好呀"), {"event": "bot", "text": "原话"}]
    lines = transcript(events)
    assert [(line.sender, line.text) for line in lines] == [
        ("seeker", "您好"), ("bot", "您好呀"), ("bot", "原话"),
    ]  # fmt: skip
    assert lines[0].said_at is not None
    assert lines[1].said_at is None


def test_only_the_last_turns_are_passed_on() -> None:
    events = [_user(str(number)) for number in range(MAX_TURNS + 5)]
    lines = transcript(events)
    assert len(lines) == MAX_TURNS
    assert lines[0].text == "5"


def test_the_first_message_of_each_answered_turn_comes_newest_first() -> None:
    events = [_user("a"), _bot("a1"), _bot("a2"), _user("b"), _user("c"), _bot("c1"), _user("d")]
    assert [one["text"] for one in last_answers(events, 5)] == ["c1", "a1"]
    assert [one["text"] for one in last_answers(events, 1)] == ["c1"]


def test_postings_and_the_next_step_are_told_in_words() -> None:
    text = in_words(
        {"text": "找到", "items": [{"title": "保安", "employer": "甲"}], "next_step": "去办"}
    )
    assert text == "找到\n· 保安（甲）\n接下来：去办"
    assert in_words({}) == ""
