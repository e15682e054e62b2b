"""All that the classifier has learned, and how it is kept in the model.

Small, because the model is committed: coefficients in 8 bits, frequencies instead of weights, and
nothing that follows from the rest. The same model gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.cascade import ByMeaning, Cascade
from bot.nlu.linear import Centred, Coefficients, Features, LinearModel
from bot.nlu.telling import Telling


@dataclass(frozen=True)
class Learned:
    """Features and the models over them."""

    features: Features
    models: dict[str, Cascade]
    """By what they tell: `act`, and `topic` when the examples name any."""
    topical: frozenset[str]
    """The acts whose examples name a topic."""

    @cached_property
    def telling(self) -> Telling:
        """What is shown to the sentence model, by the quick models."""
        return Telling.of(self.features, (model.quick for model in self.models.values()))

    @property
    def by_meaning(self) -> bool:
        """Whether a sentence model is needed."""
        return any(model.full for model in self.models.values())

    def save(self, folder: Path) -> None:
        """Write all to a folder."""
        arrays: dict[str, Any] = {"frequencies": self.features.frequencies.astype(np.int32)}
        described: dict[str, Any] = {
            "vocabulary": list(self.features.vocabulary),
            "texts": self.features.texts,
            "topical": sorted(self.topical),
            "models": {},
        }
        for name, model in sorted(self.models.items()):
            stages = {"quick": model.quick}
            if model.full:
                stages["full"] = model.full.model
                arrays[f"{name}.mean"] = model.full.centred.mean
            for stage, linear in stages.items():
                # A label a row: its numbers lie together, which compresses better.
                arrays[f"{name}.{stage}.codes"] = linear.coefficients.codes.T
                arrays[f"{name}.{stage}.scales"] = linear.coefficients.scales
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
            return cls(
                Features(
                    {gram: at for at, gram in enumerate(described["vocabulary"])},
                    arrays["frequencies"].astype(np.int64),
                    described["texts"],
                ),
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
            Coefficients(
                np.ascontiguousarray(arrays[f"{name}.{stage}.codes"].T),
                arrays[f"{name}.{stage}.scales"],
            ),
            arrays[f"{name}.{stage}.intercepts"],
            temperature,
        )
        for stage, temperature in about["temperatures"].items()
    }
    full = None
    if "full" in stages:
        full = ByMeaning(stages["full"], about["depth"], Centred(arrays[f"{name}.mean"]))
    return Cascade(stages["quick"], full, about["sure"], about["trust"])
