"""Sentence vectors of texts, kept in the database: only what is new is embedded.

What is new and shipped (shipped.py) is taken from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.db.tables import TextVector
from bot.embeddings.encoder import Floats
from bot.embeddings.sentence_model import MAX_PASSAGE_CHARS, SentenceModel
from bot.search.shipped_vectors import shipped_vectors, text_key

#: Texts that are embedded between two reports of progress.
BATCH = 512
#: Keys asked for in one query.
_KEYS = 500


def ensure_vectors(
    db: Session,
    model: SentenceModel,
    texts: Sequence[str],
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Floats:
    """Return a row a text, embedding and storing those that the database does not hold."""
    keys = [text_key(text) for text in texts]
    vector_by_key = _load(db, model, sorted(set(keys)))
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in vector_by_key}
    shipped = shipped_vectors(model.name).among(new)
    vector_by_key |= {key: vector.astype(np.float32) for key, vector in shipped.items()}
    _insert(db, model, shipped)
    new = {key: text for key, text in new.items() if key not in shipped}
    order = sorted(new, key=lambda key: len(new[key]))  # of like length together
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        vectors = model.passages([new[key] for key in part]).astype(np.float16)
        vector_by_key |= dict(zip(part, vectors.astype(np.float32), strict=True))
        store_vectors(db, model, [new[key] for key in part], vectors)
        progress(min(start + BATCH, len(order)), len(order))
    if not texts:
        return np.zeros((0, model.dimensions), dtype=np.float32)
    return np.array([vector_by_key[key] for key in keys], dtype=np.float32)


def load_vectors(db: Session, model: SentenceModel, texts: Sequence[str]) -> Floats:
    """Return a row a text; zeros for those that the database does not hold yet."""
    keys = [text_key(text) for text in texts]
    vector_by_key = _load(db, model, sorted(set(keys)))
    none = np.zeros(model.dimensions, dtype=np.float32)
    return np.array([vector_by_key.get(key, none) for key in keys], dtype=np.float32).reshape(
        len(keys), model.dimensions
    )


def delete_vectors(db: Session, texts: Iterable[str]) -> None:
    """Remove the vectors of texts that nothing uses any more, whatever model made them."""
    keys = [text_key(text) for text in texts]
    for start in range(0, len(keys), _KEYS):
        part = keys[start : start + _KEYS]
        db.execute(delete(TextVector).where(TextVector.text_hash.in_(part)))


def delete_other_models(db: Session, model: SentenceModel) -> bool:
    """Remove the vectors that other models made; tell whether there were any."""
    others = select(TextVector.model).where(TextVector.model != _name(model)).limit(1)
    if db.scalar(others) is None:
        return False
    db.execute(delete(TextVector).where(TextVector.model != _name(model)))
    return True


def store_vectors(
    db: Session,
    model: SentenceModel,
    texts: Sequence[str],
    vectors: NDArray[np.floating[Any]],
) -> None:
    """Store the vectors of texts that the database does not hold yet."""
    _insert(db, model, dict(zip(map(text_key, texts), vectors.astype(np.float16), strict=True)))


def _insert(db: Session, model: SentenceModel, vectors: Mapping[str, NDArray[np.float16]]) -> None:
    rows = [
        {"model": _name(model), "text_hash": key, "vector": vector.tobytes()}
        for key, vector in vectors.items()
    ]
    if rows:
        db.execute(insert(TextVector), rows)


def _name(model: SentenceModel) -> str:
    return f"{model.name}/{MAX_PASSAGE_CHARS}"


def _load(db: Session, model: SentenceModel, keys: Sequence[str]) -> dict[str, Floats]:
    name = _name(model)
    vectors: dict[str, Floats] = {}
    for start in range(0, len(keys), _KEYS):
        rows = db.execute(
            select(TextVector.text_hash, TextVector.vector).where(
                TextVector.model == name, TextVector.text_hash.in_(keys[start : start + _KEYS])
            )
        )
        vectors |= {
            key: np.frombuffer(vector, np.float16).astype(np.float32) for key, vector in rows
        }
    return vectors
