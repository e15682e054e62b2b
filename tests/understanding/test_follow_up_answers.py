import pytest

from bot.understanding.follow_up_answers import (
    FollowUpAnswer,
    interpret_answer,
    propose,
    question_for,
)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("我上班了", "working"), ("找到工作了", "working"), ("厂里让我下周报到", "working"), ("干着呢 挺好", "working"),
        ("发工资了 跟说好的一样", "working"), ("正在试用期", "working"), ("被录用了", "working"),
        ("面试没过", "not_hired"), ("去了 人家不要我", "not_hired"), ("已经招满了", "not_hired"), ("没相中我", "not_hired"),
        ("去问了 人家要三十五以下的", "not_hired"), ("上次那个没成", "not_hired"),
        ("没去成", "not_gone"), ("没去面试 太远", "not_gone"), ("电话打了 没人接", "not_gone"), ("那活儿我没相中", "not_gone"),
        ("我没去 家里有事", "not_gone"), ("那个活我去看了 不合适", "not_gone"),
        ("明天去面试", "applied"), ("面试完让等信儿", "applied"), ("面完了等信呢", "applied"),
        ("干了三天不干了", "left"), ("辞了 不干了 太累", "left"), ("干了半个月给开了", "left"), ("干了一天就回来了", "left"),
        ("干了半个月 不太适应", "unhappy"), ("工资跟说的不一样", "unhappy"), ("去了人家不给上保险", "unhappy"),
        ("工资还没发", "unpaid"), ("刚上班 一分钱都没给", "unpaid"), ("欠我俩月工资", "unpaid"),
        ("去了一看是个骗子公司", "fraud"), ("让我先交钱", "fraud"),
        ("还没找到呢", "looking"), ("还在家待着呢 没找着", "looking"), ("没消息呢", "looking"),
        ("别问了", "refused"), ("不想说", "refused"),
    ],
)  # fmt: skip
def test_what_people_tell_is_one_state(said: str, state: str) -> None:
    heard = interpret_answer(said, None, "follow_up")
    assert heard is not None
    assert heard.state == state


@pytest.mark.parametrize(
    ("question", "said", "state"),
    [
        ("went", "去了", "applied"), ("went", "没", "not_gone"), ("went", "还没", "not_gone"), ("went", "嗯呐", "applied"),
        ("paid", "发了", "working"), ("paid", "没发", "unpaid"), ("paid", "没呢", "unpaid"), ("paid", "开了", "working"),
        ("settled", "惯", "working"), ("settled", "还行", "working"), ("settled", "不惯", "unhappy"),
        ("found", "找着了", "working"), ("found", "还没呢", "looking"), ("monthly", "没有", "looking"),
    ],
)  # fmt: skip
def test_a_bare_word_has_its_meaning_from_the_question(
    question: str, said: str, state: str
) -> None:
    heard = interpret_answer(said, question)  # type: ignore[arg-type]
    assert heard is not None
    assert heard.state == state


@pytest.mark.parametrize("said", ["失业金怎么领", "谢谢", "沈阳有没有保安的活", ""])
def test_what_tells_nothing_of_the_kind_is_left_alone(said: str) -> None:
    assert interpret_answer(said, None) is None


def test_the_reason_is_heard_as_well() -> None:
    assert interpret_answer("没去 太远了", "went") == FollowUpAnswer("not_gone", "far")
    assert interpret_answer("嫌我没经验 没要我", "went") == FollowUpAnswer(
        "not_hired", "experience"
    )


@pytest.mark.parametrize(
    ("step", "state", "question"),
    [
        (3, None, "went"), (15, "working", "settled"), (15, "applied", "settled"), (30, "unhappy", "paid"),
        (15, "not_hired", "found"), (30, None, "found"), (0, "working", "monthly"),
    ],
)  # fmt: skip
def test_the_question_fits_the_day_and_the_state(
    step: int, state: str | None, question: str
) -> None:
    assert question_for(step, state) == question


def test_near_occupations_are_proposed_to_whom_nobody_took() -> None:
    proposal = propose(FollowUpAnswer("not_hired"), ["保安员"], 3000)
    assert proposal is not None
    assert proposal.slots["occupation"][0] == "保安员"
    assert 1 < len(proposal.slots["occupation"]) <= 4


def test_a_lower_pay_is_proposed_when_any_occupation_will_do() -> None:
    proposal = propose(FollowUpAnswer("looking"), [], 4000)
    assert proposal is not None
    assert proposal.slots == {"salary_min": 3600, "salary_max": None}
    assert "3600" in proposal.question


def test_a_higher_pay_is_proposed_to_whom_it_was_too_little() -> None:
    proposal = propose(FollowUpAnswer("left", "pay"), ["保安员"], 3000)
    assert proposal is not None
    assert proposal.slots["salary_min"] == 3300


@pytest.mark.parametrize("state", ["working", "applied", "refused", "unpaid", "fraud"])
def test_nothing_is_proposed_where_nothing_is_to_be_changed(state: str) -> None:
    assert propose(FollowUpAnswer(state), ["保安员"], 3000) is None  # type: ignore[arg-type]
