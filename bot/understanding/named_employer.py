"""The employer that a person names: 我在鑫源保洁公司干了三个月, 沈阳甲有限公司."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.text.pattern_file import patterns

_PATTERNS = patterns("named_employer")
#: Characters of a name that are kept.
MAX_CHARS = 30


def named_employer(texts: Iterable[str]) -> str:
    """Return the employer named last in some texts, oldest first; empty when none is named."""
    found = ""
    for text in texts:
        for hit in _PATTERNS["name"].finditer(text):
            name = _without_lead(hit[0])
            if len(name) > 2 and not _PATTERNS["vague"].fullmatch(name):
                found = name[:MAX_CHARS]
    return found


def _without_lead(words: str) -> str:
    """Return a name without the words before it: 我在鑫源公司 is 鑫源公司."""
    name = words
    while hit := _PATTERNS["lead"].match(name):
        name = name[hit.end() :]
    return re.sub(r"^[（(）)·]+", "", name)
