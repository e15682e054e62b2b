"""The law is quoted when an article is named, or when the policy base is silent and it is sure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.db.session import session
from bot.documents.store import import_files
from bot.messages import LawQuote
from bot.rendering.plain import render
from bot.routing.router import answer
from bot.settings import settings
from bot.turns.turn import Topic, Turn
from tests.conftest import new_database

LAW = """# 中华人民共和国工伤保险条例

2010年12月20日公布

第十四条 职工有下列情形之一的，应当认定为工伤：
（一）在工作时间和工作场所内，因工作原因受到事故伤害的；
（二）工作时间前后在工作场所内，从事与工作有关的预备性或者收尾性工作受到事故伤害的；
（三）患职业病的；
（四）因工外出期间，由于工作原因受到伤害或者发生事故下落不明的；
（五）在上下班途中，受到非本人主要责任的交通事故或者客运轮渡、火车事故伤害的；
（六）法律、行政法规规定应当认定为工伤的其他情形。

第十六条 故意犯罪的，醉酒或者吸毒的，自残或者自杀的，不得认定为工伤。
"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def with_law(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database with one law and no policies."""
    url, file = new_database(request, "stocked"), tmp_path_factory.mktemp("law") / "law.md"
    file.write_text(LAW, encoding="utf-8")
    with session(url) as db:
        import_files(db, [file])
    return url


@pytest.fixture
def laws(with_law: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """That database, as the actions see it."""
    monkeypatch.setenv("DATABASE_URL", with_law)
    settings.cache_clear()
    yield with_law
    settings.cache_clear()


def _turn(text: str, act: str = "policy", topics: tuple[Topic, ...] = (), **slots: Any) -> Turn:
    return Turn(text, act, 0.9, list(topics), [], slots)


def _quoted(turn: Turn) -> LawQuote:
    [message] = answer(turn)
    assert isinstance(message, LawQuote), message
    return message


@pytest.mark.parametrize("act", ["policy", "nlu_fallback", "out_of_scope"])
def test_a_named_article_is_quoted_whole_whatever_the_act(laws: str, act: str) -> None:
    said = _quoted(_turn("工伤条例16条怎么说的", act))
    assert (said.document, said.article) == ("工伤保险条例", "第十六条")
    assert said.text == f"【法律原文】《工伤保险条例》第十六条\n{said.whole}"
    assert (said.status, said.act, said.since) == ("answered", "policy", "2010-12-20")
    assert said.citations[0].article == "第十六条"


def test_a_question_without_a_sure_topic_gets_the_article_that_is_surely_meant(laws: str) -> None:
    said = _quoted(_turn("上下班路上出车祸算不算工伤", topics=(Topic("work-injury", 0.1),)))
    assert said.article == "第十四条"
    assert "上下班途中" in said.text
    assert said.whole.startswith("职工有下列情形之一的")


def test_a_topic_that_the_base_has_no_policy_for_gets_the_law_and_keeps_the_topic(
    laws: str,
) -> None:
    said = _quoted(_turn("上下班路上出车祸算不算工伤", topics=(Topic("work-injury", 0.9),)))
    assert (said.article, said.topics) == ("第十四条", ["work-injury"])


def test_our_own_words_stand_apart_from_the_laws(laws: str) -> None:
    said = _quoted(_turn("工伤条例16条"))
    assert "12333" in said.next_step
    assert "12333" not in said.text
    assert said.text.replace("【法律原文】《工伤保险条例》第十六条\n", "") in LAW


@pytest.mark.parametrize("text", ["今天天气怎么样", "给我讲个笑话", "第十六条", "刑法第十六条"])
def test_an_unrelated_question_gets_no_article(laws: str, text: str) -> None:
    assert not any(isinstance(said, LawQuote) for said in answer(_turn(text)))


def test_without_documents_the_answer_is_as_before(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", committed)
    settings.cache_clear()
    [said] = answer(_turn("工伤条例16条怎么说的"))
    settings.cache_clear()
    assert not isinstance(said, LawQuote)


def test_each_channel_shows_mark_law_and_source(laws: str) -> None:
    part = _quoted(_turn("上下班路上出车祸算不算工伤")).to_dict()
    assert part["type"] == "law_quote"
    [web] = render("web", part)
    assert web.startswith("【法律原文】《工伤保险条例》第十四条\n")
    assert "（这是节选。要看全文，发“工伤保险条例第十四条”）" in web
    assert web.endswith("依据：《工伤保险条例》第十四条，自2010-12-20起")
    assert all(len(text.encode()) <= 2048 for text in render("wechat", part))
    parts = render("sms", part)
    assert len(parts) <= 2
    assert parts[0].startswith("【法律原文】《工伤保险条例》第十四条")
    whole = _quoted(_turn("工伤条例16条")).to_dict()
    assert "节选" not in render("web", whole)[0]
