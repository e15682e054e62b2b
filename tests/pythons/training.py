"""Train on a small part of data/nlu and parse with the model: what a Python needs to learn works.

`python -m tests.pythons.training` prints the acts of a few messages.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from bot.logging_setup import configure, prepare_environment
from bot.rasa_stubs import install_stubs
from bot.settings import Settings, settings

#: Examples of each block of data/nlu that are kept.
EXAMPLES = 12
#: Messages, and the act that even a small model tells.
MESSAGES = {"失业金怎么领": "policy", "想在大连找个会计的活": "find_job", "转人工": "handoff"}


def small_data(folder: Path, using: Settings) -> Settings:
    """Write a data folder with the first examples of each block; return settings for it."""
    data = folder / "data"
    shutil.copytree(using.data, data)
    for file in (data / "nlu").rglob("*.yml"):
        kept, count = [], 0
        for line in file.read_text(encoding="utf-8").splitlines():
            count = count + 1 if line.startswith("    - ") else 0
            if count <= EXAMPLES:
                kept.append(line)
        file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return replace(using, data=data, models=folder / "models")


async def parsed(model: Path) -> dict[str, str]:
    """Return the act of each message."""
    from bot.runtime.agent import open_agent

    agent = await open_agent(model, False)
    return {text: (await agent.parse_message(text))["intent"]["name"] for text in MESSAGES}


def main() -> None:
    """Train, parse, compare."""
    prepare_environment()
    install_stubs()
    configure("ERROR")
    from bot.nlu import training

    with tempfile.TemporaryDirectory() as folder:
        model = training.train(small_data(Path(folder), settings()))
        acts = asyncio.run(parsed(model))
    if acts != MESSAGES:
        raise SystemExit(f"the small model tells {acts}")
    print(acts)


if __name__ == "__main__":
    main()
