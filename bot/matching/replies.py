"""Matches and questions about a job preference as structured messages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.matching import Matches, list_notes
from bot.matching.card_lines import FILE_ENDING
from bot.matching.explain import item
from bot.matching.job_preference import JobPreference, PreferenceSlot
from bot.matching.join_names import join_names
from bot.messages import Button, Clarify, Form, Message, PostingItem, Postings
from bot.settings import settings
from bot.understanding.extractors import conditions, salary, work_time
from bot.understanding.extractors.persons import PERSON_LABELS
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording

_SAY = wording("job_list")

_CHOICES: dict[PreferenceSlot, tuple[str, ...]] = {
    "occupation": ("保洁", "保安", "普工", "随便"),
    "region": ("沈阳", "大连", "鞍山", "锦州"),
    "salary": ("三千以上", "四千以上", "五千以上", "都行"),
}
#: The same question after an answer that was not understood: the second time and the third.
_REPEATED_QUESTIONS: dict[PreferenceSlot, tuple[str, ...]] = {
    "occupation": ("second_occupation", "third_occupation"),
    "region": ("second_region", "third_region"),
}
#: The button that subscribes to new postings.
_SUBSCRIBE_LABEL = "有新的告诉我"
#: One question is asked so many times at most.
MAX_TIMES_ASKED = 3


def question(
    missing: PreferenceSlot,
    act: str,
    facts: Sequence[str] = (),
    past_trades: Sequence[str] = (),
    times_asked: int = 0,
    confirm_single: bool = False,
) -> Form:
    """Ask for one missing part of a job preference.

    `facts` that the seeker stated are confirmed, a single one only with `confirm_single`. The
    search can continue with an earlier trade (`past_trades`). `times_asked` counts the earlier
    times: the wording changes with each.
    """
    name = f"ask_{missing}"
    if times_asked:
        repeated = _REPEATED_QUESTIONS.get(missing, (name,))
        name = repeated[min(times_asked, len(repeated)) - 1]
    text = _SAY(name)
    buttons = [Button(choice, choice) for choice in _CHOICES[missing]]
    if past_trades and missing == "occupation":
        if not times_asked:
            text = _SAY("ask_earlier_trade", trade=past_trades[0])
        buttons = [
            Button(f"找{past_trades[0]}的活", f"找{past_trades[0]}的活"),
            *buttons[:2],
            buttons[-1],
        ]
    confirmed = len(facts) > (0 if confirm_single else 1)
    confirmation = _SAY("facts_noted", facts="、".join(facts)) if confirmed else ""
    return Form(act=act, asks=missing, text=confirmation + text, buttons=buttons)


def ask_region(place_name: str, codes: tuple[str, ...], act: str) -> Clarify:
    """Ask which of several places of one name is meant."""
    names = [vocabulary().full_name(code) for code in codes[:6]]
    return Clarify(
        act=act,
        asks="region",
        text=_SAY("ambiguous_place", place=place_name, names="、".join(names)),
        buttons=[Button(name, name) for name in names],
    )


def describe_preference(preference: JobPreference, complete: bool = False) -> str:
    """Describe a job preference in a few words: 大连市、沈阳市 · 会计 · 5000元以上 · 双休.

    `complete`: name every place and occupation.
    """
    names = [vocabulary().full_name(code) for code in preference.places]
    parts = ["、".join(names) if complete else join_names(names)] if names else []
    trades = preference.occupations if complete else preference.occupations[:3]
    parts.append("、".join(trades) or _SAY("any_trade"))
    if preference.salary_min and preference.salary_max:
        # 四千左右 is stored as a span of a tenth around it, which the seeker did not state.
        middle = salary.middle_of(preference.salary_min, preference.salary_max)
        parts.append(
            _SAY("pay_about", pay=middle)
            if middle
            else _SAY("pay_between", low=preference.salary_min, high=preference.salary_max)
        )
    elif preference.salary_min:
        parts.append(_SAY("pay_from", pay=preference.salary_min))
    if preference.welfare:
        offer_names = conditions.labels()
        parts.append(
            "、".join(
                offer_names[offer_id] for offer_id in preference.welfare if offer_id in offer_names
            )
        )
    if preference.work_time and not (
        preference.work_time == "shift_day" and "no_nights" in preference.welfare
    ):
        parts.append(work_time.NAMES.get(preference.work_time, preference.work_time))
    ruled_out = _ruled_out(preference)
    if ruled_out:
        parts.append(_SAY("excluded", names="、".join(ruled_out)))
    return " · ".join(parts)


def _ruled_out(preference: JobPreference) -> list[str]:
    """Name what is ruled out, each in its plainest word: 司机, not also 开车 and 货车司机."""
    words, excluded = vocabulary(), preference.excluded
    named_words = [
        word for word in excluded if word in words.occupations or word in work_time.NAMES
    ]
    specific_excluded = [
        word
        for word in named_words
        if not any(general in excluded for general in words.general(word))
    ]
    plain = [work_time.NAMES.get(word, word) for word in specific_excluded or excluded]
    return [
        word
        for word in dict.fromkeys(plain)
        if word != "夜班" or "no_nights" not in preference.welfare
    ]


def postings(
    matches: Matches,
    preference: JobPreference,
    act: str,
    later: bool,
    person: str | None = None,
    *,
    facts: Collection[str] = (),
    offer_lines: Sequence[str] = (),
) -> Message:
    """Return matches as a message.

    `later` is true for the second page and on; `person` is the relative that the search is for.
    `facts` are the slots that this message filled; `offer_lines` are added below the list.
    """
    if not matches.items:
        return _no_postings(matches, preference, act, later, offer_lines)
    unknown_ids = list_notes.unstated_by_all(matches.items, preference)
    items = [
        item(match, preference, loosened=False, unknown_ids=unknown_ids) for match in matches.items
    ]
    lines = [
        _head(matches, preference, later, person),
        *list_notes.broken_conditions_note(matches.items, preference),
        *list_notes.refused_note(matches, preference),
        *list_notes.unknown_note(unknown_ids, len(items)),
        *list_notes.near_home_note(preference),
        *list_notes.age_note(matches.items, preference, facts),
        *list_notes.schooling_note(preference, facts),
        *list_notes.group_note(preference, facts),
        *offer_lines,
    ]
    buttons = number_buttons(len(items))
    if matches.has_more:
        buttons.append(Button("再来几个", "再来几个"))
    return Postings(
        act=act,
        text="\n".join(lines),
        items=items,
        total=matches.total,
        more=matches.has_more,
        loosened=matches.loosened,
        buttons=buttons,
    )


def _head(matches: Matches, preference: JobPreference, later: bool, person: str | None) -> str:
    """Return the first line of a list: the preference and the number of matches."""
    for_person = _SAY("for_person", person=PERSON_LABELS[person]) if person in PERSON_LABELS else ""
    home = "" if preference.places else f"{vocabulary().name(settings().home_region)} · "
    head, count = f"{for_person}{home}{describe_preference(preference)}", len(matches.items)
    if matches.total == 0:
        return _SAY("head_loosened", head=head, count=count)
    if later:
        return _SAY("head_next", head=head, count=count)
    return _SAY("head_first", head=head, total=_total_text(matches), count=count)


def same_list(act: str, count: int, question: bool) -> Message:
    """Say that the list stays the same, as the message added nothing to the preference.

    `question`: something was asked that none of them answers.
    """
    text = list_notes.wording()["same_asked" if question else "same"]
    return Message(
        act=act, text=text, buttons=[*number_buttons(count), Button("再来几个", "再来几个")]
    )


def number_buttons(count: int) -> list[Button]:
    """Return a button for each posting of a list, by its number."""
    return [Button(f"第{n}个", f"第{n}个详细说说") for n in range(1, count + 1)]


def not_understood(message: Message, pay: str) -> Message:
    """Return an answer that says first which words for a pay were not understood."""
    notice = _SAY("pay_not_understood", pay=pay)
    return replace(message, text=f"{notice}\n{message.text}")


def _total_text(matches: Matches) -> str:
    name = "total_at_least" if matches.at_least else "total"
    total = _SAY(name, count=matches.total)
    widened = sum(match.loosened is not None for match in matches.items)
    suitable = len(matches.items) - widened
    if not (widened and suitable):
        return total
    return _SAY("total_with_loosened", total=total, count=widened)


def _no_postings(
    matches: Matches, preference: JobPreference, act: str, later: bool, offer_lines: Sequence[str]
) -> Postings:
    """Say that there is nothing, and which other trades are open."""
    if preference.stays == "always" and not later:
        text = list_notes.wording()["only_there"].format(wish=describe_preference(preference))
        others = [Button("周边也行", "周边也行"), Button(_SUBSCRIBE_LABEL, _SUBSCRIBE_LABEL)]
        return Postings(act=act, text=text, buttons=others)
    trade_lines = list_notes.other_trades_note(matches.others, preference)
    if trade_lines:
        lines = [list_notes.wording()["none"].format(wish=describe_preference(preference))]
        buttons = [*_search_buttons(matches.others.names), Button("换个地方", "换个地方")]
    else:
        name = "no_more" if later else "nothing"
        lines = [list_notes.wording()[name].format(wish=describe_preference(preference))]
        buttons = [Button("啥活都行", "啥活都行"), Button("换个地方", "换个地方")]
    lines += [
        *list_notes.refused_note(matches, preference),
        *trade_lines,
        *(() if later else offer_lines),
    ]
    return Postings(act=act, text="\n".join(lines), buttons=buttons)


def still_none(act: str, trades: Sequence[str]) -> Message:
    """Say that there is still none, where the same other trades were just named."""
    text = list_notes.wording()["still_none"].format(trades="、".join(trades))
    return Message(
        act=act,
        text=text,
        buttons=[*_search_buttons(trades), Button(_SUBSCRIBE_LABEL, _SUBSCRIBE_LABEL)],
    )


def _search_buttons(trades: Sequence[str]) -> list[Button]:
    return [Button(f"找{trade}的活", f"找{trade}的活") for trade in trades]


def no_such_number(number: int, count: int) -> Message:
    """Say that a list had no posting of that number."""
    text = _SAY("no_such_number", count=count, number=number)
    return Message(act="refine_job", text=text, buttons=[Button("再来几个", "再来几个")])


def posting_details(posting: PostingItem | None, act: str) -> Message:
    """Return one posting with all its details."""
    if posting is None:
        return Message(
            act=act,
            text=_SAY("posting_closed"),
            buttons=[Button("再来几个", "再来几个")],
        )
    lines = [
        _SAY("posting_head", title=posting.title, employer=posting.employer),
        _SAY("posting_place_and_pay", place=posting.region, pay=posting.salary_text),
    ]
    if posting.description:
        lines.append(posting.description[:600] + ("……" if len(posting.description) > 600 else ""))
    lines += [*posting.stated, posting.origin]
    contact_line = _contact(posting) + _SAY("no_payment_first")
    return Postings(
        act=act,
        text="\n".join([*lines, contact_line]),
        beside_cards="\n".join([*posting.stated, contact_line]),
        items=[posting],
        total=1,
        buttons=[Button("再来几个", "再来几个")],
    )


def _contact(posting: PostingItem) -> str:
    """Return the contact of a posting, or its source when it states none."""
    if posting.contact:
        return _SAY("contact", contact=posting.contact)
    # A source that is a file has only its own name; a site or an office is named.
    has_office = posting.source and not FILE_ENDING.search(posting.source)
    place = posting.source if has_office else _SAY("original_site")
    return _SAY("contact_unknown", place=place)
