"""Structured messages: what the assistant says, before a channel gives it a form.

Each travels as a dict in Rasa's `custom` field. Words for one medium are made in
`bot.rendering.plain`; nothing here knows a channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, ClassVar, Literal

from bot.caches import process_cache

#: How a turn ended; metrics, tests and the list of unanswered questions hang on it.
Status = Literal[
    "answered",
    "postings",
    "clarify",
    "form",
    "no_policy",
    "out_of_scope",
    "handoff",
    "crisis",
    "refused",
    "error",
]


@dataclass(frozen=True)
class Button:
    """A quick reply. Pressing it says `says`, as if the person had typed it."""

    title: str
    """What stands on the button."""
    says: str
    """The plain text it sends; never an intent, so that nobody can type one."""


@dataclass(frozen=True)
class Citation:
    """The source of an answer."""

    document: str
    """The document's name."""
    number: str | None = None
    """Its number, e.g. 辽人社建〔2025〕21号; laws have none."""
    article: str | None = None
    """第十七条, or the section of a document without articles."""
    issuer: str | None = None
    """Who issued it."""
    effective_from: str | None = None
    """ISO date since when it holds."""
    second_hand: bool = False
    """True when the original has not been seen; the answer then says so."""


@dataclass(frozen=True)
class Figure:
    """A figure that an answer states."""

    name: str
    value: str
    """The number as a decimal string."""
    unit: str
    text: str
    """How it is said to people."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """Base of all messages. `act` is the id of the taxonomy, None when not understood."""

    type: ClassVar[str] = "text"
    status: Status = "answered"
    act: str | None = None
    text: str = ""
    buttons: list[Button] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the message as plain JSON values with its type."""
        return {"type": self.type, **_plain(self)}


#: Types of nearly all values of a message.
_PLAIN_TYPES = frozenset((str, int, float, bool, type(None)))


def _plain(value: Any) -> Any:
    """Return dataclasses as dicts, as `asdict` does, which checks the type of each letter."""
    if type(value) in _PLAIN_TYPES:
        return value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    names = _field_names(type(value))  # type: ignore[arg-type]  # classes can be hashed
    return {name: _plain(getattr(value, name)) for name in names} if names else value


@process_cache(size=64)
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind)) if is_dataclass(kind) else ()


@dataclass(frozen=True, kw_only=True)
class Erased(Message):
    """The last word to a person after their data was deleted: said, and kept nowhere."""

    type: ClassVar[str] = "erased"


def erases(message: Mapping[str, Any]) -> bool:
    """Tell whether a structured message ends all that is kept of who hears it."""
    return message.get("type") == Erased.type


@dataclass(frozen=True, kw_only=True)
class PolicyAnswer(Message):
    """An answer from the policy base, in force today in the person's region."""

    type: ClassVar[str] = "policy_answer"
    topics: list[str] = field(default_factory=list)
    title: str = ""
    aspects: list[str] = field(default_factory=list)
    """The aspects that `text` answers."""
    next_step: str = ""
    """What to do next: who decides, how to apply."""
    figures: list[Figure] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """What the assistant still needs to know for a more exact answer: region, years…"""


@dataclass(frozen=True, kw_only=True)
class LawQuote(Message):
    """An article of law, word for word. `text` is its mark (法律原文) and the law's own words."""

    type: ClassVar[str] = "law_quote"
    topics: list[str] = field(default_factory=list)
    document: str = ""
    """The law's name."""
    article: str = ""
    """第八十二条."""
    since: str | None = None
    """ISO date since when this version of the law holds."""
    whole: str = ""
    """The whole article; `text` may leave out what does not bear on the question."""
    next_step: str = ""
    """What to do next, in our own words: never part of the quotation."""
    citations: list[Citation] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class PostingItem:
    """One posting of a list."""

    id: int
    title: str
    employer: str
    region: str
    salary_text: str
    salary_min: int | None
    salary_max: int | None
    region_code: str | None = None
    occupations: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    published_on: str | None = None
    description: str = ""
    """Only in the details of one posting."""
    source: str = ""
    contact: str = ""
    """Whom to call; masked in a list, whole in the details of one posting."""
    origin: str = ""
    """Where it comes from and when it was published, in plain words."""
    valid_until: str | None = None
    stated: list[str] = field(default_factory=list)
    """Lines on its address, age, schooling, how to apply…; only in the details of one posting."""


@dataclass(frozen=True, kw_only=True)
class Postings(Message):
    """Postings that suit a job preference."""

    type: ClassVar[str] = "postings"
    status: Status = "postings"
    items: list[PostingItem] = field(default_factory=list)
    total: int = 0
    """How many suit in all."""
    more: bool = False
    loosened: list[str] = field(default_factory=list)
    """Which conditions were loosened, in plain words; empty when all hold."""
    beside_cards: str = ""
    """What is said where cards are drawn, when `text` says in words what stands on them."""


@dataclass(frozen=True)
class ListingCard:
    """A station, a fair or a course of a list."""

    title: str
    lines: list[str] = field(default_factory=list)
    brief: str = ""
    """The most important of it, for a short medium."""


@dataclass(frozen=True, kw_only=True)
class Listings(Message):
    """Stations, fairs or courses. `text` says all of them in words."""

    type: ClassVar[str] = "listings"
    cards: list[ListingCard] = field(default_factory=list)
    beside_cards: str = ""
    """What is said where cards are drawn."""
    notes: str = ""
    """How sure the list is; said under the cards."""
    demo: bool = False
    """Whether something of it is invented."""


@dataclass(frozen=True, kw_only=True)
class Clarify(Message):
    """A question back, with choices when there are some."""

    type: ClassVar[str] = "clarify"
    status: Status = "clarify"
    asks: str = ""
    """The slot asked for, or `topic`."""
    topics: list[str] = field(default_factory=list)
    """The topics between which is asked, likeliest first."""


@dataclass(frozen=True, kw_only=True)
class Form(Message):
    """The next question of a job preference."""

    type: ClassVar[str] = "form"
    status: Status = "form"
    asks: str = ""


@dataclass(frozen=True, kw_only=True)
class EligibilityItem:
    """Eligibility of a person for one policy."""

    topic: str
    title: str
    reasons: list[str] = field(default_factory=list)
    """Why it fits, what is still open, or what speaks against it."""
    next_step: str = ""
    citations: list[Citation] = field(default_factory=list)
    """The sources of the reasons."""


@dataclass(frozen=True, kw_only=True)
class Eligibility(Message):
    """Policies that fit a person, that may, and that do not."""

    type: ClassVar[str] = "eligibility"
    topics: list[str] = field(default_factory=list)
    """Those that fit or may fit, likeliest first."""
    fits: list[EligibilityItem] = field(default_factory=list)
    may_fit: list[EligibilityItem] = field(default_factory=list)
    does_not: list[EligibilityItem] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    """The sources of those that fit or may fit."""
