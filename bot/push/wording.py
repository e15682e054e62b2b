"""Wording of push: consent, confirmations, the data that is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.jobs.compose import describe_preference
from bot.jobs.preference import JobPreference
from bot.messages import Form, Message
from bot.privacy.records import Group
from bot.push.frequency import FREQUENCY_TEXTS, Frequency
from bot.replies import reply
from bot.seekers.my_data import PersonalData
from bot.settings import settings
from bot.text import education
from bot.text.vocabulary import vocabulary

_CHANNEL = {"web": "网页", "rest": "网页", "wechat": "微信", "sms": "短信"}


#: Tables with more detail than their number of rows.
_DETAILED_TABLES = frozenset(
    ("job_preferences", "subscriptions", "subscription_occupations", "consents")
)
#: Tables with their number of rows, also for a single row.
_COUNTED_TABLES = frozenset(
    ("deliveries", "events", "web_messages", "seeker_states", "ticket_messages")
)


def describe_preference(preference: JobPreference) -> str:
    """Describe a whole preference: 大连市 · 会计 · 白班 · 不要销售员."""
    parts = [describe_preference(preference, complete=True)]
    if preference.education:
        parts.append(f"学历{education.NAMES.get(preference.education, preference.education)}")
    return " · ".join(parts)


def consent_question(
    preference: JobPreference, frequency: Frequency, monthly: bool, current_subscription: str | None
) -> Form:
    """Return the question of consent; its words are kept with the yes.

    `monthly`: the monthly contact of registered unemployed persons is part of it;
    `current_subscription` describes the present one.
    """
    template = reply("push_consent", "subscribe")
    text = template.text.format(
        wish=describe_preference(preference), frequency=_how_often(frequency),
        monthly="每月问你一次近况，" if monthly else "",
    )  # fmt: skip
    if current_subscription:
        text = f"你现在订的是：{current_subscription}。要改成下面这样吗？\n{text}"
    return Form(act="subscribe", asks="push_consent", text=text, buttons=template.buttons)


def subscription_confirmation(
    preference: JobPreference, frequency: Frequency, already: bool
) -> Message:
    """Confirm a subscription, or say that it is there already."""
    template = reply("push_already" if already else "push_confirmed", "subscribe")
    text = template.text.format(
        wish=describe_preference(preference), frequency=_how_often(frequency)
    )
    return replace(template, text=text)


def kept_data(data: PersonalData) -> Message:
    """List the data that is kept of a person."""
    lines = []
    if data.preference:
        stored = data.preference
        preference = JobPreference(
            occupations=tuple(stored.occupations), region_code=stored.region_code,
            salary_min=stored.salary_min, salary_max=stored.salary_max, work_time=stored.work_time,
            also_regions=stored.also_regions, welfare=stored.welfare,
        )  # fmt: skip
        lines.append(f"求职意向：{describe_preference(preference)}（保留到{stored.expires_on}）")
    for subscription in data.subscriptions:
        frequency = FREQUENCY_TEXTS.get(subscription.frequency, subscription.frequency)  # type: ignore[call-overload]
        ended = f"，{_day(subscription.ended_at)}已停" if subscription.ended_at else ""
        lines.append(f"订阅：{_channel(subscription.channel)}，{frequency}{ended}")
    for consent_record in data.consents:
        withdrawal = (
            f"，{_day(consent_record.withdrawn_at)}收回" if consent_record.withdrawn_at else ""
        )
        lines.append(
            f"同意记录：{_day(consent_record.given_at)}，{_channel(consent_record.channel)}{withdrawal}"
        )
    lines += [
        _group_line(subscription)
        for subscription in data.groups
        if not _DETAILED_TABLES.issuperset(subscription.tables)
    ]
    template = reply("my_data_kept" if data.is_registered else "my_data_talk", "my_data")
    return replace(
        template, text=template.text.format(lines="\n".join(f"· {line}" for line in lines))
    )


def _group_line(group: Group) -> str:
    """Say how much there is of one kind and when it goes; of what there is one of, not how much."""
    amount = (
        f"：{group.rows}条" if _COUNTED_TABLES.intersection(group.tables) or group.rows > 1 else ""
    )
    return f"{group.says}{amount}（{group.until}）"


def _how_often(frequency: Frequency) -> str:
    """Say how often at most; what comes once a week needs no further limit."""
    limit = "" if frequency == "weekly" else f"，一周最多{settings().push_weekly}次"
    return FREQUENCY_TEXTS[frequency] + limit


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def _channel(channel: str) -> str:
    return _CHANNEL.get(channel, channel)


def region_name(code: str | None) -> str | None:
    """Return the name of a region as slots keep it."""
    return vocabulary().name(code) if code else None
