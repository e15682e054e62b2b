"""Registry of the caches of a process: each with its name, its bound and a way to drop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

R = TypeVar("R")


@dataclass(frozen=True)
class CacheUse:
    """Use of a cache: entries and bound."""

    name: str
    entries: int
    bound: int


_caches: dict[str, _lru_cache_wrapper[object]] = {}


def process_cache(size: int = 1) -> Callable[[Callable[..., R]], _lru_cache_wrapper[R]]:
    """Keep the last `size` results of a function for as long as the process lives.

    The function stays callable as it is and gets `cache_clear()`, as `functools.lru_cache` has it.
    """

    def decorate(function: Callable[..., R]) -> _lru_cache_wrapper[R]:
        cached = lru_cache(maxsize=size)(function)
        _caches[f"{function.__module__}.{function.__qualname__}"] = cached
        return cached

    return decorate


def cache_uses() -> list[CacheUse]:
    """Return all caches of this process by name."""
    uses = []
    for name, cached in sorted(_caches.items()):
        info = cached.cache_info()
        uses.append(CacheUse(name, info.currsize, info.maxsize or 0))
    return uses


def drop_caches(prefix: str = "") -> int:
    """Empty the caches with names that begin so; return how many there are."""
    names = [name for name in _caches if name.startswith(prefix)]
    for name in names:
        _caches[name].cache_clear()
    return len(names)
