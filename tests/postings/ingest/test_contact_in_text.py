"""What a posting's text states where its fields are empty."""

from typing import Any

import pytest

from bot.postings.ingest.parser import Draft, Drafter


@pytest.fixture(scope="module")
def drafter() -> Drafter:
    return Drafter()


def _draft(drafter: Drafter, text: str, **given: Any) -> Draft:
    return drafter.draft({"title": "普工", "company": "甲", "description": text, **given}, "x")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("学历要求：大专", "college"),
        ("高中（含）以上学历", "senior"),
        ("学历不限，吃苦耐劳", "none"),
        ("本科毕业生晋升快", None),
    ],
)
def test_schooling_is_read_from_the_text(drafter: Drafter, text: str, level: str | None) -> None:
    assert _draft(drafter, text).education == level


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("3年以上电焊经验", 3),
        ("无需经验，有师傅带", 0),
        ("有无经验均可", 0),
        ("工作年限：1-3年", 1),
        ("公司成立20年以上", None),
    ],
)
def test_experience_is_read_from_the_text(drafter: Drafter, text: str, years: int | None) -> None:
    assert _draft(drafter, text).experience_years == years


def test_pay_and_place_are_read_from_the_text(drafter: Drafter) -> None:
    draft = _draft(drafter, "工作地点：沈阳市铁西区\n月薪：5000-7000元，五险")
    assert draft.pay is not None
    assert (draft.pay.min, draft.pay.max, draft.region_code) == (5000, 7000, "210106")


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("薪资范围：80~120元/天", (1740, 2610)),
        ("薪资范围：300—400一天", (6525, 8700)),
        ("薪酬待遇:\n年薪10万-18万", (8333, 15000)),
        ("日薪100---300元一天", (2175, 6525)),
        ("薪资待遇：\n1、底薪＋奖励\n2、月综合收入8000-12000元", (8000, 12000)),
        ("福利待遇：1.五险一金", None),
        ("薪资范围：300-500", None),
        ("薪资范围：800-4000", (800, 4000)),
    ],
)
@pytest.mark.parametrize("field", ["", "120-150元/月", "0-0元/月"])
def test_the_text_states_the_pay_that_a_column_does_not(
    drafter: Drafter, text: str, field: str, ends: tuple[int, int] | None
) -> None:
    draft = _draft(drafter, text, salary=field)
    assert (draft.pay and (draft.pay.min, draft.pay.max)) == ends


def test_pay_that_nobody_is_paid_is_warned_of(drafter: Drafter) -> None:
    draft = _draft(drafter, "", salary="120-150元/月")
    assert (draft.pay, draft.salary_text, draft.faults) == (None, "120-150元/月", ("odd_pay",))
    assert draft.unread == ("pay",)


def test_pay_of_nothing_is_not_stated(drafter: Drafter) -> None:
    draft = _draft(drafter, "", salary="0-0元/月")
    assert (draft.pay, draft.salary_text, draft.faults, draft.unread) == (None, "", (), ())


def test_a_field_counts_before_the_text(drafter: Drafter) -> None:
    draft = _draft(drafter, "月薪9000元，大专以上，长白班", salary="5-6千", education="高中")
    assert draft.pay is not None
    assert (draft.pay.min, draft.education, draft.work_time) == (5000, "senior", "shift_day")


def test_shifts_welfare_and_headcount_are_read(drafter: Drafter) -> None:
    draft = _draft(drafter, "招聘人数：5人，两班倒，包吃住，交五险", tags="双休")
    assert (draft.shifts, draft.headcount, draft.work_time) == (("two_shifts",), 5, None)
    assert draft.welfare == ("five_insurances", "meals", "lodging", "weekends_off")
