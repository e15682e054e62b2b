"""Read which group a person says he belongs to: 应届, 残疾, 退伍, 4050…"""

from __future__ import annotations

import re

from bot.text.found import Found

_YEARS = r"[一二三四五六七八九十两\d]{1,2}年"
_WORDS = {
    "graduate": r"应届|往届|(?<![第\d])(?:20)?2\d届"
    r"|刚毕业|大学生|毕业生|毕业[一二两半]年|没毕业多久|才毕业",
    "disabled": r"残疾(?!车)|聋哑|瘸|腿脚不(?:好|便)|肢体|听力不好|盲人|智障|轮椅|残障"
    r"|(?:听力|视力|言语|智力|精神|多重|(?<!伤)残)[一二三四1-4]级|[一二三四1-4]级残|[听视智肢]残",
    "veteran": rf"退伍|退役|[当参服]过(?:{_YEARS})?(?:兵|军|役)|转业|复员"
    rf"|当兵(?={_YEARS})|当了{_YEARS}兵|当兵(?:回来|出身|退)|部队(?:回来|下来|退|待|呆)|义务兵",
    "age_4050": r"4050|四零五零|四〇五〇|四十五十",
    "hardship": r"就业困难|困难人员|低保户|吃着?低保|零就业"
    r"|低保家庭|[拿领]着?低保的(?!条件|标准|钱|流程|材料|手续|时候)|(?<!怎么)(?<!怎样)(?<![咋何能以想要])享受[着了]?低保(?!要|需|的?条件|标准|多少|吗|待遇怎)",
    "migrant": r"农民工|返乡|农村户口|进城打工|回村",
    "lifted_poverty": r"脱贫|建档立卡|贫困户",
    "registered_unemployed": r"(?:办了|办过|已经?|有)(?:了)?(?:失业登记|失业证)|登记失业",
}

#: A language test has degrees as well: 英语听力四级.
_EXAM = re.compile(r"[英日俄韩]语$")
#: An employer speaks of those he takes on, not of himself.
_OTHERS = re.compile(r"(?:招|聘|录用|吸纳|雇)(?:了|用|个|几个|一个|些|收)?$")
#: Then work is looked for that takes on such people as the writer: 招残疾人的岗位.
_FOR_THEM = re.compile(r"^(?:人|人员|者)?的(?:活|工作|岗|职位|地方)")


def read(text: str) -> list[Found[str]]:
    """Return the groups a normalised message names."""
    spans = [
        Found(group, hit.start(), hit.end(), hit.group())
        for group, pattern in _WORDS.items()
        for hit in re.finditer(pattern, text)
        if not _EXAM.search(text[max(0, hit.start() - 2) : hit.start()])
        if not _OTHERS.search(text[: hit.start()]) or _FOR_THEM.match(text[hit.end() :])
    ]
    return sorted(spans, key=lambda span: span.start)
