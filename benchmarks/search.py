"""Law search: how often the right article is found, and how fast among 10,000 articles.

Imports the shared laws into var/bench-search.db (the first run embeds them: minutes), asks the lay
questions of tests/data, and ranks by BM25 over the articles' own words, by the same BM25 with the
glosses, by vectors alone and by all together, in one run. The 10,000 articles are the laws copied
with characters lost and swapped, their vectors with noise.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.report import Measure, publish
from bot import clock
from bot.commands.documents import topics_of
from bot.db import migrate
from bot.db.session import session
from bot.db.tables import Article, Document
from bot.documents.passages import passages, pieces, questions
from bot.documents.search import ArticleIndex, Place
from bot.documents.store import import_files, in_force
from bot.embeddings.sentence_model import sentence_model
from bot.logging_setup import configure, prepare_environment
from bot.policies.cited_articles import cited_articles
from bot.policies.load import load
from bot.search.bm25 import Lexical, top_places
from bot.search.vector_store import load_vectors, store_vectors
from bot.settings import ROOT, settings
from bot.vocabulary.sync import load_vocabulary
from bot.vocabulary.vocabulary import vocabulary

SHARED = Path(os.environ.get("JIUYE_SHARED", ROOT.parent / "shared"))
QUESTIONS = ROOT / "tests" / "data"
ARTICLES, SEED, DEEP = 10_000, 20261124, 50

Rank = Callable[[str], Sequence[Place]]


@dataclass(frozen=True)
class Asked:
    """A lay question and the articles that answer it."""

    text: str
    right: frozenset[Place]


def question_sets() -> dict[str, list[Asked]]:
    """Return the sets of questions: tuned on, written before tuning, real ones, and blind ones.

    The real ones are in the shared data; of the blind ones, those that an article answers.
    """
    real = SHARED / "eval" / "real-questions.jsonl"
    texts = [json.loads(line)["text"] for line in real.read_text("utf-8").splitlines()]
    by_hash = {hashlib.sha256(text.encode()).hexdigest()[:16]: text for text in texts}
    sets: dict[str, list[Asked]] = {}
    for name, file in (("tuned", ""), ("second", "-2"), ("real", "-shared"), ("blind", "-blind")):
        lines = (QUESTIONS / f"law-questions{file}.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        sets[name] = [
            Asked(
                row.get("question") or by_hash[row["sha256"]],
                frozenset((a["document"], a["article"]) for a in row["answers"]),
            )
            for row in rows
            if row["answers"]
        ]
    return sets


def found(rank: Rank, asked: Sequence[Asked]) -> dict[str, float]:
    """Return hit@1, hit@5 and the mean reciprocal rank of a ranking."""
    places = []
    for one in asked:
        ranked = rank(one.text)
        places.append(next((n for n, p in enumerate(ranked, 1) if p in one.right), 0))
    return {
        "hit@1": round(sum(place == 1 for place in places) / len(places), 4),
        "hit@5": round(sum(0 < place <= 5 for place in places) / len(places), 4),
        "MRR": round(sum(1 / place for place in places if place) / len(places), 4),
    }


def quality(db: Session, index: ArticleIndex) -> list[Measure]:
    """Measure every ranking on every set, beside plain BM25."""
    at = [(one.document, one.number) for one in index.passages]
    bare = Lexical(f"{one.document}\n{one.chapter}\n{one.text}" for one in index.passages)
    topics = topics_of()

    def fused(text: str, with_topics: bool = True) -> list[Place]:
        cited = cited_articles(db, topics(text)) if with_topics else {}
        return [(hit.document, hit.article) for hit in index.search(text, DEEP, cited)]

    ranks: dict[str, Rank] = {
        "all together": fused,
        "without topics": lambda text: fused(text, with_topics=False),
        "vectors alone": lambda text: [at[n] for n in top_places(index.meaning(text), DEEP)],
        "BM25 with glosses": lambda text: [at[n] for n in top_places(index.words(text), DEEP)],
    }
    measures = []
    documents = {document for document, _ in at}
    for name, every in question_sets().items():
        asked = [one for one in every if documents & {document for document, _ in one.right}]
        plain = found(lambda text: [at[n] for n in top_places(bare.scores(text), DEEP)], asked)
        for how, rank in ranks.items():
            measures += [
                Measure(f"{name}: {how}, {what}", value, plain[what], "share", len(asked),
                        "BM25 over the articles' own words")
                for what, value in found(rank, asked).items()
            ]  # fmt: skip
    return measures


def _perturbed(chance: random.Random, text: str) -> str:
    """Return a text with one character in twenty lost and as many swapped with the next."""
    chars = [char for char in text if char == "\n" or chance.random() > 0.05]
    for at in range(len(chars) - 1):
        if chance.random() < 0.05 and "\n" not in chars[at : at + 2]:
            chars[at], chars[at + 1] = chars[at + 1], chars[at]
    return "".join(chars)


def multiply(source: Session, target: Session) -> int:
    """Fill a database with perturbed copies of the laws until it holds ARTICLES articles."""
    chance, noise = random.Random(SEED), np.random.default_rng(SEED)
    model = sentence_model()
    laws = list(source.scalars(select(Document)))
    count = copy = 0
    while count < ARTICLES:
        for law in laws:
            articles = [
                Article(
                    position=one.position,
                    number=one.number,
                    chapter=one.chapter,
                    text=_perturbed(chance, one.text) if copy else one.text,
                )
                for one in law.articles[: ARTICLES - count]
            ]
            count += len(articles)
            hashed = hashlib.sha256(f"{law.name}{copy}".encode()).hexdigest()
            target.add(
                Document(
                    name=f"{law.name}{copy or ''}", title=law.title, content_hash=hashed,
                    effective_from=law.effective_from, imported_at=clock.now(), articles=articles,
                )
            )  # fmt: skip
        copy += 1
    target.flush()
    if model is None:
        return count
    made = [text for p in passages(in_force(target, clock.today())) for text in pieces(p)]
    made += [text for p in passages(in_force(target, clock.today())) for text in questions(p)]
    made = list(dict.fromkeys(made))
    old = [text for p in passages(in_force(source, clock.today())) for text in pieces(p)]
    known = load_vectors(source, model, old)
    vectors = known[noise.integers(0, len(known), len(made))]
    vectors = vectors + noise.normal(0, 0.01, vectors.shape).astype(np.float32)
    store_vectors(target, model, made, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    return count


def speed(index: ArticleIndex, asked: Sequence[Asked]) -> list[Measure]:
    """Measure a search, and plain BM25 over the same articles, question by question."""
    bare = Lexical(f"{one.document}\n{one.chapter}\n{one.text}" for one in index.passages)
    ways: dict[str, Callable[[str], object]] = {
        "ours": lambda text: index.search(text, 10),
        "plain": lambda text: top_places(bare.scores(text), 10),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(3):
        for one in asked:
            for name, way in ways.items():
                began = time.perf_counter()
                way(one.text)
                took[name].append((time.perf_counter() - began) * 1000)
    model = sentence_model()
    began = time.perf_counter()
    for one in asked:
        if model:
            model.message(one.text)
    embedding = (time.perf_counter() - began) * 1000 / len(asked)
    size, runs = f"{len(index.passages):,} articles", len(took["ours"])
    measures = [
        Measure(f"search of {size}, {name}", round(float(np.percentile(took["ours"], at)), 2),
                round(float(np.percentile(took["plain"], at)), 2), "ms", runs, "plain BM25")
        for name, at in (("median", 50), ("p99", 99))
    ]  # fmt: skip
    return [*measures, Measure("of which the question's vector", round(embedding, 2), None, "ms",
                               len(asked))]  # fmt: skip


def main() -> None:
    """Measure and publish."""
    prepare_environment()
    configure("ERROR")
    files = sorted((SHARED / "policies" / "laws").glob("*.md"))
    if not files:
        raise SystemExit(f"no shared laws at {SHARED}")
    url = f"sqlite:///{ROOT / 'var' / 'bench-search.db'}"
    migrate.upgrade(url)
    with session(url) as db:
        load_vocabulary(db, vocabulary())  # policies refer to its regions
        load(db, settings().data / "policies")
        import_files(db, files)
    with session(url) as db:
        began = time.perf_counter()
        again = import_files(db, files)
        loading = time.perf_counter() - began
        index = ArticleIndex(db, clock.today())
        measures = quality(db, index)
        changed = sum(one.state != "unchanged" for one in again)
        rows = db.scalar(select(func.count(Article.id)))
        with tempfile.TemporaryDirectory() as folder:
            large = f"sqlite:///{folder}/large.db"
            migrate.upgrade(large)
            with session(large) as target:
                multiply(db, target)
                measures += speed(ArticleIndex(target, clock.today()), question_sets()["second"])
    publish("search", [
        *measures,
        Measure("articles", float(rows or 0), None, "articles", 1),
        Measure("documents changed by a second load", changed, None, "documents", 1),
        Measure("second load of the base", round(loading, 2), None, "s", 1),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
