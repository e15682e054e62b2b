"""Matches and questions about a job preference as structured messages."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.jobs import list_notes
from bot.jobs.explain import item
from bot.jobs.few import join_names
from bot.jobs.match import Matches
from bot.jobs.preference import JobPreference, Wish
from bot.messages import Button, Clarify, Form, Message, PostingItem, Postings
from bot.settings import settings
from bot.text import conditions, money, work_time
from bot.text.people import CALLED
from bot.text.vocabulary import vocabulary

#: A source that is a file has only its own name; a site or an office is named.
_FILE_NAME = re.compile(r"\.(?:csv|jsonl?|ods|tsv|xlsx?|xml)$", re.IGNORECASE)
_QUESTIONS: dict[Wish, tuple[str, tuple[str, ...]]] = {
    "occupation": (
        "想干啥样的活？说个工种就行，比如保洁、保安、会计；啥都行就说“随便”。",
        ("保洁", "保安", "普工", "随便"),
    ),
    "region": ("想在哪儿干？说城市或者区县都行。", ("沈阳", "大连", "鞍山", "锦州")),
    "salary": (
        "一个月想要多少钱？说个数就行，比如“四千往上”；不挑就说“都行”。",
        ("三千以上", "四千以上", "五千以上", "都行"),
    ),
}


#: The same question after an answer that was not understood: the second time and the third.
_REPEATED_QUESTIONS: dict[Wish, tuple[str, ...]] = {
    "occupation": (
        "想干啥样的活我还没听明白：换个说法试试，比如焊工、保洁、会计；啥都行就说“随便”。",
        "工种一时说不上来也没事：点下面一个，或者说“随便”，我先把各样的都给你看看。",
    ),
    "region": (
        "在哪儿干我还没听明白：说城市或者区县试试，比如沈阳、瓦房店。",
        "地方我还是没认出来：先点一个离你近的市，回头再改。",
    ),
}
#: The button that subscribes to new postings.
_SUBSCRIBE_LABEL = "有新的告诉我"
#: One question is asked so many times at most.
MAX_TIMES_ASKED = 3


def question(
    missing: Wish,
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
    text, choices = _QUESTIONS[missing]
    if times_asked:
        others = _REPEATED_QUESTIONS.get(missing, (text,))
        text = others[min(times_asked, len(others)) - 1]
    buttons = [Button(c, c) for c in choices]
    if past_trades and missing == "occupation":
        if not times_asked:
            text = f"接着找{past_trades[0]}的活，还是换一样？换的话说个工种；啥都行就说“随便”。"
        buttons = [
            Button(f"找{past_trades[0]}的活", f"找{past_trades[0]}的活"),
            *buttons[:2],
            buttons[-1],
        ]
    confirmation = (
        f"记下了：{'、'.join(facts)}。" if len(facts) > (0 if confirm_single else 1) else ""
    )
    return Form(act=act, asks=missing, text=confirmation + text, buttons=buttons)


def ask_region(place_name: str, codes: tuple[str, ...], act: str) -> Clarify:
    """Ask which of several places of one name is meant."""
    names = [vocabulary().full_name(code) for code in codes[:6]]
    return Clarify(
        act=act,
        asks="region",
        text=f"{place_name}有好几个，你说的是哪个？{'、'.join(names)}",
        buttons=[Button(name, name) for name in names],
    )


def describe_preference(wish: JobPreference, complete: bool = False) -> str:
    """Describe a job preference in a few words: 大连市、沈阳市 · 会计 · 5000元以上 · 双休.

    `complete`: name every place and occupation.
    """
    names = [vocabulary().full_name(code) for code in wish.places]
    parts = ["、".join(names) if complete else join_names(names)] if names else []
    trades = wish.occupations if complete else wish.occupations[:3]
    parts.append("、".join(trades) or "工种不限")
    if wish.salary_min and wish.salary_max:
        # 四千左右 is stored as a span of a tenth around it, which the seeker did not state.
        middle = money.middle_of(wish.salary_min, wish.salary_max)
        parts.append(f"{middle}元左右" if middle else f"{wish.salary_min}–{wish.salary_max}元")
    elif wish.salary_min:
        parts.append(f"{wish.salary_min}元以上")
    if wish.welfare:
        offer_names = conditions.labels()
        parts.append(
            "、".join(offer_names[offer_id] for offer_id in wish.welfare if offer_id in offer_names)
        )
    if wish.work_time and not (wish.work_time == "shift_day" and "no_nights" in wish.welfare):
        parts.append(work_time.NAMES.get(wish.work_time, wish.work_time))
    ruled_out = _ruled_out(wish)
    if ruled_out:
        parts.append(f"不要{'、'.join(ruled_out)}")
    return " · ".join(parts)


def _ruled_out(wish: JobPreference) -> list[str]:
    """Name what is ruled out, each in its plainest word: 司机, not also 开车 and 货车司机."""
    words, excluded = vocabulary(), wish.excluded
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
        word for word in dict.fromkeys(plain) if word != "夜班" or "no_nights" not in wish.welfare
    ]


def postings(
    matches: Matches,
    wish: JobPreference,
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
        return _no_postings(matches, wish, act, later, offer_lines)
    unknown_ids = list_notes.unstated_by_all(matches.items, wish)
    items = [item(match, wish, loosened=False, unknown_ids=unknown_ids) for match in matches.items]
    lines = [
        _head(matches, wish, later, person),
        *list_notes.broken_conditions_note(matches.items, wish),
        *list_notes.refused_note(matches, wish),
        *list_notes.unknown_note(unknown_ids, len(items)),
        *list_notes.near_home_note(wish),
        *list_notes.age_note(matches.items, wish, facts),
        *list_notes.schooling_note(wish, facts),
        *list_notes.group_note(wish, facts),
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


def _head(matches: Matches, wish: JobPreference, later: bool, person: str | None) -> str:
    """Return the first line of a list: the preference and the number of matches."""
    for_person = f"给{CALLED[person]}找，" if person in CALLED else ""
    home = "" if wish.places else f"{vocabulary().name(settings().home_region)} · "
    head, count = f"{for_person}{home}{describe_preference(wish)}", len(matches.items)
    if matches.total == 0:
        return f"{head}：正好合适的现在没有，放宽了一点，给你挑了{count}个。"
    if later:
        return f"{head}：再看这{count}个。"
    return f"{head}：{_total_text(matches)}，先看这{count}个。"


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
    notice = f"“{pay}”这个数我没看懂，先没按它找。写成“5000以上”或“4000到5000”这样就行。"
    return replace(message, text=f"{notice}\n{message.text}")


def _total_text(matches: Matches) -> str:
    suit = f"合适的有{matches.total}个{'以上' if matches.at_least else ''}"
    widened = sum(match.loosened is not None for match in matches.items)
    suitable = len(matches.items) - widened
    return f"{suit}，另外{widened}个放宽了一点" if widened and suitable else suit


def _no_postings(
    matches: Matches, wish: JobPreference, act: str, later: bool, offer_lines: Sequence[str]
) -> Postings:
    """Say that there is nothing, and which other trades are open."""
    if wish.stays == "always" and not later:
        text = list_notes.wording()["only_there"].format(wish=describe_preference(wish))
        others = [Button("周边也行", "周边也行"), Button(_SUBSCRIBE_LABEL, _SUBSCRIBE_LABEL)]
        return Postings(act=act, text=text, buttons=others)
    trade_lines = list_notes.other_trades_note(matches.others, wish)
    if trade_lines:
        lines = [list_notes.wording()["none"].format(wish=describe_preference(wish))]
        buttons = [*_search_buttons(matches.others.names), Button("换个地方", "换个地方")]
    else:
        name = "no_more" if later else "nothing"
        lines = [list_notes.wording()[name].format(wish=describe_preference(wish))]
        buttons = [Button("啥活都行", "啥活都行"), Button("换个地方", "换个地方")]
    lines += [
        *list_notes.refused_note(matches, wish),
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
    text = f"刚才只给你看了{count}个，没有第{number}个。要看哪一个，说第几个就行。"
    return Message(act="refine_job", text=text, buttons=[Button("再来几个", "再来几个")])


def posting_details(posting: PostingItem | None, act: str) -> Message:
    """Return one posting with all its details."""
    if posting is None:
        return Message(
            act=act,
            text="这个岗位已经下架了，看看别的吧。",
            buttons=[Button("再来几个", "再来几个")],
        )
    lines = [f"{posting.title}（{posting.employer}）", f"{posting.region}，{posting.salary_text}"]
    if posting.description:
        lines.append(posting.description[:600] + ("……" if len(posting.description) > 600 else ""))
    lines += [*posting.stated, posting.origin]
    contact_line = f"{_contact(posting)}别先交钱，别押证件。"
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
        return f"联系：{posting.contact}。"
    contact_place = (
        "原招聘网站" if not posting.source or _FILE_NAME.search(posting.source) else posting.source
    )
    return f"来源没有给联系电话，请到{contact_place}或当地就业服务窗口联系。"
