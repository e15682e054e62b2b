"""Sex and age columns of a posting, in words for the screen and for people."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.text.pattern_file import patterns

_PATTERNS = patterns("posting_requirements")

_FIGURE = re.compile(r"\d")
_TWO_FIGURES = re.compile(r"(?<!\d)[1-7]\d(?!\d)")


def sex_requirement(cell: str) -> str:
    """Return the words of a sex column for the screen; a column that names both asks for none."""
    sexes = set(_PATTERNS["sex"].findall(cell))
    return f"性别要求：{cell}" if len(sexes) == 1 else cell


def age_from_sex_column(cell: str) -> str:
    """Return a column 性别/年龄 as one of ages, when it states any: 男 18-50; 男女不限，45以下."""
    if not _TWO_FIGURES.search(cell):
        return ""
    return (
        cell
        if "男" in cell and "女" in cell and "不限" not in cell
        else _PATTERNS["sex_prefix"].sub("", cell)
    )


def age_with_unit(cell: str) -> str:
    """Return an age column with its unit: 18-50 is 18-50岁, 45 alone is 45岁以下."""
    if not cell or not _FIGURE.search(cell):
        return cell
    text = _PATTERNS["column_range"].sub(r"\1-\2岁", cell)
    if _PATTERNS["single_age"].fullmatch(text):
        return f"{text.strip().removesuffix('周岁').removesuffix('岁')}岁以下"
    return _PATTERNS["bare_age"].sub(r"\1岁", text)


def screened_text(
    title: str, tags: str, text: str, sex: str, age: str, contact: str, apply_text: str
) -> str:
    """Return all words of a posting that the screen reads, its own columns as sentences."""
    requirements: Iterable[str] = (
        sex_requirement(sex) if sex else "",
        f"年龄要求：{age}" if age and not _PATTERNS["no_age_limit"].search(age) else "",
        f"联系方式：{contact}" if contact else "",
        f"报名方式：{apply_text}" if apply_text else "",
    )
    return "\n".join([f"{title} {tags} {text}", *filter(None, requirements)])
