"""A document's title, its name without the revision, and the days that its head names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.documents.errors import DocumentError

#: A title is no longer than this.
LONGEST_TITLE = 200
_STATE = "中华人民共和国"
_DAY = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_IN_FORCE = re.compile(
    r"自\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*起\s*(?:施行|实施|执行)"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,8}[〔\[（(]\d{4}[〕\]）)]\s*\d+\s*号|国务院令第\d+号")
_YEAR = r"(?:\d{4}|[二一][〇零○一二三四五六七八九]{3})"
_DRAFT = (
    r"(?:修订|修正|修改)?草案(?:(?:二|三|四)次审议稿|修改稿|送审稿|(?:公开)?征求意见稿)?"
    r"|(?:公开)?征求意见稿|送审稿|讨论稿"
)
_ON = rf"{_YEAR}年?(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?"
_REVISED = (
    rf"(?:{_ON})?(?:第[一二三四五六七八九十\d]{{1,2}}次)?(?:修正|修订|修改|修编)(?:版|本|文本|稿)?"
)
_ISSUED = rf"{_ON}(?:起)?(?:通过|公布|发布|施行|实施)"
#: One revision in brackets: （2026年修正）, (2018修订), （试行）. A bare 试行 is the name's.
_REVISION = re.compile(
    rf"[（(\[【〔](?:(?:{_REVISED}|{_ISSUED})(?:[，、,；;](?:根据)?(?:{_REVISED}|{_ISSUED})){{0,6}}"
    rf"|{_YEAR}年?(?:版|本|文本)?|最新(?:版|修订|修正)?|现行有效|"
    rf"试行|暂行|{_DRAFT}|(?:试行|暂行)[，、,]?{_YEAR}年?(?:修正|修订|修改)|"
    rf"{_YEAR}年?(?:试行|暂行)?(?:修正|修订|修改)?(?:试行|暂行)?)[）)\]】〕](?=$|》|[（(\[【〔])"
)
_KIND = re.compile(
    r"(?:法|条例|规定|办法|细则|规则|规程|规范|标准|通知|意见|决定|公告|通告|批复|函|解释|方案|计划|措施|目录|"
    r"指引|指南|纲要|章程|制度|答复|令)》?(?:[（(\[【〔][^（）()]{1,40}[）)\]】〕]){0,2}》?(?:的(?:通知|公告|决定))?$"
)
#: Lines of a head that are no title: numbers, red heads of offices, annex marks, days.
_NO_TITLE = re.compile(
    r"[\u4e00-\u9fff（）()]{2,40}文件|目\s?录|附\s?件\s?[\d一二三四五六七八九十]{0,2}[:：]?"
    rf"|{_YEAR}年.{{0,60}}|[\u4e00-\u9fff]{{2,10}}〔\d{{4}}〕\s?\d{{1,9}}\s?号"
)
_OFFICE = re.compile(r"(?:局|厅|部|委|会|院|政府|办公室|文件|中心)$")


@dataclass(frozen=True)
class Head:
    """Title, number and date in the lines above the first article."""

    title: str
    number: str | None
    dated: date | None
    """The last day named: of issue, or of the last amendment."""


def read_head(file: str, lines: Sequence[str]) -> Head:
    """Read the lines above the first article. Raises DocumentError when they hold no title."""
    head_lines = _join_broken_lines([line for line in lines if line])
    return Head(
        title=_title(file, head_lines),
        number=next((hit[0].strip() for line in head_lines if (hit := _NUMBER.search(line))), None),
        dated=max(_days(_DAY, [_IN_FORCE.sub("", line) for line in head_lines]), default=None),
    )


def in_force(lines: Sequence[str]) -> date | None:
    """Return the last day from which lines say that the document holds."""
    return max(_days(_IN_FORCE, lines), default=None)


def short_name(title: str) -> str:
    """Return a title as it is cited: 中华人民共和国劳动合同法（2012年修正） is 劳动合同法."""
    title = re.sub(r"\s", "", title)
    for _ in range(3):
        title = _REVISION.sub("", title)
    return re.sub(r"[《》〈〉<>]", "", title).replace(_STATE, "")


def revisions(title: str) -> list[str]:
    """Return the revisions in brackets after a title: （2026年修正）."""
    return [hit[0] for hit in _REVISION.finditer(re.sub(r"\s", "", title))]


def revised_in(title: str) -> int | None:
    """Return the year of the revision that a title names; None when it names none."""
    years = re.findall(_YEAR, "".join(revisions(title)))
    digits = str.maketrans("〇零○一二三四五六七八九", "000123456789")
    return max((int(year.translate(digits)) for year in years), default=None)


def is_draft(title: str) -> bool:
    """Tell whether a title says that the document is a draft (草案, 征求意见稿)."""
    return bool(re.search(_DRAFT, "".join(revisions(title))))


def _join_broken_lines(lines: Sequence[str]) -> list[str]:
    """Join lines with open brackets, and a title that is broken over lines."""
    joined_lines: list[str] = []
    joined = 0
    for line in lines:
        if (
            joined_lines
            and joined < 6
            and (_has_open_bracket(joined_lines[-1]) or _is_one_title(joined_lines[-1], line))
        ):
            joined_lines[-1] += line
            joined += 1
        else:
            joined_lines.append(line)
            joined = 0
    return joined_lines


def _has_open_bracket(line: str) -> bool:
    """Tell whether brackets are open; long lines are no titles."""
    return len(line) < LONGEST_TITLE and any(
        line.count(opening) > line.count(closing) for opening, closing in ("（）", "《》", "()")
    )


def _is_one_title(line: str, next_line: str) -> bool:
    """Tell whether two lines are one title: only the second ends as titles do, or is a revision."""
    if short_name(next_line) == "" and _REVISION.fullmatch(re.sub(r"\s", "", next_line)):
        return bool(_KIND.search(line))
    plain = not re.search(r"[。；，：:,\d]", line + next_line) and not next_line.startswith(
        ("#", "（", "(")
    )
    lengths = 6 <= len(line) <= 40 and len(next_line) <= 40
    # Without 关于 only a short rest is taken: two whole titles may follow each other.
    opens = "关于" in line or (len(next_line) <= 8 and not _OFFICE.search(line))
    return bool(
        plain
        and lengths
        and opens
        and not _is_no_title(line)
        and not _KIND.search(line)
        and _KIND.search(next_line)
    )


def _is_no_title(line: str) -> bool:
    """Tell whether a line is no title: bracketed, before a list, a sentence, a number, a day."""
    return (
        line.startswith(("（", "(", "【", "["))
        or line.endswith((":", "："))
        or any(mark in line for mark in "。；，")
        or _NO_TITLE.fullmatch(line) is not None
    )


def _title(file: str, head: Sequence[str]) -> str:
    marked = [line[2:] for line in head if line.startswith("# ")]
    plain = [line.lstrip("#>*- ").replace("**", "") for line in head]
    likely = [line for line in plain if len(line) > 2 and not _is_no_title(line)]
    titled = [line for line in likely[:6] if _KIND.search(line)]
    candidates = marked or titled or likely or [line for line in plain if len(line) > 3]
    if not candidates:
        raise DocumentError(file, "has no title above its first article")
    title = re.sub(r"〔注\d+〕|\*\*", "", candidates[0]).strip("#>*- ")
    return re.sub(r"\s(?=[（(\[【〔])", "", title)[:LONGEST_TITLE].strip() or title


def _days(pattern: re.Pattern[str], lines: Sequence[str]) -> Iterator[date]:
    for line in lines:
        for hit in pattern.finditer(line):
            try:
                yield date(*map(int, hit.groups()))
            except ValueError:
                continue
