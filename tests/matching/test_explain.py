from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from bot import clock
from bot.matching import Features, Market, find, replies
from bot.matching.explain import cautions, reasons
from bot.matching.job_preference import JobPreference
from bot.messages import PostingItem, Postings
from bot.postings.traits import Traits
from tests.postings.conftest import Post

GUARD = Features(
    1, 1, "保安员", ("保安员",), "210106", 4000, 5000, "senior", 2, None, date(2026, 11, 20), True,
    Market("保安员", 3500, "210100"),
    Traits(frozenset(("lodging",)), frozenset(("veteran",)), frozenset(), (18, 45)),
)  # fmt: skip
WISH = JobPreference(
    occupations=("保安员",), region_code="210106", salary_min=3500, age=40, education="college",
    experience_years=5, group="veteran", welfare=("lodging",),
)  # fmt: skip


def _reasons(features: Features = GUARD, wish: JobPreference = WISH) -> list[str]:
    with clock.frozen(date(2026, 11, 24)):
        return reasons(features, wish)


def test_each_part_is_said_in_plain_words() -> None:
    assert _reasons() == [
        "做保安员，对口", "在铁西区，是你说的地方", "每月4000元起，够你要的3500元",
        "比沈阳市保安员一般的工资（3500元左右）高", "你40岁，在它要的年龄里", "退役军人优先", "要高中，你够",
        "要2年经验，你有5年",
    ]  # fmt: skip


def test_a_sum_about_which_one_told_is_said_as_it_was_told() -> None:
    about = replace(WISH, salary_min=4050, salary_max=4950)  # 4500左右
    assert "每月4000–5000元，你要4500元左右" in _reasons(wish=about)
    below = replace(WISH, salary_min=5400, salary_max=6600)
    assert not any("左右" in reason and "你要" in reason for reason in _reasons(wish=below))


def test_a_paper_asked_for_is_minded_unless_the_trade_was_named() -> None:
    driver = replace(GUARD, occupations=("货车司机",), traits=Traits(words="货车司机 B2证，短途"))
    anything = replace(WISH, occupations=())
    assert "要“B2证”，你有才行" in cautions(driver, anything)
    assert not any(
        "B2证" in one for one in cautions(driver, replace(WISH, occupations=("货车司机",)))
    )


def test_a_further_place_is_not_said_to_be_the_one_asked_for() -> None:
    wish = replace(WISH, region_code="210400", also_regions=("210106",))
    assert "在铁西区，你说这儿也行" in _reasons(wish=wish)


def test_pay_at_the_median_or_too_good_to_be_true_is_no_reason() -> None:
    for median in (4500, 1000):
        said = _reasons(replace(GUARD, market=Market("保安员", median, "210100")))
        assert not any("一般的工资" in reason for reason in said)


def test_what_the_posting_does_not_say_is_no_reason() -> None:
    silent = replace(GUARD, traits=Traits(), education=None, experience_years=None, market=None)
    assert _reasons(silent) == [
        "做保安员，对口", "在铁西区，是你说的地方", "每月4000元起，够你要的3500元", "这几天刚发布",
    ]  # fmt: skip


def test_welfare_is_named_when_it_is_wished_for() -> None:
    plain = replace(WISH, age=None, group=None, education=None, experience_years=None)
    assert "管住" in _reasons(wish=plain)
    assert "管住" not in _reasons(wish=replace(plain, welfare=("meals",)))


def test_what_may_stand_in_the_way_is_a_warning_and_no_reason() -> None:
    wish = replace(WISH, age=52, education="junior", experience_years=0)
    said = cautions(GUARD, wish)
    assert said == [
        "要高中，你可能不够，先打电话问问", "要2年经验，你可能不够，先打电话问问", "写了年龄18–45岁，先问清楚再去",
    ]  # fmt: skip
    assert not any("高中" in reason or "岁" in reason for reason in _reasons(wish=wish))


def test_pay_far_above_the_local_median_is_a_warning() -> None:
    lured = replace(GUARD, salary_min=12000, salary_max=15000)
    assert any("别交钱" in caution for caution in cautions(lured, WISH))


def test_the_head_of_a_list_says_how_many_keep_everything(words: Session, post: Post) -> None:
    post()
    post(region="210102")
    wish = JobPreference(occupations=("保安员",), region_code="210106", salary_min=3000)
    message = replies.postings(find(words, wish), wish, "find_job", later=False)
    assert "合适的有1个，另外1个放宽了一点，先看这2个" in message.text
    # What was loosened stands once, in a line of the list, and is no reason for a posting.
    assert isinstance(message, Postings)
    said = "在市里其他区县"
    assert message.text.split("\n")[1] == f"放宽的：第2个{said}。"
    assert not any(said in one for item in message.items for one in (*item.warnings, *item.reasons))
    assert [one.title for one in message.buttons] == ["第1个", "第2个"]


def test_welfare_that_is_wished_for_and_not_stated_is_said_to_be_open() -> None:
    said = cautions(GUARD, replace(WISH, welfare=("meals", "lodging")))
    assert [one for one in said if one.startswith("没写")] == ["没写管饭，先问清楚"]


def test_about_four_thousand_is_said_as_it_was_meant() -> None:
    wish = JobPreference(any_occupation=True, salary_min=3600, salary_max=4400)
    assert replies.describe_preference(wish) == "工种不限 · 4000元左右"
    assert replies.describe_preference(replace(wish, salary_max=4500)).endswith("3600–4500元")


def test_the_whole_of_a_posting_is_said_beside_its_card_only_where_there_is_none() -> None:
    found = PostingItem(
        id=1, title="保安员", employer="某物业", region="沈阳市", salary_text="3千", salary_min=3000,
        salary_max=None, description="站岗。" * 300, source="区人社局",
    )  # fmt: skip
    message = replies.posting_details(found, "refine_job")
    assert isinstance(message, Postings)
    assert message.text.startswith("保安员（某物业）")
    assert message.beside_cards.startswith("来源没有给联系电话，请到区人社局或")
    of_file = replies.posting_details(replace(found, source="jobs.csv"), "refine_job")
    assert "请到原招聘网站或" in of_file.text
