"""Rasa runs without the packages left out; a release that needs more of them fails here."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from bot.settings import ROOT

_LOAD = """
import sys
import importlib, pkgutil
from bot.rasa_stubs import LEFT_OUT, install_stubs
install_stubs()
import rasa.core.agent, rasa.core.run, rasa.engine.recipes.default_components, rasa.model_training
import rasa.server, rasa_sdk.endpoint
import bot, actions
for package in (bot, actions):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if ".migrations." not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
print(*sorted(name for name, module in sys.modules.items()
              if name in LEFT_OUT and getattr(module, "__file__", None)), "nothing else")
"""

#: The distributions of the packages left out: none may come back into what users install.
_DISTRIBUTIONS = {
    "absl-py", "aio-pika", "aiogram", "aiormq", "boto3", "botocore", "cachecontrol", "colorclass",
    "confluent-kafka", "dnspython", "fbmessenger", "google-auth", "grpcio", "h5py", "huggingface-hub",
    "keras", "matplotlib", "mattermostwrapper", "pillow", "prompt-toolkit", "protobuf", "pydot",
    "pymongo", "questionary", "randomname", "rocketchat-api", "safetensors", "sanic-cors", "sanic-jwt",
    "scikit-learn", "scipy", "sentry-sdk", "sklearn-crfsuite", "skops", "slack-sdk", "structlog-sentry",
    "tensorboard", "tensorflow", "tensorflow-hub", "tensorflow-text", "terminaltables", "twilio",
    "weasel", "webexteamssdk", "wheel",
}  # fmt: skip


def _run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_module_is_imported_without_what_is_left_out() -> None:
    done = _run(_LOAD)
    assert done.stdout.strip() == "nothing else", done.stderr[-2000:]


def test_what_is_left_out_is_not_installed() -> None:
    locked = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.M)
    assert len(locked) <= 130
    assert _DISTRIBUTIONS & set(locked) == set()


def test_using_it_says_where_to_read_why() -> None:
    done = _run(
        "from bot.rasa_stubs import install_stubs; install_stubs()\n"
        "import tensorflow as tf\n"
        "class Model(tf.keras.Model): pass\n"
        "tf.constant(1)\n"
    )
    assert "tensorflow.constant was used" in done.stderr
    assert "bot/rasa_stubs.py" in done.stderr


@pytest.mark.parametrize("name", ["json", "numpy"])
def test_other_packages_are_left_alone(name: str) -> None:
    program = f"from bot.rasa_stubs import install_stubs; install_stubs(); import {name}; print({name}.__file__)"
    assert name in _run(program).stdout


def test_what_learning_needs_comes_back() -> None:
    done = _run(
        "from bot.rasa_stubs import LEARNING, restore_modules, install_stubs; install_stubs()\n"
        "import rasa.utils.tensorflow.model_data, sklearn\n"
        "assert not getattr(sklearn, '__file__', None)\n"
        "restore_modules(*LEARNING)\n"
        "from sklearn.svm import LinearSVC\n"
        "print(LinearSVC().fit([[0], [1]], [0, 1]).predict([[2]]))"
    )
    assert done.stdout.strip() == "[1]", done.stderr[-2000:]


def test_the_phrase_matcher_works_without_the_rest_of_spacy() -> None:
    done = _run(
        "from bot.rasa_stubs import install_stubs; install_stubs()\n"
        "from bot.text.phrase_matcher import Gazetteer\n"
        "print([f.value for f in Gazetteer([('普工', 1)]).find('招普工')])\n"
    )
    assert done.stdout.strip() == "[1]", done.stderr[-2000:]


def test_learning_imports_its_packages_before_its_threads_do() -> None:
    done = _run(
        "import sys\n"
        "from bot.rasa_stubs import install_stubs; install_stubs()\n"
        "import rasa.utils.tensorflow.model_data\n"
        "from bot.linear import pool_of_threads\n"
        "with pool_of_threads() as pool:\n"
        "    pass\n"
        "print(all(sys.modules[name].__file__ for name in ('sklearn.svm', 'scipy.sparse')))"
    )
    assert done.stdout.strip() == "True", done.stderr[-2000:]
