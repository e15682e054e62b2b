"""Files of dialogues to be judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.evaluation.cases import CaseError, read_cases
from tests.evaluation.turns import bot_turn, judged


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("{", "no JSON"),
        ('{"id": 1}', "turns"),
        ('{"turns": [{"act": "policy"}]}', "text"),
        ('{"turns": [{"text": "a", "topic": "b"}]}', "topic"),
        ("[]", "turns"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_field(tmp_path: Path, line: str, field: str) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"turns": [{"text": "a"}]}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(CaseError, match=f"line 2.*{field}"):
        read_cases(file)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text("\n", encoding="utf-8")
    with pytest.raises(CaseError, match="no dialogue"):
        read_cases(file)


def test_what_is_not_stated_is_not_judged(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(json.dumps({"turns": [{"text": "a"}]}), encoding="utf-8")
    ((turn,),) = (dialogue.turns for dialogue in read_cases(file))
    assert "act_accuracy" not in judged((turn, bot_turn()))["measures"]
