"""The trained classifier as a file of the model: features, heads and thresholds.

Small, because the model is committed: coefficients in 8 bits, frequencies instead of weights, and
nothing that follows from the rest. The same model gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.linear import Coefficients, LinearModel
from bot.nlu.features import NgramFeatures
from bot.nlu.gram_table import GramTable
from bot.nlu.head import Alarm, Head

#: The name of the alarm among the models.
ALARM = "alarm"


@dataclass(frozen=True)
class ClassifierArtifact:
    """NgramFeatures and the heads over them."""

    features: NgramFeatures
    heads: dict[str, Head]
    """By what they tell: `act`, and `topic` when the examples name any."""
    alarm: Alarm | None
    """Hears despair; None when no example is of it."""
    topical: frozenset[str]
    """The acts with examples that name a topic."""
    by_meaning: bool
    """True when the heads have seen sentence vectors."""

    def save(self, folder: Path) -> None:
        """Write all to a folder."""
        models = {name: head.model for name, head in self.heads.items()}
        if self.alarm:
            models[ALARM] = self.alarm.model
        arrays: dict[str, Any] = {"frequencies": self.features.frequencies.astype(np.int32)}
        metadata: dict[str, Any] = {
            "vocabulary": list(self.features.vocabulary),
            "texts": self.features.texts,
            "topical": sorted(self.topical),
            "by_meaning": self.by_meaning,
            "models": {
                name: {"labels": model.labels, "temperature": model.temperature}
                for name, model in sorted(models.items())
            },
            "trust": {name: head.trust for name, head in sorted(self.heads.items())},
            "alarm": {"label": self.alarm.label, "threshold": self.alarm.threshold}
            if self.alarm
            else None,
        }
        for name, model in sorted(models.items()):
            # A label a row: its numbers lie together, which compresses better.
            arrays[f"{name}.codes"] = model.coefficients.codes.T
            arrays[f"{name}.scales"] = model.coefficients.scales
            arrays[f"{name}.intercepts"] = model.intercepts
        np.savez(folder / "linear.npz", **arrays)
        text = json.dumps(metadata, ensure_ascii=False)
        (folder / "linear.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> ClassifierArtifact:
        """Read what `save` wrote."""
        metadata = json.loads((folder / "linear.json").read_text(encoding="utf-8"))
        with np.load(folder / "linear.npz", allow_pickle=False) as arrays:
            models = {
                name: _model(name, entry, arrays) for name, entry in metadata["models"].items()
            }
            alarm = metadata["alarm"]
            return cls(
                NgramFeatures(
                    GramTable(metadata.pop("vocabulary")),
                    arrays["frequencies"].astype(np.int64),
                    metadata["texts"],
                ),
                {name: Head(models[name], trust) for name, trust in metadata["trust"].items()},
                Alarm(models[ALARM], **alarm) if alarm else None,
                frozenset(metadata["topical"]),
                metadata["by_meaning"],
            )


def _model(name: str, entry: dict[str, Any], arrays: Any) -> LinearModel:
    coefficients = Coefficients(
        np.ascontiguousarray(arrays[f"{name}.codes"].T), arrays[f"{name}.scales"]
    )
    intercepts = arrays[f"{name}.intercepts"]
    return LinearModel(tuple(entry["labels"]), coefficients, intercepts, entry["temperature"])
