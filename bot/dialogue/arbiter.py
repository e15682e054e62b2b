"""The arbiter: which field takes a message up and as which move, learned from annotated dialogues.

Two linear models over the features of a message in its state; arrays and JSON on disk, no pickle.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

import numpy as np

from bot.caches import process_cache
from bot.dialogue.features import features
from bot.dialogue.message import ParsedMessage
from bot.dialogue.readings import Move, Reading
from bot.dialogue.state import DialogueState
from bot.linear import Coefficients, LinearModel, Sparse
from bot.settings import settings

logger = logging.getLogger(__name__)

#: The arbiter's file, beside the trained model.
FILE = "arbiter.npz"
#: What the two models tell.
FIELD, MOVE = "field", "move"


@dataclass(frozen=True)
class Arbiter:
    """Reads messages within the talk."""

    columns: Mapping[str, int]
    models: Mapping[str, LinearModel]

    def read(self, message: ParsedMessage, state: DialogueState) -> Reading:
        """Return how a message is best read in its state."""
        row = self.row(message, state)
        field, share = self.models[FIELD].rank(row)[0]
        move, move_share = self.models[MOVE].rank(row)[0]
        return Reading(field, share, cast(Move, move), move_share)

    def explain_field(
        self, message: ParsedMessage, state: DialogueState, limit: int = 5
    ) -> list[str]:
        """Return the features that speak most for the field chosen."""
        row = self.row(message, state)
        model = self.models[FIELD]
        best = model.labels.index(model.rank(row)[0][0])
        weights = model.coefficients.rows(row.columns)
        gains = row.weights * (weights[:, best] - weights.mean(axis=1))
        names = {column: name for name, column in self.columns.items()}
        order = np.argsort(-gains, kind="stable")[:limit]
        return [names[int(row.columns[index])] for index in order if gains[index] > 0]

    def row(self, message: ParsedMessage, state: DialogueState) -> Sparse:
        """Return the features that the models know."""
        values = {
            self.columns[name]: value
            for name, value in features(message, state).items()
            if name in self.columns
        }
        columns = np.array(sorted(values), dtype=np.int64)
        weights = np.array([values[int(column)] for column in columns], dtype=np.float64)
        return Sparse(columns, weights)

    def save(self, file: Path) -> None:
        """Write it to a file, the same bytes for the same arbiter."""
        arrays: dict[str, Any] = {}
        for name, model in sorted(self.models.items()):
            arrays[f"{name}.codes"] = np.ascontiguousarray(model.coefficients.codes.T)
            arrays[f"{name}.scales"] = model.coefficients.scales
            arrays[f"{name}.intercepts"] = model.intercepts
        metadata = {
            "columns": list(self.columns),
            "models": {
                name: {"labels": model.labels, "temperature": model.temperature}
                for name, model in sorted(self.models.items())
            },
        }
        np.savez_compressed(
            file, about=np.array(json.dumps(metadata, ensure_ascii=False)), **arrays
        )

    @classmethod
    def load(cls, file: Path) -> Arbiter:
        """Read what `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile."""
        with np.load(file, allow_pickle=False) as arrays:
            metadata = json.loads(str(arrays["about"]))
            models = {
                name: LinearModel(
                    tuple(entry["labels"]),
                    Coefficients(
                        np.ascontiguousarray(arrays[f"{name}.codes"].T), arrays[f"{name}.scales"]
                    ),
                    arrays[f"{name}.intercepts"],
                    entry["temperature"],
                )
                for name, entry in metadata["models"].items()
            }
        return cls({name: index for index, name in enumerate(metadata["columns"])}, models)


@process_cache(size=1)
def arbiter(folder: Path | None = None) -> Arbiter | None:
    """Return this process's arbiter; None, with a line in the log, when there is none."""
    try:
        return Arbiter.load((folder or settings().models) / FILE)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        logger.warning("no arbiter, rules alone decide: %s", type(error).__name__)
        return None
