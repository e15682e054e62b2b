import pytest

from bot.postings.ingest import headcount, shifts
from bot.text.keyword_prefilter import KeywordPrefilter
from bot.understanding.extractors import benefits
from bot.vocabulary.posting_benefits import offers


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("五险一金，包吃住，双休", "five_insurances housing_fund meals lodging weekends_off"),
        ("六险两金", "five_insurances housing_fund"),
        ("管吃管住，月休四天", "meals lodging one_day_off"),
        ("提供食宿，有班车", "meals lodging shuttle"),
        ("包中餐，餐补另算", "meals meal_allowance"),
        ("上六休一，缴社保，加班费", "five_insurances one_day_off overtime_pay"),
        ("带薪年假、年底双薪、全勤奖", "annual_leave year_end_bonus attendance_bonus"),
        ("单双休，房补500", "lodging_allowance alternate_weekends"),
        ("不包吃住", ""),
        ("没有餐补、不提供住宿", ""),
        ("双休勿扰", ""),
        ("负责员工五险的核定", ""),
        ("管理包装车间，供应餐具，吃苦耐劳", ""),
        ("班车司机", ""),
    ],
)
def test_what_a_posting_offers_is_read_and_denials_are_not(text: str, offered: str) -> None:
    assert benefits.from_posting_text(text) == tuple(offered.split())


def test_tags_are_read_one_by_one() -> None:
    assert benefits.from_posting_text("", "五险一金,周末双休,不限") == (
        "five_insurances",
        "housing_fund",
        "weekends_off",
    )


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("三班倒", "three_shifts"),
        ("四班三运转", "three_shifts"),
        ("12小时两班倒", "two_shifts"),
        ("白夜班两班倒，白班夜班轮换", "two_shifts"),
        ("长白班，不倒班", "day_shift"),
        ("值夜班", "night_shift"),
        ("白班夜班都有", "rotating"),
        ("能接受倒班", "rotating"),
        ("无夜班", "day_shift"),
        ("每天12小时", "twelve_hours"),
        ("弹性工作", "flexible"),
        ("一班人马，班组长", ""),
    ],
)
def test_shifts_are_read(text: str, read: str) -> None:
    assert shifts.from_posting_text(text) == tuple(read.split())


def test_shifts_give_a_working_time_only_when_they_are_one() -> None:
    assert shifts.work_time(("day_shift",)) == "shift_day"
    assert shifts.work_time(("night_shift", "twelve_hours")) == "shift_night"
    assert shifts.work_time(("two_shifts",)) is None
    assert shifts.work_time(("rotating",)) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("招聘人数：3人", 3),
        ("急招10名普工", 10),
        ("招五人", 5),
        ("需要20人以上", None),
        ("招聘99999人", None),
        ("一个3人的小组", None),
        ("", None),
    ],
)
def test_how_many_are_sought_is_read(text: str, number: int | None) -> None:
    assert headcount.from_posting_text(text) == number


def test_a_field_of_its_own_states_the_number() -> None:
    assert [headcount.from_field(cell) for cell in ("3人", "若干", None, "0")] == [
        3,
        None,
        None,
        None,
    ]


def test_every_pattern_has_a_plain_word_wherever_it_finds_something() -> None:
    texts = [
        "五险一金 包吃住 双休 提供食宿 免费工作餐 年终奖 高温补贴 过节费 体检 交通补贴 三班倒 长白班",
        "六险两金 管吃管住 单休 房补 餐补 班车 全勤奖 加班费 两班倒 夜班 弹性工作 12小时制",
    ]
    for kind in ("welfare", "shifts"):
        for offer in offers(kind).values():
            for text in texts:
                for hit in offer.pattern.finditer(text):
                    around = text[max(0, hit.start() - 2) : hit.end() + 2]
                    assert any(word in around for word in offer.words), (offer.id, hit.group())


def test_plain_words_never_miss_a_key() -> None:
    words = {"a": ["住宿"], "b": ["住宿费"], "c": ["包住"], "d": ["宿舍"], "e": ["吃住"]}
    plain = KeywordPrefilter(words)
    for text in ("包吃住", "包住宿费", "宿舍", "包住宿舍", "没有"):
        there = {key for key, those in words.items() if any(word in text for word in those)}
        assert there <= plain.keys(text)
    assert plain.keys("没有") == set()


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("上保险，有宿舍", "five_insurances lodging"),
        ("单位缴纳社保", "five_insurances"),
        ("师傅带，工资日结", "training weekly_pay"),
        ("负责每日结算", ""),
    ],
)
def test_the_words_of_small_employers_are_offers_too(text: str, offered: str) -> None:
    assert benefits.from_posting_text(text) == tuple(offered.split())


def test_what_people_wish_for_is_said_in_plain_words() -> None:
    wished = benefits.reason_names()
    assert wished["lodging"] == "管住"
    assert set(wished) < set(benefits.names())
    assert "holiday_gifts" not in wished
