"""Sorted table of n-grams in one array of bytes: the column of each is its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.linear import Ints


class GramTable(Mapping[str, int]):
    """N-grams and their columns, in the order of their characters.

    A dict of the model's n-grams takes 45 MB in each process, this array 7.
    """

    def __init__(self, grams: Sequence[str]) -> None:
        """Take n-grams in ascending order, each once. Raises ValueError for another order."""
        if any(first >= second for first, second in pairwise(grams)):
            raise ValueError("the n-grams are not in ascending order")
        # The bytes of UTF-8 have the order of the characters.
        self._grams: NDArray[np.bytes_] = np.array(
            [*map(_encoded, grams)] or [b""], dtype=np.bytes_
        )
        self._size = len(grams)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[str]:
        return (bytes(gram).decode("utf-8", "surrogatepass") for gram in self._grams[: self._size])

    def __getitem__(self, gram: str) -> int:
        column = int(self.columns([gram])[0])
        if column < 0:
            raise KeyError(gram)
        return column

    def columns(self, grams: Sequence[str]) -> Ints:
        """Return the column of each n-gram, -1 for those that are not in the table."""
        width = self._grams.dtype.itemsize
        codes = map(_encoded, grams)
        # numpy cuts what is longer and drops zeros at the end: neither is another n-gram.
        sought = np.array(
            [b"" if len(code) > width or code.endswith(b"\0") else code for code in codes],
            dtype=self._grams.dtype,
        )
        places = np.minimum(np.searchsorted(self._grams, sought), len(self._grams) - 1)
        is_known = (self._grams[places] == sought) & (sought != b"")
        return np.where(is_known, places, -1).astype(np.int64)


def _encoded(gram: str) -> bytes:
    return gram.encode("utf-8", "surrogatepass")
