"""Whole dialogues on the trained model with the real actions and a real database."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from ruamel.yaml import YAML

from bot import clock
from bot.runtime.in_process import Conversations
from tests.anything import ANY
from tests.profiles import size

CASES = [
    case
    for file in sorted((Path(__file__).parent / "cases").glob("*.yml"))
    for case in YAML(typ="safe").load(file.read_text(encoding="utf-8"))
]
#: Those marked `smoke: true` are a first look at the whole (`make check`).
PARAMETERS = [
    pytest.param(case, id=case["id"], marks=[pytest.mark.smoke] if case.get("smoke") else [])
    for case in CASES
]


@pytest.fixture(scope="module")
def talk(model: Path, demo_database: str) -> Conversations:
    return asyncio.run(Conversations.open(model))


@pytest.mark.model
@pytest.mark.parametrize("case", PARAMETERS)
async def test_a_conversation_goes_as_written(talk: Conversations, case: dict[str, Any]) -> None:
    sender, before = uuid.uuid4().hex, ""
    for number, expected in enumerate(case["turns"], 1):
        with clock.frozen(case["day"]) if "day" in case else nullcontext():
            got = await talk.send(expected["say"], sender, case.get("channel", "web"))
        said = "\n".join(got["rendered"])
        at = f"turn {number}, {expected['say']!r}: {said[:300]}"
        assert said, at
        for name in ("act", "status"):
            if name in expected:
                assert got[name] == expected[name], at
        if "topic" in expected:
            assert got["topics"][:1] == [expected["topic"]], at
        for slot, value in (expected.get("slots") or {}).items():
            assert got["slots"].get(slot) == value, at
        for word in expected.get("must", ()):
            assert str(word) in said, at
        for word in expected.get("must_not", ()):
            assert str(word) not in said, at
        for word in expected.get("once", ()):
            assert said.count(str(word)) == 1, at
        if expected.get("anew"):
            assert said != before, at
        before = said
        if "cites" in expected:
            assert expected["cites"] in [one["number"] for one in got["citations"]], at


@pytest.mark.model
@given(said=ANY)
@settings(
    max_examples=size(30, 300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_is_said_is_answered(talk: Conversations, said: str) -> None:
    got = asyncio.run(talk.send(said, uuid.uuid4().hex))
    assert got["status"] != "error"
    assert all(got["rendered"]), got
