from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Button, Clarify, PolicyAnswer
from bot.rendering.plain import SMS_PART, SMS_PARTS
from bot.rendering.turn import render_sms_turn, render_wechat_turn

ANSWER = PolicyAnswer(text="能贷。", buttons=[Button("要什么材料", "贷款要什么材料")]).to_dict()
OTHER = PolicyAnswer(text="能领。", buttons=[Button("怎么办", "失业金怎么办")]).to_dict()
ASKED = Clarify(text="哪个铁西？", buttons=[Button("沈阳的", "沈阳铁西")]).to_dict()


def test_two_answers_are_one_text_on_wechat_and_only_the_last_numbers_its_choices() -> None:
    said = render_wechat_turn([ANSWER, OTHER])
    assert said.texts == ["能贷。\n\n能领。\n回复数字：1. 怎么办"]
    assert [c.utterance for c in said.choices] == ["失业金怎么办"]


def test_what_a_quota_kept_back_comes_first() -> None:
    assert render_wechat_turn([ASKED], unsent_text="前一条").texts == [
        "前一条\n\n哪个铁西？\n1. 沈阳的"
    ]


def test_six_answers_are_five_texts_at_most() -> None:
    assert len(render_wechat_turn([{"type": "text", "text": "字" * 600}] * 6).texts) <= 5


def test_an_sms_begins_with_its_signature_and_counts_it() -> None:
    (text,) = render_sms_turn([{"type": "text", "text": "字" * 500}], "辽宁就业").texts
    assert text.startswith("【辽宁就业】字")
    assert len(text) == SMS_PART * SMS_PARTS


@given(st.text(alphabet="字🙂", min_size=60, max_size=140))
def test_no_emoji_lies_across_two_parts(text: str) -> None:
    (sent,) = render_sms_turn([{"type": "text", "text": text}]).texts
    units = sent.encode("utf-16-be")
    assert len(units) <= 2 * SMS_PART * SMS_PARTS
    if len(units) > 140 and len(units) < 2 * SMS_PART * SMS_PARTS:
        units[: 2 * SMS_PART].decode("utf-16-be")
        units[2 * SMS_PART :].decode("utf-16-be")
