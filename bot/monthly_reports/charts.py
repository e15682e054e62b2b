"""Lines of months as SVG for the page and as PNG for Word, without type: the text is separate."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Points = Sequence[float | None]
#: Ink and paper; contrast 8.6 to 1.
INK = (11, 79, 140)
_GREY = (205, 210, 216)
_SMOOTH = 4


def svg(points: Points, title: str, width: int = 220, height: int = 56) -> str:
    """Return a line of months as SVG; a month without a figure is a gap."""
    paths = " ".join(
        "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in run) for run in _runs(points, width, height)
    )
    dots = "".join(
        f'<circle cx="{run[0][0]:.1f}" cy="{run[0][1]:.1f}" r="1.6" fill="rgb{INK}"/>'
        for run in _runs(points, width, height)
        if len(run) == 1
    )
    return (
        f'<svg role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<title>{title}</title>"
        f'<line x1="0" y1="{height - 2}" x2="{width}" y2="{height - 2}" stroke="rgb{_GREY}"/>'
        f'<path d="{paths}" fill="none" stroke="rgb{INK}" stroke-width="1.8"/>{dots}</svg>'
    )


def _runs(points: Points, width: float, height: float) -> list[list[tuple[float, float]]]:
    """Return stretches of months with figures as coordinates; the baseline is zero."""
    top = max((item for item in points if item is not None), default=0.0) or 1.0
    step = (width - 6) / max(1, len(points) - 1)
    runs: list[list[tuple[float, float]]] = [[]]
    for index, item in enumerate(points):
        if item is None:
            runs.append([])
        else:
            runs[-1].append((3 + index * step, height - 4 - (height - 10) * item / top))
    return [run for run in runs if run]


def png(points: Points, width: int = 440, height: int = 112) -> bytes:
    """Return a line of months as PNG, drawn larger and averaged for smooth edges."""
    big = np.full((height * _SMOOTH, width * _SMOOTH, 3), 255, np.uint8)
    base = (height - 4) * _SMOOTH
    big[base : base + _SMOOTH] = _GREY
    for run in _runs(points, width * _SMOOTH, height * _SMOOTH):
        if len(run) == 1:
            _dot(big, *run[0])
        for (x0, y0), (x1, y1) in pairwise(run):
            steps = int(max(abs(x1 - x0), abs(y1 - y0))) + 1
            for part in np.linspace(0.0, 1.0, steps + 1):
                _dot(big, x0 + (x1 - x0) * part, y0 + (y1 - y0) * part)
    small = big.reshape(height, _SMOOTH, width, _SMOOTH, 3).mean(axis=(1, 3)).astype(np.uint8)
    return _encoded(small)


def _dot(image: npt.NDArray[np.uint8], x: float, y: float, radius: int = 5) -> None:
    top, left_edge = max(0, int(y) - radius), max(0, int(x) - radius)
    image[top : int(y) + radius, left_edge : int(x) + radius] = INK


def _encoded(image: npt.NDArray[np.uint8]) -> bytes:
    """Return an image of rows, columns and three colours as a PNG file."""
    height, width, _ = image.shape
    raw = b"".join(b"\0" + row.tobytes() for row in image)

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
