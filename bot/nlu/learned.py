"""All that the classifier has learned, and how it is kept in the model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.cascade import Cascade
from bot.nlu.linear import Centred, Features, LinearModel
from bot.nlu.telling import Telling


@dataclass(frozen=True)
class Learned:
    """Features and the models over them."""

    features: Features
    telling: Telling
    centred: Centred | None
    """None when there was no sentence model at training."""
    models: dict[str, Cascade]
    """By what they tell: `act`, and `topic` when the examples name any."""

    def save(self, folder: Path) -> None:
        """Write all to a folder."""
        arrays: dict[str, Any] = {
            "idf": self.features.idf,
            "sound": self.features.sound,
            "telling": self.telling.weights,
        }
        if self.centred:
            arrays["mean"] = self.centred.mean
        described: dict[str, Any] = {"vocabulary": list(self.features.vocabulary), "models": {}}
        for name, model in self.models.items():
            stages = {"quick": model.quick} | ({"full": model.full} if model.full else {})
            for stage, linear in stages.items():
                arrays[f"{name}.{stage}.coefficients"] = linear.coefficients.astype(np.float16)
                arrays[f"{name}.{stage}.intercepts"] = linear.intercepts
            described["models"][name] = {
                "sure": model.sure,
                "trust": model.trust,
                "labels": model.quick.labels,
                "temperatures": {stage: linear.temperature for stage, linear in stages.items()},
            }
        np.savez(folder / "linear.npz", **arrays)
        text = json.dumps(described, ensure_ascii=False)
        (folder / "linear.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Learned:
        """Read what `save` wrote."""
        described = json.loads((folder / "linear.json").read_text(encoding="utf-8"))
        with np.load(folder / "linear.npz", allow_pickle=False) as arrays:
            features = Features.of_columns(described["vocabulary"], arrays["idf"], arrays["sound"])
            return cls(
                features,
                Telling(features.vocabulary, arrays["telling"]),
                Centred(arrays["mean"]) if "mean" in arrays else None,
                {
                    name: _cascade(name, about, arrays)
                    for name, about in described["models"].items()
                },
            )


def _cascade(name: str, about: dict[str, Any], arrays: Any) -> Cascade:
    stages = {
        stage: LinearModel(
            tuple(about["labels"]),
            arrays[f"{name}.{stage}.coefficients"],
            arrays[f"{name}.{stage}.intercepts"],
            temperature,
        )
        for stage, temperature in about["temperatures"].items()
    }
    return Cascade(stages["quick"], stages.get("full"), about["sure"], about["trust"])
