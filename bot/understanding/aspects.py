"""Aspects of a policy that a question asks: its amount, period, materials…

The patterns stand in data/vocab/aspects.yml.
"""

from __future__ import annotations

import re
from pathlib import Path

from bot.caches import process_cache
from bot.settings import settings
from bot.text.text_span import TextSpan
from bot.yaml_files import read_yaml

#: Aspects of a policy in the order in which an answer gives them.
ASPECTS = ("what", "who", "amount", "fee", "period", "materials", "how", "where", "basis")
#: Their names for users.
ASPECT_NAMES = {
    "what": "是什么", "who": "谁能办", "amount": "多少钱", "fee": "要不要花钱",
    "period": "期限",
    "materials": "要什么材料", "how": "怎么办", "where": "去哪办", "basis": "依据哪个文件",
}  # fmt: skip


class AspectReader:
    """Reads aspects by the patterns of one file."""

    def __init__(self, path: Path) -> None:
        patterns: dict[str, list[str]] = read_yaml(path)
        unknown = set(patterns) - set(ASPECTS)
        if unknown:
            raise ValueError(f"{path}: unknown aspects {sorted(unknown)}")
        self._patterns = {
            aspect: re.compile("|".join(f"(?:{alternative})" for alternative in alternatives))
            for aspect, alternatives in patterns.items()
        }

    def read(self, text: str) -> list[TextSpan[str]]:
        """Return each aspect once, where it first stands, in the order of the text."""
        hits = [
            TextSpan(aspect, hit.start(), hit.end(), hit.group())
            for aspect, pattern in self._patterns.items()
            if (hit := pattern.search(text))
        ]
        return sorted(hits, key=lambda span: (span.start, ASPECTS.index(span.value)))


@process_cache(size=4)
def aspect_reader(data: Path | None = None) -> AspectReader:
    """Return the reader of a data folder (default: the settings')."""
    return AspectReader((data or settings().data) / "vocab" / "aspects.yml")
