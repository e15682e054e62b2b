"""Stand-ins for the packages that Rasa imports and we neither use nor install.

Rasa 3.6.21 imports TensorFlow wherever it is used, whatever the pipeline:
`rasa.core.policies.policy` and `rasa.nlu.extractors.extractor` reach it through
`rasa.utils.train_utils`, `rasa.engine.recipes.default_components` through DIET and TED;
`rasa.core.channels` imports the client of every chat service, `rasa.core.tracker_store` those of
MongoDB and DynamoDB, `rasa.core.brokers` those of AMQP, `rasa.cli.utils` and the console channel a
library of prompts, `rasa.server` one for CORS that nobody maintains; spaCy, of which we use the
phrase matcher, its own pipeline and command line. Nothing of ours uses them.
scikit-learn and scipy are used, but only while a model learns: `restore_modules` brings them
back where they are installed (requirements-train.lock).
`install_stubs` puts a stand-in in their place: names can be imported, subclassed, caught and used
as types and decorators; computing with one raises. tests/test_rasa_stubs.py fails when a release of
Rasa needs more.

None of them is installed (pyproject.toml, `tool.uv.dependency-metadata`): a pipeline with DIET or
TED needs an environment of its own, as that of plain Rasa in requirements-baseline.lock.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import MutableSequence
from types import ModuleType
from typing import Any

#: What only learning needs.
LEARNING = ("sklearn", "scipy")
#: The packages and modules that are not imported.
LEFT_OUT = {
    *(
        "tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "h5py",
        "safetensors", "google", "cachecontrol", "aiormq", "aio_pika", "sanic_cors", "sanic_jwt",
        "sentry_sdk", "structlog_sentry", "colorclass", "terminaltables", "randomname",
        "matplotlib", "aiogram", "slack_sdk", "twilio", "webexteamssdk", "fbmessenger",
        "mattermostwrapper", "rocketchat_API", "pymongo", "bson", "boto3", "botocore",
        "questionary", "prompt_toolkit", "spacy.pipeline", "spacy.cli", "spacy.language",
    ),
    *LEARNING,
}  # fmt: skip
#: What a module left out imports first: spaCy's own modules import each other in a circle, and
#: only this way in works.
_IMPORTS_FIRST = {"spacy.pipeline": "spacy.tokens"}


class _StandInType(type):
    """The type of stand-ins: any attribute of one is another; calling one decorates or raises."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__name__}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        # Only while modules are imported: @tf.function and tf.function(option=…).
        if len(args) == 1 and not kwargs and callable(args[0]):
            return args[0]
        if cls.__name__.endswith("function"):
            return lambda decorated: decorated
        raise RuntimeError(
            f"{cls.__name__} was used, but its package is left out (bot/rasa_stubs.py says why)"
        )


def _stand_in(name: str) -> type:
    if name.endswith(("Error", "Exception", "Failure")):  # may stand in an `except`
        return type(name, (Exception,), {})
    return _StandInType(name, (), {})


class _StandInModule(ModuleType):
    """A module with whatever is asked of it."""

    __path__: MutableSequence[str] = []
    __version__ = "0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        stand_in = _stand_in(f"{self.__name__}.{name}")
        setattr(self, name, stand_in)
        return stand_in


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds stand-ins for the packages left out and all that lies in them."""

    def find_spec(
        self, fullname: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return a spec for a package left out, None for all others."""
        if fullname == "rasa":
            _complete_numpy()
        parts = fullname.split(".")
        if not any(".".join(parts[:end]) in LEFT_OUT for end in range(1, len(parts) + 1)):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Make the module."""
        return _StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Import only what others rely on having been imported by the real one."""
        if module.__name__ in _IMPORTS_FIRST:
            importlib.import_module(_IMPORTS_FIRST[module.__name__])


def _complete_numpy() -> None:
    """Give numpy 2 the one name of numpy 1 that Rasa reads (rasa.utils.common)."""
    import numpy

    if not hasattr(numpy, "VisibleDeprecationWarning"):
        numpy.VisibleDeprecationWarning = numpy.exceptions.VisibleDeprecationWarning  # type: ignore[attr-defined]


def install_stubs() -> None:
    """Put the stand-ins in place; a second time changes nothing."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def restore_modules(*names: str) -> None:
    """Have the real packages or modules from now on, in place of their stand-ins."""
    LEFT_OUT.difference_update(names)
    for loaded, module in list(sys.modules.items()):
        if isinstance(module, _StandInModule) and loaded.startswith(names):
            del sys.modules[loaded]
            parent, _, child = loaded.rpartition(".")
            vars(sys.modules.get(parent, module)).pop(child, None)
