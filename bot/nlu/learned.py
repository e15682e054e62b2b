"""All that the classifier has learned, and how it is kept in the model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.cascade import ByMeaning, Cascade
from bot.nlu.linear import Centred, Features, LinearModel
from bot.nlu.telling import Telling


@dataclass(frozen=True)
class Learned:
    """Features and the models over them."""

    features: Features
    telling: Telling
    models: dict[str, Cascade]
    """By what they tell: `act`, and `topic` when the examples name any."""
    topical: frozenset[str]
    """The acts whose examples name a topic."""

    @property
    def by_meaning(self) -> bool:
        """Whether a sentence model is needed."""
        return any(model.full for model in self.models.values())

    def save(self, folder: Path) -> None:
        """Write all to a folder."""
        arrays: dict[str, Any] = {
            "idf": self.features.idf,
            "sound": self.features.sound,
            "telling": self.telling.weights,
        }
        described: dict[str, Any] = {
            "vocabulary": list(self.features.vocabulary),
            "topical": sorted(self.topical),
            "models": {},
        }
        for name, model in self.models.items():
            stages = {"quick": model.quick}
            if model.full:
                stages["full"] = model.full.model
                arrays[f"{name}.mean"] = model.full.centred.mean
            for stage, linear in stages.items():
                arrays[f"{name}.{stage}.coefficients"] = linear.coefficients.astype(np.float16)
                arrays[f"{name}.{stage}.intercepts"] = linear.intercepts
            described["models"][name] = {
                "sure": model.sure,
                "trust": model.trust,
                "depth": model.full.depth if model.full else None,
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
                {
                    name: _cascade(name, about, arrays)
                    for name, about in described["models"].items()
                },
                frozenset(described["topical"]),
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
    full = None
    if "full" in stages:
        full = ByMeaning(stages["full"], about["depth"], Centred(arrays[f"{name}.mean"]))
    return Cascade(stages["quick"], full, about["sure"], about["trust"])
