"""Refuse policy files that could make the assistant say something untrue or unsourced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from bot.policies.claims import ClaimEntry, claim_faults
from bot.policies.condition_schema import (
    ConditionContext,
    circular_topics,
    clause_faults,
    value_faults,
)
from bot.policies.errors import PolicyErrors, PolicyFault
from bot.policies.facts import fact_schema
from bot.policies.policy_file import (
    NEIGHBOURS,
    PROGRAMMES,
    TOPICS,
    PolicyFile,
    Version,
    hash_of,
    read,
    read_programmes,
)
from bot.text.pattern_file import patterns
from bot.understanding.aspects import ASPECTS
from bot.vocabulary.vocabulary import Vocabulary, vocabulary
from bot.yaml_files import read_yaml

#: Grades of sources that may be used. C is said only as second-hand; D and 未核实 never.
GRADES = ("A", "B1", "B2", "C")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PATTERNS = patterns("policy_check")
#: The line of a file that states its title.
_TITLE = re.compile(r"^title: (?P<title>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class CheckReport:
    """Counts and warnings of a check."""

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
    titles: dict[str, str] = read_yaml(folder / TOPICS)
    return titles | neighbours(folder)


def neighbours(folder: Path) -> dict[str, str]:
    """Return the ids and titles of the subjects next door, as their files begin."""
    return {
        path.stem: hit["title"]
        for path in sorted((folder / NEIGHBOURS).glob("*.yml"))
        if (hit := _TITLE.search(path.read_text(encoding="utf-8")))
    }


def check_folder(folder: Path) -> CheckReport:
    """Check all policy files of a folder. Raises PolicyErrors with every fault found."""
    return report_on(read_folder(folder))


def report_on(policies: list[PolicyFile]) -> CheckReport:
    """Count what policies that are in order hold."""
    versions = [version for policy in policies for version in policy.versions]
    warnings = tuple(line for policy in policies for line in _unused_figures(policy))
    figures = sum(len(version.figures) for version in versions)
    return CheckReport(len(policies), len(versions), figures, warnings)


def policy_paths(folder: Path) -> list[Path]:
    """Return the policy files of a folder, those of subjects next door among them."""
    paths = sorted([*folder.glob("*.yml"), *(folder / NEIGHBOURS).glob("*.yml")])
    return [path for path in paths if path.name != TOPICS]


def matches_loaded(folder: Path, loaded: Mapping[str, str]) -> bool:
    """Tell whether a folder's files are those that were checked and loaded (hash by policy).

    Reads no more than their bytes, the topics and the programmes.
    """
    hashes = sorted(hash_of(path.read_bytes()) for path in policy_paths(folder))
    topic_titles = topics(folder)
    if hashes != sorted(loaded.values()) or not topic_titles.keys() >= loaded.keys():
        return False
    return not any(
        _programme_faults(folder.parent / PROGRAMMES, topic_titles, vocabulary(), lines=False)
    )


def read_folder(folder: Path, lines: bool = True) -> list[PolicyFile]:
    """Read and check all policy files of a folder. Raises PolicyErrors with every fault found.

    Without lines every line is 1; the lines of faults are true always.
    """
    topic_titles, words = topics(folder), vocabulary()
    policies: list[PolicyFile] = []
    faults: list[PolicyFault] = []
    for path in policy_paths(folder):
        policy, wrong = read(path, lines)
        faults += wrong
        if policy:
            policies.append(policy)
            faults += _faults(policy, topic_titles, words)
    faults += [
        *_duplicate_ids(policies),
        *_duplicate_names(policies),
        *_circular_policies(policies),
    ]
    faults += _programme_faults(folder.parent / PROGRAMMES, topic_titles, words, lines)
    if faults and not lines:
        return read_folder(folder)
    if faults:
        raise PolicyErrors(sorted(faults, key=lambda fault: (fault.file, fault.line)))
    return policies


def _duplicate_ids(policies: list[PolicyFile]) -> Iterator[PolicyFault]:
    file_by_id: dict[str, str] = {}
    for policy in policies:
        if policy.id in file_by_id:
            reason = f"{policy.id!r} is the id of {file_by_id[policy.id]} already"
            yield PolicyFault(policy.file, policy.lines["id"], "id", reason)
        file_by_id.setdefault(policy.id, policy.file)


def _circular_policies(policies: list[PolicyFile]) -> Iterator[PolicyFault]:
    following = {
        policy.id: frozenset(
            condition.value[0]
            for version in policy.versions
            for clause in version.conditions
            for condition in clause.conditions
            if condition.test == "follows"
        )
        for policy in policies
    }
    in_circle = set(circular_topics(following))
    for policy in policies:
        if policy.id in in_circle:
            reason = f"{policy.id!r} follows itself"
            yield PolicyFault(policy.file, policy.lines["versions"], "conditions", reason)


def _duplicate_names(policies: list[PolicyFile]) -> Iterator[PolicyFault]:
    """A name leads to one policy: no two may claim it in the same region at the same time."""
    for policy, other in combinations(policies, 2):
        shared = {policy.title, *policy.names} & {other.title, *other.names}
        if shared and any(_overlap(a, b) for a in policy.versions for b in other.versions):
            reason = f"{', '.join(sorted(shared))}: is a name of {policy.file} already"
            yield PolicyFault(other.file, other.lines["names"], "names", reason)


def _programme_faults(
    path: Path, topic_titles: dict[str, str], words: Vocabulary, lines: bool
) -> Iterator[PolicyFault]:
    """Hold the programmes to the rules of policies; each name leads to one of them."""
    if not path.exists():
        return
    programmes, faults = read_programmes(path, lines)
    yield from faults
    owners: dict[str, str] = {}
    for programme in programmes:
        first_line = programme.version.line
        if "what" not in programme.version.answers:
            yield PolicyFault(path.name, first_line, f"{programme.id}.answers.what", "is missing")
        for topic in programme.topics:
            if topic not in topic_titles:
                yield PolicyFault(
                    path.name, first_line, f"{programme.id}.topics", f"{topic!r} is no topic"
                )
        for name in programme.names:
            if owners.setdefault(name, programme.id) != programme.id:
                reason = f"{name!r} is a name of {owners[name]} already"
                yield PolicyFault(path.name, first_line, f"{programme.id}.names", reason)
        for line, field, reason in _version_faults(programme.version, words):
            yield PolicyFault(path.name, line, f"{programme.id}.{field}", reason)


def _faults(
    policy: PolicyFile, topic_titles: dict[str, str], words: Vocabulary
) -> Iterator[PolicyFault]:
    if policy.id and policy.id not in topic_titles:
        reason = f"{policy.id!r} is no topic of {TOPICS}"
        yield PolicyFault(policy.file, policy.lines["id"], "id", reason)
    if policy.within and (policy.within not in topic_titles or not policy.neighbour):
        reason = f"{policy.within!r} is no topic that a subject next door can belong to"
        yield PolicyFault(policy.file, policy.lines["id"], "within", reason)
    for version in policy.versions:
        for line, name, reason in _version_faults(version, words):
            yield PolicyFault(policy.file, line, name, reason)
        for line, name, reason in _condition_faults(version, topic_titles):
            yield PolicyFault(policy.file, line, name, reason)
    for line, name, reason in (*claim_faults(policy.claims), *_bound_claims(policy, topic_titles)):
        yield PolicyFault(policy.file, line, name, reason)
    for earlier, other in combinations(policy.versions, 2):
        if _overlap(earlier, other):
            reason = f"overlaps the version of line {earlier.line} in time and region"
            yield PolicyFault(policy.file, other.line, "effective_from", reason)


def _overlap(version: Version, other: Version) -> bool:
    """Two versions for the same region must not hold on the same day."""
    if not set(version.regions) & set(other.regions):
        return False
    first, second = sorted((version, other), key=lambda v: v.effective_from)
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


def _bound_claims(
    policy: PolicyFile, topic_titles: dict[str, str]
) -> Iterator[tuple[int, str, str]]:
    """Yield what claims name and no version has: sources, figures, facts."""
    for claim in policy.claims:
        version = next(
            (candidate for candidate in reversed(policy.versions) if _can_say(candidate, claim)),
            None,
        )
        if version is None:
            names = {
                *claim.sources,
                *(n for text in claim.texts for n in PLACEHOLDER.findall(text)),
            }
            latest = policy.versions[-1] if policy.versions else None
            has = {*latest.sources, *latest.figures} if latest else set()
            missing = ", ".join(sorted(names - has)) or "its sources and figures"
            yield claim.line, f"questions.{claim.id}", f"no version has {missing}"
            continue
        units = {figure.name: figure.unit for figure in version.figures.values()}
        names_of = ConditionContext(fact_schema(), topic_titles, units, frozenset(version.sources))
        for case in claim.cases:
            for field, reason in value_faults(case.condition, names_of):
                yield case.condition.line, f"questions.{claim.id}.when.{field}", reason
        for text in claim.texts:
            yield from _text_faults(version, text, f"questions.{claim.id}.answer", claim.line)


def _can_say(version: Version, claim: ClaimEntry) -> bool:
    names = {name for text in claim.texts for name in PLACEHOLDER.findall(text)}
    return names <= set(version.figures) and set(claim.sources) <= set(version.sources)


def _condition_faults(
    version: Version, topic_titles: dict[str, str]
) -> Iterator[tuple[int, str, str]]:
    units = {figure.name: figure.unit for figure in version.figures.values()}
    names = ConditionContext(fact_schema(), topic_titles, units, frozenset(version.sources))
    yield from clause_faults(version.conditions, names)
    for number, clause in enumerate(version.conditions, 1):
        undecided = [
            condition.value[0] for condition in clause.conditions if condition.test == "undecided"
        ]
        for text in (clause.says, *undecided):
            yield from _text_faults(version, text, f"conditions.{number}.says", clause.line)


def _answer_faults(
    version: Version, aspect: str, text: str, sources: tuple[str, ...], line: int
) -> Iterator[tuple[int, str, str]]:
    field = f"answers.{aspect}"
    if aspect not in ASPECTS:
        yield line, field, f"is none of {', '.join(ASPECTS)}"
    for key in sources:
        if key not in version.sources:
            yield line, f"{field}.sources", f"{key!r} is no source of this version"
    yield from _text_faults(version, text, f"{field}.text", line)


def _text_faults(
    version: Version, text: str, field: str, line: int
) -> Iterator[tuple[int, str, str]]:
    for name in PLACEHOLDER.findall(text):
        if name not in version.figures:
            yield line, field, f"{{{name}}} is no figure of this version"
    for written in written_out(text):
        reason = f"{written!r} is written out: give it an entry in figures and a {{placeholder}}"
        yield line, field, reason


def written_out(text: str) -> list[str]:
    """Return the figures that a text writes out instead of naming an entry of `figures`."""
    plain = _PATTERNS["no_figure"].sub("　", PLACEHOLDER.sub("　", text))
    return [hit.group() for hit in _PATTERNS["written_out"].finditer(plain)]


def _unused_figures(policy: PolicyFile) -> Iterator[str]:
    for version in policy.versions:
        used = {n for answer in version.answers.values() for n in PLACEHOLDER.findall(answer.text)}
        used |= {n for claim in policy.claims for t in claim.texts for n in PLACEHOLDER.findall(t)}
        conditions = [c for clause in version.conditions for c in clause.conditions]
        used |= {c.value[0] for c in conditions if c.test in ("at_least", "at_most")}
        for name, figure in version.figures.items():
            if name not in used and not name.startswith("calc_"):
                yield f"{policy.file}:{figure.line}: figures.{name}: warning: no answer uses it"
