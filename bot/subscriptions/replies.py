"""Wording of push: consent, confirmations, the data that is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.fixed_replies import reply
from bot.matching import replies
from bot.matching.job_preference import JobPreference
from bot.matching.stored_preference import from_values
from bot.messages import Form, Message
from bot.privacy.records import Group
from bot.seekers.my_data import PersonalData
from bot.settings import settings
from bot.subscriptions.frequency import FREQUENCY_TEXTS, Frequency
from bot.understanding.extractors import education
from bot.wording import wording

_SAY = wording("push")
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
    parts = [replies.describe_preference(preference, complete=True)]
    if preference.education:
        name = education.NAMES.get(preference.education, preference.education)
        parts.append(_SAY("education", name=name))
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
        monthly=_SAY("monthly_contact") if monthly else "",
    )  # fmt: skip
    if current_subscription:
        text = _SAY("change_subscription", current=current_subscription, question=text)
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
        described_preference = describe_preference(from_values(data.preference))
        until = data.preference["expires_on"]
        lines.append(_SAY("kept_preference", preference=described_preference, until=until))
    for subscription in data.subscriptions:
        frequency = FREQUENCY_TEXTS.get(subscription.frequency, subscription.frequency)  # type: ignore[call-overload]
        ended_on = _day(subscription.ended_at)
        ended = _SAY("subscription_ended", day=ended_on) if ended_on else ""
        channel = _channel(subscription.channel)
        lines.append(_SAY("kept_subscription", channel=channel, frequency=frequency, ended=ended))
    for consent_record in data.consents:
        withdrawn_on = _day(consent_record.withdrawn_at)
        withdrawn = _SAY("consent_withdrawn", day=withdrawn_on) if withdrawn_on else ""
        day, channel = _day(consent_record.given_at), _channel(consent_record.channel)
        lines.append(_SAY("kept_consent", day=day, channel=channel, withdrawn=withdrawn))
    lines += [
        _group_line(group) for group in data.groups if not _DETAILED_TABLES.issuperset(group.tables)
    ]
    template = reply("my_data_kept" if data.is_registered else "my_data_talk", "my_data")
    return replace(
        template, text=template.text.format(lines="\n".join(f"· {line}" for line in lines))
    )


def _group_line(group: Group) -> str:
    """Say how much there is of one kind and when it goes; of what there is one of, not how much."""
    is_counted = bool(_COUNTED_TABLES.intersection(group.tables)) or group.rows > 1
    count = _SAY("group_count", rows=group.rows) if is_counted else ""
    return _SAY("group", name=group.description, count=count, until=group.until)


def _how_often(frequency: Frequency) -> str:
    """Say how often at most; what comes once a week needs no further limit."""
    limit = "" if frequency == "weekly" else _SAY("weekly_limit", count=settings().push_weekly)
    return FREQUENCY_TEXTS[frequency] + limit


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def _channel(channel: str) -> str:
    return _CHANNEL.get(channel, channel)
