"""Names of policies that stand in a text, found by their beginnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from bot.text.normalise import normalise

#: Characters of a name by which it is looked up.
BEGINNING = 2


class PolicyNames:
    """Normalised names with the policies that they tell."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._by_beginning: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for number, (name, topic) in enumerate(names):
            self._by_beginning[name[:BEGINNING]].append((number, name, topic))
        self._by_beginning = dict(self._by_beginning)

    def find(self, text: str) -> list[tuple[int, str]]:
        """Return length and policy of each name that stands in a text, in the order given."""
        normalised = normalise(text).text
        beginnings = {
            normalised[start : start + length]
            for length in range(BEGINNING + 1)
            for start in range(len(normalised))
        }
        matches = sorted(
            entry
            for beginning in beginnings
            for entry in self._by_beginning.get(beginning, ())
            if entry[1] in normalised
        )
        return [(len(name), topic) for _, name, topic in matches]
