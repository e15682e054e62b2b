"""The rules of matching as data/match.yml states them: weights, what is loosened, limits."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, cast, get_args

from bot.caches import process_cache
from bot.postings.match_config_error import MatchFileError
from bot.postings.traits import words
from bot.settings import settings
from bot.yaml_files import read_yaml

#: The parts of the score, in the order of Scored.parts.
PARTS = (
    "trade", "level", "place", "pay", "market", "named_pay", "experience", "schooling",
    "age", "work_time", "welfare", "group", "fresh", "clean", "unseen",
)  # fmt: skip

#: A condition that a posting may break when that is said: see bot.matching.hard_filters.
Condition = Literal[
    "place", "trade", "pay_reaches", "pay_lower", "pay_below", "pay_unknown", "time_unstated"
]


@dataclass(frozen=True)
class Limits:
    """Limits of a search."""

    candidates: int
    """Newest postings that are scored."""
    counted: int
    """Up to how many are counted."""
    read: int
    """How many of the best have their words read."""
    of_one_employer: int
    """Postings of one employer in one list."""
    lower_pay: float
    """Share of the wished pay that pay_lower goes down to."""


@dataclass(frozen=True)
class PostingBounds:
    """Bounds of plausible values of an imported posting."""

    least_pay: float
    """Yuan a month; less was misread."""
    most_pay: float
    """Yuan a month; more was misread."""
    oldest_days: float
    """A posting without an end is over so many days after its publication."""
    old_days: float
    """A list says of an older posting when it was published."""


@dataclass(frozen=True)
class Rules:
    """All of data/match.yml."""

    weights: tuple[float, ...]
    """In the order of PARTS, each 0 or more."""
    loosen: tuple[frozenset[Condition], ...]
    """What may be broken, in the order in which it is tried."""
    limits: Limits
    postings: PostingBounds
    first: frozenset[str]
    """Groups of the taxonomy that have their own postings listed before all others."""


def read_rules(file: Path) -> Rules:
    """Read a file of rules. Raises MatchFileError for what is missing, unknown or no number."""
    content: dict[str, Any] = read_yaml(file)
    weights = _numbers(file, "weights", content, PARTS)
    names = tuple(field.name for field in fields(Limits))
    limits = _numbers(file, "limits", content, names)
    if not 0 < limits[-1] <= 1:
        raise MatchFileError(file, "limits.lower_pay", "is no share above 0")
    candidates, count_limit, read, of_one_employer = map(int, limits[:-1])
    all_limits = Limits(candidates, count_limit, read, of_one_employer, lower_pay=limits[-1])
    bounds = tuple(field.name for field in fields(PostingBounds))
    return Rules(
        weights,
        _loosen(file, content),
        all_limits,
        PostingBounds(*_numbers(file, "postings", content, bounds)),
        _first(file, content),
    )


def _first(file: Path, content: dict[str, Any]) -> frozenset[str]:
    groups, group_names = content.get("first") or [], words().suits
    for name in groups:
        if name not in group_names:
            raise MatchFileError(file, "first", f"{name} is none of {', '.join(group_names)}")
    return frozenset(groups)


def _numbers(
    file: Path, section: str, content: dict[str, Any], names: tuple[str, ...]
) -> tuple[float, ...]:
    values = content.get(section) or {}
    for name in [*names, *values]:
        field_path = f"{section}.{name}"
        if name not in names:
            raise MatchFileError(file, field_path, f"is none of {', '.join(names)}")
        value = values.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise MatchFileError(file, field_path, "must be a number, 0 or more")
    return tuple(float(values[name]) for name in names)


def _loosen(file: Path, content: dict[str, Any]) -> tuple[frozenset[Condition], ...]:
    steps = []
    for number, step in enumerate(content.get("loosen") or (), 1):
        for name in step:
            if name not in get_args(Condition):
                condition_names = ", ".join(get_args(Condition))
                raise MatchFileError(
                    file, f"loosen, step {number}", f"{name} is none of {condition_names}"
                )
        steps.append(frozenset(cast("list[Condition]", step)))
    return tuple(steps)


@process_cache(size=4)
def rules(folder: Path | None = None) -> Rules:
    """Return the rules of a data folder (default: the settings')."""
    return read_rules((folder or settings().data) / "match.yml")
