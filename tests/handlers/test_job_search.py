"""A yes to the trades named in place of the one wished for, and what is searched for from then on.

Beside it: what is asked beside a search leaves the list as what is shown.
"""

from __future__ import annotations

from typing import Any

import pytest

import bot.handlers.side_questions as beside
from bot.db.session import session
from bot.handlers.job_search import OTHER_OCCUPATIONS, answer_others, search_jobs
from bot.handlers.posting_questions import asks_of_listed
from bot.messages import Message, PolicyAnswer, PostingItem, Postings
from bot.policies.ranking.index import AnswerHit
from bot.turns.arbitration import remember, state_of
from bot.turns.turn import Turn
from bot.understanding.entity_extractor import message_reader
from tests.factories import make_posting


@pytest.fixture
def waiting(here: str) -> dict[str, Any]:
    """The slots of somebody who was told of other trades than the one he wished for."""
    with session(here) as db:
        db.add_all(
            make_posting((trade,), source="演示数据", title=f"{trade}{at}")
            for trade in ("普工", "保洁员")
            for at in range(7)
        )
    return {
        "subject": "job", "shown": [], "occupation": ["挖掘机司机"], "asked": OTHER_OCCUPATIONS,
        "pending": {"trades": ["普工"]},
    }  # fmt: skip


def _say(slots: dict[str, Any], text: str, act: str) -> Turn:
    entities = [dict(entity) for entity in message_reader().read(text)]
    return Turn(text, act, 0.9, [], entities, dict(slots))


def _keep(slots: dict[str, Any], turn: Turn) -> None:
    """Set the slots as Rasa does, by the turn's events."""
    slots |= turn.changed_slots()


def _trades(message: Message | None) -> set[str]:
    assert isinstance(message, Postings)
    return {one.title.rstrip("0123456789") for one in message.items}


@pytest.mark.parametrize(
    ("text", "act"), [("行", "affirm"), ("都行", "inform"), ("这几个都行", "affirm")]
)
def test_a_yes_is_kept_over_the_turns_to_come(waiting: dict[str, Any], text: str, act: str) -> None:
    first = _say(waiting, text, act)
    assert _trades(answer_others(first)) == {"普工"}
    _keep(waiting, first)
    assert waiting["occupation"] == ["普工"]
    assert waiting["asked"] != OTHER_OCCUPATIONS
    for says in ("再来几个", "一个月三千以上"):
        turn = _say(waiting, says, "refine_job")
        assert _trades(search_jobs(turn)) == {"普工"}
        _keep(waiting, turn)
        assert waiting["occupation"] == ["普工"]


@pytest.mark.parametrize("text", ["啥活都行", "随便", "干啥都行"])
def test_any_work_is_not_only_the_trades_named(waiting: dict[str, Any], text: str) -> None:
    turn = _say(waiting, text, "affirm")
    answer_others(turn)
    _keep(waiting, turn)
    assert not waiting["occupation"]
    assert waiting["any_occupation"] is True
    second = _say(waiting, "再来几个", "refine_job")
    search_jobs(second)
    _keep(waiting, second)
    assert not waiting["occupation"]


def test_who_says_something_else_is_not_taken_to_agree(waiting: dict[str, Any]) -> None:
    assert answer_others(_say(waiting, "不要", "deny")) is None
    assert answer_others(_say(waiting, "保洁也行", "affirm")) is None


def test_a_claim_beside_a_search_leaves_the_list_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def claim(part: Turn, hit: AnswerHit) -> Message:
        part.set(topic="health-certificate", subject="policy")
        part.units.append("one")
        return PolicyAnswer(act="policy", text="答", topics=["health-certificate"])

    class Index:
        def search(self, *_: object, **__: object) -> list[Any]:
            unit = type("Unit", (), {"aspect": None, "asks": ()})
            return [type("Hit", (), {"unit": unit, "probability": 1.0})]

    monkeypatch.setattr(beside, "answer_claim", claim)
    monkeypatch.setattr(beside, "current_answers", Index)
    turn = _say({}, "南芬有食堂要人不。健康证在哪办，多少钱", "find_job")
    turn.set(subject="job", shown=[1, 2])
    items = [
        PostingItem(
            id=n, title="", employer="", region="", salary_text="", salary_min=None, salary_max=None
        )
        for n in (1, 2)
    ]
    listed = Postings(act="find_job", text="", items=items, total=2)
    messages = [listed, *beside.answer_side_questions(turn, [listed])]
    assert [one.text for one in messages] == ["", "你还问“健康证在哪办，多少钱”：答"]
    assert turn.units == ["one"]
    assert (turn.current.topic, turn.current.subject) == ("health-certificate", "job")
    remember(turn, messages)
    after = _say(turn.changes, "哪家 电话多少", "nlu_fallback")
    assert (state_of(after).field, state_of(after).shows) == ("jobs", "postings")
    assert asks_of_listed(after)
