"""Likeness of questions: the share of pairs of characters that two have in common.

By characters, not by meaning: 社保断了咋办 and 养老保险停缴怎么处理 are two groups until an editor
puts them together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from bot.text.normalise import normalise
from bot.text.pattern_file import patterns

_PATTERNS = patterns("question_likeness")
#: From this share on two questions are alike; of one topic, from the lower one on.
ALIKE, ALIKE_OF_TOPIC = 0.5, 0.4


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of characters of a question, without words that any question has."""
    plain = _PATTERNS["any_question"].sub("", normalise(text).text)
    plain = _PATTERNS["marks"].sub("", plain)
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1)) or frozenset([plain])


class Groups:
    """Labels of groups, to find the one that a question is most like."""

    def __init__(self, labels: Iterable[tuple[int, str, str | None]] = ()) -> None:
        """`labels`: number, first question and topic of each group."""
        self._pairs: dict[int, frozenset[str]] = {}
        self._topics: dict[int, str | None] = {}
        self._with_pair: dict[str, list[int]] = defaultdict(list)
        for number, label, topic in labels:
            self.add(number, label, topic)

    def add(self, number: int, label: str, topic: str | None) -> None:
        """Add a group."""
        self._pairs[number], self._topics[number] = pairs(label), topic
        for pair in self._pairs[number]:
            self._with_pair[pair].append(number)

    def nearest(self, text: str, topic: str | None) -> int | None:
        """Return the group that a question is most like; None when it is like none."""
        own = pairs(text)
        shared: dict[int, int] = defaultdict(int)
        for pair in own:
            for number in self._with_pair.get(pair, ()):
                shared[number] += 1
        best, best_share = None, 0.0
        for number, count in shared.items():
            share = 2 * count / (len(own) + len(self._pairs[number]))
            same_topic = topic is not None and topic == self._topics[number]
            least = ALIKE_OF_TOPIC if same_topic else ALIKE
            if share >= least and share > best_share:
                best, best_share = number, share
        return best
