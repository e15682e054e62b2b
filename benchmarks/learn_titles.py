"""Learn data/vocab/title_families.npz from titles whose code is known.

Of the shared list only the half that `learned` takes is used; benchmarks/titles.py measures on
the other half. The names of 职业分类大典 are learned beside them. Nothing of a title
is kept but pieces of at most four characters with their weights.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bot.settings import ROOT
from bot.understanding.occupation_families import title_ngrams

SHARED = Path(os.environ.get("JIUYE_SHARED", ROOT.parent / "shared"))
TITLES = SHARED / "vocab" / "jobtitle-to-occupation.csv"
DICTIONARY = SHARED / "vocab" / "occupations-2022.csv"
OUT = ROOT / "data" / "vocab" / "title_families.npz"
#: Pieces that are kept: those that say most.
KEPT = 60_000
STRENGTH = 1.0
#: What a name of the dictionary counts beside a title, chosen by cross-validation.
NAME_WEIGHT = 0.3


def learned(title: str) -> bool:
    """Tell whether a title belongs to the half that is learned from; the other is held back."""
    return hashlib.md5(title.encode(), usedforsecurity=False).digest()[0] % 2 == 0


def titles(held_back: bool) -> list[tuple[str, str]]:
    """Return the titles of one half with their codes."""
    with TITLES.open(encoding="utf-8-sig", newline="") as lines:
        return [
            (row["job_name"], row["expected_code"])
            for row in csv.DictReader(lines)
            if row["expected_code"] and learned(row["job_name"]) != held_back
        ]


def names() -> list[tuple[str, str]]:
    """Return the names of the dictionary's 小类 and 细类 with their codes."""
    with DICTIONARY.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        return [(row["name"], row["code"]) for row in rows if row["level"] in ("3", "4")]


def main() -> None:
    """Learn and write the file."""
    known, named = titles(held_back=False), names()
    documents = [title_ngrams(title) for title, _ in [*known, *named]]
    pieces = sorted({piece for document in documents for piece in document})
    column = {piece: at for at, piece in enumerate(pieces)}
    # How rare a piece is counts in titles alone: what is read later are titles.
    frequency = Counter(piece for document in documents[: len(known)] for piece in document)
    counts = np.array([frequency[piece] for piece in pieces])
    rarity = np.log((1 + len(known)) / (1 + counts)) + 1
    model = LinearSVC(C=STRENGTH, random_state=0)
    model.fit(
        _matrix(documents, column, rarity),
        [code[:4] for _, code in [*known, *named]],
        sample_weight=[1.0] * len(known) + [NAME_WEIGHT] * len(named),
    )
    weights = model.coef_.T
    kept = np.sort(np.argsort(-np.abs(weights * rarity[:, None]).max(axis=1))[:KEPT])
    scale = float(np.abs(weights[kept]).max()) / 127
    np.savez_compressed(
        OUT,
        pieces=np.array("\n".join(pieces[at] for at in kept)),
        rarity=rarity[kept].astype(np.float16),
        scores=np.round(weights[kept] / scale).astype(np.int8),
        scale=np.float32(scale),
        bias=model.intercept_.astype(np.float32),
        families=np.array(" ".join(model.classes_)),
    )
    print(f"{len(known)} titles, {len(kept)} pieces, {len(model.classes_)} families -> {OUT}")


def _matrix(
    documents: list[Counter[str]], column: dict[str, int], rarity: np.ndarray
) -> csr_matrix:
    rows = [[(column[piece], n) for piece, n in document.items()] for document in documents]
    values = []
    for row in rows:
        weights = np.array([(1 + np.log(n)) * rarity[at] for at, n in row])
        values.append(weights / np.linalg.norm(weights))
    ends = np.cumsum([0, *map(len, rows)])
    at = np.concatenate([[c for c, _ in row] for row in rows])
    return csr_matrix((np.concatenate(values), at, ends), shape=(len(rows), len(column)))


if __name__ == "__main__":
    main()
