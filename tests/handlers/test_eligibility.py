"""我能享受啥政策 as a talk: turns built here, the real policies, a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.messages import Eligibility, Form, Message
from bot.rendering.plain import SMS_PART, SMS_PARTS, render
from bot.routing.router import answer
from bot.settings import settings
from bot.turns.turn import Topic, Turn
from bot.understanding.entity_extractor import message_reader
from tests.conftest import new_database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with the project's own policies, as the one that the settings name."""
    url = new_database(request, "based")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        settings.cache_clear()
        yield url
    settings.cache_clear()


@dataclass
class Talk:
    """One person's conversation."""

    slots: dict[str, Any] = field(default_factory=dict)
    said: list[Message] = field(default_factory=list)

    def say(self, text: str, act: str = "inform", topic: str | None = None) -> Message:
        """Say something that is understood as an act; return the first answer."""
        topics = [Topic(topic, 0.95)] if topic else []
        turn = Turn(text, act, 0.9, topics, message_reader().read(text), dict(self.slots))
        self.said = answer(turn)
        self.slots |= turn.changes
        return self.said[0]

    def begin(self, text: str = "我能享受啥政策") -> Message:
        return self.say(text, "eligibility")

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = self.slots["eligibility"]["facts"]
        return facts

    @property
    def asks(self) -> str | None:
        asked: str | None = self.slots["eligibility"]["open"]
        return asked


@pytest.fixture
def talk(loaded: str) -> Talk:
    return Talk()


def _rendered(message: Message, channel: str = "web") -> str:
    return "\n".join(render(channel, message.to_dict()))


class TestTheFirstReply:
    def test_it_names_what_is_likely_and_asks_one_thing(self, talk: Talk) -> None:
        first = talk.begin("我能享受啥政策 今年48 下岗三年了 交着灵活就业")
        assert (first.act, first.status) == ("eligibility", "form")
        assert "48岁" in first.text
        assert "社会保险补贴" in first.text
        assert "审核" in first.text
        assert first.text.count("？") == 1
        assert first.buttons
        assert talk.slots["age"] == 48

    def test_with_nothing_known_it_names_the_common_ones(self, talk: Talk) -> None:
        first = talk.begin()
        assert "失业保险金" in first.text
        assert first.text.count("？") == 1

    def test_what_was_told_before_is_not_asked_again(self, talk: Talk) -> None:
        talk.say("厂子把我辞了 失业金我能领不", "policy", "unemployment-benefit")
        talk.begin()
        assert talk.facts["left_job"] == "dismissed"

    def test_what_was_only_supposed_is_not_taken_for_told(self, talk: Talk) -> None:
        talk.say("要是我被辞退了能领失业金不", "policy", "unemployment-benefit")
        assert not talk.slots.get("eligibility")

    def test_the_group_told_in_a_job_search_counts(self, talk: Talk) -> None:
        talk.slots |= {"group": "veteran", "age": 30}
        talk.begin()
        assert talk.facts["veteran"] == "yes"
        assert talk.facts["age"] == 30

    def test_it_speaks_of_the_person_it_is_asked_for(self, talk: Talk) -> None:
        first = talk.begin("我媳妇52了没工作能享受啥")
        assert "你爱人" in first.text
        assert talk.facts["age"] == 52
        talk.say("那我自己能享受啥", "eligibility")
        assert "age" not in talk.facts


class TestTheQuestions:
    def test_several_facts_of_one_answer_are_taken(self, talk: Talk) -> None:
        talk.begin()
        talk.say("没工作 被裁的 52了 失业保险交了八年")
        facts = talk.facts
        assert (facts["employment"], facts["left_job"]) == ("unemployed", "dismissed")
        assert (facts["age"], facts["contribution_months"]) == (52, 96)
        assert talk.slots["contribution_months"] == 96

    def test_another_fact_than_the_one_asked_is_taken_and_the_question_stays(
        self, talk: Talk
    ) -> None:
        talk.begin("我没工作能享受啥")
        waiting = talk.asks
        again = talk.say("我当过兵")
        assert talk.facts["veteran"] == "yes"
        assert talk.asks == waiting
        assert "没太听明白" not in again.text

    def test_not_knowing_is_accepted_and_never_asked_again(self, talk: Talk) -> None:
        talk.begin()
        asked = [talk.asks]
        while talk.asks:
            message = talk.say("不知道")
            asked.append(talk.asks)
        assert len(asked) == len(set(asked)) <= 9
        assert isinstance(message, Eligibility)
        assert not message.does_not

    def test_what_is_not_understood_is_asked_once_more(self, talk: Talk) -> None:
        talk.begin()
        assert "没太听明白" in talk.say("嗯哼哈", "nlu_fallback").text

    @pytest.mark.parametrize("text", ["算了", "不问了", "不想说了"])
    def test_it_ends_when_the_person_wants_it_to(self, talk: Talk, text: str) -> None:
        talk.begin("我没工作 能享受啥")
        end = talk.say(text, "deny")
        assert end.status == "answered"
        assert talk.asks is None
        assert talk.say("沈阳").type != "eligibility"

    def test_a_correction_is_taken_and_the_question_stays(self, talk: Talk) -> None:
        talk.begin("我52了没工作 能享受啥")
        waiting = talk.asks
        talk.say("不是52是53")
        assert (talk.facts["age"], talk.slots["age"], talk.asks) == (53, 53, waiting)

    def test_a_correction_after_the_end_gives_a_new_result(self, talk: Talk) -> None:
        talk.begin("我被辞退了没工作 失业保险交过六年 能享受啥")
        talk.say("算了", "deny")
        end = talk.say("不是自己要走的说错了，不是被辞的是自己辞的")
        assert isinstance(end, (Eligibility, Form))
        assert talk.facts["left_job"] == "resigned"

    def test_a_question_in_between_is_answered_and_then_it_goes_on(self, talk: Talk) -> None:
        talk.begin("我没工作 能享受啥")
        waiting = talk.asks
        aside = talk.say("创业担保贷款最高能贷多少", "policy", "startup-loan")
        assert aside.type == "policy_answer"
        assert "30万" in aside.text
        assert isinstance(talk.said[-1], Form)
        assert talk.said[-1].asks == waiting == talk.asks
        talk.say(talk.said[-1].buttons[0].says)
        assert talk.asks != waiting

    def test_a_wish_for_a_job_ends_it_and_keeps_what_was_told(self, talk: Talk) -> None:
        talk.begin("我没工作 能享受啥")
        talk.say("给我找个保安的活", "find_job")
        assert talk.asks is None
        assert talk.facts["employment"] == "unemployed"

    def test_from_the_beginning_forgets_what_was_told(self, talk: Talk) -> None:
        talk.begin("我没工作 残疾 能享受啥")
        talk.say("重新来 能享受啥", "eligibility")
        assert "disabled" not in talk.facts

    def test_choices_can_be_sent_as_numbers(self, talk: Talk) -> None:
        first = talk.begin()
        talk.say("1")
        assert talk.facts["employment"] == "unemployed"
        assert first.buttons[0].says == "没工作"

    def test_despair_comes_before_the_questions(self, talk: Talk) -> None:
        talk.begin()
        assert talk.say("不想活了").status == "crisis"
        assert len(talk.said) == 1

    def test_deleting_forgets_the_facts(self, talk: Talk) -> None:
        talk.begin("我残疾 没工作 能享受啥")
        talk.say("把我的信息删了", "my_data")
        assert talk.slots["eligibility"] is None


class TestTheResult:
    @pytest.fixture
    def end(self, talk: Talk) -> Eligibility:
        message = talk.begin("我52了 被辞退没工作 失业保险交了八年 办了失业登记 能享受啥")
        answers = {"startup": "没打算", "group": "都不是", "pension": "没领", "receiving": "没领"}
        while talk.asks:
            message = talk.say(answers.get(talk.asks, "没有"))
        assert isinstance(message, Eligibility)
        return message

    def test_it_groups_the_policies_and_reports_those_that_fit_or_may(
        self, end: Eligibility
    ) -> None:
        fits = [item.topic for item in end.fits]
        assert "unemployment-benefit" in fits
        assert "hardship-recognition" in [item.topic for item in end.may_fit]
        assert "startup-loan" in [item.topic for item in end.does_not]
        assert end.topics == [item.topic for item in (*end.fits, *end.may_fit)]
        assert end.status == "answered"

    def test_each_says_why_and_what_next_and_by_what(self, end: Eligibility) -> None:
        for item in (*end.fits, *end.may_fit):
            assert item.reasons, item
            assert item.next_step, item
        for item in (*end.fits, *end.may_fit, *end.does_not):
            assert item.citations, item
        documents = [one.document for one in end.citations]
        assert "社会保险法" in documents
        assert len(documents) == len(set(documents))

    def test_nothing_is_promised(self, end: Eligibility) -> None:
        said = _rendered(end)
        assert "审核认定" in said
        assert not any(word in said for word in ("一定能", "保证", "肯定"))

    def test_the_full_text_has_the_groups_and_the_sources(self, end: Eligibility) -> None:
        said = _rendered(end)
        for part in ("【对得上】", "【可能对得上】", "【对不上】", "失业保险金", "依据："):
            assert part in said
        assert "创业担保贷款及贴息：条件是自己创业（辽人社建〔2025〕21号）" in said.replace(
            "；", ""
        )

    def test_sms_names_what_fits_within_two_parts(self, end: Eligibility) -> None:
        parts = render("sms", end.to_dict())
        assert len(parts) <= SMS_PARTS
        assert all(len(part) <= SMS_PART for part in parts)
        assert "失业保险金" in "".join(parts)
        assert "审核" in "".join(parts)

    def test_wechat_keeps_its_limits(self, end: Eligibility) -> None:
        assert all(len(part.encode()) <= 2048 for part in render("wechat", end.to_dict()))


def test_an_sms_question_is_whole_however_long_its_lead(talk: Talk) -> None:
    first = talk.begin("我媳妇52了没工作能享受啥")
    asked = first.text.split("\n")[-1]
    assert asked in "".join(render("sms", first.to_dict()))
