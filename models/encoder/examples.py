"""What the encoder learns of this field: the ways of asking for a claim, and what answers it;
and, of annotated talks, which of these a message means in its place.

One ask of each claim is left out, and two talks of five: on those the ranking is fitted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from texts import plain

from bot.dialogue.policy_talks import load_phrasings, load_talks
from bot.policies.fresh_asks import fresh_ask
from bot.policies.ranking.index import AnswerQuery
from bot.understanding.aspects import ASPECT_NAMES

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
#: A source that names more articles than this says little of what a claim rests on.
MOST_ARTICLES = 3


#: Characters of a message with those before it that are read here, the last ones.
LONGEST = 128


@dataclass(frozen=True)
class InTalk:
    """A message with those before it, and the units that answer it there."""

    alone: str
    in_talk: str
    units: tuple[str, ...]
    of_talk: bool
    """False for a phrasing, which stands alone."""


@dataclass(frozen=True)
class Question:
    """A claim: ways of asking for it, and what answers it."""

    topic: str
    id: str
    """The id of its unit."""
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
            found.append(Question(policy["id"], f"{policy['id']}/{claim['id']}", asks, answers))
        found += _aspects(policy)
    return found


def _aspects(policy: dict[str, Any]) -> list[Question]:
    """Return the aspects of a policy: what stands at the head of each and what is said of it."""
    texts: dict[str, list[str]] = {}
    for version in policy.get("versions") or (policy,):
        for aspect, given in (version.get("answers") or {}).items():
            texts.setdefault(aspect, []).append(given["text"])
    found = []
    for aspect, of in texts.items():
        head = f"{policy['title']}{ASPECT_NAMES[aspect]}"
        said = tuple(plain(f"{head}:{re.sub(r'[{][^}]*[}]', ' ', text)}") for text in of)
        asks = (plain(head), *(plain(f"{n}{ASPECT_NAMES[aspect]}") for n in policy["names"][:3]))
        found.append(Question(policy["id"], f"{policy['id']}#{aspect}", asks, said))
    return found


def turns() -> list[InTalk]:
    """Return the phrasings, and the turns of talks that a unit answers but for talks left out."""
    folder = ROOT / "data" / "policy_talks"
    talks = [one for one in load_talks(folder) if not one.fresh]
    return [
        InTalk(
            plain(turn.text)[-LONGEST:],
            plain(AnswerQuery(turn.text, {}, earlier_messages=turn.before).in_talk)[-LONGEST:],
            turn.units,
            of_talk,
        )
        for of_talk, some in ((False, load_phrasings(folder)), (True, talks))
        for talk in some
        for turn in talk.turns
        if turn.units
    ]


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
