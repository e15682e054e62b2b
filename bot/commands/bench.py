"""`python -m bot bench`: run the benchmarks of benchmarks/."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

from bot.settings import ROOT

#: Name of a benchmark and the module that runs it.
BENCHMARKS = {
    "parse": "benchmarks.parse",
    "nlu": "benchmarks.nlu",
    "rubbish": "benchmarks.rubbish",
    "policies": "benchmarks.policies",
    "postings": "benchmarks.postings",
    "search": "benchmarks.search",
    "words": "benchmarks.words",
    "titles": "benchmarks.titles",
    "push": "benchmarks.push",
    "eligibility": "benchmarks.eligibility",
    "match": "benchmarks.match",
    "message-cost": "benchmarks.message_cost",
    "ranking": "benchmarks.ranking",
    "reverse": "benchmarks.reverse",
    "conversation": "benchmarks.conversation",
    "profile": "benchmarks.conversation_profile",
    "console": "benchmarks.console",
    "crash": "benchmarks.crash",
    "import-beside": "benchmarks.import_beside",
    "lines": "benchmarks.lines",
    "soak": "benchmarks.soak",
    "sms": "benchmarks.sms",
    "warning": "benchmarks.warning",
    "warning-alarms": "benchmarks.warning_alarms",
    "wechat": "benchmarks.wechat",
}
#: Run only when named: it takes half an hour.
LONG = ("soak",)


def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Default: all but soak.")] = None,
) -> None:
    """Run benchmarks; each prints a table and writes benchmarks/results/NAME.json."""
    for name in names or [name for name in BENCHMARKS if name not in LONG]:
        if name not in BENCHMARKS:
            raise typer.BadParameter(f"{name}: one of {', '.join(BENCHMARKS)}")
        subprocess.run([sys.executable, "-m", BENCHMARKS[name]], cwd=ROOT, check=True)
