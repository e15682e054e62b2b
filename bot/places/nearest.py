"""The nearest of many points, by arrays: exact, by the same formula as `coordinates.distance`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.places.coordinates import RADIUS, Point


@dataclass(frozen=True)
class Near:
    """One of the nearest."""

    id: int
    metres: float


class Nearest:
    """Points with ids, as arrays."""

    def __init__(self, points: Sequence[tuple[int, Point]]) -> None:
        self._ids = np.array([number for number, _ in points], np.int64)
        self._lat = np.radians([point.lat for _, point in points])
        self._lon = np.radians([point.lon for _, point in points])
        self._cos = np.cos(self._lat)

    def __len__(self) -> int:
        return len(self._ids)

    def find(self, point: Point, count: int) -> list[Near]:
        """Return the nearest, nearest first; of equally near ones that with the smaller id."""
        if not len(self) or count < 1:
            return []
        lat, lon = np.radians(point.lat), np.radians(point.lon)
        half = np.sin((self._lat - lat) / 2) ** 2
        half += np.cos(lat) * self._cos * np.sin((self._lon - lon) / 2) ** 2
        candidates: NDArray[Any] = np.arange(len(half))
        if count < len(half):
            edge = np.partition(half, count - 1)[count - 1]
            candidates = np.flatnonzero(half <= edge)
        order = candidates[np.lexsort((self._ids[candidates], half[candidates]))][:count]
        metres = 2 * RADIUS * np.arcsin(np.sqrt(np.minimum(1.0, half[order])))
        return [
            Near(int(self._ids[index]), float(m)) for index, m in zip(order, metres, strict=True)
        ]
