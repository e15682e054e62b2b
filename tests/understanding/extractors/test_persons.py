"""What people say about themselves: age, schooling, experience, group, working time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.extractors import age, education, experience, groups, work_time


@pytest.mark.parametrize(
    ("text", "years"),
    {"我52了": 52, "今年51干不动了": 51, "五十三岁": 53, "我妈五十三能去不": 53, "我媳妇46没工作": 46, "今年48,下岗三年": 48,
     "一天二百": None, "我50块钱": None, "干了20年": None, "我3个月没开工资": None}.items(),
)  # fmt: skip
def test_an_age_is_read(text: str, years: int | None) -> None:
    assert [found.value for found in age.extract(text)] == ([years] if years else [])


@pytest.mark.parametrize(
    ("text", "level"),
    {"本科刚毕业": "bachelor", "大专毕业": "college", "高中文化": "senior", "初中没念完": "junior", "中专": "vocational",
     "没念过书": "none", "硕士": "master"}.items(),
)  # fmt: skip
def test_schooling_is_an_id_of_the_taxonomy(text: str, level: str) -> None:
    assert [found.value for found in education.extract(text)] == [level]


def test_a_posting_asks_for_the_highest_schooling_it_names_or_for_none() -> None:
    assert education.from_posting_text("大专及以上") == "college"
    assert education.from_posting_text("学历不限") == "none"
    assert education.from_posting_text("初中及以下") == "none"
    assert education.from_posting_text("") is None
    assert education.is_sufficient("senior", "junior")
    assert not education.is_sufficient("senior", "college")
    assert education.is_sufficient("none", None)


def test_years_of_experience_from_fields_and_words() -> None:
    assert [
        experience.from_posting_text(t) for t in ("3-5年", "1年以上", "经验不限", "应届生", "")
    ] == [
        3,
        1,
        0,
        0,
        None,
    ]
    assert [found.value for found in experience.extract("干过三年")] == [3]


@pytest.mark.parametrize(
    ("text", "group"),
    {
        "刚毕业找工作": "graduate",
        "聋哑人能干啥": "disabled",
        "退伍两年": "veteran",
        "农民工": "migrant",
        "4050": "age_4050",
    }.items(),
)
def test_a_group_is_read(text: str, group: str) -> None:
    assert [found.value for found in groups.extract(text)] == [group]


def test_a_working_time_is_wanted_or_ruled_out() -> None:
    (night,) = work_time.extract("有夜班的不要")
    assert (night.value.id, night.value.negated) == ("shift_night", True)
    (day,) = work_time.extract("日结的活有没有")
    assert (day.value.id, day.value.negated) == ("gig", False)


@given(st.text(max_size=100))
def test_no_text_makes_the_readers_fail(text: str) -> None:
    for module in (age, education, experience, groups):
        module.extract(text)
    work_time.extract(text)
    education.from_posting_text(text)
    experience.from_posting_text(text)
    work_time.from_posting_text(text)
