"""Classification of remarks: patterns first (data/vocab/remarks.yml), then the nearest saying.

Texts are normalised ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bot.caches import process_cache
from bot.embeddings.sentence_model import sentence_model
from bot.settings import settings
from bot.text.pattern_file import Patterns, read_patterns
from bot.yaml_files import read_yaml

PATTERNS, SAYINGS = "remarks.yml", "remark_sayings.yml"
#: The cosine from which on a remark is of the kind of a saying; and whatever its words say.
KIND_THRESHOLD, SAME_THRESHOLD = 0.65, 0.85
#: The same for a kind to which a helpline is named.
GRAVE_THRESHOLD = 0.75
#: Kinds to which a helpline is named.
GRAVE = frozenset(("loss", "heavy", "sleepless"))
#: Kinds whose replies are cheerful or take a resolve for settled: never used after grim words.
CHEERFUL = frozenset(("light", "pride", "resolve", "baby", "weather"))
#: The cosine from which on a text tells of a matter, as a saying does.
MATTER_THRESHOLD = 0.6
#: The patterns of the file that are no kinds of remarks but help to tell them.
HELPING = frozenset(
    ("jokes", "rhetorical", "matter", "business", "fatigue", "dark", "grim", "earnest")
)
#: The kind of sayings that are no remarks.
MATTER = "matter"


def remark_patterns() -> Patterns:
    """Return the patterns of remarks."""
    return read_patterns(settings().data_file("vocab", PATTERNS))


def kinds() -> list[str]:
    """Return the kinds of remarks, each once."""
    pattern_kinds = [name for name in remark_patterns() if name not in HELPING]
    sayings, _ = _indexed_sayings(settings().data_file("vocab", SAYINGS))
    return list(dict.fromkeys([*pattern_kinds, *(kind for kind in sayings if kind != MATTER)]))


def remark_kind(text: str) -> str | None:
    """Return the kind of a remark; None when neither its words nor its meaning show it.

    With grim words (做梦都是机器轧手那一下) no cheerful kind is taken for it.
    """
    kind = _kind(text)
    grim = kind in CHEERFUL and remark_patterns()["grim"].search(text)
    return "hard" if grim else kind


def _kind(text: str) -> str | None:
    """Return the kind of a remark; words that weigh heavily come before any meaning."""
    kind, alike = _nearest(text)
    threshold = GRAVE_THRESHOLD if kind in GRAVE else KIND_THRESHOLD
    of_meaning = kind if alike >= threshold and kind != MATTER else None
    patterns = remark_patterns()
    if of_meaning and alike >= SAME_THRESHOLD and not patterns["heavy"].search(text):
        return of_meaning
    matching = (name for name in patterns if name not in HELPING and patterns[name].search(text))
    return next(matching, of_meaning)


def tells_matter(text: str) -> bool:
    """Tell whether a text tells of a matter, by its words or by the saying that is nearest."""
    if remark_patterns()["matter"].search(text):
        return True
    kind, alike = _nearest(text)
    return kind == MATTER and alike >= MATTER_THRESHOLD


def _nearest(text: str) -> tuple[str, float]:
    """Return the kind of the nearest saying and its cosine; none without a sentence model."""
    model = sentence_model()
    if model is None:
        return "", 0.0
    owners, vectors = _indexed_sayings(settings().data_file("vocab", SAYINGS))
    similarities = vectors @ model.message(text)
    best = int(np.argmax(similarities))
    return owners[best], float(similarities[best])


@process_cache(size=2)
def _indexed_sayings(file: Path) -> tuple[list[str], Any]:
    """Return the kind of each saying, and the vectors of the sayings (None without a model)."""
    content: dict[str, list[str]] = read_yaml(file)
    pairs = [(kind, sentence) for kind, sayings in content.items() for sentence in sayings]
    model = sentence_model()
    vectors = model.messages([sentence for _, sentence in pairs]) if model else None
    return [kind for kind, _ in pairs], vectors
