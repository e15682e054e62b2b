import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
#: Seconds for all patterns; far more than they need on a busy machine.
PATIENCE = 900


@pytest.mark.model
def test_every_pattern_takes_time_in_proportion_to_the_text() -> None:
    """Collects all compiled patterns in a process of its own and pumps them up to 64,000."""
    command = [sys.executable, "-W", "ignore", str(HERE / "linear_patterns.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    slow = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    told = [f"{one['place']}: {one['pattern'][:200]} {one['pump']} {one['growth']}" for one in slow]
    assert not slow, "\n".join(told)


@pytest.mark.parametrize(
    ("pattern", "linear"),
    [
        (r"^\s*(?:绑定|关联)\s*(?:码)?\s*[:：]?\s*$", False),
        (r"[(（].*?[)）]", False),
        (r"(\d+)天", False),
        (r"[(（].{0,60}?[)）]", True),
        (r"(\d{1,9})天", True),
        (r"[a-z]+|[0-9]+", True),
    ],
)
def test_the_measure_tells_linear_patterns_from_others(pattern: str, linear: bool) -> None:
    code = (
        "import re; signal.signal(signal.SIGVTALRM, lp._stop);"
        "one = re.compile(sys.argv[2]);"
        "print(any(lp._grows(one, *p) for p in lp._pumps(one.pattern, one.flags)))"
    )
    assert _printed(code, pattern).split() == [str(not linear)]


def test_strings_that_are_compiled_later_are_patterns() -> None:
    code = (
        r"held = {'pay': [r'(\d+)元', '(一天)', 're:*'], 'days': ({'of': r'[一二]+天'},)};"
        "print(*(one for one in lp._held(held, 0) if lp._may_be_pattern(one)))"
    )
    assert _printed(code).split() == [r"(\d+)元", "[一二]+天"]


def _printed(code: str, *arguments: str) -> str:
    """Return what code prints in a process of its own that has the scan as `lp`."""
    head = "import signal, sys; sys.path.insert(0, sys.argv[1]); import linear_patterns as lp;"
    command = [sys.executable, "-W", "ignore", "-c", head + code, str(HERE), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    return done.stdout
