"""Search over the policy base: how often the policy asked for comes first, or among three.

Questions are the first messages of the shared dialogues that state topics. Beside our ranking
stand its parts alone, in the same run: BM25 over the answers, and sentence vectors of them.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import select

from benchmarks.report import Measure, publish
from bot.commands.documents import topics_of
from bot.db import migrate
from bot.db.session import session
from bot.db.tables import Policy
from bot.embeddings.sentence_model import sentence_model
from bot.policies.load import load
from bot.policies.search import PolicyIndex, index_entries
from bot.search.bm25 import Floats, Lexical, top_places
from bot.search.vector_store import load_vectors
from bot.settings import ROOT, settings
from bot.vocabulary.sync import load_vocabulary
from bot.vocabulary.vocabulary import vocabulary

SHARED = Path(os.environ.get("JIUYE_SHARED", ROOT.parent / "shared"))
Ranking = Callable[[str], Sequence[str]]
Question = tuple[str, list[str]]


def main() -> None:
    """Run the benchmark; without the shared dialogues there is nothing to measure."""
    file = SHARED / "eval" / "dev.jsonl"
    if not file.is_file():
        print(f"policies: {file.name} is not beside this checkout")
        return
    firsts = [json.loads(line)["turns"][0] for line in file.read_text("utf-8").splitlines()]
    asked = [(turn["text"], turn["topics"]) for turn in firsts if turn.get("topics")]
    classified = topics_of()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/policies.db"
        migrate.upgrade(url)
        with session(url) as db:
            load_vocabulary(db, vocabulary())
            load(db, settings().data / "policies")
            policies = db.scalars(select(Policy).order_by(Policy.id)).all()
            of = [entry for policy in policies for entry in index_entries(policy)]
            index, lexical = PolicyIndex(db, policies), Lexical(e.text for e in of)
            model = sentence_model()
            vectors = load_vectors(db, model, [e.short for e in of]) if model else None

    def first(scores: Floats) -> list[str]:
        return list(dict.fromkeys(of[at].topic for at in top_places(scores, len(of))))[:3]

    rankings: dict[str, Ranking] = {
        "words alone": lambda text: first(lexical.scores(text)),
        "fused": lambda text: [f.topic for f in index.search(text, 3)],
        "fused with the classifier": lambda text: [
            f.topic for f in index.search(text, 3, classified(text))
        ],
    }
    if model is not None and vectors is not None:
        rankings["meaning alone"] = lambda text: first(vectors @ model.message(text))
    publish("policies", [*_hits(rankings, asked), _time(index, asked)])


def _hits(rankings: dict[str, Ranking], asked: Sequence[Question]) -> list[Measure]:
    measures: list[Measure] = []
    floor: dict[int, float] = {}
    for name, ranking in rankings.items():
        found = [(ranking(text), topics) for text, topics in asked]
        for most in (1, 3):
            hits = sum(bool(set(ranked[:most]) & set(topics)) for ranked, topics in found)
            share = round(hits / len(asked), 4)
            base = floor.setdefault(most, share)
            measures.append(
                Measure(f"{name}, hit@{most}", share, base, "share", len(asked), "words alone")
            )
    return measures


def _time(index: PolicyIndex, asked: Sequence[Question]) -> Measure:
    began = time.perf_counter()
    for text, _ in asked:
        index.search(text, 5)
    took = (time.perf_counter() - began) / len(asked) * 1000
    return Measure("a search", round(took, 2), None, "ms", len(asked))


if __name__ == "__main__":
    main()
