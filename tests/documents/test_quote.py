"""What is quoted: the named or surely meant article, the sentences that fit, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.documents.quote import MAX_QUOTE_LENGTH, MIN_SIMILARITY, excerpt, quote, sure
from bot.documents.search import ArticleIndex
from bot.documents.store import import_files
from tests.documents.conftest import Write

DAY = date(2026, 6, 1)
TEXT = (
    "有下列情形之一的，应当认定为工伤：\n"
    "（一）在工作时间和工作场所内，因工作原因受到事故伤害的；\n"
    "（二）工作时间前后在工作场所内，从事与工作有关的预备性或者收尾性工作受到事故伤害的；\n"
    "（三）患职业病的；\n"
    "（四）因工外出期间，由于工作原因受到伤害或者发生事故下落不明的；\n"
    "（五）在上下班途中，受到非本人主要责任的交通事故伤害的；\n"
    "（六）法律、行政法规规定应当认定为工伤的其他情形。"
)
LAW = f"""# 工伤保险条例

第十四条 {TEXT}

第十五条 在工作岗位突发疾病死亡的，视同工伤。

第十六条 醉酒的，不得认定为工伤。
"""


@pytest.fixture
def index(db: Session, write: Write) -> ArticleIndex:
    """The index of a short law with a long article."""
    import_files(db, [write("工伤.md", LAW)])
    return ArticleIndex(db, DAY)


def test_a_named_article_is_quoted_whole_and_alone(index: ArticleIndex) -> None:
    found = quote(index, "工伤条例第十四条")
    assert found is not None
    assert (found.document, found.article, found.is_cited) == ("工伤保险条例", "第十四条", True)
    assert found.words == found.full_text == TEXT
    assert found.also == ()


def test_a_question_that_is_surely_about_an_article_gets_the_part_that_fits(
    index: ArticleIndex,
) -> None:
    found = quote(index, "上下班途中受到交通事故伤害，认定为工伤吗")
    assert found is not None
    assert found.article == "第十四条"
    assert "上下班途中" in found.words
    assert found.words.startswith("有下列情形之一的")
    assert len(found.words) <= MAX_QUOTE_LENGTH + 20
    assert found.full_text == TEXT
    assert {article for _, article in found.also} == {"第十五条", "第十六条"}


@pytest.mark.parametrize(
    "said",
    ["今天天气怎么样", "讲个笑话", "红烧肉怎么做", "六年零四个月", "我想找个会计的活", "", "在"],
)
def test_an_unrelated_question_gets_no_article(index: ArticleIndex, said: str) -> None:
    assert quote(index, said) is None


def test_without_documents_nothing_is_quoted(db: Session) -> None:
    assert quote(ArticleIndex(db, DAY), "工伤保险条例第十四条") is None


def test_an_article_is_sure_from_the_threshold_on_and_only_in_its_field(
    index: ArticleIndex,
) -> None:
    hit = replace(index.search("受伤")[0], is_cited=False)
    near, far = (
        replace(hit, similarity=MIN_SIMILARITY),
        replace(hit, similarity=MIN_SIMILARITY - 0.001),
    )
    assert sure(near, "老板不给我报工伤")
    assert not sure(far, "老板不给我报工伤")
    assert not sure(near, "小区楼下太吵了")
    assert sure(near, "小区楼下太吵了", {(hit.document, hit.article): 0.5})


def test_a_short_article_is_quoted_whole() -> None:
    assert excerpt("很短。", "别的问题") == "很短。"


def test_an_excerpt_holds_only_the_laws_words_in_their_order_and_shows_what_it_leaves_out() -> None:
    said = excerpt(TEXT, "出差的时候出事下落不明", 80)
    kept = [line.strip("…") for line in said.split("\n")]
    assert [line for line in TEXT.split("\n") if line in kept] == kept
    assert any("下落不明" in line for line in kept)
    assert said.endswith("……")
