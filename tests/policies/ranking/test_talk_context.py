"""What is read of a talk beside its latest message."""

from __future__ import annotations

import numpy as np
import pytest

from bot.embeddings.sentence_model import SentenceModel, sentence_model
from bot.policies.ranking.index import AnswerQuery
from bot.policies.ranking.talk_context import READ_CHARS, read_together, talk_vectors, with_talk

STORY = "我在超市干了九年，上礼拜店黄了，老板说月底都别来了"
EARLIER = (STORY, "工资卡里一个月两千四", "过年那月多点")


@pytest.fixture
def model() -> SentenceModel:
    """Return the encoder of the project."""
    model = sentence_model()
    assert model is not None
    return model


def test_the_ends_of_the_two_messages_before_are_read_with_a_message() -> None:
    assert read_together("那得给多少", EARLIER) == "工资卡里一个月两千四。过年那月多点。那得给多少"
    assert read_together("行", ["长" * 99]) == "长" * READ_CHARS + "。行"
    assert read_together("行", ()) == "行"
    assert AnswerQuery("行", {}, earlier_messages=("好",)).in_talk == "好。行"


def test_a_message_is_nearer_to_the_matter_that_its_talk_began_with(model: SentenceModel) -> None:
    closing = model.message("店黄了有没有补偿")
    (with_all,) = talk_vectors(model, ["那得给多少"], [EARLIER])
    (with_two,) = talk_vectors(model, ["那得给多少"], [EARLIER[1:]])
    assert float(with_all @ closing) > float(with_two @ closing)


def test_without_a_talk_the_message_is_all_there_is(model: SentenceModel) -> None:
    (row,) = talk_vectors(model, ["失业金咋领"], [()])
    np.testing.assert_allclose(row, model.messages(["失业金咋领"])[0], atol=1e-6)


def test_for_learning_a_row_is_what_a_search_reads(model: SentenceModel) -> None:
    (row,) = talk_vectors(model, ["那得给多少"], [EARLIER])
    together = model.message(read_together("那得给多少", EARLIER))
    alone = with_talk(together, np.array([model.message(text) for text in EARLIER]))
    np.testing.assert_allclose(row, alone, atol=1e-4)
    assert float(np.linalg.norm(row)) == pytest.approx(1.0, abs=1e-4)
