import pytest

from bot.postings.traits import ages, level, traits, words


def test_welfare_is_what_the_import_read_of_what_people_wish_for() -> None:
    read = traits("某岗位", "", "包吃住", "five_insurances,lodging,holiday_gifts")
    assert read.welfare == {"five_insurances", "lodging"}
    assert traits("某岗位", "", "包吃住").welfare == frozenset()


@pytest.mark.parametrize(
    ("text", "suits"),
    [
        ("持残疾证优先", {"disabled"}),
        ("应届毕业生可", {"graduate"}),
        ("不要应届", set()),
        ("退役军人优先", {"veteran"}),
        ("公益性岗位，4050", {"hardship", "age_4050"}),
        ("60岁以下，退休人员也行", {"age_4050"}),
    ],
)
def test_a_group_suits_where_the_posting_names_it(text: str, suits: set[str]) -> None:
    assert traits("某岗位", "", text).suits == suits


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("18-45岁", (18, 45)),
        ("年龄18周岁至50周岁", (18, 50)),
        ("男45岁以下，女40岁以下", (16, 45)),
        ("公司成立18-20年", None),
        ("工资3000-4500元", None),
        ("", None),
    ],
)
def test_ages_are_read_and_nothing_else_is_taken_for_them(
    text: str, asked: tuple[int, int] | None
) -> None:
    assert ages(text) == asked


def test_a_title_may_name_a_rank() -> None:
    assert level("销售经理") == "senior"
    assert level("Java实习生") == "student"
    assert level("焊工学徒") == "entry"
    assert level("保安员") is None


def test_only_the_ends_of_a_long_text_are_read() -> None:
    filler = "本公司诚聘英才" * 400
    assert traits("某岗位", "", f"{filler}招残疾人").suits == {"disabled"}
    assert traits("某岗位", "", f"{filler}招残疾人{filler}").suits == frozenset()


def test_every_group_has_plain_words() -> None:
    known = words()
    assert set(known.group_texts) == set(known.suits)
    assert all(known.group_texts.values())
