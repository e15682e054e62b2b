"""Judged postings (tests/data/ranking) and how well a ranking agrees with the judgments."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from string import ascii_lowercase
from typing import Any, Literal

from ruamel.yaml import YAML
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db import migrate
from bot.db.session import session
from bot.db.tables import Posting
from bot.matching import find
from bot.matching.candidates import find_keys
from bot.matching.job_preference import JobPreference
from bot.postings.ingest.importer import import_files
from bot.postings.match_config import rules
from bot.settings import ROOT
from bot.vocabulary.sync import load_vocabulary
from bot.vocabulary.vocabulary import vocabulary

FOLDER = ROOT / "tests" / "data" / "ranking"
TODAY = date(2026, 11, 24)
#: So many places of a list count.
DEPTH = 5
_HEADERS = ("职位", "公司", "地点", "薪资", "学历", "经验", "标签", "描述")

Half = Literal["choose", "held"]
#: Returns ids of postings, best first.
Ranking = Callable[[Session, "Judged"], Sequence[int]]


@dataclass(frozen=True)
class Judged:
    """One person, what he wants, and what a counsellor thinks of the postings."""

    half: Half
    """choose: weights were chosen on it; held: held back."""
    who: str
    """The person in a counsellor's words."""
    wish: JobPreference
    grades: dict[str, int]
    """Source ids of the postings judged above 0; the others of its group were judged 0."""
    pooled: int
    """How many postings were judged."""


@lru_cache(maxsize=1)
def _groups() -> list[dict[str, Any]]:
    files = sorted(FOLDER.glob("*.yml"))
    return [group for file in files for group in YAML(typ="safe").load(file.read_text("utf-8"))]


def judged() -> list[Judged]:
    """Return all judged preferences."""
    return [
        Judged(
            given["half"],
            given["who"],
            _wish(given["wish"]),
            {f"{number}-{mark[0]}": int(mark[1:]) for mark in given["grades"].split()},
            len(group["postings"]),
        )
        for number, group in enumerate(_groups())
        for given in group["wishes"]
    ]


def _wish(given: dict[str, Any]) -> JobPreference:
    lists = ("occupations", "excluded", "welfare")
    return JobPreference(**{k: tuple(v) if k in lists else v for k, v in given.items()})


def _rows() -> Iterator[dict[str, str]]:
    for number, group in enumerate(_groups()):
        for letter, line in zip(ascii_lowercase, group["postings"], strict=False):
            *cells, days = line.split("|")
            row = dict(zip(_HEADERS, cells, strict=True))
            day = TODAY - timedelta(days=int(days))
            yield {**row, "编号": f"{number}-{letter}", "来源": "judged", "发布日期": str(day)}


def import_judged(url: str, folder: Path) -> int:
    """Import the judged postings into a database that has the vocabulary; return how many."""
    file = folder / "judged.jsonl"
    lines = [json.dumps(row, ensure_ascii=False) for row in _rows()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return import_files(url, [file]).new


def new_database(folder: Path) -> str:
    """Make a SQLite database with the judged postings; return its URL."""
    url = f"sqlite:///{folder / 'judged.db'}"
    migrate.upgrade(url)
    with session(url) as db:
        load_vocabulary(db, vocabulary())
    import_judged(url, folder)
    return url


def source_ids(db: Session) -> dict[int, str]:
    """Return the ids that the judgments use, by the database's ids."""
    query = select(Posting.id, Posting.source_key)
    return {at: key.removeprefix("id:") for at, key in db.execute(query).tuples()}


def ndcg(shown: Sequence[str], grades: dict[str, int], depth: int = DEPTH) -> float:
    """Return nDCG@depth with gains 2^grade - 1; what was not judged counts as 0."""
    gained = _dcg([grades.get(one, 0) for one in shown[:depth]])
    return gained / _dcg(sorted(grades.values(), reverse=True)[:depth])


def _dcg(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def ours(db: Session, one: Judged) -> Sequence[int]:
    """Rank by bot.matching."""
    return [match.features.posting_id for match in find(db, one.wish, limit=DEPTH).items]


def newest_first(db: Session, one: Judged) -> Sequence[int]:
    """Rank what keeps all conditions by its day alone; loosen as ours does when too few are left.

    The strongest plain order there is: it has our conditions and lacks only our score.
    """
    shown: list[int] = []
    for allowed in (frozenset(), *rules().loosen):
        kept = find_keys(db, one.wish, allowed, 500).ids if len(shown) < DEPTH else ()
        query = select(Posting.id).where(Posting.id.in_(kept), Posting.id.not_in(shown))
        shown += db.scalars(query.order_by(Posting.published_on.desc(), Posting.id))
    return shown[:DEPTH]
