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
figures are those of the version in force; a claim whose keys that version lacks is not said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.policies.conditions import ConditionEntry, Fault, line_of_item, read_condition

#: What a question wants to hear first.
KINDS = (
    "yes_no", "how_much", "how_long", "when", "where", "who", "which", "how", "what_if", "why",
    "what",
)  # fmt: skip
#: How many ways of asking a claim is written with.
ASKS = (3, 12)
#: With what the answer to a yes/no question begins, 一般 before it or not.
VERDICTS = (
    "能", "不能", "可以", "不可以", "行", "不行", "算", "不算", "合法", "不合法", "违法", "不违法",
    "要", "不要", "不用", "用", "有", "没有", "看", "会", "不会", "是", "不是", "对", "不对",
    "应当", "不应当", "必须", "够", "不够", "影响", "不影响", "来得及", "来不及", "管", "不管",
    "给", "不给", "有效", "无效", "都行", "都可以", "都不行", "都要", "都能", "都算", "别", "没",
)  # fmt: skip


@dataclass(frozen=True)
class CaseEntry:
    """What is answered when a condition on the person's facts is known to hold."""

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


def read_claims(given: Any, line: int, fault: Fault) -> tuple[ClaimEntry, ...]:
    """Return the claims of a block; what cannot be read is told to `fault` and left out."""
    if given is None:
        return ()
    if not isinstance(given, list):
        fault(line, "questions", "must be a list")
        return ()
    read = (
        _claim(one, line_of_item(given, at, line), at + 1, fault) for at, one in enumerate(given)
    )
    return tuple(one for one in read if one)


def _claim(of: Any, line: int, number: int, fault: Fault) -> ClaimEntry | None:
    if not isinstance(of, Mapping):
        fault(line, f"questions.{number}", "must have named fields")
        return None
    name = str(of.get("id") or number)
    at = f"questions.{name}"
    for key in ("id", "kind", "asks", "answer", "sources"):
        if not of.get(key):
            fault(line, f"{at}.{key}", "is missing")
    strange = set(of) - {"id", "kind", "asks", "when", "answer", "sources"}
    if strange:
        fault(line, at, f"{min(map(str, strange))!r} is no field of a question")
    return ClaimEntry(
        name,
        str(of.get("kind") or ""),
        tuple(str(one).strip() for one in of.get("asks") or ()),
        tuple(_cases(of.get("when"), line, at, fault)),
        str(of.get("answer") or "").strip(),
        tuple(map(str, of.get("sources") or ())),
        line,
    )


def _cases(given: Any, line: int, at: str, fault: Fault) -> Iterator[CaseEntry]:
    if given is not None and not isinstance(given, list):
        fault(line, f"{at}.when", "must be a list")
        return
    for number, one in enumerate(given or (), 1):
        here = line_of_item(given, number - 1, line)
        if not isinstance(one, Mapping) or not one.get("answer"):
            fault(here, f"{at}.when.{number}", "must have a condition and an answer")
            continue
        test = {key: value for key, value in one.items() if key != "answer"}
        condition = read_condition({**test, "source": "-"}, here, f"{at}.when.{number}", fault)
        if condition:
            yield CaseEntry(condition, str(one["answer"]).strip())


def claim_faults(claims: Iterable[ClaimEntry]) -> Iterator[tuple[int, str, str]]:
    """Yield line, field and reason of what is wrong with claims by themselves."""
    ids: set[str] = set()
    asked: dict[str, str] = {}
    for claim in claims:
        at = f"questions.{claim.id}"
        if claim.id in ids:
            yield claim.line, at, "is the id of another question of this policy"
        ids.add(claim.id)
        if claim.kind and claim.kind not in KINDS:
            yield claim.line, f"{at}.kind", f"{claim.kind!r} is none of {', '.join(KINDS)}"
        if claim.asks and not ASKS[0] <= len(claim.asks) <= ASKS[1]:
            yield claim.line, f"{at}.asks", f"must be {ASKS[0]} to {ASKS[1]} ways of asking"
        for way in claim.asks:
            if asked.setdefault(way, claim.id) != claim.id:
                yield claim.line, f"{at}.asks", f"{way!r} is asked by {asked[way]} already"
        for text in claim.texts if claim.kind == "yes_no" else ():
            if text and not text.removeprefix("一般").startswith(VERDICTS):
                reason = f"{text[:8]!r}… does not begin with a verdict (能, 不能, 看情况…)"
                yield claim.line, f"{at}.answer", reason
