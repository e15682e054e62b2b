"""Vectors of texts are made once and kept with the database."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy.orm import Session

from bot.embeddings.encoder import Floats
from bot.search.vector_store import ensure_vectors, load_vectors, store_vectors


class Counting:
    """A sentence model that counts what it is asked for: a text's vector is its length."""

    name = "counting"
    dimensions = 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def messages(self, texts: Sequence[str]) -> Floats:
        return np.array([[len(text), 1] for text in texts], dtype=np.float32).reshape(-1, 2)

    def passages(self, texts: Sequence[str]) -> Floats:
        self.asked += texts
        return self.messages(texts)

    def message(self, text: str) -> Floats:
        return self.messages([text])[0]


def test_a_text_is_embedded_once_and_its_row_is_found_again(db: Session) -> None:
    model = Counting()
    first = ensure_vectors(db, model, ["一", "二二", "一"])
    assert first.tolist() == [[1, 1], [2, 1], [1, 1]]
    assert sorted(model.asked) == ["一", "二二"]
    again = ensure_vectors(db, model, ["二二", "三三三"])
    assert again.tolist() == [[2, 1], [3, 1]]
    assert sorted(model.asked) == ["一", "三三三", "二二"]


def test_texts_that_are_not_known_yet_have_rows_of_zeros(db: Session) -> None:
    model = Counting()
    store_vectors(db, model, ["一"], model.messages(["一"]))
    assert load_vectors(db, model, ["新的", "一"]).tolist() == [[0, 0], [1, 1]]
    assert model.asked == []


def test_vectors_of_two_models_do_not_mix(db: Session) -> None:
    first, other = Counting(), Counting()
    other.name = "other"
    ensure_vectors(db, first, ["一"])
    assert not load_vectors(db, other, ["一"]).any()


def test_progress_is_told_up_to_all_texts(db: Session) -> None:
    told: list[tuple[int, int]] = []
    ensure_vectors(
        db, Counting(), [f"{n}" for n in range(600)], lambda at, of: told.append((at, of))
    )
    assert told == [(512, 600), (600, 600)]
    assert ensure_vectors(db, Counting(), []).shape == (0, 2)
