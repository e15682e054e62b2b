"""Read what is asked of one posting: 管吃住不, 几点上班, 57了要吗. Patterns are data.

A message asks of a posting when nothing else stands in it: 失业金给多少钱 is no question of pay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML

from bot.caches import process_cache
from bot.settings import settings
from bot.text.list_talk import asks_for_others, without_asides
from bot.text.normalise import normalise
from bot.text.question import asks_or_not

Entity = Mapping[str, Any]

#: Kinds of entities that may stand in such a question; patterns see `<age>` in their place. A
#: group or a trade may stand only where a pattern has it: 残疾人能去吗, 要叉车证不.
_MAY_STAND = ("ordinal", "age", "region", "person", "group", "occupation")
#: Longer messages say more than a question.
_LONGEST = 60
#: What says nothing by itself. Longer words stand before those that begin like them.
_FILLER = re.compile(
    r"<(?!group|occupation)\w{1,20}>岁?|请问|问一?下|想问|想知道|告诉我|说说|看看|详细|到底|大概|一般|要求|是不是|有没有|能不能|可不可以|行不行"
    r"|岗位|工作|单位|公司|厂子?|店里?|老板|他们|她们|人家|你们|我们|咱们?|还是|怎么样|咋样|啥样|样|一下"
    r"|[这那它家个活儿我俺他她是有会能还都也就的了吗嘛呢啊呀哈吧么不没啦哦嗯呗给要得用上里边和跟]"
    r"|[、,，。?？!！~… ]"
)


@dataclass(frozen=True)
class Asked:
    """Something that people ask of a posting."""

    id: str
    name: str
    """What it is called where people read it."""
    asks: re.Pattern[str]
    bare: re.Pattern[str] | None
    """What of `asks` asks by itself; the rest needs a question."""
    offers: tuple[str, ...]
    """Ids of offers.yml that answer it."""
    quotes: re.Pattern[str] | None
    """What of a posting's words states it; None where only its fields do."""
    whole: bool
    """True when all of its words state it."""
    unknown: str
    """What is said where the posting does not state it."""
    more: str | None
    """A question on the rule behind it."""
    alone: bool
    """True when nothing but a posting is asked this, whatever was spoken of before."""
    of_rules: re.Pattern[str] | None = None
    """Words with which it may be asked of the law, or of one's own employer, as well."""
    says: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What is said of a value, by name; {value} stands for it."""


#: What is asked, and from where to where in the text.
Hit = tuple[Asked, int, int]


@process_cache(size=1)
def questions() -> dict[str, Asked]:
    """Return what data/vocab/posting_questions.yml lists, by id, in the order of answering."""
    file = settings().data / "vocab" / "posting_questions.yml"
    given = YAML(typ="safe").load(file.read_text("utf-8"))
    return {
        name: Asked(
            name,
            one["name"],
            re.compile(one["asks"]),
            re.compile(one["bare"]) if "bare" in one else None,
            tuple(one.get("offers", ())),
            re.compile(one["quotes"]) if "quotes" in one else None,
            one.get("whole", False),
            one["unknown"],
            one.get("more"),
            one.get("alone", False),
            re.compile(one["of_rules"]) if "of_rules" in one else None,
            one.get("says", {}),
        )
        for name, one in given.items()
    }


def asked_of_posting(
    text: str, entities: Sequence[Entity] = (), beside: bool = False
) -> list[Asked]:
    """Return what a message asks of a posting; nothing when it speaks of anything else too.

    `beside`: other things may stand in it (几点下班 能接孩子吗).
    """
    rest = without_asides(normalise(_marked(text, entities)).text)
    if len(rest) > _LONGEST or asks_for_others(rest):
        return []
    found = _longest(
        (one, *hit.span()) for one in questions().values() for hit in one.asks.finditer(rest)
    )
    if not (asks_or_not(text) or all(_by_itself(hit, rest) for hit in found)):
        return []
    covered = {at for _, start, end in found for at in range(start, end)}
    left = "".join(" " if at in covered else char for at, char in enumerate(rest))
    if _FILLER.sub("", left) and not beside:
        return []
    return list(dict.fromkeys(one for one, _, _ in found))


def may_be_of_rules(asked: Iterable[Asked], text: str) -> bool:
    """Tell whether a normalised question may be of the law as well: 他们不给交保险吗."""
    return any(one.of_rules and one.of_rules.search(text) for one in asked)


def _by_itself(hit: Hit, text: str) -> bool:
    one, start, end = hit
    return bool(one.bare and one.bare.search(text[start:end]))


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return the finds that do not stand within a longer one: 工资 in 什么时候发工资."""
    found = list(hits)
    return [
        (one, start, end)
        for one, start, end in found
        if not any(a <= start and end <= z and z - a > end - start for _, a, z in found)
    ]


def _marked(text: str, entities: Sequence[Entity]) -> str:
    """Return a text with the kind of each place, age, person or number in its place."""
    stand = [one for one in entities if one["entity"] in _MAY_STAND]
    for one in sorted(stand, key=lambda one: int(one["start"]), reverse=True):
        text = f"{text[: int(one['start'])]}<{one['entity']}>{text[int(one['end']) :]}"
    return text
