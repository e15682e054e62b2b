"""Answers about postings of the last list and about saved postings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from bot.fixed_replies import reply
from bot.matching.job_preference import JobPreference
from bot.matching.replies import describe_preference, number_buttons
from bot.messages import Button, Form, Message, PostingItem, Postings
from bot.postings.mask import masked_contact
from bot.understanding.posting_feedback import FeedbackKind
from bot.wording import wording

_SAY = wording("job_list")

_CONFIRMATIONS: dict[FeedbackKind, str] = {
    "save": "noted_save", "applied": "noted_applied", "dull": "noted_dull",
}  # fmt: skip


def fixed_reply(name: str, act: str) -> Message:
    """Return a fixed reply."""
    return reply(name, act)


def confirm_feedback(kind: FeedbackKind, posting: PostingItem) -> Message:
    """Confirm feedback about a posting, with its name."""
    confirmation = reply(_CONFIRMATIONS[kind], "refine_job")
    return replace(confirmation, text=confirmation.text.format(posting=_posting_name(posting)))


def posting_filled(
    filled_posting: PostingItem | None, number: int, next_posting: PostingItem | None
) -> Message:
    """Apologise for a posting that was filled, and show the next one.

    `filled_posting` is None where it is not known; `next_posting` where the list has no other.
    """
    apology = reply("noted_full" if filled_posting else "filled_unknown", "refine_job")
    text = (
        apology.text.format(posting=_posting_name(filled_posting))
        if filled_posting
        else apology.text
    )
    if next_posting is None:
        return replace(apology, text=f"{text}\n{reply('filled_last', None).text}")
    following = reply("filled_next", None).text.format(number=number)
    return Postings(
        act="refine_job",
        text=f"{text}\n{following}",
        items=[replace(next_posting, description="", stated=[])],
        total=1,
        buttons=[Button("电话多少", "电话多少"), Button("再来几个", "再来几个")],
    )


def ask_which_posting(kind: FeedbackKind | Literal["asked"], count: int) -> Form:
    """Ask which posting of the list is meant."""
    question = reply("which_posting", "report_posting" if kind == "report" else "refine_job")
    buttons = [Button(f"第{n}个", f"第{n}个") for n in range(1, count + 1)]
    slot = "asked_posting" if kind == "asked" else "which_posting"
    return Form(act=question.act, asks=slot, text=question.text, buttons=buttons)


def confirm_report(posting: PostingItem) -> Form:
    """Ask for confirmation before a report holds a posting."""
    question = reply("report_confirm", "report_posting")
    text = question.text.format(posting=_posting_name(posting))
    return Form(act="report_posting", asks="report_posting", text=text, buttons=question.buttons)


def nothing_new(newest: date | None) -> Message:
    """State the publication day of the newest posting in the list."""
    answer = reply("list_nothing_new" if newest else "list_undated", "refine_job")
    return replace(answer, text=answer.text.format(newest=newest))


def posting_gone() -> Message:
    """Say that the posting is no longer there."""
    return reply("posting_gone", "refine_job")


def current_preference(preference: JobPreference) -> Message:
    """Return the job preference of the conversation in words."""
    if preference.missing() == "occupation" and not preference.region_code:
        return reply("wish_none", "refine_job")
    answer = reply("wish_said", "refine_job")
    return replace(answer, text=answer.text.format(wish=describe_preference(preference)))


def saved_postings(postings: Sequence[PostingItem]) -> Message:
    """Return the saved postings as a list, without their descriptions."""
    if not postings:
        return reply("saved_none", "refine_job")
    items = [
        replace(posting, description="", contact=masked_contact(posting.contact), stated=[])
        for posting in postings
    ]
    return Postings(
        act="refine_job",
        text=_SAY("saved_postings", count=len(items)),
        items=items,
        total=len(items),
        buttons=number_buttons(len(items)),
    )


def _posting_name(posting: PostingItem) -> str:
    return _SAY("posting_name", employer=posting.employer, title=posting.title)
