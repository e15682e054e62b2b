"""Answer 90 dialogues and print the turns as JSON: equal on every Python.

`python -m tests.pythons.answers`: on the model of this checkout, with the demo postings in a
database of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.logging_setup import configure, prepare_environment
from bot.rasa_stubs import install_stubs
from bot.settings import ROOT, Settings, settings

DIALOGUES = 90
#: What is compared of a turn: all but how long it took, and digits of probabilities.
COMPARED = ("act", "status", "topics", "slots", "rendered", "citations", "postings")


def dialogues() -> list[list[str]]:
    """Return the texts of 90 conversation cases, taken evenly from all files."""
    from ruamel.yaml import YAML

    files = sorted((ROOT / "tests" / "conversations" / "cases").glob("*.yml"))
    read = YAML(typ="safe")
    cases = [case for file in files for case in read.load(file.read_text(encoding="utf-8"))]
    step = len(cases) / DIALOGUES
    chosen = [cases[int(number * step)] for number in range(DIALOGUES)]
    return [[turn["say"] for turn in case["turns"]] for case in chosen]


async def answers(model: Path) -> list[list[dict[str, Any]]]:
    """Return the compared parts of each turn of each dialogue."""
    from bot.runtime.in_process import Conversations

    talk = await Conversations.open(model)
    answered = []
    for number, texts in enumerate(dialogues()):
        turns = [await talk.send(text, f"smoke-{number}") for text in texts]
        answered.append([{name: turn[name] for name in COMPARED} for turn in turns])
    return answered


def main() -> None:
    """Prepare a database, answer, print."""
    prepare_environment()
    install_stubs()
    configure("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/smoke.db"
        settings.cache_clear()
        from bot.bootstrap import prepare_data
        from bot.nlu import training

        list(prepare_data(Settings.from_environment(), demo=True))
        model = training.current_model(settings())
        if model is None:
            raise SystemExit("the model does not fit this checkout: make train")
        json.dump(asyncio.run(answers(model)), sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
