"""Rasa runs without TensorFlow; a Rasa release that needs more of it fails here."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.settings import ROOT

_LOAD = """
import sys
from bot.lean_rasa import leave_out
left_out = leave_out()
import rasa.core.agent, rasa.engine.recipes.default_components, rasa.model_training
real = any("site-packages" in (getattr(m, "__file__", None) or "") for n, m in sys.modules.items()
           if n.split(".")[0] in ("tensorflow", "keras", "sklearn", "questionary"))
print(left_out, real)
"""


def _run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_that_rasa_imports_is_imported_without_it() -> None:
    done = _run(_LOAD)
    assert done.stdout.split()[-2:] == ["True", "False"], done.stderr[-2000:]


def test_using_it_says_how_to_have_it() -> None:
    done = _run(
        "from bot.lean_rasa import leave_out; leave_out()\n"
        "import tensorflow as tf\n"
        "class Model(tf.keras.Model): pass\n"
        "tf.constant(1)\n"
    )
    assert "JIUYE_ALL_OF_RASA=1" in done.stderr


def test_it_stays_when_asked_for() -> None:
    program = "from bot.lean_rasa import leave_out; print(leave_out())"
    assert _run(program, JIUYE_ALL_OF_RASA="1").stdout.strip() == "False"


@pytest.mark.parametrize("name", ["json", "numpy"])
def test_other_packages_are_left_alone(name: str) -> None:
    program = (
        f"from bot.lean_rasa import leave_out; leave_out(); import {name}; print({name}.__file__)"
    )
    assert name in _run(program).stdout


def test_what_learning_needs_comes_back() -> None:
    done = _run(
        "from bot.lean_rasa import LEARNING, bring_back, leave_out; leave_out()\n"
        "import rasa.utils.tensorflow.model_data, sklearn\n"
        "assert not getattr(sklearn, '__file__', None)\n"
        "bring_back(*LEARNING)\n"
        "from sklearn.svm import LinearSVC\n"
        "print(LinearSVC().fit([[0], [1]], [0, 1]).predict([[2]]))"
    )
    assert done.stdout.strip() == "[1]", done.stderr[-2000:]


def test_the_phrase_matcher_works_without_the_rest_of_spacy() -> None:
    done = _run(
        "from bot.lean_rasa import leave_out; leave_out()\n"
        "from bot.text.gazetteer import Gazetteer\n"
        "print([f.value for f in Gazetteer([('普工', 1)]).find('招普工')])\n"
    )
    assert done.stdout.strip() == "[1]", done.stderr[-2000:]
