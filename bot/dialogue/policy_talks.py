"""Talks about policies, each turn with the units of the base that answer it there.

The encoder has learned from three talks of five of some files; the ranker (bot/policies/ranking)
learns from all others: what the encoder has not seen.

Apart from them, `phrasings/*.tsv` has messages written for one unit each, by people who saw it: a
unit, what was written before (or nothing) and the message, parted by tabs. The encoder learns from
them; nothing is fitted or judged on them, since they are nearer to their unit than what
strangers write.

A file of data/policy_talks is a list of

    - person: 沈阳铁西 女 49 下岗
      turns:
      - {text: 4050补贴, units: ['social-insurance-subsidy#what']}
      - {text: 手机上能办不, units: [none], topic: social-insurance-subsidy, lacks: 能不能网上办}

`none`: no unit answers it. `tells`: it tells a fact that asks for no answer. `other`: it is of
another business than a policy. The best unit stands first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from bot.dialogue.state import LONGEST_MESSAGE, MESSAGES
from bot.yaml_files import YamlFileError, read_yaml

#: Labels of turns that no unit answers.
NONE, TELLS, OTHER = "none", "tells", "other"
LABELS = frozenset((NONE, TELLS, OTHER))
#: Files whose talks the encoder of models/encoder has learned from, but for those of `fresh`.
LEARNED_BY_ENCODER = frozenset(
    (
        "employers-and-courses", "getting-in-and-scams", "injury-leave-disputes",
        "insurance-and-support", "judged-rounds", "losing-the-job", "next-door-1", "next-door-2",
        "openings-benefits", "openings-labour", "openings-services", "out-of-work",
        "starting-up-and-groups", "stories-and-proofs", "strangers-1", "strangers-2",
        "strangers-3", "strangers-4", "strangers-5", "strangers-7", "strangers-8", "strangers-9",
        "strangers-10", "strangers-11", "strangers-12", "strangers-13", "strangers-14",
        "strangers-15", "training-and-services", "wages-and-contracts", "wages-injury-employers",
    )
)  # fmt: skip


#: The folder of phrasings, within that of the talks.
PHRASINGS = "phrasings"


class TalkError(ValueError):
    """A talk that cannot be used: file, talk and what is wrong."""


@dataclass(frozen=True)
class PolicyTurn:
    """A message in its place of a talk, and the units that answer it there."""

    text: str
    before: tuple[str, ...]
    """The messages about policies before it, oldest first, the last few."""
    spoken_of: str | None
    """The topic of the answer before."""
    said: str | None
    """The unit that was the answer before."""
    units: tuple[str, ...]
    """Best first; empty when none answers it."""
    label: str
    """One of LABELS where none does; empty when some do."""


@dataclass(frozen=True)
class PolicyTalk:
    """A talk of one person."""

    id: str
    turns: tuple[PolicyTurn, ...]

    @property
    def fresh(self) -> bool:
        """True when the encoder has not learned from it."""
        learned = self.id.rpartition("-")[0] in LEARNED_BY_ENCODER
        return not learned or crc32(self.id.encode()) % 5 < 2


def load_talks(folder: Path) -> list[PolicyTalk]:
    """Read all talks of a folder. Raises TalkError for the first that is wrong."""
    talks: list[PolicyTalk] = []
    for file in sorted(folder.glob("*.yml")):
        try:
            entries = read_yaml(file, allow_empty=True) or ()
        except YamlFileError as error:
            raise TalkError(f"{file.name}: {error.details}") from error
        for number, entry in enumerate(entries, 1):
            name = f"{file.stem}-{number}"
            try:
                talks.append(PolicyTalk(name, tuple(_turns(entry["turns"]))))
            except (KeyError, TypeError, ValueError) as error:
                raise TalkError(f"{file.name}: talk {number}: {error}") from error
    return talks


def load_phrasings(folder: Path) -> list[PolicyTalk]:
    """Read the phrasings of a folder, a talk each. Raises TalkError for the first that is wrong."""
    talks: list[PolicyTalk] = []
    for file in sorted((folder / PHRASINGS).glob("*.tsv")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            parts = line.split("\t")
            if len(parts) != 3 or not parts[0] or not parts[2]:
                raise TalkError(f"{file.name}: line {number}: not unit, text before, text")
            unit, earlier, text = parts
            history = (earlier,) if earlier else ()
            spoken_of = topic_of(unit) if earlier else None
            turn = PolicyTurn(text, history, spoken_of, None, (unit,), "")
            talks.append(PolicyTalk(f"{file.stem}-{number}", (turn,)))
    return talks


def topic_of(unit: str) -> str:
    """Return the topic of a unit's id."""
    return unit.replace("#", "/").partition("/")[0]


def _turns(entries: Any) -> Iterator[PolicyTurn]:
    history: tuple[str, ...] = ()
    spoken_of = previous_unit = None
    for entry in entries:
        turn = _turn(entry, history, spoken_of, previous_unit)
        yield turn
        if turn.label == OTHER:
            history, previous_unit = (), None
            continue
        history = (*history, turn.text[-LONGEST_MESSAGE:])[-MESSAGES:]
        previous_unit = turn.units[0] if turn.units else None
        spoken_of = topic_of(previous_unit) if previous_unit else entry.get("topic") or spoken_of


def _turn(
    entry: Mapping[str, Any],
    history: tuple[str, ...],
    spoken_of: str | None,
    previous_unit: str | None,
) -> PolicyTurn:
    units = tuple(map(str, entry["units"]))
    if not isinstance(entry["text"], str) or not units:
        raise ValueError(f"a turn needs text and units: {entry!r}")
    label = units[0] if units[0] in LABELS else ""
    if label and len(units) > 1:
        raise ValueError(f"{label} stands alone: {entry['text']}")
    return PolicyTurn(
        entry["text"], history, spoken_of, previous_unit, () if label else units, label
    )
