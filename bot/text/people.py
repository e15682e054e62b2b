"""Read for whom a person speaks: himself, or 我媳妇, 我妈, 邻居."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.text.text_span import TextSpan

#: What a person is called, by who he is to the one who writes.
_WORDS = {
    "wife": r"媳妇|老婆|爱人|妻子|孩子(?:他|她)?妈|内人",
    "husband": r"老公|丈夫|当家的|孩子(?:他|她)?爸|那口子|老头子",
    "partner": r"对象|老伴儿?|男朋友|女朋友",
    "mother": r"婆婆|丈母娘|岳母|老妈|母亲|妈",
    "father": r"公公|老丈人|岳父|老爸|父亲|爸|爹",
    "son": r"儿子|小子",
    "daughter": r"闺女|女儿|姑娘",
    "child": r"孩子|孩儿",
    "brother": r"哥们?|弟弟?|兄弟|大哥|老弟|小舅子|姐夫|妹夫",
    "sister": r"姐姐?|妹妹?|大姐|老妹|小姨子|嫂子|弟妹",
    "relative": r"亲戚|舅舅?|叔叔?|大爷|姑姑?|婶子?|姨妈?|侄[子女]|外甥|表[哥弟姐妹]"
    r"|孙[子女]|爷爷|奶奶|姥[爷姥]",
    "friend": r"朋友|同学|同事|邻居|老乡|工友|战友|楼下大姐",
}
#: The id of the person who writes.
SELF = "self"
#: How the assistant speaks of a person to the one who asks for him.
CALLED = {
    "wife": "你爱人", "husband": "你爱人", "partner": "你对象", "mother": "你家老人",
    "father": "你家老人", "son": "你儿子", "daughter": "你女儿", "child": "你孩子",
    "brother": "你兄弟", "sister": "你姐妹", "relative": "你亲戚", "friend": "你朋友",
}  # fmt: skip
_NAMED = "|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items())
#: Any word for a person, without groups.
RELATION = "(?:" + "|".join(_WORDS.values()) + ")"
#: What may stand between a person and an age: 媳妇今年四十四, 儿子都26了, 我有个妹妹，今年三十八.
TILL_AGE = r"[,，\s]?(?:是|今年|现在|已经|都|也|快|满|到|虚岁|周岁|马上|才|刚|过){0,3}"
_OWNER = r"(?:我家?|俺家?|咱家?|我们|俺们|我的|他家|她家)"
_RELATION = re.compile(
    rf"(?P<lead>给|帮|替|换成?|换|要是|如果是?|那|是|为)?{_OWNER}(?:的)?(?:" + _NAMED + ")"
)
_OF_AGE = re.compile(rf"(?:{_NAMED}|(?P<self>我|俺|咱|本人)(?:自己)?){TILL_AGE}$")
#: The longest words before an age that tell whose it is.
_FAR = 16
#: The writer does something: a person with an age is only mentioned (孩子18了 我想找个活).
_SPEAKER = re.compile(r"(?<![帮给跟替为和问])(?:我|俺|咱)(?!们|家|的|有[个一]|" + RELATION + ")")
#: 我想给媳妇找个活: the writer speaks for them.
_FOR_THEM = re.compile(f"[给帮替]{RELATION}")
#: What may stand behind a relation for the sentence to be about that person.
_ABOUT = re.compile(
    r"^(?:[,，\s]{0,9}(?:他|她|今年|现在|呢|的话|想|要|能|可以|也|是|有|没|都|岁数|年龄|\d|[二三四五六七]十|找|看|问|去|干|做|会|不|属于|刚|以前|在)|$|[,，。\s])"
)
#: Somebody does or has what stands next.
_SOMEBODYS = re.compile(rf"{RELATION}(?:(?![我俺咱])[^,，。;；!！?？\s]){{0,8}}$")
#: The writer speaks of himself, and does not ask for others.
_OWN_CLAUSE = re.compile(
    rf"(?:^|[,，。;；!！?？\s])(?:那|可|现在|但)?(?:我|俺|咱)(?!们|家|的|是?(?:想|要|来)?(?:替|帮|给|问))(?!{RELATION})"
)
_SELF = re.compile(
    r"(?:^|[,，\s])我(?:自己)?(?:也?想找|要找|今年|现在\d)|(?:再|还|先|接着|回头)?(?:说说?|讲|看看?|问问?|轮到)(?:我|俺)(?:自己|个儿)?的(?!是)|(?:还是|换回|那|换成|说回)我(?!们|家|媳|老|对|爱|妈|爸|妹|姐|哥|弟|儿|女|闺|姑|孩|朋|邻|的)|我自己|我本人|自个儿"
)


def extract(text: str) -> list[TextSpan[str]]:
    """Return the people a normalised message is about: `wife`, `mother`… or `self`.

    Somebody only mentioned (我妈说…) is none.
    """
    mentions = [
        TextSpan(name, hit.start(), hit.end(), hit.group())
        for hit in _RELATION.finditer(text)
        if (name := hit.lastgroup) and _is_about(hit, text)
    ]
    mentions += [TextSpan(SELF, hit.start(), hit.end(), hit.group()) for hit in _SELF.finditer(text)]
    return sorted(mentions, key=lambda mention: mention.start)


def with_ages(text: str, starts: Sequence[int]) -> list[TextSpan[str]]:
    """Return the people of a message, with those of whom an age is told (媳妇四十四).

    `starts` are the offsets of its ages. Somebody is only mentioned where the writer speaks of
    himself: 我52了 媳妇四十四.
    """
    mentions = extract(text)
    aged = [person for person in (_person_of_age(text, start) for start in starts) if person]
    others = any(person.value != SELF for person in mentions)
    speaks = _SPEAKER.search(text) and not _FOR_THEM.search(text)
    for person in aged:
        is_mentioned = any(
            person.start < mention.end and mention.start < person.end for mention in mentions
        )
        is_subject = others if person.value == SELF else not speaks
        if is_subject and not is_mentioned:
            mentions.append(person)
    return sorted(mentions, key=lambda mention: mention.start)


def owner_of_age(text: str, start: int) -> str | None:
    """Return whose age stands at an offset by what stands right before it, None if nobody does."""
    person = _person_of_age(text, start)
    return person.value if person else None


def belongs_to_other_person(text: str, start: int) -> bool:
    """Tell whether what stands at an offset is another's, in a message about its writer.

    我爸交了三十年社保 我能享受啥: the thirty years are not those of the one who asks.
    """
    return bool(_SOMEBODYS.search(text[:start]) and _OWN_CLAUSE.search(text))


def _person_of_age(text: str, start: int) -> TextSpan[str] | None:
    """Return the person whose age stands at an offset of a text, None when nobody is named."""
    window_start = max(0, start - _FAR)
    hit = _OF_AGE.search(text[window_start:start])
    if not hit or not hit.lastgroup:
        return None
    offset, end = hit.span(hit.lastgroup)
    return TextSpan(hit.lastgroup, window_start + offset, window_start + end, hit[hit.lastgroup])


def _is_about(hit: re.Match[str], text: str) -> bool:
    return bool(hit["lead"]) or bool(_ABOUT.match(text[hit.end() : hit.end() + 4]))
