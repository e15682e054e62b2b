"""The office's record in the chat: joined by a code, shown, objected to, parted from again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select

from bot import clock
from bot.casework import links, plans, registrations
from bot.casework.areas import load_localities
from bot.casework.duties import duty_folders, read_duties
from bot.casework.duty_store import known_regions, load
from bot.casework.plans import Step
from bot.casework.roles import Staff
from bot.db.session import session
from bot.db.tables import Consent, Person, PersonLink, Registration, Seeker, Task
from bot.settings import settings
from tests.casework.conftest import NOW
from tests.casework.people import make_registered, make_staff
from tests.handlers.conftest import Dialogue


@pytest.fixture
def desk(here: str) -> Iterator[tuple[Staff, int]]:
    """A clerk, and a person whose record he keeps."""
    with clock.frozen(NOW):
        with session() as db:
            load(db, read_duties(duty_folders(settings()), known_regions(db)))
            load_localities(db)
            clerk = make_staff(db, "李经办", "street", "210106001")
            person, _ = make_registered(db)
        yield clerk, person.id


def code_of(desk: tuple[Staff, int]) -> str:
    with session() as db:
        return links.hand_out(db, *desk)


@pytest.fixture
def linked(desk: tuple[Staff, int], anna: Dialogue) -> Dialogue:
    """Anna, who has joined her record."""
    assert "窗口只知道你绑定了" in anna.say(f"绑定{code_of(desk)}", "nlu_fallback").text
    assert "绑定好了" in anna.say("好", "affirm").text
    return anna


def test_without_a_code_nothing_is_seen_whatever_is_asked(
    desk: tuple[Staff, int], anna: Dialogue
) -> None:
    for text in ("我登记了没", "我的方案", "我不同意注销", "承诺还剩几小时", "解除绑定"):
        told = anna.say(text, "policy").text
        assert "看不到窗口的登记" in told
        assert "12333" in told
    with session() as db:
        assert db.scalar(select(func.count()).select_from(Seeker)) == 0


@pytest.mark.parametrize("code", ["00000000", "99999999"])
def test_a_wrong_code_joins_nothing(desk: tuple[Staff, int], anna: Dialogue, code: str) -> None:
    code_of(desk)
    anna.say(f"绑定{code}", "nlu_fallback")
    assert "不对" in anna.say("好", "affirm").text
    with session() as db:
        assert db.scalars(select(PersonLink.state)).all() == ["proposed"]
        assert db.scalar(select(func.count()).select_from(Seeker)) == 0


def test_nothing_is_joined_without_the_yes(desk: tuple[Staff, int], anna: Dialogue) -> None:
    code = code_of(desk)
    anna.say(f"绑定{code}", "nlu_fallback")
    assert anna.say("不", "deny").text == "好，不绑定。"
    with session() as db:
        assert links.is_open(db, code)


def test_the_consent_is_kept_with_its_wording(linked: Dialogue) -> None:
    with session() as db:
        consent = db.scalars(select(Consent)).one()
        assert (consent.purpose, consent.version) == ("person_link", "1")
        assert "窗口给的绑定码" in consent.wording


@pytest.mark.parametrize("text", ["我登记了没", "我的失业登记还在不在", "查一下我的登记状态？"])
def test_the_state_of_the_registration_is_told(linked: Dialogue, text: str) -> None:
    assert "2026-03-02登记，现在登记中" in linked.say(text, "policy").text


def test_the_plan_is_shown_once_it_is_agreed(linked: Dialogue, desk: tuple[Staff, int]) -> None:
    assert "还没有你同意过的方案" in linked.say("我的方案", "policy").text
    with session() as db:
        step = Step("training", "报叉车班", "person", date(2026, 12, 10))
        plan = plans.create(db, *desk, [step])
        plans.agree(db, desk[0], plan.id, "desk")
    assert "1. 报叉车班（2026-12-10前）" in linked.say("我的帮扶方案是啥", "policy").text
    assert "现在没有你的24小时承诺" in linked.say("承诺还剩几小时", "policy").text


def test_an_objection_reaches_the_office(linked: Dialogue, desk: tuple[Staff, int]) -> None:
    assert "现在没有要注销你登记的事" in linked.say("我不同意注销", "policy").text
    with session() as db:
        registration = db.scalars(select(Registration)).one()
        registrations.propose_exit(db, desk[0], registration.id, "employed", "合同")
    assert "理由：已就业" in linked.say("我登记了没", "policy").text
    assert "异议记下了" in linked.say("我不同意注销我的登记", "policy").text
    with session() as db:
        assert db.scalars(select(Registration.state)).one() == "objected"
        open_ones = select(Task.kind).where(Task.state == "open")
        assert db.scalars(open_ones).all() == ["objection"]


def test_parting_leaves_both_records(linked: Dialogue) -> None:
    assert "已经解除绑定" in linked.say("解除绑定", "nlu_fallback").text
    assert "看不到窗口的登记" in linked.say("我登记了没", "policy").text
    with session() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 1


def test_deleting_everything_in_the_chat_leaves_the_offices_record(linked: Dialogue) -> None:
    linked.say("删掉我的信息", "my_data")
    linked.say("确定", "affirm")
    with session() as db:
        assert db.scalar(select(func.count()).select_from(PersonLink)) == 0
        assert db.scalar(select(func.count()).select_from(Registration)) == 1


@pytest.mark.parametrize(
    "text", ["注销登记要什么条件", "我的方案书怎么写", "失业登记怎么办", "绑定银行卡", "绑定1234"]
)
def test_a_question_of_another_kind_is_left_alone(anna: Dialogue, text: str) -> None:
    from bot.handlers.own_record import _kind_and_code

    assert _kind_and_code(text) == (None, "")
