"""How people ask about articles belongs to the right article, also after an amendment."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.documents.glosses import gloss_questions, glosses

FILE = """某法:
  第一条: [按月支付, 几号开支, 发工钱]
  第二条: [提前通知, 辞职提前几天]
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "glosses.yml").write_text(FILE, encoding="utf-8")
    return tmp_path


def test_an_article_gets_its_glosses_by_number_and_mark(data: Path) -> None:
    found = gloss_questions(
        "某法", [("第一条", "工资按月支付。"), ("第二条", "应当提前通知。")], data
    )
    assert found == {"第一条": ("几号开支", "发工钱"), "第二条": ("辞职提前几天",)}


def test_a_mark_is_found_whatever_the_punctuation_and_the_line_breaks(data: Path) -> None:
    assert "第一条" in gloss_questions("某法", [("第一条", "工资按\n月（支）付")], data)


def test_a_renumbered_article_keeps_its_glosses(data: Path) -> None:
    articles = [("第一条", "新加的。"), ("第二条", "工资按月支付。"), ("第三条", "应当提前通知。")]
    found = gloss_questions("某法", articles, data)
    assert found == {"第二条": ("几号开支", "发工钱"), "第三条": ("辞职提前几天",)}


def test_a_gloss_of_an_article_that_is_gone_is_not_used(data: Path) -> None:
    assert gloss_questions("某法", [("第一条", "别的话。")], data) == {}
    assert gloss_questions("别的法", [("第一条", "工资按月支付。")], data) == {}


def test_the_projects_glosses_are_in_peoples_words_and_each_belongs_to_one_article() -> None:
    every = glosses()
    assert len(every) >= 16
    for law, lines in every.items():
        numbers = [gloss.number for gloss in lines]
        assert len(numbers) == len(set(numbers)), law
        for gloss in lines:
            assert gloss.questions, f"{law} {gloss.number}"
            assert len(gloss.mark) >= 4, f"{law} {gloss.number}"
            assert all(isinstance(one, str) and len(one) <= 40 for one in gloss.questions)
