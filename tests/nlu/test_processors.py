"""The same model gives the same answers on processors with other instructions.

numpy and the C library are told to do without instructions that this processor has, so that they
take the code they take on an older one; so is the BLAS below numpy.
In which order a BLAS adds numbers up is played in test_linear.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT
from tests.conversations.test_conversations import CASES
from tests.profiles import size

PARSE = """
import json, sys
from bot.rasa_stubs import install_stubs
install_stubs()
from bot.logging_setup import configure, prepare_environment
prepare_environment()
configure("ERROR")
import numpy
umath = getattr(numpy, "_core", None) or numpy.core
features = umath._multiarray_umath.__cpu_features__
from pathlib import Path
from bot.nlu.interpreter import Parser
parser = Parser(Path(sys.argv[1]))
fields = ("intent", "intent_ranking", "topics", "topic_sure", "parts")
found = {}
for text in json.load(sys.stdin):
    parsed = parser.parse(text)
    found[text] = {name: parsed.get(name) for name in fields}
print(json.dumps({"features": sorted(n for n, has in features.items() if has), "found": found}))
"""
#: What the C library is told to do without: its exponentials have code for FMA and for AVX2.
OLD_LIBRARY = "glibc.cpu.hwcaps=-AVX2_Usable,-AVX2,-FMA_Usable,-FMA,-AVX512F_Usable,-AVX512F"
TEXTS = sorted({turn["say"] for case in CASES for turn in case["turns"]})[:: size(4, 1)]


def _dispatched() -> list[str]:
    """Return the instructions that this numpy takes other code for and this processor has."""
    import numpy

    umath = (getattr(numpy, "_core", None) or numpy.core)._multiarray_umath
    return [name for name in umath.__cpu_dispatch__ if umath.__cpu_features__.get(name)]


def _parsed(model: Path, without: list[str], tunables: str = "") -> dict[str, object]:
    environment = {**os.environ, "NPY_DISABLE_CPU_FEATURES": " ".join(without)}
    if tunables:
        environment["GLIBC_TUNABLES"] = tunables
    done = subprocess.run(
        [sys.executable, "-c", PARSE, str(model)],
        input=json.dumps(TEXTS), text=True, capture_output=True, cwd=ROOT, env=environment,
        timeout=600, check=True,
    )  # fmt: skip
    found: dict[str, object] = json.loads(done.stdout)
    assert not set(without) & set(found["features"])  # type: ignore[call-overload]
    return found


#: How far probabilities of four digits may differ, and what one has that is cut off a ranking.
APART, CUT_OFF = 0.0002, 0.005


def _same(found: object, other: object) -> bool:
    """Tell whether the same was understood; in rankings equal ones may swap, at their ends too."""
    if isinstance(found, dict) and isinstance(other, dict):
        return found.keys() == other.keys() and all(_same(found[n], other[n]) for n in found)
    if _is_ranking(found) and _is_ranking(other):
        one, two = _shares(found), _shares(other)
        missing = [(one | two)[name] for name in one.keys() ^ two.keys()]
        both = all(abs(one[name] - two[name]) <= APART for name in one.keys() & two.keys())
        return both and all(share <= CUT_OFF for share in missing)
    if isinstance(found, list) and isinstance(other, list):  # the parts of a message
        return len(found) == len(other) and all(map(_same, found, other))
    if isinstance(found, float) and isinstance(other, float):
        return abs(found - other) <= APART
    return found == other


def _is_ranking(found: object) -> bool:
    return isinstance(found, list) and all(
        isinstance(one, dict) and one.keys() == {"name", "confidence"} for one in found
    )


def _shares(ranking: object) -> dict[str, float]:
    assert isinstance(ranking, list)
    return {one["name"]: one["confidence"] for one in ranking}


@pytest.mark.model
def test_processors_with_other_instructions_understand_the_same(model: Path) -> None:
    here = _dispatched()
    newest: Any = _parsed(model, [])["found"]
    no_512 = _parsed(model, [name for name in here if name.startswith("AVX512")])["found"]
    oldest: Any = _parsed(model, here, OLD_LIBRARY)["found"]
    assert no_512 == newest
    assert [text for text in newest if not _same(oldest[text], newest[text])] == []
