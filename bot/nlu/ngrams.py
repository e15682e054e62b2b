"""Character n-grams of a message: the features of the linear models.

Three views of the same words: as written; with what the readers found masked (a place, a trade,
a pay), so that one example teaches all places; and as it sounds, so that 失业经 is 失业金.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.text.pinyin import sounds

#: Longest n-gram of the words as written.
MAX_GRAM = 4
_START, _END = "\u0002", "\u0003"
#: One private-use character for each kind of thing read.
MASKS = {
    "region": "\ue001",
    "occupation": "\ue002",
    "salary": "\ue003",
    "amount": "\ue004",
    "age": "\ue005",
    "duration": "\ue006",
    "ordinal": "\ue007",
    "work_time": "\ue008",
    "education": "\ue009",
    "experience": "\ue00a",
    "group": "\ue00b",
    "person": "\ue00d",
    "date": "\ue00e",
    # A place of another province: its rules are not ours.
    "region_away": "\ue00c",
}
_MASK_PREFIX = "\ue000"
_SOUND_PREFIX = "\ue00f"


def masked(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """Return the text with each span (start, end, kind) replaced by its kind's mask.

    Of overlapping spans the first, longest one counts.
    """
    out: list[str] = []
    position = 0
    for start, end, kind in sorted(spans, key=lambda s: (s[0], -s[1])):
        if start < position or kind not in MASKS:
            continue
        out.append(text[position:start])
        out.append(MASKS[kind])
        position = end
    out.append(text[position:])
    return "".join(out)


def _grams(text: str, shortest: int) -> Iterator[str]:
    padded = f"{_START}{text}{_END}"
    for size in range(shortest, MAX_GRAM + 1):
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]


def ngrams(text: str, masked_text: str) -> Counter[str]:
    """Return how often each n-gram stands in the views of a message."""
    counts = Counter(_grams(text, 1))
    if masked_text != text:
        counts.update(_MASK_PREFIX + gram for gram in _grams(masked_text, 2))
    counts.update(_SOUND_PREFIX + gram for gram in _grams(sounds(text), 2))
    return counts


def is_sound(gram: str) -> bool:
    """Tell whether an n-gram belongs to the view by sound, which counts for less."""
    return gram[0] == _SOUND_PREFIX
