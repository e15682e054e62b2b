"""What push says to people: the wording of consent, what is subscribed, what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.jobs.compose import describe_preference
from bot.jobs.preference import JobPreference
from bot.messages import Form, Message
from bot.privacy.records import Group
from bot.push.frequency import SAID, Frequency
from bot.replies import reply
from bot.seekers.my_data import PersonalData
from bot.settings import settings
from bot.text import education
from bot.text.vocabulary import vocabulary

_CHANNEL = {"web": "网页", "rest": "网页", "wechat": "微信", "sms": "短信"}


#: Tables of which more is said than how many rows there are.
_TOLD = frozenset(("job_preferences", "subscriptions", "subscription_occupations", "consents"))
#: Tables of which it is said how many, also of a single row.
_COUNTED = frozenset(("deliveries", "events", "web_messages", "seeker_states", "ticket_messages"))


def said(wish: JobPreference) -> str:
    """Say all of a wish that is kept, nothing left out: 大连市 · 会计 · 白班 · 不要销售员."""
    parts = [describe_preference(wish, complete=True)]
    if wish.education:
        parts.append(f"学历{education.NAMES.get(wish.education, wish.education)}")
    return " · ".join(parts)


def consent(wish: JobPreference, frequency: Frequency, monthly: bool, before: str | None) -> Form:
    """Return the question whose words are kept with the yes.

    `monthly`: the monthly contact of registered unemployed persons is part of it; `before` is
    what the person is subscribed to now.
    """
    asked = reply("push_consent", "subscribe")
    text = asked.text.format(
        wish=said(wish), frequency=_how_often(frequency),
        monthly="每月问你一次近况，" if monthly else "",
    )  # fmt: skip
    if before:
        text = f"你现在订的是：{before}。要改成下面这样吗？\n{text}"
    return Form(act="subscribe", asks="push_consent", text=text, buttons=asked.buttons)


def subscribed(wish: JobPreference, frequency: Frequency, already: bool) -> Message:
    """Confirm a subscription, or say that it is there already."""
    told = reply("push_already" if already else "push_confirmed", "subscribe")
    text = told.text.format(wish=said(wish), frequency=_how_often(frequency))
    return replace(told, text=text)


def kept(data: PersonalData) -> Message:
    """Say what is kept of a person."""
    lines = []
    if data.preference:
        wanted = data.preference
        wish = JobPreference(
            occupations=tuple(wanted.occupations), region_code=wanted.region_code,
            salary_min=wanted.salary_min, salary_max=wanted.salary_max, work_time=wanted.work_time,
            also_regions=wanted.also_regions, welfare=wanted.welfare,
        )  # fmt: skip
        lines.append(f"求职意向：{said(wish)}（保留到{wanted.expires_on}）")
    for one in data.subscriptions:
        how = SAID.get(one.frequency, one.frequency)  # type: ignore[call-overload]
        ended = f"，{_day(one.ended_at)}已停" if one.ended_at else ""
        lines.append(f"订阅：{_channel(one.channel)}，{how}{ended}")
    for given in data.consents:
        back = f"，{_day(given.withdrawn_at)}收回" if given.withdrawn_at else ""
        lines.append(f"同意记录：{_day(given.given_at)}，{_channel(given.channel)}{back}")
    lines += [_counted(one) for one in data.groups if not _TOLD.issuperset(one.tables)]
    told = reply("my_data_kept" if data.is_registered else "my_data_talk", "my_data")
    return replace(told, text=told.text.format(lines="\n".join(f"· {line}" for line in lines)))


def _counted(group: Group) -> str:
    """Say how much there is of one kind and when it goes; of what there is one of, not how much."""
    many = f"：{group.rows}条" if _COUNTED.intersection(group.tables) or group.rows > 1 else ""
    return f"{group.says}{many}（{group.until}）"


def _how_often(frequency: Frequency) -> str:
    """Say how often at most; what comes once a week needs no further limit."""
    limit = "" if frequency == "weekly" else f"，一周最多{settings().push_weekly}次"
    return SAID[frequency] + limit


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def _channel(channel: str) -> str:
    return _CHANNEL.get(channel, channel)


def region_name(code: str | None) -> str | None:
    """Return the name of a region as slots keep it."""
    return vocabulary().name(code) if code else None
