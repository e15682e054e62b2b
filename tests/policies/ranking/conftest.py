"""Fixtures of tests/policies/ranking."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.policies.load import load
from bot.policies.ranking.index import AnswerIndex, answer_index
from tests.policies.ranking.two_policies import BONUS, LOAN, TOPICS


@pytest.fixture
def index(words: Session, tmp_path: Path) -> AnswerIndex:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "topics.yml").write_text(TOPICS, encoding="utf-8")
    (folder / "bonus.yml").write_text(BONUS, encoding="utf-8")
    (folder / "loan.yml").write_text(LOAN, encoding="utf-8")
    load(words, folder)
    return answer_index(words)
