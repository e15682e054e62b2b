from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import (
    Button,
    Citation,
    Clarify,
    Eligibility,
    EligibilityItem,
    Form,
    PolicyAnswer,
    PostingItem,
    Postings,
)
from bot.rendering.plain import (
    SMS_PART,
    SMS_PARTS,
    WECHAT_BYTES,
    WECHAT_SENDS,
    choices,
    render,
    sms_said,
)

LOAN = PolicyAnswer(
    act="policy",
    topics=["startup-loan"],
    title="创业担保贷款",
    text="个人最高能贷30万元。",
    next_step="先到当地人社部门问资格。",
    citations=[
        Citation("某答复", "辽人社建〔2025〕21号", "一(六)", "省人社厅", "2025-05-16"),
        Citation("整理资料", second_hand=True),
    ],
).to_dict()


def _postings(count: int) -> dict[str, Any]:
    items = [
        PostingItem(
            id=n, title=f"保安员{n}", employer="某物业", region="沈阳市铁西区", salary_text="3千-4千",
            salary_min=3000, salary_max=4000, reasons=["做保安员，对口"], warnings=["别交押金"],
        )
        for n in range(count)
    ]  # fmt: skip
    return Postings(act="find_job", text="合适的有5个。", items=items, total=count).to_dict()


def test_a_policy_answer_ends_with_its_source_and_since_when() -> None:
    (said,) = render("web", LOAN)
    assert "接下来：先到当地人社部门问资格。" in said
    assert "依据：《某答复》（辽人社建〔2025〕21号）一(六)，自2025-05-16起" in said
    assert "《整理资料》（据整理资料，以经办机构为准）" in said


def test_what_to_do_next_is_not_said_twice() -> None:
    (said,) = render("web", {**LOAN, "text": "30万元。先到当地人社部门问资格。"})
    assert said.count("先到当地人社部门问资格。") == 1
    assert "接下来" not in said


def test_postings_say_why_and_warn() -> None:
    (said,) = render("web", _postings(2))
    assert "1. 保安员0 · 某物业 · 沈阳市铁西区 · 3千-4千" in said
    assert "为什么：做保安员，对口" in said
    assert "⚠ 别交押金" in said


def test_a_question_numbers_its_choices_on_every_medium() -> None:
    asked = Clarify(
        text="哪个铁西？", buttons=[Button("沈阳的", "沈阳"), Button("鞍山的", "鞍山")]
    ).to_dict()
    assert "1. 沈阳的　2. 鞍山的" in render("web", asked)[0]
    assert render("sms", asked) == ["哪个铁西？ 1沈阳的 2鞍山的"]


def test_sms_of_a_policy_answer_keeps_the_document_number() -> None:
    long = {**LOAN, "text": "很长的说明。" * 60}
    parts = render("sms", long)
    assert "".join(parts).endswith("…（辽人社建〔2025〕21号） 回复0看下文")


def test_sms_of_a_policy_answer_says_what_a_number_brings() -> None:
    answer = {**LOAN, "buttons": [{"title": "要什么材料", "says": "创业担保贷款要什么材料"}]}
    assert (
        "".join(render("sms", answer)) == "个人最高能贷30万元。（辽人社建〔2025〕21号） 回复1看材料"
    )
    said = sms_said({**answer, "text": "说明。" * 60})
    assert said.text.endswith("（辽人社建〔2025〕21号） 回复1看材料，回复0看下文")
    assert said.remainder.startswith("说明。") or said.remainder.startswith(("明。", "。"))
    assert said.remainder.endswith("以经办机构为准）")


@given(st.text(min_size=1, max_size=400).filter(lambda t: "\n" not in t and "…" not in t))
def test_what_an_sms_leaves_out_is_in_the_rest(text: str) -> None:
    said = sms_said({"type": "text", "text": text})
    if not said.remainder:
        assert said.text == text
    else:
        kept = said.text[: said.text.index("…")]
        assert text.startswith(kept)
        assert said.remainder == text[len(kept) :].strip()


def test_a_list_by_sms_numbers_what_it_shows_and_wechat_says_what_numbers_do() -> None:
    assert render("sms", _postings(2)) == [
        "1保安员0 铁西区某物业 3千-4千 2保安员1 铁西区某物业 3千-4千。回复数字看详情"
    ]
    (said,) = render("wechat", {**_postings(2), "buttons": [
        {"title": "第1个", "says": "第1个详细说说"}, {"title": "再来几个", "says": "再来几个"}]})  # fmt: skip
    assert said.endswith("回复数字看详情，3 再来几个")
    assert [c.utterance for c in choices(_postings(2))] == ["第1个详细说说", "第2个详细说说"]


@given(st.text(max_size=4000), st.integers(0, 30))
def test_the_limits_of_each_medium_always_hold(text: str, postings: int) -> None:
    for message in ({**LOAN, "text": text}, {**_postings(postings), "text": text}):
        parts = render("sms", message)
        assert len(parts) <= SMS_PARTS
        assert all(
            len(part.encode("utf-16-be", "surrogatepass")) // 2 <= SMS_PART for part in parts
        )
    message = {**_postings(postings), "text": text.encode("utf-8", "ignore").decode()}
    sends = render("wechat", message)
    assert len(sends) <= WECHAT_SENDS
    assert all(len(send.encode()) <= WECHAT_BYTES for send in sends)


def test_wechat_marks_what_was_cut() -> None:
    sends = render("wechat", {**LOAN, "text": "字" * 6000})
    assert len(sends) == WECHAT_SENDS
    assert sends[-1].endswith("…")


def _eligibility(count: int, reason: str = "由当地定") -> dict[str, Any]:
    cited = [Citation("某法", article="第一条")]
    items = [
        EligibilityItem(
            topic="x", title=f"某补贴{n}", reasons=[reason], next_step="去问。", citations=cited
        )
        for n in range(count)
    ]
    return Eligibility(text="对下来。", fits=items, may_fit=items, does_not=items).to_dict()


def test_what_fits_says_what_next_and_what_does_not_says_by_which_rule() -> None:
    (said,) = render("web", _eligibility(1))
    assert "【对得上】\n· 某补贴0：由当地定。接下来：去问。" in said
    assert "【对不上】\n· 某补贴0：由当地定（某法第一条）" in said


def test_of_many_policies_the_later_ones_are_only_named() -> None:
    (said,) = render("web", _eligibility(8))
    assert "还有：某补贴5、某补贴6、某补贴7" in said


@given(st.text(max_size=300), st.integers(0, 30))
def test_a_result_keeps_the_limits_of_sms_and_wechat(text: str, count: int) -> None:
    message = _eligibility(count, text)
    assert len(render("sms", message)) <= SMS_PARTS
    assert all(len(part.encode("utf-16-be")) // 2 <= SMS_PART for part in render("sms", message))
    pieces = render("wechat", message)
    assert len(pieces) <= WECHAT_SENDS
    assert all(len(piece.encode()) <= WECHAT_BYTES for piece in pieces)


def test_a_question_by_sms_is_whole_and_its_lead_is_cut() -> None:
    asked = Form(
        text="很长的话。" * 40 + "\n领养老金了吗？", buttons=[Button("没领", "没领")]
    ).to_dict()
    assert "".join(render("sms", asked)).endswith("… 领养老金了吗？ 1没领")


def test_a_choice_does_not_run_into_the_number_that_its_title_begins_with() -> None:
    buttons = [{"title": t, "says": t} for t in ("没领", "12333 咨询热线", "4050补贴")]
    asked = {"type": "clarify", "text": "你问的是哪个？", "buttons": buttons}
    assert "".join(render("sms", asked)) == "你问的是哪个？ 1没领 2 12333 咨询热线 3 4050补贴"
