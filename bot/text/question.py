"""Whether a message asks something."""

from __future__ import annotations

import re

from bot.text.normalise import normalise

_ASKS = re.compile(
    r"吗|嘛|咋|怎|多少(?!钱?都)|几[个年岁月]|(?<![了过])几[回次趟天]$|啥(?!也|都)|什么|哪|[?？]|能不能|行不行|给不给|^那.{0,40}呢$|不$"
    # At the end of a clause: 截图了这算数不 工资条没有, 五年前交过两年作废没.
    r"|[^我俺咱他她也都可就又还真要,。 ]不(?=[ ,。;])|[过废期晚着]没(?=$|[ ,。;])"
    r"|晚[不没]晚|算[不没]算"
    r"|(?:是|算|会|该|用|合|犯|管|归)不(?:是|算|会|该|用|合|犯|管|归)"
    # One or the other: 在昌图告还是得跑营口去告; 我还是想找个近的 asks nothing.
    r"|是.{1,14}还是|[在按走找去跑交先].{1,14}还是(?!想|要|那|觉|不|没|老|很|有点|希望|找|先|看)"
)
#: Of a thing offered: 有宿舍没, 交不交保险, 有没有班车.
_OR_NOT = re.compile(r"[没么]$|没有$|(.)[不没]\1|几[点号班天人名]|谁|多[大久长远]|还是|真的?假的")


def is_question(text: str) -> bool:
    """Tell whether a message asks something."""
    return bool(_ASKS.search(normalise(text).text))


def asks_or_not(text: str) -> bool:
    """Tell whether a message asks something, also in the words of 有没有 and 有宿舍没."""
    return is_question(text) or bool(_OR_NOT.search(normalise(text).text))
