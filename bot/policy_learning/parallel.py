"""Work on all cores: for learning, where each message is read by itself."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

#: The work of this process's children: a fork sees it, so indexes and rows are never copied.
_WORK: list[Callable[[Any], Iterable[Any]]] = []


def on_all_cores(
    make: Callable[[Sequence[Item]], Iterable[Made]], items: Sequence[Item], size: int = 1
) -> Iterator[Made]:
    """Yield what `make` makes of items, in their order; `size` of them are read together.

    What is made must be picklable; `make` itself need not be.
    """
    from threadpoolctl import threadpool_limits

    parts = [items[start : start + size] for start in range(0, len(items), size)]
    cores = min(os.cpu_count() or 1, len(parts))
    if cores < 2 or "fork" not in multiprocessing.get_all_start_methods():
        for part in parts:
            yield from make(part)
        return
    _WORK.append(make)
    try:
        with threadpool_limits(1), multiprocessing.get_context("fork").Pool(cores) as pool:
            for of_part in pool.imap(_work, parts):
                yield from of_part
    finally:
        _WORK.pop()


def _work(part: Sequence[Any]) -> list[Any]:
    return list(_WORK[-1](part))
