from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.policies.load import load
from bot.policies.search import policy_index, untrained


@pytest.mark.parametrize(
    ("text", "topic"),
    {
        "失业金怎么领": "unemployment-benefit",
        "创业贷款能贷多少": "startup-loan",
        "老板欠薪不给": "wage-arrears",
        "公益岗是干啥的": "public-welfare-job",
    }.items(),
)
def test_the_policy_that_a_question_is_about_comes_first(
    policies: Session, text: str, topic: str
) -> None:
    found = policy_index(policies).search(text, 3)
    assert found[0].topic == topic
    assert len({one.topic for one in found}) == 3
    assert found[0].score >= found[1].score >= found[2].score


def test_a_score_is_explained_by_its_parts(policies: Session) -> None:
    best = policy_index(policies).search("失业金怎么领", 1)[0]
    assert {"words", "meaning", "tokens"} <= best.why.keys()


def test_an_empty_text_is_answered_without_an_error(policies: Session) -> None:
    assert len(policy_index(policies).search("", 3)) <= 3


def test_a_policy_loaded_after_training_is_found_at_once_by_its_name(
    policies: Session, tmp_path: Path
) -> None:
    assert untrained(policies, "失业金怎么领") is None
    (tmp_path / "topics.yml").write_text("new-thing: 上岗红包\n", "utf-8")
    (tmp_path / "new.yml").write_text(
        "id: new-thing\ntitle: 上岗红包\nnames: [上岗红包]\nversions:\n"
        "  - effective_from: 2026-01-01\n    regions: ['210000']\n    sources:\n"
        "      doc: {document: 某文件, issuer: 某厅, grade: A}\n    answers:\n"
        "      what: {text: 到岗就给的补助。, sources: [doc]}\n",
        "utf-8",
    )
    load(policies, tmp_path)
    assert untrained(policies, "上岗红包咋领") == "new-thing"
    assert policy_index(policies).search("上岗红包咋领", 1)[0].topic == "new-thing"
