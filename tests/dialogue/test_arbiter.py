"""The arbiter reads a message by the state of the talk, and is kept as it was learned."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.annotated import AnnotatedDialogue, AnnotatedTurn
from bot.dialogue.arbiter import Arbiter, arbiter
from bot.dialogue.learning import learn
from bot.dialogue.message import ParsedMessage
from bot.dialogue.readings import Thread
from bot.dialogue.state import DialogueState, requested_kind


def _message(text: str) -> ParsedMessage:
    return ParsedMessage.from_parse(
        text, {"intent_ranking": [{"name": "inform", "confidence": 0.5}]}
    )


def _dialogue(number: int, thread: Thread) -> AnnotatedDialogue:
    """Return a dialogue in which a bare number answers what the thread asked."""
    asked = "pay_month" if thread == "job_search" else "contribution_years"
    field = "jobs" if thread == "job_search" else "knowledge"
    state = DialogueState().after_answer(field, thread, None, requested_kind(asked), "", ())
    return AnnotatedDialogue(
        f"{thread}-{number}",
        (
            AnnotatedTurn("你好", DialogueState(), "small_talk", "chat", None),
            AnnotatedTurn(str(number), state, thread, "answer", None),
        ),
    )


@pytest.fixture(scope="module")
def learned() -> Arbiter:
    dialogues = [_dialogue(n, t) for n in range(40) for t in ("job_search", "calculation")]
    found, report = learn(dialogues, lambda text: {})
    assert report.right["field"] > 0.9
    return found


def test_the_same_word_is_read_by_what_was_asked(learned: Arbiter) -> None:
    jobs = DialogueState().after_answer("jobs", "job_search", None, "pay", "", ())
    sums = DialogueState().after_answer("knowledge", "calculation", None, "number", "", ())
    assert learned.read(_message("52"), jobs).field == "jobs"
    assert learned.read(_message("52"), sums).field == "knowledge"


def test_what_is_written_reads_back_the_same_and_writes_the_same_bytes(
    learned: Arbiter, tmp_path: Path
) -> None:
    learned.save(tmp_path / "one.npz")
    again = Arbiter.load(tmp_path / "one.npz")
    again.save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    state = DialogueState().after_answer("jobs", "job_search", None, "pay", "", ())
    for text in ("3", "啥", "", "5000往上 别太远"):
        assert again.read(_message(text), state) == learned.read(_message(text), state)


def test_a_reading_is_explained_by_features_of_message_and_state(learned: Arbiter) -> None:
    state = DialogueState().after_answer("jobs", "job_search", None, "pay", "", ())
    why = learned.explain_field(_message("52"), state)
    assert why
    assert any("pay" in one or "jobs" in one for one in why)


def test_without_a_file_there_is_no_arbiter(tmp_path: Path) -> None:
    assert arbiter(tmp_path) is None
    (tmp_path / "arbiter.npz").write_bytes(b"none")
    arbiter.cache_clear()
    assert arbiter(tmp_path) is None
    arbiter.cache_clear()


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        (None, ""), ("region", "place"), ("你在哪个区领？", "place"), ("pay_month", "pay"),
        ("contribution_years", "number"), ("多大岁数？", "number"), ("occupation", "trade"),
        ("想干啥样的活？", "trade"), ("topic", "choice"), ("consent", "yes_no"),
        ("办过失业登记没有？", "yes_no"), ("说说咋回事", "other"),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_told_by_its_name_or_words(question: str | None, kind: str) -> None:
    assert requested_kind(question) == kind


def test_a_state_goes_through_its_slot_unchanged() -> None:
    state = DialogueState().after_answer("jobs", "job_search", None, "pay", "postings", ("2",))
    state = state.after_answer("knowledge", "policy", "overtime", "", "", ())
    assert DialogueState.from_slot(state.to_slot()) == state
    assert DialogueState.from_slot(None) == DialogueState()
    assert state.before == ("jobs",)
