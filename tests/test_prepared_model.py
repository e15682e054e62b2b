"""Commands that talk prepare the model before their event loop runs: Rasa trains in its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands import steps

TALK = "- {id: A, person: 某人, goal: 问一句, turns: [失业金怎么领]}\n"
CASE = '{"id": "a", "turns": [{"text": "失业金怎么领"}]}\n'


class Trained(Exception):
    """Ends a command once its model would have been trained."""


def _train(_using: object) -> Path:
    async def learn() -> None:
        raise Trained

    asyncio.run(learn())
    raise AssertionError


@pytest.mark.parametrize("command", ["ask", "explain", "talk", "evaluate"])
def test_a_stale_model_can_be_trained(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = {"talk": tmp_path / "talks.yml", "evaluate": tmp_path / "cases.jsonl"}
    for file, text in zip(files.values(), (TALK, CASE), strict=True):
        file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(steps, "ready_model", _train)
    result = CliRunner().invoke(app, [command, str(files.get(command, "失业金怎么领"))])
    assert isinstance(result.exception, Trained)
