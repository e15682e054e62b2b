"""When a question is answered by a sum of the person's own, and when by the rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from actions.answer import answer
from actions.turn import Topic, Turn
from bot.db.session import session
from bot.messages import Message
from bot.policies import search as searching
from bot.search.vectors import forget
from bot.settings import settings
from bot.text.reader import message_reader
from tests.conftest import new_database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def without_vectors(request: pytest.FixtureRequest) -> str:
    """The URL of a database with the project's policies and no sentence vectors."""
    url = new_database(request, "based")
    with session(url) as db:
        forget(db, searching.base_texts(db))
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
