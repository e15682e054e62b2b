"""What the encoder learns of this field: the ways of asking for a claim, and what answers it.

One ask of each claim is left out (bot/policies/fresh_asks): on those the ranking is fitted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from texts import plain

from bot.policies.fresh_asks import fresh_ask

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
#: A source that names more articles than this says little of what a claim rests on.
MOST_ARTICLES = 3


@dataclass(frozen=True)
class Question:
    """A claim: ways of asking for it, and what answers it."""

    topic: str
    asks: tuple[str, ...]
    answers: tuple[str, ...]
    """The answer, and the articles of law that it rests on."""


def _yaml(file: Path) -> Any:
    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))


def questions() -> list[Question]:
    """Return the claims of the policies and of the subjects next door."""
    found = []
    for file in sorted((ROOT / "data" / "policies").rglob("*.yml")):
        policy = _yaml(file)
        sources: dict[str, Any] = {}
        for version in policy.get("versions") or (policy,):
            sources |= version.get("sources") or {}
        for claim in policy.get("questions") or ():
            out = fresh_ask(f"{policy['id']}/{claim['id']}", len(claim["asks"]))
            asks = tuple(plain(a) for at, a in enumerate(claim["asks"]) if at != out)
            answer = re.sub(r"\{[^}]*\}", " ", claim["answer"])
            law = [text for key in claim["sources"] for text in _articles(sources.get(key) or {})]
            answers = (plain(f"{policy['title']}:{answer}"), *law)
            found.append(Question(policy["id"], asks, answers))
    return found


def _articles(source: dict[str, Any]) -> list[str]:
    """Return the texts of the few articles that a source names."""
    named = re.findall(r"第[一二三四五六七八九十百零]+条", str(source.get("article") or ""))
    if not 0 < len(named) <= MOST_ARTICLES or "至" in str(source["article"]):
        return []
    law = _law(str(source["document"]))
    return [plain(law[one])[:400] for one in named if one in law]


@lru_cache(maxsize=100)
def _law(name: str) -> dict[str, str]:
    files = sorted((SHARED / "policies" / "laws").rglob(f"{name.strip('《》')}(*.md"))
    if not files:
        return {}
    text = files[-1].read_text(encoding="utf-8")
    parts = re.split(r"\n\s*\**(第[一二三四五六七八九十百零]+条)\**", text)
    return dict(zip(parts[1::2], parts[2::2], strict=False))
