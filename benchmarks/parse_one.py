"""Load one model in a process of its own and say how long that took and what a parse costs.

`python -m benchmarks.parse_one MODEL TEXTS.json ours|baseline`: prints one JSON object. Load
time counts from the first line of this program, so that importing Rasa is part of it.
"""

import time

_BEGAN = time.perf_counter()

import asyncio
import json
import resource
import statistics
import sys
from pathlib import Path

from bot.logging_setup import configure, prepare_environment
from bot.rasa_stubs import install_stubs

#: Parses that warm caches before any is timed.
WARM_UP = 30


def _resident_mb() -> float:
    """Return the memory in use now, not at its peak."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


async def _measure(model: str, texts: list[str], ours: bool) -> dict[str, float]:
    from rasa.core.agent import load_agent

    if ours:  # as it is served: components run as plain calls. Every text is heard once only.
        from bot.runtime.rasa_patches import apply_patches

        apply_patches()
    agent = await load_agent(model)
    loaded = time.perf_counter() - _BEGAN
    for text in texts[:WARM_UP]:
        await agent.parse_message(text)
    took = []
    for text in texts[WARM_UP:]:
        began = time.perf_counter()
        await agent.parse_message(text)
        took.append((time.perf_counter() - began) * 1000)
    return {
        "load_s": round(loaded, 2),
        "memory_mb": round(_resident_mb(), 1),
        "parse_ms": round(statistics.median(took), 3),
        "parse_99_ms": round(sorted(took)[int(len(took) * 0.99)], 3),
        "parse_worst_ms": round(max(took), 3),
    }


if __name__ == "__main__":
    prepare_environment()
    ours = sys.argv[3] == "ours"
    if ours:
        install_stubs()
    configure("ERROR")
    given = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    print(json.dumps(asyncio.run(_measure(sys.argv[1], given, ours))))
