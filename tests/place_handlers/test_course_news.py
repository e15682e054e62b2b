"""Wishing to hear of new courses in the talk: what is kept, the yes, the no, and the end."""

from __future__ import annotations

from sqlalchemy import select

from bot.db.session import session
from bot.db.tables import Consent, Course, CourseSubscription
from bot.routing.pending_question import answer_pending_question
from bot.turns.turn import Turn
from tests.days import TUESDAY
from tests.place_handlers.talk import Talk, keep


def _course(title: str = "焊工班", **columns: object) -> Course:
    given = {
        "key": title, "title": title, "provider": "乙校", "trade": "电焊", "occupation_name": "焊工",
        "region_code": "210106", "verified_on": TUESDAY.date(), "verified_by": "乙校", **columns,
    }  # fmt: skip
    return Course(**given)


def _answers(talk: Talk, act: str) -> str:
    turn = Turn("好", act, 0.9, [], [], dict(talk.slots), address="anna")
    message = answer_pending_question(turn)
    talk.slots |= turn.changes
    assert message is not None
    return message.text


def _kept() -> list[tuple[str, str, str, bool]]:
    with session() as db:
        columns = (
            CourseSubscription.occupation_name, CourseSubscription.region_code,
            CourseSubscription.time, CourseSubscription.free,
        )  # fmt: skip
        return [tuple(row) for row in db.execute(select(*columns))]  # type: ignore[misc]


def test_with_a_yes_the_wish_is_kept_and_with_a_word_it_is_gone(here: str) -> None:
    keep(_course())
    talk = Talk()
    assert "焊工班" in talk.text("沈阳铁西有电焊班吗", "training")
    asked = talk.text("有新班告诉我", "training")
    for word in ("沈阳市焊工培训班", "一天最多一次", "180天", "行就回“好”"):
        assert word in asked
    assert _kept() == []
    assert "记下了" in _answers(talk, "affirm")
    assert _kept() == [("焊工", "210100", "", False)]
    with session() as db:
        assert db.scalars(select(Consent.wording)).one() == asked.partition("\n1. ")[0]
    assert "已经记下了" in talk.text("有新班告诉我", "training")
    assert "不再发" in talk.text("不学了", "training")
    assert _kept() == []


def test_a_no_keeps_nothing(here: str) -> None:
    keep(_course())
    talk = Talk()
    talk.text("沈阳有电焊班吗", "training")
    talk.text("有新班了通知我一声", "training")
    assert "不记" in _answers(talk, "deny")
    assert _kept() == []


def test_where_there_is_none_the_way_to_hear_of_one_is_offered(here: str) -> None:
    keep(_course(region_code="210203"))
    talk = Talk()
    none = talk.say("沈阳有免费的电焊班吗", "training")
    assert none is not None
    assert "有新班告诉我" in [one.says for one in none.buttons]
    assert "免费的焊工培训班" in talk.text("有新班告诉我", "training")
    _answers(talk, "affirm")
    assert _kept() == [("焊工", "210100", "", True)]


def test_without_a_trade_or_a_city_it_is_asked_what(here: str) -> None:
    keep(_course())
    talk = Talk()
    talk.text("沈阳有培训班吗", "training")
    assert "先说想学啥" in talk.text("有新班告诉我", "training")
