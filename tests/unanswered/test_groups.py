"""Groups of questions: alike ones together, states that need what they say, merged, commands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot import clock
from bot.__main__ import app
from bot.db.session import session
from bot.db.tables import Policy, QuestionGroup, UnansweredQuestion
from bot.unanswered import groups
from bot.unanswered.errors import NoSuchGroup, NoSuchPolicy, ReasonMissing
from bot.unanswered.likeness import Groups
from bot.unanswered.record import record_question
from tests.factories import saved

TODAY = date(2026, 11, 30)


@pytest.fixture
def asked(words: Session) -> Iterator[Session]:
    """Five questions of three kinds of things."""
    with clock.frozen(TODAY):
        for text in ("取暖费补贴找谁领", "请问取暖费补贴在哪领啊", "取暖费补贴咋领"):
            record_question(words, "no_policy", text, "210106", "policy")
        record_question(words, "out_of_scope", "彩票中奖了去哪兑", "210202")
        record_question(words, "unclear", "那个事咋整")
        yield words


def _policy(db: Session) -> str:
    return saved(db, Policy(id="heating-aid", title="取暖费补贴", content_hash="x")).id


def test_alike_questions_come_together_and_the_most_asked_first(asked: Session) -> None:
    assert groups.group_new(asked) == 5
    assert groups.group_new(asked) == 0
    rows = groups.group_rows(asked)
    assert [(row.label, row.questions) for row in rows] == [
        ("取暖费补贴找谁领", 3), ("彩票中奖了去哪兑", 1), ("那个事咋整", 1),
    ]  # fmt: skip
    record_question(asked, "voted_down", "取暖费的补贴在哪里领呢")
    groups.group_new(asked)
    assert groups.group_rows(asked)[0].questions == 4
    in_dalian = UnansweredQuestion.region_code == "210202"
    assert [row.label for row in groups.group_rows(asked, scope=in_dalian)] == ["彩票中奖了去哪兑"]


@pytest.mark.parametrize(
    ("one", "other", "topic", "alike"),
    [
        ("残疾人买社保有补贴吗", "残疾人交社保给补贴不", None, True),
        ("养老认证在哪做", "养老认证怎么做", None, True),
        ("养老认证在哪做", "护照在哪换", None, False),
        ("退役军人安置费标准", "退役军人优待证咋办", None, False),
        ("灵活就业社保断缴影响", "社保断缴以后的影响", "x", True),
        ("失业金咋领", "丧葬费咋领", None, False),
    ],
)
def test_likeness(one: str, other: str, topic: str | None, alike: bool) -> None:
    assert (Groups([(1, one, topic)]).nearest(other, topic) == 1) is alike


def test_a_state_needs_what_it_says(asked: Session) -> None:
    groups.group_new(asked)
    number = groups.group_rows(asked)[0].id
    with pytest.raises(NoSuchPolicy):
        groups.set_state(asked, None, number, "answered", "no-such-policy")
    with pytest.raises(ReasonMissing):
        groups.set_state(asked, None, number, "not_ours")
    with pytest.raises(NoSuchGroup):
        groups.set_state(asked, None, 999_999, "drafting")
    groups.set_state(asked, None, number, "answered", _policy(asked))
    row = groups.group_row(asked, number)
    assert (row.state, row.policy_id, row.since) == ("answered", "heating-aid", 0)
    with clock.frozen(TODAY + timedelta(days=3)):
        record_question(asked, "voted_down", "取暖费补贴找谁领啊")
        groups.group_new(asked)
    assert groups.group_row(asked, number).since == 1  # answered, and asked again
    groups.set_state(asked, None, number, "not_ours", note="归住建局")
    assert groups.group_row(asked, number).policy_id is None


def test_the_table_itself_refuses_answered_by_nothing(asked: Session) -> None:
    groups.group_new(asked)
    group = asked.scalars(select(QuestionGroup)).first()
    assert group is not None
    group.state = "answered"
    with pytest.raises(IntegrityError), asked.begin_nested():
        asked.flush()


def test_a_group_goes_into_another_one(asked: Session) -> None:
    groups.group_new(asked)
    first, second, _ = (row.id for row in groups.group_rows(asked))
    groups.merge(asked, second, first)
    assert groups.group_row(asked, first).questions == 4
    with pytest.raises(NoSuchGroup):
        groups.group_row(asked, second)
    groups.merge(asked, first, first)
    assert groups.group_row(asked, first).questions == 4


def test_too_little_is_not_kept(words: Session) -> None:
    assert not record_question(words, "unclear", "嗯")
    assert not record_question(words, "unclear", "  ")


def test_the_commands(here: str) -> None:
    with session() as db:
        record_question(db, "no_policy", "取暖费补贴找谁领", "210106")
        _policy(db)

    def run(*given: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["unanswered", *given])
        return done.exit_code, done.output

    code, out = run("list")
    assert code == 0
    number = out.split()[0]
    assert "1×  new  取暖费补贴找谁领" in out
    assert "没有这条政策 [210106]  取暖费补贴找谁领" in run("show", number)[1]
    assert run("show", "999999")[0] == 1
    assert run("set", number, "wrong")[0] == 1
    assert run("set", number, "answered", "--policy", "none")[0] == 1
    assert run("set", number, "answered", "--policy", "heating-aid")[0] == 0
    assert run("list") == (0, "")
    assert "answered → heating-aid" in run("list", "--state", "")[1]
    assert run("merge", number, "999999")[0] == 1
    assert '"policy_id": "heating-aid"' in run("list", "--state", "answered", "--json")[1]
