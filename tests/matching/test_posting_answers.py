from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Employer
from bot.matching import answer_replies
from bot.matching.details import posting_item
from bot.matching.job_preference import JobPreference
from bot.matching.posting_answers import PostingAnswer, posting_answers
from bot.understanding.posting_questions import questions
from tests.postings.conftest import Post

DESCRIPTION = """岗位职责：
1、楼道和园区清扫，捡拾垃圾。
2、一天八小时，早7点到晚4点；不包吃住，月休四天
要求年龄18-55岁，身体健康，吃苦耐劳；有健康证
联系电话：024-88886666"""


def _state(words: Session, post: Post, asked: str, **given: Any) -> PostingAnswer:
    if "employer" in given:
        given["employer"] = Employer(**given["employer"])
    posting = post(description=DESCRIPTION, **given)
    (one,) = posting_answers(words, posting.id, [questions()[asked]])
    return one


@pytest.mark.parametrize(
    ("asked", "quotes"),
    [
        ("hours", ("一天八小时，早7点到晚4点",)),
        ("days_off", ("月休四天",)),
        ("meals", ("不包吃住",)),
        ("lodging", ("不包吃住",)),
        ("age", ("要求年龄18-55岁",)),
        ("certificate", ("有健康证",)),
        ("contact", ("联系电话：024-88886666",)),
        ("shuttle", ()),
        ("contract", ()),
    ],
)
def test_its_own_words_are_quoted(
    words: Session, post: Post, asked: str, quotes: tuple[str, ...]
) -> None:
    assert _state(words, post, asked).quotes == quotes


@pytest.mark.parametrize(
    ("asked", "given", "fields"),
    [
        ("pay", {"salary_text": "3-4千"}, ("3-4千",)),
        ("pay", {"salary_text": ""}, ()),
        ("lodging", {"welfare": "lodging,five_insurances"}, ("包住",)),
        ("insurance", {"welfare": "lodging,five_insurances"}, ("五险",)),
        ("hours", {"shifts": "two_shifts", "work_time": "full_time"}, ("两班倒",)),
        ("hours", {"work_time": "shift_night"}, ("夜班",)),
        ("hours", {}, ()),
        ("place", {}, ("沈阳市铁西区", "具体地址没写")),
        ("place", {"address": "建设路1号"}, ("沈阳市铁西区", "建设路1号")),
        ("until", {"valid_until": date(2026, 12, 20)}, ("到2026-12-20截止",)),
        ("published", {}, ()),
        ("link", {"link": "www.a.cn"}, ("www.a.cn",)),
        ("apply", {"contact": "李 024-1"}, ("李 024-1",)),
        ("age", {}, ("18–55岁",)),
        ("schooling", {"education": "senior"}, ("高中起",)),
        ("schooling", {"education": "none"}, ("不要求学历",)),
        ("experience", {"experience_years": 0}, ("不要求经验",)),
        ("experience", {"experience_years": 2}, ("要2年经验",)),
        ("headcount", {"headcount": 3}, ("招3人",)),
        (
            "employer",
            {"employer": {"name": "安达物业", "kind": "民营", "size": "100-499人"}},
            ("安达物业", "民营", "100-499人"),
        ),
    ],
)
def test_its_fields_are_said_in_words(
    words: Session, post: Post, asked: str, given: dict[str, Any], fields: tuple[str, ...]
) -> None:
    with clock.frozen(date(2026, 11, 28)):
        assert _state(words, post, asked, **given).fields == fields


def test_what_the_work_is_is_told_by_the_whole_text_cut_short(words: Session, post: Post) -> None:
    (quoted,) = _state(words, post, "work").quotes
    assert quoted.startswith("岗位职责： 1、楼道和园区清扫")
    (long,) = posting_answers(words, post(description="扫地。" * 100).id, [questions()["work"]])
    assert long.quotes[0].endswith("……")
    assert len(long.quotes[0]) < 200


def test_of_a_posting_that_is_gone_nothing_is_stated(words: Session, post: Post) -> None:
    assert posting_answers(words, post(status="expired").id, [questions()["pay"]]) == []


def _told(words: Session, post: Post, *asked: str, **given: Any) -> str:
    posting = post(source="演示数据", published_on=date(2026, 11, 17), **given)
    found = posting_item(words, posting.id, JobPreference(age=57))
    assert found is not None
    return answer_replies.answer_for_posting(
        found, posting_answers(words, posting.id, [questions()[a] for a in asked])
    ).text


def test_the_answer_comes_first_and_the_source_last(words: Session, post: Post) -> None:
    lines = _told(words, post, "pay", "days_off", description=DESCRIPTION).split("\n")
    assert lines[:2] == ["工资：3-4千。", "休息：“月休四天”。"]
    assert lines[-1].startswith("说的是“保安员")
    assert lines[-1].endswith("来自演示数据，2026-11-17发布）。")


def test_what_is_not_stated_is_said_to_be_so(words: Session, post: Post) -> None:
    assert "管不管饭没写。去之前先问清楚。" in _told(words, post, "pay", "meals")
    assert "先问清楚" not in _told(words, post, "contact")


def test_a_fault_and_an_age_that_does_not_fit_are_minded(words: Session, post: Post) -> None:
    said = _told(words, post, "trust", description=DESCRIPTION, warnings="deposit")
    assert "不许收押金" in said
    assert "没看出" not in said
    assert said.count("不许收押金") == 1
    assert "写了年龄18–55岁" in said
    assert "不等于保证" in _told(words, post, "trust")
