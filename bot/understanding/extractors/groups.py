"""Groups that people say they belong to: 应届, 残疾, 退伍, 4050…"""

from __future__ import annotations

from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan

_PATTERNS = patterns("groups")
_GROUPS = (
    "graduate", "disabled", "veteran", "age_4050", "hardship", "migrant", "lifted_poverty",
    "registered_unemployed",
)  # fmt: skip


def extract(text: str) -> list[TextSpan[str]]:
    """Return the groups a normalised message names."""
    spans = [
        TextSpan(group, hit.start(), hit.end(), hit.group())
        for group in _GROUPS
        for hit in _PATTERNS[group].finditer(text)
        if not _PATTERNS["language_test"].search(text[max(0, hit.start() - 2) : hit.start()])
        if not _PATTERNS["recruits_others"].search(text[: hit.start()])
        or _PATTERNS["work_for_group"].match(text[hit.end() :])
    ]
    return sorted(spans, key=lambda span: span.start)
