"""What plain words inquire is answered, whatever the model made of the message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.db.session import session
from bot.db.tables import Employer, Posting
from bot.messages import Message
from bot.routing.router import answer
from bot.settings import settings
from bot.turns.turn import Topic, Turn
from bot.understanding.entity_extractor import message_reader
from tests.databases import sqlite_copy
from tests.factories import make_posting, saved
from tests.handlers.conftest import Dialogue


@pytest.fixture(scope="module")
def policies_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the vocabulary and all policies: its URL."""
    return sqlite_copy("based", tmp_path_factory.mktemp("inquiries") / "test.db")


@pytest.fixture
def base(policies_file: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """That database as the assistant's own, without postings when a test begins."""
    monkeypatch.setenv("DATABASE_URL", policies_file)
    settings.cache_clear()
    yield policies_file
    with session(policies_file) as db:
        db.query(Posting).delete()
        db.query(Employer).delete()
    settings.cache_clear()


def _say(
    text: str, act: str, slots: dict[str, Any] | None = None, topic: str = "wage-arrears"
) -> tuple[list[Message], Turn]:
    entities = [dict(entity) for entity in message_reader().read(text)]
    turn = Turn(text, act, 0.9, [Topic(topic, 0.5)], entities, slots or {}, topic_sure=False)
    return answer(turn), turn


def _post(url: str, **given: Any) -> int:
    with session(url) as db:
        return saved(db, make_posting(**given)).id


@pytest.mark.parametrize("act", ["policy", "nlu_fallback", "out_of_scope", "follow_up"])
@pytest.mark.parametrize(
    ("text", "must", "must_not"),
    [
        ("查一下我的办理进度", ["查不到", "12333"], ["谢谢你告诉我"]),
        ("我报的培训通过没", ["查不到", "12333"], ["谢谢你告诉我"]),
        ("有新政策提醒我", ["还不能"], ["想干啥"]),
        ("我没活干没钱吃饭，该找谁", ["失业金", "民政", "临时救助", "就业援助"], ["拖欠"]),
        ("办补贴还要开低保证明吗", ["低保", "民政", "12333"], ["2230"]),
        ("食堂饭菜馊了，没人管", ["劳动监察"], ["帮不上"]),
        ("辽宁有多少技能人才", ["567.3万", "145.6万", "2024年"], []),
        ("2024年发了多少创业贷款", ["64亿元", "2.3万户"], ["没有核实过的，不能拿"]),
        ("稳岗返还2024年发了多少", ["5亿元", "3.7万户"], []),
        ("干得不习惯，太累", ["刚去都不容易"], ["见习"]),
    ],
)
def test_an_inquiry_is_answered_whatever_the_model_heard(
    base: str, act: str, text: str, must: list[str], must_not: list[str]
) -> None:
    (said,), _ = _say(text, act)
    assert all(word in said.text for word in must), said.text
    assert not any(word in said.text for word in must_not), said.text


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("想开理发店没本钱", "policy"), ("想包个大棚", "find_job"), ("想自己开个小店", "find_job"),
        ("我想自己开个小饭店", "out_of_scope"),
    ],
)  # fmt: skip
def test_who_wants_to_open_something_hears_of_the_loan_and_is_looked_for_no_job(
    base: str, text: str, act: str
) -> None:
    (said,), turn = _say(text, act, {"occupation": ["月嫂"], "form": "job"})
    assert said.to_dict()["topics"][:1] == ["startup-loan"]
    assert "occupation" not in turn.changes
    assert turn.changes["form"] is None


def test_what_a_trade_pays_is_asked_for_another_place_next(base: str) -> None:
    with session(base) as db:
        for _ in range(5):
            saved(db, make_posting(("焊工",), "210106", salary_min=6000, salary_max=7000))
    (said,), turn = _say("焊工工资一般多少，沈阳", "policy")
    assert "沈阳市现在开着的焊工岗位里，写明工资的有5个，月薪的中位数是6500元" in said.text
    (other,), _ = _say("那大连呢", "refine_job", {**turn.slots, **turn.changes})
    assert other.text.startswith("大连市现在没有写明工资的焊工岗位")
    assert "6500" in other.text


def test_despair_is_cared_for_and_bread_is_told_of(base: str) -> None:
    said, _ = _say("我没钱吃饭了，工作也没了，有没有救济", "distress")
    assert [message.status for message in said] == ["crisis", "answered"]
    assert "临时救助" in said[1].text


def test_postings_come_before_the_promise(base: str) -> None:
    _post(base)
    listed, rule = _say("24小时给我安排个活，干啥都行，沈阳", "policy")[0]
    assert listed.status == "postings"
    assert "服务承诺" in rule.text
    listed, rule = _say("24小时给我安排个活，干啥都行", "policy")[0]
    assert (listed.status, "你在哪个市" in listed.text) == ("postings", True)


def test_the_rule_of_public_jobs_and_those_that_are_open(base: str) -> None:
    rule, none = _say("我要找公益性岗位，沈阳铁西", "policy")[0]
    assert "就业困难" in rule.text
    assert "沈阳市铁西区写明是公益性岗位的，我这里现在没有" in none.text
    there = _post(base, title="公益性岗位 社区保洁")
    (rule, listed), turn = _say("我要找公益性岗位，沈阳铁西", "policy")
    assert "就业困难" in rule.text
    assert [item["id"] for item in listed.to_dict()["items"]] == [there]
    assert turn.changes["shown"] == [there]


@pytest.mark.parametrize(
    "text",
    [
        "沈阳铁西找保安，我是登记失业人员",
        "我登记失业了，想在沈阳找保安",
        "刚办了失业登记，沈阳有啥活",
    ],
)
def test_a_registration_told_leads_to_postings_and_is_noted(base: str, text: str) -> None:
    _post(base)
    (said,), turn = _say(text, "policy", topic="unemployment-deregistration")
    assert (said.act, said.status) == ("find_job", "postings")
    assert said.text.startswith("记下了：你办了失业登记")
    assert turn.changes["group"] == "registered_unemployed"


def test_a_registration_told_alone_is_noted_and_explains_nothing(base: str) -> None:
    (said,), turn = _say("我登记失业了", "policy", topic="unemployment-deregistration")
    assert said.text.startswith("记下了")
    assert "注销" not in said.text
    assert turn.changes["group"] == "registered_unemployed"


def test_what_is_told_beside_a_registration_is_kept_and_said_back(base: str) -> None:
    (said,), turn = _say("我刚登记失业 今年52 沈阳的", "policy", topic="unemployment-registration")
    assert said.text.startswith("记下了：你办了失业登记、52岁、沈阳。")
    told = (turn.changes["group"], turn.changes["age"], turn.changes["region_code"])
    assert told == ("registered_unemployed", 52, "210100")


def test_work_near_a_street_is_looked_for_in_its_district(base: str) -> None:
    there = _post(base)
    (said,), turn = _say("我家在沈阳铁西区兴华街道，附近有啥活", "station")
    assert [item["id"] for item in said.to_dict()["items"]] == [there]
    assert turn.changes["any_occupation"] is True


def test_a_service_point_in_a_street_is_a_service_point(base: str) -> None:
    (said,), _ = _say("铁西区兴华街道的就业站在哪", "station")
    assert said.act == "station"


def test_nothing_is_asked_three_times_in_the_same_words(base: str) -> None:
    anna = Dialogue()
    asked = [anna.say("有新的告诉我", "subscribe")]
    asked += [anna.say("好", "affirm") for _ in range(3)]
    assert len({message.text for message in asked}) == 4
    assert [message.status for message in asked] == ["form"] * 3 + ["answered"]


def test_a_search_asks_once_and_shows_what_there_is(base: str) -> None:
    _post(base)
    anna = Dialogue()
    assert anna.say("我想找活", "find_job").status == "form"
    listed = anna.say("好", "affirm")
    assert listed.status == "postings"
    assert "说个工种" in listed.text


def test_a_number_chooses_what_the_question_offers(base: str) -> None:
    buttons = [{"title": one, "says": one} for one in ("保洁", "保安", "普工", "随便")]
    form = {"type": "form", "buttons": buttons, "text": "想干啥样的活？"}
    past = [
        {"event": "user", "text": "有新的告诉我"},
        {"event": "bot", "data": {"custom": form}},
        {"event": "user", "text": "2"},
    ]
    slots = {"asked": "push_wish", "pending": {"asks": "occupation"}}
    turn = Turn("2", "inform", 0.9, [], [], slots, past=past)
    answer(turn)
    assert turn.changes["occupation"] == ["保安员"]
    beyond = Turn("9", "inform", 0.9, [], [], slots, past=past)
    answer(beyond)
    assert "occupation" not in beyond.changes


@pytest.mark.parametrize(("act"), ["register", "follow_up"])
def test_a_registration_told_within_the_interview_answers_there(base: str, act: str) -> None:
    anna = Dialogue()
    asked = anna.say("能享受啥政策", "eligibility")
    said = anna.say("登记了", act)
    assert (asked.act, said.act) == ("eligibility", "eligibility")
    assert anna.slots["eligibility"]["facts"]["registered"] == "yes"


def test_all_programmes_that_answer_inquiries_are_there() -> None:
    from bot import clock
    from bot.handlers.inquiries import _PROGRAMMES, _TOTALS
    from bot.policies.programmes import programme_of_id

    for programme in (*_PROGRAMMES.values(), *_TOTALS.values()):
        assert programme_of_id(programme, clock.today()).parts
    with pytest.raises(KeyError):
        programme_of_id("nothing", clock.today())
