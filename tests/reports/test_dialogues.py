"""The dialogues of the shared reports: kinds of fault that people met, each as its README says."""

from __future__ import annotations

import asyncio
import json
import os
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot import clock
from bot.clock import CHINA
from bot.runtime.in_process import Conversations
from bot.settings import ROOT, settings
from tests.databases import sqlite_copy

REPORTS = Path(os.environ.get("JIUYE_SHARED", ROOT.parent / "shared")) / "reports"
#: The day on which the reports were checked.
DAY = datetime(2026, 11, 28, 10, tzinfo=CHINA)


def _dialogues() -> Iterator[dict[str, Any]]:
    for file in sorted(REPORTS.glob("*/dialogues.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


DIALOGUES = list(_dialogues())


@pytest.fixture(scope="module")
def talk(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Conversations]:
    url = sqlite_copy("demo", tmp_path_factory.mktemp("reports") / "demo.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        settings.cache_clear()
        yield asyncio.run(Conversations.open(model))
    settings.cache_clear()


@pytest.mark.model
@pytest.mark.parametrize("dialogue", DIALOGUES, ids=[one["id"] for one in DIALOGUES])
async def test_a_dialogue_that_failed_elsewhere_is_answered_right(
    talk: Conversations, dialogue: dict[str, Any], shared: Path
) -> None:
    sender = uuid.uuid4().hex
    with clock.frozen(DAY):
        for turn in dialogue["turns"]:
            got = await talk.send(turn["text"], sender)
            answer = "\n".join(got["rendered"])
            at = f"{turn['text']!r}: {answer[:400]}"
            if "act" in turn:
                assert got["act"] == turn["act"], at
            for slot, value in (turn.get("slots") or {}).items():
                assert got["slots"].get(slot) == value, at
            assert [word for word in turn.get("must", ()) if word not in answer] == [], at
            assert [word for word in turn.get("must_not", ()) if word in answer] == [], at
