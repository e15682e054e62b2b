"""What is answered when a person speaks of postings that he was shown or that he saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from bot.jobs.compose import described, numbered
from bot.jobs.mask import masked
from bot.jobs.preference import JobPreference
from bot.messages import Button, Form, Message, PostingItem, Postings
from bot.replies import reply
from bot.text.feedback import FeedbackKind

_NOTED: dict[FeedbackKind, str] = {
    "save": "noted_save", "applied": "noted_applied", "dull": "noted_dull",
}  # fmt: skip


def said(name: str, act: str) -> Message:
    """Return a fixed reply."""
    return reply(name, act)


def noted(kind: FeedbackKind, posting: PostingItem) -> Message:
    """Confirm what was said of a posting, naming it."""
    told = reply(_NOTED[kind], "refine_job")
    return replace(told, text=told.text.format(posting=_named(posting)))


def filled(gone: PostingItem | None, number: int, after: PostingItem | None) -> Message:
    """Say sorry for a posting that was filled, to ring before going, and show the next one.

    `gone` is None where which one was filled is not known; `after` where no other is left.
    """
    said = reply("noted_full" if gone else "filled_unknown", "refine_job")
    text = said.text.format(posting=_named(gone)) if gone else said.text
    if after is None:
        return replace(said, text=f"{text}\n{reply('filled_last', None).text}")
    following = reply("filled_next", None).text.format(number=number)
    return Postings(
        act="refine_job",
        text=f"{text}\n{following}",
        items=[replace(after, description="", stated=[])],
        total=1,
        buttons=[Button("电话多少", "电话多少"), Button("再来几个", "再来几个")],
    )


def which(kind: FeedbackKind | Literal["asked"], shown: int) -> Form:
    """Ask which of the postings shown is meant by what is said, or asked, of one."""
    asked = reply("which_posting", "report_posting" if kind == "report" else "refine_job")
    buttons = [Button(f"第{n}个", f"第{n}个") for n in range(1, shown + 1)]
    asks = "asked_posting" if kind == "asked" else "which_posting"
    return Form(act=asked.act, asks=asks, text=asked.text, buttons=buttons)


def confirm_report(posting: PostingItem) -> Form:
    """Ask for the yes before a posting is held because of a report."""
    asked = reply("report_confirm", "report_posting")
    text = asked.text.format(posting=_named(posting))
    return Form(act="report_posting", asks="report_posting", text=text, buttons=asked.buttons)


def nothing_new(newest: date | None) -> Message:
    """Say of which day the newest posting shown is."""
    told = reply("list_nothing_new" if newest else "list_undated", "refine_job")
    return replace(told, text=told.text.format(newest=newest))


def gone() -> Message:
    """Say that the posting is no longer there."""
    return reply("posting_gone", "refine_job")


def wish(preference: JobPreference) -> Message:
    """Show the job preference of the conversation back."""
    if preference.missing() == "occupation" and not preference.region_code:
        return reply("wish_none", "refine_job")
    told = reply("wish_said", "refine_job")
    return replace(told, text=told.text.format(wish=described(preference)))


def saved(postings: Sequence[PostingItem]) -> Message:
    """Return the saved postings as a list, without their descriptions."""
    if not postings:
        return reply("saved_none", "refine_job")
    items = [
        replace(one, description="", contact=masked(one.contact), stated=[]) for one in postings
    ]
    return Postings(
        act="refine_job",
        text=f"你存了{len(items)}个，还在招的都在这儿：",
        items=items,
        total=len(items),
        buttons=numbered(len(items)),
    )


def _named(posting: PostingItem) -> str:
    return f"{posting.employer}的“{posting.title}”"
