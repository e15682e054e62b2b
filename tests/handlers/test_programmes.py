"""A programme named in a message is answered, whatever the classifier made of the message."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.db.session import session
from bot.messages import PolicyAnswer
from bot.policies.load import load
from bot.routing.router import answer
from bot.settings import ROOT, settings
from bot.turns.turn import Topic, Turn


@pytest.fixture
def base(committed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database with three policies, as the assistant's own."""
    for name in ("topics", "service-station", "graduate-employment", "startup-loan"):
        shutil.copy(ROOT / "data" / "policies" / f"{name}.yml", tmp_path)
    monkeypatch.setenv("DATABASE_URL", committed)
    settings.cache_clear()
    with session(committed) as db:
        load(db, tmp_path)


def _turn(text: str, act: str, *aspects: str, topic: str = "startup-loan") -> Turn:
    entities: list[dict[str, Any]] = [
        {"entity": "aspect", "value": one, "start": 0, "end": 0} for one in aspects
    ]
    return Turn(text, act, 0.9, [Topic(topic, 0.9)], entities, {})


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize(
    ("act", "aspects"),
    [("policy", ()), ("station", ("where",)), ("out_of_scope", ()), ("nlu_fallback", ()),
     ("find_job", ("what",))],
)  # fmt: skip
def test_a_programme_named_is_what_is_answered(act: str, aspects: tuple[str, ...]) -> None:
    turn = _turn("雷锋365", act, *aspects)
    (said,) = answer(turn)
    assert isinstance(said, PolicyAnswer)
    assert (said.title, said.act, said.status) == ("抚顺雷锋365", "policy", "answered")
    assert said.topics == ["service-station"]
    assert turn.changes["topic"] == "service-station"


@pytest.mark.usefixtures("base")
def test_a_longer_name_of_another_policy_is_meant_instead() -> None:
    turn = _turn("离校未就业毕业生专场招聘", "policy", topic="graduate-employment")
    (said,) = answer(turn)
    assert isinstance(said, PolicyAnswer)
    assert said.title != "雷锋365"
    other = _turn("创业担保贷款和雷锋365", "policy")
    (told,) = answer(other)
    assert told.to_dict()["topics"] == ["startup-loan"]


@pytest.mark.usefixtures("base")
def test_the_report_of_a_posting_stays_one() -> None:
    turn = _turn("雷锋365上那个公司收押金", "report_posting")
    (said,) = answer(turn)
    assert said.act == "report_posting"
