"""When a question is answered by a sum of the person's own, and when by the rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot import clock
from bot.db.session import session
from bot.handlers.calculate import continued_calculation
from bot.handlers.own_sums import asks_own_sum
from bot.messages import Message, PolicyAnswer
from bot.policies import search as searching
from bot.routing.router import answer
from bot.search.vector_store import delete_vectors
from bot.settings import settings
from bot.turns.arbitration import remember
from bot.turns.turn import Topic, Turn
from bot.understanding.entity_extractor import message_reader
from tests.conftest import new_database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def without_vectors(request: pytest.FixtureRequest) -> str:
    """The URL of a database with the project's policies and no sentence vectors."""
    url = new_database(request, "based")
    with session(url) as db:
        delete_vectors(db, searching.base_texts(db))
    return url


@pytest.fixture
def base(without_vectors: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """That database as the settings' own, as on a machine without a sentence model."""
    monkeypatch.setattr(searching, "sentence_model", lambda: None)
    monkeypatch.setenv("DATABASE_URL", without_vectors)
    settings.cache_clear()
    yield
    settings.cache_clear()


def _say(
    text: str, topic: str, act: str = "policy", slots: dict[str, Any] | None = None
) -> tuple[Message, Turn]:
    topics = [Topic(topic, 0.95)]
    turn = Turn(text, act, 0.9, topics, message_reader().read(text), slots or {})
    (message,) = answer(turn)
    return message, turn


@pytest.mark.parametrize(
    ("text", "topic", "act"),
    [
        ("在厂里干了六年被辞了 经济补偿能给多少", "severance", "calculate"),
        ("干了六年能给几个月工资", "severance", "calculate"),
        ("经济补偿怎么算", "severance", "policy"),
        ("没签合同干了七个月 双倍工资能要多少钱", "labor-contract", "calculate"),
        ("没签合同干了七个月 能要双倍工资吗", "labor-contract", "policy"),
        ("入职半年没给签合同，月薪4500，能赔多少", "severance", "calculate"),
        ("大连社平工资9000，月薪4万，干了14年，N是多少", "minimum-wage", "calculate"),
        ("失业金总共24个月，领了10个月，还剩几个月", "unemployment-benefit", "calculate"),
        ("欠我4个月工资一个月5000一共欠多少", "wage-arrears", "calculate"),
        ("欠我三个月工资怎么要", "wage-arrears", "policy"),
        ("签三年合同试用期最长多久", "probation", "policy"),
        ("签三年合同试用期最长多久 帮我算算", "probation", "calculate"),
        ("干满一年有几天年假", "paid-leave", "policy"),
        ("国庆加班一天该给多少钱", "overtime", "calculate"),
        ("国庆加班给几倍工资", "overtime", "policy"),
        ("创业贷款贷二十万利息多少", "startup-loan", "calculate"),
        ("创业贷款最高能贷多少 几年", "startup-loan", "policy"),
    ],
)
def test_a_sum_is_worked_out_when_it_is_asked_for_with_figures_of_ones_own(
    base: None, text: str, topic: str, act: str
) -> None:
    message, _ = _say(text, topic)
    assert (message.act, message.status) == (act, "answered")


def test_the_mean_pay_of_the_place_goes_on_whatever_it_was_taken_for(base: None) -> None:
    _, turn = _say("干了二十年被辞退 月薪三万 赔偿金多少钱", "severance")
    slots = {**turn.slots, **turn.changes}
    message, _ = _say("当地平均工资八千", "minimum-wage", "find_job", slots)
    assert message.act == "calculate"
    assert "24000元 × 12 = 288000元" in message.text


def test_the_mean_pay_of_the_place_begins_nothing_by_itself(base: None) -> None:
    message, _ = _say("当地平均工资八千", "severance", "policy")
    assert message.act != "calculate"


@pytest.mark.parametrize(
    ("text", "act", "said"),
    [
        ("我今年五十八 到底多大岁数能退", "out_of_scope", "60岁9个月到61岁退"),
        ("我妈55了超市理货 退休办不办", "out_of_scope", "原来50岁退的：50岁退"),
        ("还能找他补不？没给我上失业保险，走了一年多了", "policy", "你走了1年多，还没过"),
    ],
)
def test_a_sum_asked_in_its_own_words_is_worked_out_whatever_it_was_taken_for(
    base: None, text: str, act: str, said: str
) -> None:
    with clock.frozen(date(2026, 11, 28)):
        message, _ = _say(text, "unemployment-benefit", act)
    assert message.act == "calculate"
    assert said in message.text


def test_a_basic_pay_is_no_pay_of_the_sum_and_the_length_goes_on(base: None) -> None:
    message, turn = _say("补偿按底薪3000算还是按平均工资6800算", "severance", "calculate")
    assert "按6800元，不按基本工资的3000元" in message.text
    slots = {**turn.slots, **turn.changes}
    message, _ = _say("干了四年半", "severance", "inform", slots)
    assert "6800元 × 5 = 34000元" in message.text


def test_a_year_nearly_full_gives_the_months_below_and_those_of_the_next(base: None) -> None:
    message, _ = _say("失业险交了快三年 能领几个月", "unemployment-benefit", "calculate")
    assert "不到3年：" in message.text
    assert "6个月" in message.text
    assert "要是已经满了就是9个月" in message.text


def test_who_asks_whether_he_gets_it_is_told_the_other_conditions(base: None) -> None:
    message, _ = _say("失业险交了两年多 能领不能 能领几个月", "unemployment-benefit", "policy")
    assert message.text.startswith("缴费够1年了；还得不是你自己主动不干的")


def test_the_last_fact_of_a_sum_completes_it_within_the_talk(base: None) -> None:
    dialogue = {"field": "knowledge", "messages": ["干了八年 不用我了"], "stated": {"months": 96}}
    slots = {"dialogue": dialogue, "topic": "severance", "subject": "policy"}
    message, _ = _say("一个月应发四千五", "severance", "inform", slots)
    assert "4500元 × 8 = 36000元" in message.text


def test_an_age_has_the_years_left_said_behind_what_counts_them(base: None) -> None:
    message, _ = _say("社保补贴能办吗 我47 女的", "social-insurance-subsidy", "policy")
    assert "原来50岁退的还有" in message.text
    assert "就业困难人员认定：不是光看岁数" in message.text
    assert "离法定退休5年以内" in message.text
    assert isinstance(message, PolicyAnswer)
    assert "公益性岗位补贴办理指南" in {one.document for one in message.citations}
    without, _ = _say("社保补贴能办吗", "social-insurance-subsidy", "policy")
    assert "离新的退休年龄" not in without.text


def test_the_nearness_is_said_only_where_the_version_in_force_has_it(base: None) -> None:
    with clock.frozen(date(2026, 6, 1)):
        message, _ = _say("社保补贴能办吗 我47 女的", "social-insurance-subsidy", "policy")
    assert "原来50岁退的还有" in message.text
    assert "鲅鱼圈官网写的是登记失业" not in message.text


def _with_age(told_of: str | None) -> dict[str, Any]:
    stated = {"age": 58, "group": "男", "told_of": told_of}
    return {"dialogue": {"field": "knowledge", "messages": ["我58 男的"], "stated": stated}}


@pytest.mark.parametrize(
    ("text", "told_of", "asked"),
    [
        ("那到底多大岁数能退", "retirement-age", True),
        ("那到底多大岁数能退", None, False),
        ("退休金啥时候涨", "retirement-age", False),
        ("今年退休工资啥时候补发", "retirement-age", False),
        ("退休认证啥时候做", "retirement-age", False),
        ("创业贷款能延期几个月不", "retirement-age", False),
        ("我58 男的 到底多大岁数能退", None, True),
    ],
)
def test_an_age_asks_for_no_retirement_but_where_it_was_told_of_it(
    text: str, told_of: str | None, asked: bool
) -> None:
    topics = [Topic("pension", 0.9)]
    turn = Turn(text, "policy", 0.9, topics, message_reader().read(text), _with_age(told_of))
    assert asks_own_sum(turn) is asked


def test_an_age_is_kept_with_the_policy_it_was_told_of() -> None:
    slots = {"dialogue": {"field": "jobs", "topic": "retirement-age"}}
    for act, topic, told_of in (
        ("find_job", None, None),
        ("policy", "retirement-age", "retirement-age"),
    ):
        text = "我58 男的"
        turn = Turn(text, act, 0.9, [], message_reader().read(text), slots)
        said = PolicyAnswer(act=act, text="", topics=[topic] if topic else [])
        remember(turn, [said])
        assert turn.changes["dialogue"]["stated"]["told_of"] == told_of
        assert turn.changes["dialogue"]["stated"]["age"] == 58


def test_a_length_of_work_is_no_term_of_a_loan(base: None) -> None:
    dialogue = {
        "field": "knowledge",
        "messages": ["干了十五年 想贷款开店"],
        "stated": {"months": 180},
    }
    slots = {"dialogue": dialogue, "topic": "startup-loan", "subject": "policy"}
    message, turn = _say("打算贷20万", "startup-loan", "inform", slots)
    assert "超出的部分" not in message.text
    assert "months" not in (turn.changes.get("facts") or {})


def test_a_figure_set_right_keeps_the_answer(base: None) -> None:
    unit = "unemployment-benefit/lump-sum"
    dialogue = {"field": "knowledge", "messages": ["还剩四个月 能一次领不"], "unit": unit}
    slots = {"dialogue": dialogue, "topic": "unemployment-benefit", "subject": "policy"}
    message, _ = _say("说错了 还剩五个月", "context", "policy", slots)
    assert message.text.startswith("好，按“还剩五个月”说。看情况。条例写的是按月发")


@pytest.mark.parametrize(
    ("changed", "topic"),
    [({}, "severance"), ({"subject": "jobs"}, None), ({"topic": "probation"}, None)],
)
def test_a_bare_figure_goes_on_with_the_calculation_spoken_of_last(
    base: None, changed: dict[str, Any], topic: str | None
) -> None:
    message, begun = _say("干了六年能给几个月工资", "severance")
    remember(begun, [message])
    text = "月工资六千"
    slots = {**begun.changes, **changed}
    turn = Turn(text, "search_jobs", 0.9, [], message_reader().read(text), slots)
    assert continued_calculation(turn) == topic
