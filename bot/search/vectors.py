"""Sentence vectors of texts, kept in the database: only what is new is embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.db.tables import TextVector
from bot.text.sentences import PASSAGE, Floats, SentenceModel, embed_many

#: Texts that are embedded between two reports of progress.
BATCH = 64
#: Keys asked for in one query.
_KEYS = 500


def stored(
    db: Session,
    model: SentenceModel,
    texts: Sequence[str],
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Floats:
    """Return a row a text, embedding and storing those that the database does not hold."""
    name = f"{model.name}/{PASSAGE}"
    keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
    known = _known(db, name, sorted(set(keys)))
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    order = sorted(new, key=lambda key: len(new[key]))  # of one length together: both cores busy
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        vectors = embed_many(model, [new[key] for key in part], "passages").astype(np.float16)
        for key, vector in zip(part, vectors, strict=True):
            known[key] = vector.astype(np.float32)
            db.add(TextVector(model=name, text_hash=key, vector=vector.tobytes()))
        db.flush()
        progress(min(start + BATCH, len(order)), len(order))
    if not texts:
        return np.zeros((0, model.dimensions), dtype=np.float32)
    return np.array([known[key] for key in keys], dtype=np.float32)


def kept(db: Session, model: SentenceModel, texts: Sequence[str]) -> Floats:
    """Return a row a text; zeros for those that the database does not hold yet."""
    keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
    known = _known(db, f"{model.name}/{PASSAGE}", sorted(set(keys)))
    none = np.zeros(model.dimensions, dtype=np.float32)
    return np.array([known.get(key, none) for key in keys], dtype=np.float32).reshape(
        len(keys), model.dimensions
    )


def forget(db: Session, texts: Iterable[str]) -> None:
    """Remove the vectors of texts that nothing uses any more, whatever model made them."""
    keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
    for start in range(0, len(keys), _KEYS):
        part = keys[start : start + _KEYS]
        db.execute(delete(TextVector).where(TextVector.text_hash.in_(part)))


def _known(db: Session, model: str, keys: Sequence[str]) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for start in range(0, len(keys), _KEYS):
        rows = db.execute(
            select(TextVector.text_hash, TextVector.vector).where(
                TextVector.model == model, TextVector.text_hash.in_(keys[start : start + _KEYS])
            )
        )
        found |= {key: np.frombuffer(vector, np.float16).astype(np.float32) for key, vector in rows}
    return found
