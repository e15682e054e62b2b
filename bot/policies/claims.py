"""The `questions` block of a policy file: claims, each the answer to one question people ask.

    questions:
      - id: quit-oneself
        kind: yes_no
        asks: [自己辞职能领吗, 我自己不干的给不给失业金, 主动离职算不算]
        when:
          - {fact: left_job, is: forced, answer: 能。被欠薪、不给交社保逼走的，不算自己不干。}
        answer: 一般不能。自己不想干走的不给；被欠薪、不给交社保逼走的可以。
        sources: [law]

`answer` is said while no condition of `when` is known to hold: it tells both branches. Sources and
figures are those of the version in force; a claim with keys that the version lacks is not said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.policies.condition_schema import ConditionEntry, Fault, read_condition
from bot.text.pattern_file import patterns
from bot.yaml_files import line_of_item

#: What a question wants to hear first.
KINDS = (
    "yes_no", "how_much", "how_long", "when", "where", "who", "which", "how", "what_if", "why",
    "what",
)  # fmt: skip
#: How many ways of asking a claim is written with.
ASKS = (3, 12)
_VERDICT = patterns("policy_claims")["verdict"]


@dataclass(frozen=True)
class CaseEntry:
    """The answer for persons that meet a condition."""

    condition: ConditionEntry
    answer: str


@dataclass(frozen=True)
class ClaimEntry:
    """One question of a policy, with its answer, as a file states it."""

    id: str
    kind: str
    asks: tuple[str, ...]
    cases: tuple[CaseEntry, ...]
    """In their order: the first that is known to hold answers."""
    answer: str
    sources: tuple[str, ...]
    line: int

    @property
    def texts(self) -> tuple[str, ...]:
        """All its answers."""
        return (*(case.answer for case in self.cases), self.answer)


def read_claims(entries: Any, line: int, fault: Fault) -> tuple[ClaimEntry, ...]:
    """Return the claims of a block; what cannot be read is told to `fault` and left out."""
    if entries is None:
        return ()
    if not isinstance(entries, list):
        fault(line, "questions", "must be a list")
        return ()
    read = (
        _claim(entry, line_of_item(entries, index, line), index + 1, fault)
        for index, entry in enumerate(entries)
    )
    return tuple(claim for claim in read if claim)


def _claim(fields: Any, line: int, number: int, fault: Fault) -> ClaimEntry | None:
    if not isinstance(fields, Mapping):
        fault(line, f"questions.{number}", "must have named fields")
        return None
    name = str(fields.get("id") or number)
    field = f"questions.{name}"
    for key in ("id", "kind", "asks", "answer", "sources"):
        if not fields.get(key):
            fault(line, f"{field}.{key}", "is missing")
    strange = set(fields) - {"id", "kind", "asks", "when", "answer", "sources"}
    if strange:
        fault(line, field, f"{min(map(str, strange))!r} is no field of a question")
    return ClaimEntry(
        name,
        str(fields.get("kind") or ""),
        tuple(str(ask).strip() for ask in fields.get("asks") or ()),
        tuple(_cases(fields.get("when"), line, field, fault)),
        str(fields.get("answer") or "").strip(),
        tuple(map(str, fields.get("sources") or ())),
        line,
    )


def _cases(entries: Any, line: int, field: str, fault: Fault) -> Iterator[CaseEntry]:
    if entries is not None and not isinstance(entries, list):
        fault(line, f"{field}.when", "must be a list")
        return
    for number, entry in enumerate(entries or (), 1):
        here = line_of_item(entries, number - 1, line)
        if not isinstance(entry, Mapping) or not entry.get("answer"):
            fault(here, f"{field}.when.{number}", "must have a condition and an answer")
            continue
        test = {key: value for key, value in entry.items() if key != "answer"}
        condition = read_condition({**test, "source": "-"}, here, f"{field}.when.{number}", fault)
        if condition:
            yield CaseEntry(condition, str(entry["answer"]).strip())


def claim_faults(claims: Iterable[ClaimEntry]) -> Iterator[tuple[int, str, str]]:
    """Yield line, field and reason of what is wrong with claims by themselves."""
    ids: set[str] = set()
    claim_by_ask: dict[str, str] = {}
    for claim in claims:
        field = f"questions.{claim.id}"
        if claim.id in ids:
            yield claim.line, field, "is the id of another question of this policy"
        ids.add(claim.id)
        if claim.kind and claim.kind not in KINDS:
            yield claim.line, f"{field}.kind", f"{claim.kind!r} is none of {', '.join(KINDS)}"
        if claim.asks and not ASKS[0] <= len(claim.asks) <= ASKS[1]:
            yield claim.line, f"{field}.asks", f"must be {ASKS[0]} to {ASKS[1]} ways of asking"
        for way in claim.asks:
            if claim_by_ask.setdefault(way, claim.id) != claim.id:
                yield (
                    claim.line,
                    f"{field}.asks",
                    f"{way!r} is asked by {claim_by_ask[way]} already",
                )
        for text in claim.texts if claim.kind == "yes_no" else ():
            if text and not _VERDICT.match(text):
                reason = f"{text[:8]!r}… does not begin with a verdict (能, 不能, 看情况…)"
                yield claim.line, f"{field}.answer", reason
