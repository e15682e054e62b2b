"""Rasa without TensorFlow: four seconds and 300 MB less at every start.

Rasa 3.6.21 imports TensorFlow wherever it is used, whatever the pipeline:
`rasa.core.policies.policy` and `rasa.nlu.extractors.extractor` reach it through
`rasa.utils.train_utils`, `rasa.engine.recipes.default_components` through DIET and TED. Nothing
of our pipeline computes with it. `leave_out` puts a stand-in in its place: names can be imported,
subclassed and used as types and decorators; using one to compute raises.
tests/test_without_tensorflow.py fails when a Rasa release needs more.

Set JIUYE_TENSORFLOW=1 when config.yml uses a component that needs the real one (DIET, TED).
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import MutableSequence
from types import ModuleType
from typing import Any

#: The packages that are not imported.
LEFT_OUT = ("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras")
#: The environment variable that keeps the real TensorFlow.
KEEP = "JIUYE_TENSORFLOW"


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
            f"{cls.__name__} was used, but TensorFlow is left out; set {KEEP}=1 to have it"
        )


def _stand_in(name: str) -> _StandInType:
    return _StandInType(name, (), {})


class _StandInModule(ModuleType):
    """A module with whatever is asked of it."""

    __path__: MutableSequence[str] = []
    __version__ = "0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _stand_in(f"{self.__name__}.{name}")
        setattr(self, name, found)
        return found


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds stand-ins for the packages left out and all that lies in them."""

    def find_spec(
        self, fullname: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return a spec for a package left out, None for all others."""
        if fullname.split(".")[0] not in LEFT_OUT:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Make the module."""
        return _StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def leave_out() -> bool:
    """Put the stand-in in place; return False when the real one is wanted or already there."""
    if os.environ.get(KEEP) == "1" or any(name in sys.modules for name in LEFT_OUT):
        return False
    sys.meta_path.insert(0, _Finder())
    return True
