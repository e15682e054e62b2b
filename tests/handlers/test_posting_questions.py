import pytest

from bot.db.session import session
from bot.db.tables import Posting
from bot.dialogue.state import DialogueState
from bot.eligibility.interview import Interview
from bot.handlers.posting_questions import answer_posting_question
from bot.messages import Message
from bot.turns.turn import Turn
from bot.understanding.entity_extractor import message_reader
from tests.factories import make_posting
from tests.handlers.conftest import Dialogue


def _posting(number: int) -> Posting:
    return make_posting(
        (), source="演示数据", title=f"保洁员{number}", description="一天八小时，包住。", welfare="lodging"
    )  # fmt: skip


@pytest.fixture
def looking(here: str, anna: Dialogue) -> Dialogue:
    """Anna, who was shown three postings and has looked at none of them."""
    with session(here) as db:
        postings = [_posting(number) for number in (1, 2, 3)]
        db.add_all(postings)
        db.flush()
        anna.slots |= {"subject": "job", "shown": [one.id for one in postings]}
    return anna


def test_all_that_are_shown_answer_and_a_number_tells_one(looking: Dialogue) -> None:
    listed = looking.say("几点上班", "policy")
    assert listed.status == "answered"
    assert listed.text.count("一天八小时") == 3
    told = looking.say("3", "inform")
    assert "一天八小时" in told.text
    assert "保洁员3" in told.text
    assert "地方：沈阳市铁西区" in looking.say("在哪", "policy").text


def test_what_was_asked_is_kept_with_what_it_names(looking: Dialogue) -> None:
    assert looking.say("我57了要吗", "nlu_fallback").text.startswith("这几个：年龄多大没写")
    assert looking.say("1", "inform").text.startswith("年龄多大没写")


def test_the_number_may_stand_in_the_question(looking: Dialogue) -> None:
    assert "保洁员2" in looking.say("第二个在哪", "refine_job").text
    assert "没有第9个" in looking.say("第九个在哪", "refine_job").text


def test_what_can_be_wished_for_is_no_question_of_a_list(looking: Dialogue) -> None:
    assert "第几个" not in looking.say("管住不", "refine_job").text


def test_what_is_told_beside_is_kept_but_not_the_place_it_is_far_from(looking: Dialogue) -> None:
    looking.say("第一个离大东远不", "refine_job")
    assert looking.slots.get("region_code") is None
    looking.say("第一个我57了要吗", "refine_job")
    assert looking.slots["age"] == 57


def test_other_things_may_stand_beside_where_nothing_else_was_understood(looking: Dialogue) -> None:
    looking.say("第一个在哪", "refine_job")
    assert "一天八小时" in looking.say("几点下班 能接孩子不", "out_of_scope").text


def test_an_answer_about_himself_is_no_question_of_a_posting(looking: Dialogue) -> None:
    looking.say("第一个在哪", "refine_job")
    looking.slots["eligibility"] = Interview(open_question="employment", begun=True).to_slot()
    assert "保洁员1" not in looking.say("还要人不", "inform").text
    assert "保洁员1" in looking.say("这家还要人不", "inform").text


def test_where_no_job_is_spoken_of_only_a_named_posting_is_asked_about(looking: Dialogue) -> None:
    looking.say("第一个在哪", "refine_job")
    looking.slots["subject"] = "policy"
    assert "保洁员1" not in looking.say("电话多少", "policy").text
    assert "保洁员1" in looking.say("那个活电话多少", "policy").text


def test_a_posting_that_is_gone_is_said_to_be(here: str, looking: Dialogue) -> None:
    with session(here) as db:
        db.query(Posting).update({"status": "expired"})
    assert "下架" in looking.say("第一个在哪", "refine_job").text


@pytest.mark.parametrize(
    "act", ["refine_job", "policy", "find_job", "out_of_scope", "nlu_fallback", "inform"]
)
@pytest.mark.parametrize(
    ("question", "says"),
    [("电话多少", "没写联系电话"), ("咋报名", "怎么报名没写"), ("找谁", "没写联系电话"), ("网址", "网址没写"),
     ("在哪条街", "沈阳市铁西区、具体地址没写"), ("招几个人", "招几个人没写"), ("要多大岁数的", "年龄多大没写"),
     ("啥学历", "学历没写"), ("啥时候发的", "什么时候发布的没写"), ("还招不", "日期都没写"),
     ("截止到哪天", "招到哪天没写")],
)  # fmt: skip
def test_contact_and_days_are_asked_whatever_the_model_takes_it_for(
    looking: Dialogue, act: str, question: str, says: str
) -> None:
    looking.say("第一个在哪", "refine_job")
    assert says in looking.say(question, act).text


@pytest.mark.parametrize(
    ("text", "before", "of_list"),
    [
        ("没文化能去不", 1, True),
        ("没学历他们要吗", 1, True),
        # the list is long past
        ("没文化能去不", 2, False),
        ("他们管住吗", 2, False),
        # of the law, or of one's own employer
        ("十一加班吗", 1, False),
        ("有没有培训", 1, False),
        ("他们不给交保险吗", 1, False),
        ("他们加班吗", 1, False),
        ("他们不签合同吗", 1, False),
        ("人家拖欠工资不", 1, False),
    ],
)
def test_a_question_is_of_the_list_while_it_is_recent_and_no_rule_is_meant(
    looking: Dialogue, text: str, before: int, of_list: bool
) -> None:
    state = DialogueState(field="knowledge", before=("jobs",), messages=("问",) * before)
    looking.slots |= {"subject": "policy", "dialogue": state.to_slot()}
    assert (_answered(looking, text) is not None) is of_list
    looking.slots["subject"] = "job"
    assert _answered(looking, text) is not None


def _answered(looking: Dialogue, text: str) -> Message | None:
    entities = [dict(entity) for entity in message_reader().read(text)]
    return answer_posting_question(Turn(text, "policy", 0.9, [], entities, dict(looking.slots)))
