"""Matches and questions about a job preference as structured messages."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.jobs import list_notes
from bot.jobs.explain import item
from bot.jobs.few import some
from bot.jobs.match import Matches
from bot.jobs.preference import JobPreference, Wish
from bot.messages import Button, Clarify, Form, Message, PostingItem, Postings
from bot.settings import settings
from bot.text import conditions, money, work_time
from bot.text.people import CALLED
from bot.text.vocabulary import vocabulary

#: A source that is a file has only its own name; a site or an office is named.
_FILE = re.compile(r"\.(?:csv|jsonl?|ods|tsv|xlsx?|xml)$", re.IGNORECASE)
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


#: The same asked again, where nothing was heard of it: the second time, and the third.
_AGAIN: dict[Wish, tuple[str, ...]] = {
    "occupation": (
        "想干啥样的活我还没听明白：换个说法试试，比如焊工、保洁、会计；啥都行就说“随便”。",
        "工种一时说不上来也没事：点下面一个，或者说“随便”，我先把各样的都给你看看。",
    ),
    "region": (
        "在哪儿干我还没听明白：说城市或者区县试试，比如沈阳、瓦房店。",
        "地方我还是没认出来：先点一个离你近的市，回头再改。",
    ),
}
#: Asks to be told of new postings.
_TELL_ME = "有新的告诉我"
#: So often one thing is asked; then the question is left.
TIMES = 3


def question(
    asks: Wish,
    act: str,
    heard: Sequence[str] = (),
    past: Sequence[str] = (),
    again: int = 0,
    note: bool = False,
) -> Form:
    """Ask for one thing of a job preference.

    What was `heard` is said back; a trade done so far (`past`) can be gone on with. `again` is how
    often it was asked before: no words are said three times. With `note` a single thing that was
    heard is said back too.
    """
    text, choices = _QUESTIONS[asks]
    if again:
        others = _AGAIN.get(asks, (text,))
        text = others[min(again, len(others)) - 1]
    buttons = [Button(c, c) for c in choices]
    if past and asks == "occupation":
        if not again:
            text = f"接着找{past[0]}的活，还是换一样？换的话说个工种；啥都行就说“随便”。"
        buttons = [Button(f"找{past[0]}的活", f"找{past[0]}的活"), *buttons[:2], buttons[-1]]
    noted = f"记下了：{'、'.join(heard)}。" if len(heard) > (0 if note else 1) else ""
    return Form(act=act, asks=asks, text=noted + text, buttons=buttons)


def which_region(said: str, codes: tuple[str, ...], act: str) -> Clarify:
    """Ask which of several places of one name is meant."""
    names = [vocabulary().full_name(code) for code in codes[:6]]
    return Clarify(
        act=act,
        asks="region",
        text=f"{said}有好几个，你说的是哪个？{'、'.join(names)}",
        buttons=[Button(name, name) for name in names],
    )


def described(wish: JobPreference, whole: bool = False) -> str:
    """Say a job preference in a few words: 大连市、沈阳市 · 会计 · 5000元以上 · 双休.

    `whole`: name every place and occupation, however many.
    """
    names = [vocabulary().full_name(code) for code in wish.places]
    parts = ["、".join(names) if whole else some(names)] if names else []
    trades = wish.occupations if whole else wish.occupations[:3]
    parts.append("、".join(trades) or "工种不限")
    if wish.salary_min and wish.salary_max:
        # 四千左右 is kept as a tenth less to a tenth more; nobody said those two numbers.
        middle = money.middle_of(wish.salary_min, wish.salary_max)
        parts.append(f"{middle}元左右" if middle else f"{wish.salary_min}–{wish.salary_max}元")
    elif wish.salary_min:
        parts.append(f"{wish.salary_min}元以上")
    if wish.welfare:
        says = conditions.labels()
        parts.append("、".join(says[one] for one in wish.welfare if one in says))
    if wish.work_time and not (wish.work_time == "shift_day" and "no_nights" in wish.welfare):
        parts.append(work_time.NAMES.get(wish.work_time, wish.work_time))
    ruled_out = _ruled_out(wish)
    if ruled_out:
        parts.append(f"不要{'、'.join(ruled_out)}")
    return " · ".join(parts)


def _ruled_out(wish: JobPreference) -> list[str]:
    """Name what is ruled out, each in its plainest word: 司机, not also 开车 and 货车司机."""
    words, out = vocabulary(), wish.excluded
    known = [word for word in out if word in words.occupations or word in work_time.NAMES]
    said = [word for word in known if not any(one in out for one in words.general(word))]
    plain = [work_time.NAMES.get(word, word) for word in said or out]
    return [one for one in dict.fromkeys(plain) if one != "夜班" or "no_nights" not in wish.welfare]


def postings(
    matches: Matches,
    wish: JobPreference,
    act: str,
    later: bool,
    person: str | None = None,
    *,
    facts: Collection[str] = (),
    offered: Sequence[str] = (),
) -> Message:
    """Return matches as a message.

    `later` is true for the second page and on; `person` is for whom, when not for oneself. `facts`
    are the slots that this message told; `offered` are the lines of what is asked for.
    """
    if not matches.items:
        return _none(matches, wish, act, later, offered)
    told = list_notes.told_of_all(matches.items, wish)
    items = [item(match, wish, loosened=False, told=told) for match in matches.items]
    lines = [
        _head(matches, wish, later, person),
        *list_notes.gave_way(matches.items, wish),
        *list_notes.refused(matches, wish),
        *list_notes.unknown(told, len(items)),
        *list_notes.near_home(wish),
        *list_notes.of_age(matches.items, wish, facts),
        *list_notes.of_schooling(wish, facts),
        *list_notes.of_group(wish, facts),
        *offered,
    ]
    buttons = numbered(len(items))
    if matches.more:
        buttons.append(Button("再来几个", "再来几个"))
    return Postings(
        act=act,
        text="\n".join(lines),
        items=items,
        total=matches.total,
        more=matches.more,
        loosened=matches.loosened,
        buttons=buttons,
    )


def _head(matches: Matches, wish: JobPreference, later: bool, person: str | None) -> str:
    """Say what was searched and what was found."""
    whose = f"给{CALLED[person]}找，" if person in CALLED else ""
    where = "" if wish.places else f"{vocabulary().name(settings().home_region)} · "
    head, many = f"{whose}{where}{described(wish)}", len(matches.items)
    if matches.total == 0:
        return f"{head}：正好合适的现在没有，放宽了一点，给你挑了{many}个。"
    if later:
        return f"{head}：再看这{many}个。"
    return f"{head}：{_how_many(matches)}，先看这{many}个。"


def same_again(act: str, shown: int, question: bool) -> Message:
    """Say that nothing new was said, so that the list is the same.

    `question`: something was asked that none of them answers.
    """
    text = list_notes.wording()["same_asked" if question else "same"]
    return Message(act=act, text=text, buttons=[*numbered(shown), Button("再来几个", "再来几个")])


def numbered(count: int) -> list[Button]:
    """Return a button for each posting of a list, by its number."""
    return [Button(f"第{n}个", f"第{n}个详细说说") for n in range(1, count + 1)]


def not_understood(message: Message, pay: str) -> Message:
    """Return an answer that says first which words for a pay were not understood."""
    said = f"“{pay}”这个数我没看懂，先没按它找。写成“5000以上”或“4000到5000”这样就行。"
    return replace(message, text=f"{said}\n{message.text}")


def _how_many(matches: Matches) -> str:
    suit = f"合适的有{matches.total}个{'以上' if matches.at_least else ''}"
    widened = sum(match.loosened is not None for match in matches.items)
    kept = len(matches.items) - widened
    return f"{suit}，另外{widened}个放宽了一点" if widened and kept else suit


def _none(
    matches: Matches, wish: JobPreference, act: str, later: bool, offered: Sequence[str]
) -> Postings:
    """Say that there is nothing, and which other trades are open."""
    if wish.stays == "always" and not later:
        text = list_notes.wording()["only_there"].format(wish=described(wish))
        others = [Button("周边也行", "周边也行"), Button(_TELL_ME, _TELL_ME)]
        return Postings(act=act, text=text, buttons=others)
    named = list_notes.other_trades(matches.others, wish)
    if named:
        lines = [list_notes.wording()["none"].format(wish=described(wish))]
        buttons = [*_to_look_for(matches.others.names), Button("换个地方", "换个地方")]
    else:
        name = "no_more" if later else "nothing"
        lines = [list_notes.wording()[name].format(wish=described(wish))]
        buttons = [Button("啥活都行", "啥活都行"), Button("换个地方", "换个地方")]
    lines += [*list_notes.refused(matches, wish), *named, *(() if later else offered)]
    return Postings(act=act, text="\n".join(lines), buttons=buttons)


def still_none(act: str, trades: Sequence[str]) -> Message:
    """Say that there is still none, where the same other trades were just named."""
    text = list_notes.wording()["still_none"].format(trades="、".join(trades))
    return Message(act=act, text=text, buttons=[*_to_look_for(trades), Button(_TELL_ME, _TELL_ME)])


def _to_look_for(trades: Sequence[str]) -> list[Button]:
    return [Button(f"找{one}的活", f"找{one}的活") for one in trades]


def no_such(number: int, shown: int) -> Message:
    """Say that a list had no posting of that number."""
    text = f"刚才只给你看了{shown}个，没有第{number}个。要看哪一个，说第几个就行。"
    return Message(act="refine_job", text=text, buttons=[Button("再来几个", "再来几个")])


def one_posting(found: PostingItem | None, act: str) -> Message:
    """Return one posting, whole."""
    if found is None:
        return Message(
            act=act,
            text="这个岗位已经下架了，看看别的吧。",
            buttons=[Button("再来几个", "再来几个")],
        )
    lines = [f"{found.title}（{found.employer}）", f"{found.region}，{found.salary_text}"]
    if found.description:
        lines.append(found.description[:600] + ("……" if len(found.description) > 600 else ""))
    lines += [*found.stated, found.origin]
    whom = f"{_contact(found)}别先交钱，别押证件。"
    return Postings(
        act=act,
        text="\n".join([*lines, whom]),
        beside_cards="\n".join([*found.stated, whom]),
        items=[found],
        total=1,
        buttons=[Button("再来几个", "再来几个")],
    )


def _contact(found: PostingItem) -> str:
    """Say whom to call, or where the posting comes from when that names nobody."""
    if found.contact:
        return f"联系：{found.contact}。"
    where = "原招聘网站" if not found.source or _FILE.search(found.source) else found.source
    return f"来源没有给联系电话，请到{where}或当地就业服务窗口联系。"
