"""Sentence vectors: near for what means the same, for any text, the same whatever is beside it."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from bot.embeddings import sentence_model as sentences
from bot.embeddings.sentence_model import ENCODER_FILE, MAX_MESSAGE_CHARS, OwnModel, sentence_model


@pytest.fixture(scope="module")
def model() -> OwnModel:
    return OwnModel()


def test_what_means_the_same_is_nearer_than_what_does_not(model: OwnModel) -> None:
    for one, like, other in (
        ("老板拖欠我的工资", "单位不给我发钱", "明天会不会下雨"),
        ("失业金能领几个月", "丢了工作的补助给多长时间", "我想找个保安的活"),
        ("想学电焊", "有没有焊工培训班", "加班费咋算"),
    ):
        a, b, c = model.messages([one, like, other])
        assert a @ b > a @ c
        assert np.linalg.norm(a) == pytest.approx(1, abs=0.01)


def test_a_word_mistyped_by_sound_stays_near(model: OwnModel) -> None:
    right, wrong, other = model.messages(["失业金怎么领", "失业今怎么领", "失业登记在哪办"])
    assert right @ wrong > right @ other


def test_any_text_has_a_vector(model: OwnModel) -> None:
    vectors = model.messages(["", "\0", "x" * 5000, "🙂", " ", "𠀀𠀁"])
    assert vectors.shape == (6, model.dimensions)
    assert np.isfinite(vectors).all()
    assert np.isfinite(model.message("")).all()


def test_a_text_has_one_vector_alone_and_among_others(model: OwnModel) -> None:
    texts = [f"{'在' * (n % 9)}沈阳找{n}个保安" for n in range(300)]
    together = model.messages(texts)
    for at in (0, 7, 150, 299):
        assert np.abs(model.message(texts[at]) - together[at]).max() <= 0.0002


def test_threads_do_not_disturb_each_other(model: OwnModel) -> None:
    texts = [f"我在第{n}个厂子干了{n}年" for n in range(40)]
    right = [row.copy() for row in model.messages(texts)]
    wrong: list[int] = []

    def ask(start: int) -> None:
        fresh = OwnModel()
        for at in range(start, len(texts), 4):
            if np.abs(fresh.message(texts[at]) - right[at]).max() > 0.0002:
                wrong.append(at)

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_of_a_story_the_end_is_read(model: OwnModel) -> None:
    end = "那我到底能不能领失业金呢我都交了八年了" * 8
    assert len(end) > MAX_MESSAGE_CHARS
    alone, behind = model.messages([end, "甲" * 300 + end])
    assert (alone == behind).all()


def test_full_width_and_traditional_characters_are_the_same_text(model: OwnModel) -> None:
    one, other = model.messages(["失業金領多少ＡＢＣ", "失业金领多少abc"])
    assert (one == other).all()


def test_a_file_that_is_none_leaves_the_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "encoder.npz"
    for content in (b"", b"not a file", ENCODER_FILE.read_bytes()[:5000]):
        broken.write_bytes(content)
        monkeypatch.setattr(sentences, "OwnModel", lambda: OwnModel(broken))
        sentence_model.cache_clear()
        assert sentence_model() is None
    sentence_model.cache_clear()
