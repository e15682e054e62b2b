import json

import pytest

from bot.db.session import session
from bot.db.tables import Consent, Delivery, JobPreferenceRow, Seeker, Subscription
from bot.delivery.outbox import DeliveryDraft, put
from bot.messages import Message
from bot.messaging import event_log
from bot.seekers.identity import find_seeker
from bot.seekers.my_data import erase, export, personal_data
from tests.days import TUESDAY
from tests.handlers.conftest import Dialogue


@pytest.fixture
def known(here: str, anna: Dialogue) -> Dialogue:
    """Anna, of whom a subscription is kept, with a push on its way."""
    anna.say("以后有丹东的护士岗位告诉我一声", "subscribe")
    anna.say("好", "affirm")
    with session(here) as db:
        seeker = find_seeker(db, "web", "anna")
        assert seeker is not None
        put(
            db,
            DeliveryDraft("a", "web", "anna", "digest", Message(text="给你的岗位"), seeker.id),
            TUESDAY,
        )
    return anna


def test_who_is_unknown_hears_that_only_this_talk_is_remembered(anna: Dialogue) -> None:
    assert "只记着这次说话" in anna.say("你们存了我啥", "my_data").text


def test_what_is_kept_is_said_in_plain_words(known: Dialogue) -> None:
    told = known.say("你们存了我啥", "my_data").text
    for word in ("丹东市 · 护士", "订阅：网页", "同意记录", "发给你的消息：1条", "导出", "删"):
        assert word in told


def test_it_is_exported_as_json(here: str, known: Dialogue) -> None:
    exported = json.loads(known.say("导出我的数据", "my_data").text)
    assert exported["preference"]["occupations"] == ["护士"]
    assert exported["subscriptions"][0]["channel"] == "web"
    assert "我会记下" in exported["consents"][0]["wording"]
    assert exported["consents"][0]["given_at"].endswith("+08:00")
    with session(here) as db:
        assert json.loads(export(db, "web", "anna")) == exported


def test_it_is_deleted_after_one_question(here: str, known: Dialogue) -> None:
    assert known.say("把我的信息都删了", "my_data").status == "form"
    with session(here) as db:
        assert db.query(Seeker).count() == 1
    assert "全删了" in known.say("确定删", "affirm").text
    assert not any(known.slots.values())
    with session(here) as db:
        for table in (Seeker, Subscription, Consent, JobPreferenceRow):
            assert db.query(table).count() == 0
        assert db.query(Delivery).count() == 0


def test_it_stays_when_the_person_thinks_better_of_it(here: str, known: Dialogue) -> None:
    known.say("把我的信息都删了", "my_data")
    assert "没有删" in known.say("先不删", "deny").text
    known.say("好", "affirm")
    with session(here) as db:
        assert db.query(Seeker).count() == 1


def test_speaking_of_something_else_deletes_nothing(here: str, known: Dialogue) -> None:
    known.say("把我的信息都删了", "my_data")
    known.say("谢谢", "thanks")
    known.say("好", "affirm")
    with session(here) as db:
        assert db.query(Seeker).count() == 1


def test_nobody_else_is_deleted(here: str, known: Dialogue) -> None:
    bert = Dialogue("bert")
    bert.say("以后有丹东的护士岗位告诉我一声", "subscribe")
    bert.say("好", "affirm")
    with session(here) as db:
        assert erase(db, "web", "anna")
        assert not erase(db, "web", "anna")
    with session(here) as db:
        assert personal_data(db, "web", "anna") is None
        assert personal_data(db, "web", "bert") is not None


def test_the_words_of_the_conversation_go_as_well(here: str, known: Dialogue) -> None:
    said = [{"event": "user", "text": "我在铁西", "timestamp": 1.0}]
    with session(here) as db:
        for who in ("anna", "bert"):
            event_log.add(db.connection(), who, said)
            event_log.begin_after(db.connection(), who, 0, {"age": 52})
    known.say("把我的信息都删了", "my_data")
    known.say("好", "affirm")
    with session(here) as db:
        assert event_log.senders(db.connection()) == ["bert"]
        assert event_log.read(db.connection(), "anna").slots == {}
