"""Editorial warnings about valid policy files.

A fault (bot/policies/validate.py) could make the assistant say something untrue; a warning is a
rule
that may be out of date, a question without an answer, or a sentence that people do not understand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Literal

from bot.caches import process_cache
from bot.policies.cited_articles import expand
from bot.policies.policy_file import FigureEntry, PolicyFile, PolicySource, Version
from bot.policies.questions import questions
from bot.policies.validate import PLACEHOLDER
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.understanding.aspects import aspect_reader
from bot.yaml_files import read_yaml

Kind = Literal["stale", "second-hand", "unanswered", "long", "wording", "figures", "names"]
#: A notice older than this may have been replaced.
MAX_NOTICE_AGE = timedelta(days=365)
#: Characters of an answer, figures filled in, that people still read.
MAX_ANSWER_CHARACTERS = 300
#: An aspect that so many of a topic's questions ask is one that people ask.
MIN_QUESTIONS_PER_ASPECT = 4
_PATTERNS = patterns("policy_review")


@dataclass(frozen=True)
class PolicyWarning:
    """One thing that an editor should look at."""

    kind: Kind
    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: warning ({self.kind}): {self.reason}"


def review(
    policies: Sequence[PolicyFile], titles: dict[str, str], day: date, topics_file: Path
) -> tuple[PolicyWarning, ...]:
    """Return all warnings about policies, as of a day, in the order of files and lines.

    `titles` are the topics that there should be policies for, as `topics_file` lists them.
    """
    warnings = [
        *_sources(policies, day),
        *_topics(policies, titles, topics_file),
        *(w for policy in policies for w in _unasked(policy, day)),
        *(w for policy in policies for version in policy.versions for w in _texts(policy, version)),
        *_figures(policies),
        *_names(policies),
    ]
    return tuple(sorted(warnings, key=lambda w: (w.file, w.line, w.field, w.kind)))


# Sources


def _sources(policies: Sequence[PolicyFile], day: date) -> Iterator[PolicyWarning]:
    """Warn once of each document, where it is first named, with how often it is used."""
    used: dict[tuple[str, str | None], list[tuple[PolicyFile, PolicySource]]] = {}
    for policy in policies:
        for version in policy.versions:
            if version.effective_to is None or version.effective_to >= day:
                for source in version.sources.values():
                    places = used.setdefault((source.document, source.number), [])
                    places.append((policy, source))
    for (document, _), places in used.items():
        policy, first = places[0]
        also = f" ({len(places)} versions rest on it)" if len(places) > 1 else ""
        place = (policy.file, first.line, f"sources.{first.key}")
        if first.grade == "C":
            reason = f"“{document}” was not seen in the original: find it, or leave it out{also}"
            yield PolicyWarning("second-hand", *place, reason)
        old = _stale(first, day)
        if old:
            yield PolicyWarning("stale", *place, f"“{document}” {old}: still in force?{also}")


def _stale(source: PolicySource, day: date) -> str | None:
    """Say how old a source is, when it is a notice or second-hand and older than a year.

    Laws, regulations and the like hold until they are repealed, so their age says nothing.
    """
    if source.grade != "C" and (
        source.grade == "B1" or _PATTERNS["law_title"].search(source.document)
    ):
        return None
    since = source.dated or source.effective_from
    if since is None:
        return "has no date"
    return f"is of {since.isoformat()}" if day - since > MAX_NOTICE_AGE else None


# Topics and aspects


def _topics(
    policies: Sequence[PolicyFile], titles: dict[str, str], file: Path
) -> Iterator[PolicyWarning]:
    policy_ids = {policy.id for policy in policies}
    for line, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        topic = text.partition(":")[0].strip()
        if topic in titles and topic not in policy_ids:
            reason = f"“{titles[topic]}” has no policy: people are sent to 12333"
            yield PolicyWarning("unanswered", file.name, line, topic, reason)


def _unasked(policy: PolicyFile, day: date) -> Iterator[PolicyWarning]:
    """Warn of aspects that the written questions about a topic ask and no version answers."""
    current = [v for v in policy.versions if v.effective_to is None or v.effective_to >= day]
    answered_aspects = {aspect for version in current for aspect in version.answers}
    for aspect, times in aspect_counts(policy.id).items():
        if current and times >= MIN_QUESTIONS_PER_ASPECT and aspect not in answered_aspects:
            reason = f"{times} of the questions written for this topic ask it"
            line = current[-1].line
            yield PolicyWarning("unanswered", policy.file, line, f"answers.{aspect}", reason)


@process_cache(size=256)
def aspect_counts(topic: str) -> Counter[str]:
    """Return how many of the questions written for a topic ask each aspect."""
    reader = aspect_reader()
    return Counter(
        hit.value
        for question in questions().get(topic, ())
        for hit in reader.read(normalise(question).text)
    )


# Texts


def _texts(policy: PolicyFile, version: Version) -> Iterator[PolicyWarning]:
    for answer in version.answers.values():
        place = (policy.file, answer.line, f"answers.{answer.aspect}.text")
        rendered = filled(answer.text, version)
        if len(rendered) > MAX_ANSWER_CHARACTERS:
            yield PolicyWarning(
                "long", *place, f"{len(rendered)} characters, more than {MAX_ANSWER_CHARACTERS}"
            )
        for word, plain in bureaucratic(answer.text):
            yield PolicyWarning("wording", *place, f"“{word}” is office language, say: {plain}")


def filled(text: str, version: Version) -> str:
    """Return an answer with its figures in it; one that is not there stays a placeholder."""
    figures = version.figures
    return PLACEHOLDER.sub(lambda hit: figures[hit[1]].text if hit[1] in figures else hit[0], text)


def bureaucratic(text: str, data: Path | None = None) -> list[tuple[str, str]]:
    """Return the office words of a text, in its order, each with what people say instead.

    Titles of documents (《…》) are as they are.
    """
    text = _PATTERNS["quoted_title"].sub("　", text)
    hits = [
        (hit.start(), hit.group(), plain)
        for pattern, plain in _office_words(data or settings().data)
        for hit in pattern.finditer(text)
    ]
    return [(word, plain) for _, word, plain in sorted(hits)]


@process_cache(size=4)
def _office_words(data: Path) -> tuple[tuple[re.Pattern[str], str], ...]:
    path = data / "vocab" / "bureaucratic.yml"
    plain_words: dict[str, str] = read_yaml(path)
    return tuple((re.compile(pattern), plain) for pattern, plain in plain_words.items())


# Between policies


def _figures(policies: Sequence[PolicyFile]) -> Iterator[PolicyWarning]:
    """Warn of a figure that has one name and unit, but another value in another policy.

    One meaning is taken for granted where both come from the same article, and for the figures
    of calculators (calc_…): their names mean the same everywhere.
    """
    places: dict[tuple[str, str], list[tuple[PolicyFile, Version, FigureEntry]]] = {}
    for policy in policies:
        for version in policy.versions:
            for figure in version.figures.values():
                places.setdefault((figure.name, figure.unit), []).append((policy, version, figure))
    for (name, _), occurrences in places.items():
        for (first, v1, f1), (second, v2, f2) in combinations(occurrences, 2):
            same = name.startswith("calc_") or _one_article(v1, f1, v2, f2)
            if first.id != second.id and f1.value != f2.value and same and overlap(v1, v2):
                reason = f"is {f2.value} here, but {f1.value} in {first.file}:{f1.line}"
                yield PolicyWarning("figures", second.file, f2.line, f"figures.{name}", reason)


def _one_article(v1: Version, f1: FigureEntry, v2: Version, f2: FigureEntry) -> bool:
    s1, s2 = v1.sources.get(f1.source), v2.sources.get(f2.source)
    if s1 is None or s2 is None or (s1.document, s1.number) != (s2.document, s2.number):
        return False
    return s1.article == s2.article or bool(_articles(s1) & _articles(s2))


def _articles(source: PolicySource) -> set[str]:
    return set(expand(source.article or "")) or set((source.article or "").split("、"))


def _names(policies: Sequence[PolicyFile]) -> Iterator[PolicyWarning]:
    """Warn of a name that two policies have in the same place and time: which is meant?"""
    claimed: dict[str, list[PolicyFile]] = {}
    for policy in policies:
        for name in {normalise(name).text for name in (policy.title, *policy.names)}:
            claimed.setdefault(name, []).append(policy)
    for name, owners in claimed.items():
        for first, second in combinations(owners, 2):
            if any(overlap(v1, v2) for v1 in first.versions for v2 in second.versions):
                reason = f"“{name}” is a name of {first.file} as well: which is meant?"
                yield PolicyWarning("names", second.file, second.lines["names"], "names", reason)


def overlap(version: Version, other: Version) -> bool:
    """Tell whether two versions hold on some day in some place, also where one lies in another."""
    first, second = sorted((version, other), key=lambda v: v.effective_from)
    if first.effective_to is not None and first.effective_to < second.effective_from:
        return False
    return any(_inside(a, b) or _inside(b, a) for a in version.regions for b in other.regions)


def _inside(code: str, region: str) -> bool:
    """Tell whether a GB/T 2260 code is a region's or lies in it: province, city, district."""
    level = 2 if region.endswith("0000") else 4 if region.endswith("00") else 6
    return code[:level] == region[:level]
