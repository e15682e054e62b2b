"""Refuse policy files that could make the assistant say something untrue or unsourced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from ruamel.yaml import YAML

from bot.policies.errors import PolicyErrors, PolicyFault
from bot.policies.files import TOPICS, PolicyFile, Version, read
from bot.text.aspects import ASPECTS
from bot.text.vocabulary import Vocabulary, vocabulary

#: Grades of sources that may be used. C is said only as second-hand; D and 未核实 never.
GRADES = ("A", "B1", "B2", "C")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
_CHINESE = "零一二三四五六七八九十百千万两半"
_UNITS = r"万元|亿元|万|元|块|%|％|个百分点|年|个月|月(?!度)|天|日|个工作日|工作日|周|小时|次|倍|人|户|家|个站点|个(?!人|体|别)|岁|成|档|BP"  # noqa: E501
#: A number with a unit, written out where a placeholder should stand.
_WRITTEN_OUT = re.compile(
    rf"(?:\d[\d,.]*|[{_CHINESE}]+(?:分之[{_CHINESE}]+)?)\s?(?:{_UNITS})|百分之[{_CHINESE}]+|\d{{3,}}"
)
#: Numbers that state no figure: articles of law, telephone numbers, idioms.
_NO_FIGURE = re.compile(
    r"〔\d{4}〕\d+号|第[零一二三四五六七八九十百\d]+(?:条|章|款|项)(?:第[一二三四五六七八九十]+款)?|12333|12356|12348|110|120|15分钟|4050"
    r"|一次性|一般|统一|一定|一样|一起|一直|一旦|一并|三方|另一|其中一|一个人|每人|哪一|同一|任一|第一|唯一|一家人|万一|一年一年"
    r"|一(?:个)?人(?:一|至少)|百日|一个(?!月)|一条|一份|一天天|三方协议|两件|几(?:个|年|天|次)|十类|一种|一句|一项|两样|三样|一次(?=性)"
)


@dataclass(frozen=True)
class CheckReport:
    """What was checked."""

    policies: int
    versions: int
    figures: int
    warnings: tuple[str, ...]

    def __str__(self) -> str:
        text = (
            f"{self.policies} policies, {self.versions} versions, {self.figures} figures: in order"
        )
        return "\n".join([text, *self.warnings])


def topics(folder: Path) -> dict[str, str]:
    """Return the ids and titles of all topics."""
    given: dict[str, str] = YAML(typ="safe").load((folder / TOPICS).read_text(encoding="utf-8"))
    return given


def check_folder(folder: Path) -> CheckReport:
    """Check all policy files of a folder. Raises PolicyErrors with every fault found."""
    return report_on(read_folder(folder))


def report_on(policies: list[PolicyFile]) -> CheckReport:
    """Count what policies that are in order hold."""
    versions = [version for policy in policies for version in policy.versions]
    warnings = tuple(line for policy in policies for line in _unused_figures(policy))
    figures = sum(len(version.figures) for version in versions)
    return CheckReport(len(policies), len(versions), figures, warnings)


def read_folder(folder: Path) -> list[PolicyFile]:
    """Read and check all policy files of a folder. Raises PolicyErrors with every fault found."""
    known, words = topics(folder), vocabulary()
    policies: list[PolicyFile] = []
    faults: list[PolicyFault] = []
    for path in sorted(folder.glob("*.yml")):
        if path.name == TOPICS:
            continue
        policy, wrong = read(path)
        faults += wrong
        if policy:
            policies.append(policy)
            faults += _faults(policy, known, words)
    faults += _twice(policies)
    if faults:
        raise PolicyErrors(sorted(faults, key=lambda fault: (fault.file, fault.line)))
    return policies


def _twice(policies: list[PolicyFile]) -> Iterator[PolicyFault]:
    seen: dict[str, str] = {}
    for policy in policies:
        if policy.id in seen:
            reason = f"{policy.id!r} is the id of {seen[policy.id]} already"
            yield PolicyFault(policy.file, policy.lines["id"], "id", reason)
        seen.setdefault(policy.id, policy.file)


def _faults(policy: PolicyFile, known: dict[str, str], words: Vocabulary) -> Iterator[PolicyFault]:
    if policy.id and policy.id not in known:
        reason = f"{policy.id!r} is no topic of {TOPICS}"
        yield PolicyFault(policy.file, policy.lines["id"], "id", reason)
    for version in policy.versions:
        for line, name, reason in _version_faults(version, words):
            yield PolicyFault(policy.file, line, name, reason)
    for one, other in combinations(policy.versions, 2):
        if _overlap(one, other):
            reason = f"overlaps the version of line {one.line} in time and region"
            yield PolicyFault(policy.file, other.line, "effective_from", reason)


def _overlap(one: Version, other: Version) -> bool:
    """Two versions for the same region must not hold on the same day."""
    if not set(one.regions) & set(other.regions):
        return False
    first, second = sorted((one, other), key=lambda version: version.effective_from)
    return first.effective_to is None or first.effective_to >= second.effective_from


def _version_faults(version: Version, words: Vocabulary) -> Iterator[tuple[int, str, str]]:
    if version.effective_to and version.effective_to < version.effective_from:
        yield version.line, "effective_to", "lies before effective_from"
    for code in version.regions:
        if code not in words.regions:
            yield version.line, "regions", f"{code!r} is no region"
    for source in version.sources.values():
        if source.grade and source.grade not in GRADES:
            reason = (
                f"{source.grade!r} is none of {', '.join(GRADES)}: what is not verified is not said"
            )
            yield source.line, f"sources.{source.key}.grade", reason
    for figure in version.figures.values():
        if figure.source and figure.source not in version.sources:
            reason = f"{figure.source!r} is no source of this version"
            yield figure.line, f"figures.{figure.name}.source", reason
    for answer in version.answers.values():
        yield from _answer_faults(version, answer.aspect, answer.text, answer.sources, answer.line)


def _answer_faults(
    version: Version, aspect: str, text: str, sources: tuple[str, ...], line: int
) -> Iterator[tuple[int, str, str]]:
    at = f"answers.{aspect}"
    if aspect not in ASPECTS:
        yield line, at, f"is none of {', '.join(ASPECTS)}"
    for key in sources:
        if key not in version.sources:
            yield line, f"{at}.sources", f"{key!r} is no source of this version"
    for name in PLACEHOLDER.findall(text):
        if name not in version.figures:
            yield line, f"{at}.text", f"{{{name}}} is no figure of this version"
    for written in written_out(text):
        reason = f"{written!r} is written out: give it an entry in figures and a {{placeholder}}"
        yield line, f"{at}.text", reason


def written_out(text: str) -> list[str]:
    """Return the figures that a text writes out instead of naming an entry of `figures`."""
    plain = _NO_FIGURE.sub("　", PLACEHOLDER.sub("　", text))
    return [hit.group() for hit in _WRITTEN_OUT.finditer(plain)]


def _unused_figures(policy: PolicyFile) -> Iterator[str]:
    for version in policy.versions:
        used = {n for answer in version.answers.values() for n in PLACEHOLDER.findall(answer.text)}
        for name, figure in version.figures.items():
            if name not in used and not name.startswith("calc_"):
                yield f"{policy.file}:{figure.line}: figures.{name}: warning: no answer uses it"
