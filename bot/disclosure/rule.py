"""Figures of suppression for readers inside and outside the office, from suppression.yml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from bot.warning.errors import DisclosureError
from bot.warning.rule_figures import figures, folder, in_force
from bot.warning.yaml_file import check, read_file
from bot.wording import wording

_SAY = wording("warning")

Audience = Literal["inside", "outside"]
AUDIENCES: tuple[Audience, ...] = ("inside", "outside")
_NAMES = (
    "inside_people", "outside_people", "inside_denominator", "outside_denominator",
    "sensitive_people", "contributors", "largest_percent", "outside_base",
)  # fmt: skip


@dataclass(frozen=True)
class DisclosureRule:
    """Limits of what may be printed for one kind of readers."""

    people: int
    """Fewer persons than this are hidden, none included."""
    denominator: int
    """A rate needs so many persons below it."""
    sensitive: int
    """Fewer persons of a sensitive kind than this are hidden."""
    contributors: int
    """A figure made by fewer firms than this is hidden."""
    largest_percent: int
    """A figure is hidden when one firm makes more than this share of it."""
    firm_base: int
    """A firm with a smaller base is not named; 0 where all are."""


@dataclass(frozen=True)
class _Version:
    effective_from: date
    regions: tuple[str, ...]
    values: dict[str, int]


def disclosure_rule(
    audience: Audience, region: str, day: date, path: Path | None = None
) -> DisclosureRule:
    """Return the rule for readers of a region on a day.

    Raises WarningFileErrors, or DisclosureError where none is in force: then nothing is printed.
    """
    file = read_file(path or folder() / "suppression.yml")
    versions = []
    for item in file.items("versions"):
        sources = item.sources()
        read = figures(item, _NAMES, sources)
        starts, regions = item.day("effective_from"), item.texts("regions")
        if starts:
            versions.append(_Version(starts, regions, {n: v for n, (v, _, _) in read.items()}))
    check(file)
    version = in_force(versions, region, day)
    if version is None:
        raise DisclosureError(_SAY("disclosure_rule_unset", region=region))
    values = version.values
    return DisclosureRule(
        values[f"{audience}_people"], values[f"{audience}_denominator"],
        values["sensitive_people"], values["contributors"], values["largest_percent"],
        values["outside_base"] if audience == "outside" else 0,
    )  # fmt: skip
