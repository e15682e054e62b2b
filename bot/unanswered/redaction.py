"""A question without what may lead to a person: numbers, names, employers, addresses; cut.

It finds what says plainly that it is a name (我叫…); what it misses is why such rows have an end
(data/privacy/register.yml).
"""

from __future__ import annotations

import re

from bot.text.pattern_file import patterns
from bot.text.private_numbers import MASK, masked
from bot.understanding.named_employer import named_employer

_PATTERNS = patterns("question_redaction")
#: Characters of a question that are kept, and that are read.
MAX_CHARS, MAX_READ_CHARS = 80, 300


def redacted(text: str) -> str:
    """Return a question as it may be kept without its person."""
    plain = masked(" ".join(text[:MAX_READ_CHARS].split()))
    for name in ("account", "number"):
        plain = _PATTERNS[name].sub(MASK, plain)
    plain = _PATTERNS["name"].sub(lambda hit: f"{hit['edge'] or hit['edge2']}某某", plain)
    employer = named_employer([plain])
    while employer:
        plain = plain.replace(employer, "某单位")
        employer = named_employer([plain])
    plain = _PATTERNS["address"].sub(_without_address, plain)
    return plain if len(plain) <= MAX_CHARS else f"{plain[:MAX_CHARS]}……"


def _without_address(hit: re.Match[str]) -> str:
    vague = _PATTERNS["vague_address"].match(hit[0])
    return hit[0] if vague else "某处"
