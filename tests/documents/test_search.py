"""Articles in force are found by words, meaning, glosses, topics and by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.db.tables import TextVector
from bot.documents.search import ArticleIndex, article_index
from bot.documents.store import import_files
from tests.documents.conftest import LAW, Write

DAY = date(2026, 6, 1)
#: A law by a name for which the project has glosses, with one article that one of them marks.
GLOSSED = """# 劳动合同法

第八十一条 文本由劳动行政部门管。

第八十二条 自用工之日起超过一个月不满一年未订立书面合同的，每月支付二倍的工资。

第八十三条 其他事项另行规定。
"""


@pytest.fixture
def index(db: Session, law: Path, write: Write) -> ArticleIndex:
    """The index of two laws with their vectors."""
    import_files(db, [law, write("合同.md", GLOSSED)])
    return ArticleIndex(db, DAY)


def test_the_article_with_the_words_of_the_question_comes_first(index: ArticleIndex) -> None:
    first = index.search("工资能不能拿实物抵")[0]
    assert (first.document, first.article) == ("试验工资法", "第二条")
    assert first.text == "工资按月以货币支付。\n不得以实物抵作工资。"
    assert (first.title, first.chapter) == ("中华人民共和国试验工资法", "第一章 总则")
    assert first.since == date(2024, 6, 30)


def test_results_are_ranked_and_limited(index: ArticleIndex) -> None:
    hits = index.search("工资", 3)
    assert len(hits) == 3
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert len(index.search("工资", 50)) == 8


def test_an_article_is_found_by_what_people_say_although_it_has_none_of_these_words(
    index: ArticleIndex,
) -> None:
    first = index.search("干了俩月没跟我签 能多要一份钱吗")[0]
    assert (first.document, first.article) == ("劳动合同法", "第八十二条")


def test_the_article_that_a_policy_of_the_topic_rests_on_is_preferred(index: ArticleIndex) -> None:
    place = ("试验工资法", "第四条")
    without = [(h.document, h.article) for h in index.search("工资的事")]
    hits = index.search("工资的事", 8, {place: 1.0})
    within = [(h.document, h.article) for h in hits]
    assert within.index(place) < without.index(place)
    assert next(h for h in hits if h.article == "第四条").why["cited"] == 1.0


def test_an_article_that_is_cited_but_not_imported_does_no_harm(index: ArticleIndex) -> None:
    plain = index.search("工资")
    assert index.search("工资", 10, {("没有的法", "第一条"): 1.0}) == plain


@pytest.mark.parametrize(
    "said", ["劳动合同法第八十一条", "合同法81条是啥", "《劳动合同法》第 81 条 双倍工资"]
)
def test_a_named_article_comes_first_whatever_else_is_said(index: ArticleIndex, said: str) -> None:
    first = index.search(said)[0]
    assert (first.document, first.article, first.is_cited) == ("劳动合同法", "第八十一条", True)


def test_a_named_law_is_preferred_but_is_no_named_article(index: ArticleIndex) -> None:
    hits = index.search("劳动合同法里怎么写的")
    assert hits[0].document == "劳动合同法"
    assert not any(h.is_cited for h in hits)


def test_an_article_that_the_law_does_not_have_is_not_made_up(index: ArticleIndex) -> None:
    assert not any(h.is_cited for h in index.search("劳动合同法第九百条"))


def test_the_parts_of_a_score_are_told(index: ArticleIndex) -> None:
    why = index.search("实物抵工资")[0].why
    assert set(why) == {"words", "meaning", "asked", "cited", "tokens"}
    tokens = why["tokens"]
    assert isinstance(tokens, list)
    assert "实物" in [token for token, _ in tokens]


def test_without_vectors_words_and_glosses_still_find(db: Session, index: ArticleIndex) -> None:
    db.query(TextVector).delete()
    plain = ArticleIndex(db, DAY)
    hits = plain.search("没签合同 两倍工资从啥时候算")
    assert hits[0].article == "第八十二条"
    assert all(h.similarity == 0 for h in hits)
    assert [h.why["meaning"] for h in hits] == [0.0] * len(hits)
    assert not plain.meaning("工资").any()


def test_only_the_version_of_the_day_is_searched(db: Session, law: Path, write: Write) -> None:
    newer = LAW.replace("2024年6月30日第二次", "2026年1月31日第三次").replace("实物", "白条")
    import_files(db, [law, write("新.md", newer)])
    for day, old, new in ((date(2026, 1, 30), True, False), (date(2026, 1, 31), False, True)):
        texts = [hit.text for hit in ArticleIndex(db, day).search("抵作工资", 5)]
        assert any("实物" in text for text in texts) == old
        assert any("白条" in text for text in texts) == new


def test_nothing_is_found_where_nothing_was_imported(db: Session) -> None:
    assert ArticleIndex(db, DAY).search("工资") == []


@pytest.mark.parametrize("said", ["", " ", "😀", "%_'\";--", "\0", "a" * 5000])
def test_any_text_can_be_asked(index: ArticleIndex, said: str) -> None:
    assert len(index.search(said, 3)) == 3


def test_the_index_is_kept_until_documents_change(db: Session, law: Path, write: Write) -> None:
    import_files(db, [law])
    first = article_index(db, DAY)
    assert article_index(db, DAY) is first
    import_files(db, [write("合同.md", GLOSSED)])
    assert len(article_index(db, DAY).passages) == 8
    assert article_index(db, date(2019, 1, 1)).passages[0].document == "劳动合同法"
