"""Layout of the sheets: their columns, the editable fields and the content of the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.policies.policy_file import AnswerEntry, FigureEntry, PolicyFile, PolicySource, Version
from bot.policy_authoring.lint import filled
from bot.understanding.aspects import ASPECT_NAMES

ANSWERS, FIGURES, SOURCES = "答案", "数字", "来源"
#: The column for what a colleague has to say; read back, but no part of the policy base.
REMARK = "审阅意见"
#: The hidden sheet that holds what was exported, by which a change is told.
AS_EXPORTED = "导出时的原样"


@dataclass(frozen=True)
class Column:
    """A column of a sheet."""

    title: str
    field: str = ""
    """The field of the policy file that it may change; empty where it is there to be read only."""
    width: int = 14


@dataclass(frozen=True)
class PolicySheet:
    """A sheet: first the columns that say which entry a row is, then what the entry holds."""

    title: str
    block: str
    """The block of a version that it shows: answers, figures or sources."""
    keys: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def header(self) -> list[str]:
        """The titles of all columns."""
        return [*self.keys, *(column.title for column in self.columns), REMARK]


_VERSION = ("文件", "版本起", "地区")
SHEETS = (
    PolicySheet(
        ANSWERS, "answers", (*_VERSION, "方面"),
        (
            Column("政策"), Column("方面名称"), Column("版本止"),
            Column("大家看到的（只看，不改）", width=60), Column("原文（改这里）", "text", 60),
            Column("来源简称", "sources"), Column("来源和等级", width=40),
        ),
    ),
    PolicySheet(
        FIGURES, "figures", (*_VERSION, "数字名"),
        (
            Column("政策"), Column("版本止"), Column("数值", "value"), Column("单位", "unit"),
            Column("怎么说", "text", 20), Column("来源简称", "source"),
        ),
    ),
    PolicySheet(
        SOURCES, "sources", (*_VERSION, "来源简称"),
        (
            Column("政策"), Column("版本止"), Column("文件名", "document", 40),
            Column("文号", "number", 24), Column("发布机关", "issuer", 24),
            Column("条款", "article", 24), Column("发文日期", "dated"),
            Column("施行日期", "effective_from"), Column("等级", "grade", 8),
        ),
    ),
)  # fmt: skip
Key = tuple[str, ...]


@dataclass(frozen=True)
class PolicySheetRow:
    """One row of a sheet, as the policy files state it."""

    sheet: PolicySheet
    key: Key
    """File, first day and regions of the version, and the name of the entry."""
    cells: tuple[str, ...]
    """The texts of the sheet's columns."""
    version: int
    """The place of the version in its file, from 0."""
    line: int
    """The line of the entry in its file."""


def rows(policies: Sequence[PolicyFile]) -> Iterator[PolicySheetRow]:
    """Yield the rows of all sheets, in the order of files, versions and entries."""
    for policy in policies:
        for number, version in enumerate(policy.versions):
            version_key = (
                policy.file,
                version.effective_from.isoformat(),
                "、".join(version.regions),
            )
            until = version.effective_to.isoformat() if version.effective_to else ""
            head = (policy.title, until)
            for answer in version.answers.values():
                cells = _answer(policy.title, until, version, answer)
                key = (*version_key, answer.aspect)
                yield PolicySheetRow(SHEETS[0], key, cells, number, answer.line)
            for figure in version.figures.values():
                cells = (*head, *_figure(figure))
                yield PolicySheetRow(
                    SHEETS[1], (*version_key, figure.name), cells, number, figure.line
                )
            for source in version.sources.values():
                cells = (*head, *_source(source))
                yield PolicySheetRow(
                    SHEETS[2], (*version_key, source.key), cells, number, source.line
                )


def _answer(title: str, until: str, version: Version, answer: AnswerEntry) -> tuple[str, ...]:
    rests_on = [version.sources[key] for key in answer.sources if key in version.sources]
    cited = "；".join(f"{s.grade} {s.document}{s.number or ''}" for s in rests_on)
    name, rendered = ASPECT_NAMES[answer.aspect], filled(answer.text, version)
    return title, name, until, rendered, answer.text, "、".join(answer.sources), cited


def _figure(figure: FigureEntry) -> tuple[str, ...]:
    return figure.value, figure.unit, figure.text, figure.source


def _source(source: PolicySource) -> tuple[str, ...]:
    days = (source.dated, source.effective_from)
    return (
        source.document,
        source.number or "",
        source.issuer,
        source.article or "",
        *(day.isoformat() if day else "" for day in days),
        source.grade,
    )
