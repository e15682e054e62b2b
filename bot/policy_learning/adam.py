"""Adam, the way in which the classifier of units and the ranker are learned (Kingma, Ba 2015)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from bot.search.bm25 import Floats


@dataclass
class Adam:
    """The moments of one array of weights."""

    weights: Floats
    first: Floats = field(init=False)
    second: Floats = field(init=False)
    steps: int = 0

    def __post_init__(self) -> None:
        self.first, self.second = np.zeros_like(self.weights), np.zeros_like(self.weights)

    def step(self, gradient: Floats, rate: float) -> None:
        """Move the weights against a gradient."""
        self.steps += 1
        self.first += np.float32(0.1) * (gradient - self.first)
        self.second += np.float32(0.001) * (gradient * gradient - self.second)
        corrected = rate * math.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
        self.weights -= np.float32(corrected) * self.first / (np.sqrt(self.second) + 1e-8)


def warmed_up_rate(rate: float, done: int, steps: int, warm_up: int) -> float:
    """Return the rate of a step: rising over the first ones, then falling by a cosine to zero."""
    fading = 0.5 + 0.5 * math.cos(math.pi * done / steps)
    return rate * min(1.0, done / warm_up) * fading
