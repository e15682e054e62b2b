"""Schooling, experience, pay and place in a posting's text: only in unambiguous words."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LEVEL = r"(?:初中|高中|中专|中技|大专|专科|本科|硕士|博士|研究生)"
_EDUCATION = re.compile(
    rf"学历(?:要求|不限)?\s?[:：为]?\s?(?:不限|无要求|{_LEVEL})|{_LEVEL}(?:\s?[（(]含[)）])?(?:及|或)?以上"
    rf"|不限学历|学历不限"
)
_EXPERIENCE = re.compile(
    r"(?:经验|工作年限)(?:要求)?\s?[:：]\s?(?:不限|无|\d{1,2}\s?[-~—至]?\s?\d{0,2}年)"
    r"|\d{1,2}\s?(?:[-~—至]\s?\d{1,2}\s?)?年(?:及)?以上[^,，。;；\n]{0,12}经验"
    r"|(?:无需|不需要?|不要求|不限)(?:工作)?经验|经验不限|有无经验(?:都可|均可|皆可)"
)
_PAY = re.compile(
    r"((?:日薪|时薪|年薪)?)"
    r"(?:(?<=薪)|月薪|月收入|薪资(?:待遇|范围|标准)?|工资(?:待遇)?|薪酬(?:待遇|福利|范围)?|待遇|月综合|综合(?:薪资|工资|收入)|底薪|酬劳|报酬)"
    r"\s?[:：是为约]{0,2}\s?"
    r"(\d[\d.]{0,12}\s?[千万kKwW元]?(?:\s?[-~—～至到]{1,3}\s?\d[\d.]{0,12}\s?[千万kKwW元]?)?\s?(?:[/每一]\s?(?:个?[月天日年]|个?小?时))?(?:以上|起)?)"
    r"(?![、.．]|\d)"
)
_PLACE = re.compile(r"(?:工作|上班|面试)?(?:地点|地址)\s?[:：]\s?([^\n,，。;；]{2,30})")


def education(text: str) -> str:
    """Return the words that ask for schooling, empty when none do."""
    hit = _EDUCATION.search(text) if "学历" in text or "以上" in text else None
    return hit.group() if hit else ""


def experience(text: str) -> str:
    """Return the words that ask for experience, empty when none do."""
    hit = _EXPERIENCE.search(text) if "经验" in text or "年限" in text else None
    return hit.group() if hit else ""


def pays(text: str) -> Iterator[str]:
    """Yield the words that state the pay, first to last."""
    return ("".join(hit.groups()).strip() for hit in _PAY.finditer(text))


def place(text: str) -> str:
    """Return the words that state the place, empty when none do."""
    hit = _PLACE.search(text)
    return hit.group(1) if hit else ""
