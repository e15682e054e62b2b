import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from bot import clock
from bot.db.session import session
from bot.db.tables import FollowUp, SeekerState, Ticket
from bot.policies.load import load
from bot.seekers.identity import find_seeker
from bot.settings import settings
from bot.subscriptions.service import preference_of, running
from tests.handlers.conftest import Dialogue


@pytest.fixture
def asked(here: str, anna: Dialogue) -> Dialogue:
    """Anna, subscribed to guards' jobs, whose conversation waits for how it went."""
    anna.say("以后有沈阳的保安岗位告诉我一声", "subscribe")
    anna.say("好", "affirm")
    with session(here) as db:
        seeker = find_seeker(db, "web", "anna")
        assert seeker is not None
        due = FollowUp(
            seeker_id=seeker.id, channel="web", kind="follow_up", step=3, due_on=clock.today(), asked_at=clock.now()
        )  # fmt: skip
        db.add(due)
        db.flush()
        anna.slots |= {"asked": "follow_up", "pending": {"follow_up": due.id, "question": "went"}}
    return anna


def _states(url: str) -> list[str]:
    with session(url) as db:
        return [one.state for one in db.query(SeekerState).order_by(SeekerState.id)]


@pytest.mark.parametrize(
    ("said", "act", "state"),
    [
        ("去了", "follow_up", "applied"),
        ("嗯", "affirm", "applied"),
        ("没", "nlu_fallback", "not_gone"),
        ("没去 太远了", "follow_up", "not_gone"),
        ("去了 人家不要我", "follow_up", "not_hired"),
        ("已经上班了", "follow_up", "working"),
        ("干了三天不干了", "follow_up", "left"),
    ],
)
def test_an_answer_sets_the_persons_state(
    here: str, asked: Dialogue, said: str, act: str, state: str
) -> None:
    told = asked.say(said, act)
    assert told.act == "follow_up"
    assert _states(here) == [state]


def test_unpaid_wages_get_the_rule_with_its_source_and_a_counsellor(
    here: str, asked: Dialogue, tmp_path: Path
) -> None:
    for name in ("wage-arrears.yml", "topics.yml"):
        shutil.copy(settings().data / "policies" / name, tmp_path)
    with session(here) as db:
        load(db, tmp_path)
    told = asked.say("干了一个月 工资没发", "policy")
    assert (told.act, told.status) == ("follow_up", "handoff")
    assert "劳动监察" in told.text
    assert asdict(told)["citations"]
    with session(here) as db:
        assert db.query(Ticket).one().reason == "unpaid"


def test_a_change_of_the_wish_is_proposed_and_made_only_after_a_yes(
    here: str, asked: Dialogue
) -> None:
    told = asked.say("没看上我", "follow_up")
    assert (told.status, told.to_dict()["asks"]) == ("form", "proposal")
    with session(here) as db:
        there = running(db, "web", "anna")
        assert there is not None
        assert preference_of(there).occupations == ("保安员",)
    assert "改了" in asked.say("好", "affirm").text
    with session(here) as db:
        there = running(db, "web", "anna")
        assert there is not None
        assert len(preference_of(there).occupations) > 1
        assert there.region_code == "210100"


def test_after_a_no_the_wish_stays(here: str, asked: Dialogue) -> None:
    asked.say("没看上我", "follow_up")
    assert "不改" in asked.say("不用", "deny").text
    with session(here) as db:
        there = running(db, "web", "anna")
        assert there is not None
        assert preference_of(there).occupations == ("保安员",)


def test_refusing_to_answer_is_fine(here: str, asked: Dialogue) -> None:
    told = asked.say("不想说", "deny")
    assert "不影响你的登记" in told.text
    assert _states(here) == []
    assert asked.slots["asked"] is None


def test_who_asks_something_else_is_answered_that(here: str, asked: Dialogue) -> None:
    assert asked.say("谢谢你们", "thanks").act == "thanks"
    assert asked.slots["asked"] is None
    assert asked.say("退订", "unsubscribe").act == "unsubscribe"
    with session(here) as db:
        assert running(db, "web", "anna") is None


def test_what_a_stranger_tells_is_answered_and_not_kept(here: str, anna: Dialogue) -> None:
    assert anna.say("去面试了 没看上我", "follow_up").act == "follow_up"
    assert _states(here) == []


def test_a_later_word_still_answers_the_last_question(here: str, asked: Dialogue) -> None:
    asked.slots |= {"asked": None, "pending": None}
    asked.say("那个活我去看了 不合适", "follow_up")
    with session(here) as db:
        assert db.query(FollowUp).filter_by(answer="not_gone").count() == 1
