"""Vectors shipped beside the model: those of the encoder, for texts that did not change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session

from bot.embeddings.sentence_model import SentenceModel, sentence_model
from bot.policies.load import policy_rows
from bot.policies.search import embedded_texts
from bot.policies.validate import read_folder
from bot.search import shipped_vectors as shipped
from bot.search import vector_store
from bot.search.shipped_vectors import FILE, ShippedVectors, shipped_vectors, text_key
from bot.search.vector_store import ensure_vectors, load_vectors
from bot.settings import settings
from tests.search.test_vector_store import Counting

#: How much of the policies' characters may be without a vector in the file before a first start
#: is as slow as without the file.
LEAST = 0.5
NEWLY = "run `python -m bot policies vectors` and commit models/policy_vectors.npz"


@pytest.fixture(scope="module")
def texts() -> list[str]:
    rows = map(policy_rows, read_folder(settings().data / "policies", lines=False))
    return sorted(embedded_texts(rows))


@pytest.fixture(scope="module")
def model() -> SentenceModel:
    found = sentence_model()
    assert found is not None
    return found


def test_most_of_the_policies_are_in_the_file(texts: list[str], model: SentenceModel) -> None:
    there = shipped_vectors(model.name).among(map(text_key, texts))
    seen = sum(len(text) for text in texts if text_key(text) in there)
    assert seen >= LEAST * sum(map(len, texts)), NEWLY
    assert (settings().models / FILE).stat().st_size <= 3_000_000


def test_what_is_shipped_is_what_the_encoder_makes(texts: list[str], model: SentenceModel) -> None:
    there = shipped_vectors(model.name).among(map(text_key, texts))
    some = [text for text in texts if text_key(text) in there][::50]
    made = model.passages(some).astype(np.float16)
    assert np.array_equal(np.array([there[text_key(text)] for text in some]), made)


@pytest.fixture
def counting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counting:
    """A model two of whose vectors are shipped, with the texts that it was asked for."""
    model = Counting()
    ShippedVectors.from_texts(model, ["办失业登记", "领失业金"]).save(tmp_path / FILE)
    model.asked.clear()
    monkeypatch.setattr(
        vector_store, "shipped_vectors", lambda name: shipped_vectors(name, tmp_path)
    )
    return model


def test_only_what_is_not_shipped_is_embedded(db: Session, counting: Counting) -> None:
    asked = ["办失业登记", "办就业登记证", "领失业金"]
    assert ensure_vectors(db, counting, asked).tolist() == [[5, 1], [6, 1], [4, 1]]
    assert counting.asked == ["办就业登记证"]
    assert load_vectors(db, counting, asked).tolist() == [[5, 1], [6, 1], [4, 1]]


def test_another_models_file_is_passed_over(db: Session, counting: Counting) -> None:
    counting.name = "a newer one"
    assert ensure_vectors(db, counting, ["领失业金"]).tolist() == [[4, 1]]
    assert counting.asked == ["领失业金"]


@pytest.mark.parametrize("content", [None, b"", b"no numbers", b"PK\x03\x04 half a file"])
def test_a_file_that_cannot_be_read_ships_nothing(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    assert shipped_vectors("any", tmp_path).among([text_key("领失业金")]) == {}


def test_there_is_room_for_the_longest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shipped, "MAX_BYTES", 8)  # of two vectors of two numbers
    ShippedVectors.from_texts(Counting(), ["一", "一二三", "一二", "一二三"]).save(tmp_path / FILE)
    there = shipped_vectors("counting", tmp_path).among(map(text_key, ["一", "一二", "一二三"]))
    assert sorted(there) == sorted(map(text_key, ["一二", "一二三"]))


def test_the_same_texts_make_the_same_file(tmp_path: Path) -> None:
    for name, given in (("one", ["一", "二二", "三"]), ("other", ["三", "二二", "一"])):
        ShippedVectors.from_texts(Counting(), given).save(tmp_path / f"{name}.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()
