"""Inquiries recognised by their words, where the statistical model takes them for something near.

`焊工工资一般多少` is no question of unpaid wages, `想包个大棚` no search for a job. All texts are
normalised ones; the patterns stand in data/vocab/inquiries.yml.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from bot.settings import settings
from bot.text.pattern_file import Patterns, read_patterns

#: case_status: how far an application is. policy_news: new policies are to be pushed.
#: no_livelihood: no work and nothing to eat. low_income_proof: what proves 低保. low_income: 低保.
#: going_pay: what a trade pays. own_business: to be opened. certificate: learning for one.
#: conditions: food and lodging at work. promise: work within a day. public_job: a job that the
#: public pays for. unhappy: not at ease at work.
Inquiry = Literal[
    "case_status", "policy_news", "no_livelihood", "low_income_proof", "low_income", "going_pay",
    "own_business", "certificate", "conditions", "promise", "public_job", "unhappy",
]  # fmt: skip
#: Totals of the whole province that are asked for.
Total = Literal["talents", "loans", "retention", "expansion", "upgrade"]
Entity = dict[str, Any]

#: Longer texts are stories, of several things at once.
MAX_INQUIRY_LENGTH = 60
_FILE = "inquiries.yml"
#: Kind, pattern that must match, and patterns that must not; tried in this order.
_BY_ONE: tuple[tuple[Inquiry, str, tuple[str, ...]], ...] = (
    ("policy_news", "policy_news", ()),
    ("case_status", "case_status", ("case_of_rules",)),
    ("low_income_proof", "low_income_proof", ()),
    ("low_income", "low_income", ("of_low_income",)),
    ("conditions", "conditions", ()),
    ("certificate", "certificate", ()),
    ("unhappy", "unhappy", ("of_unhappy",)),
)
_TOTALS: tuple[Total, ...] = ("talents", "loans", "retention", "expansion", "upgrade")


def inquiry(text: str, entities: Sequence[Entity] = ()) -> Inquiry | None:
    """Return the kind of inquiry of a normalised text; None when its words tell nothing.

    `entities` are those of the message: a going pay is that of a trade.
    """
    if len(text) > MAX_INQUIRY_LENGTH:
        return None
    patterns = _patterns()
    if _matches_all(patterns, text, "no_livelihood", "no_food", "asks_whom"):
        return "no_livelihood"
    for kind, finds, unless in _BY_ONE:
        if patterns[finds].search(text) and not any(patterns[name].search(text) for name in unless):
            return kind
    if _is_promise(patterns, text):
        return "promise"
    if _is_public_job(patterns, text):
        return "public_job"
    trade = any(e["entity"] == "occupation" and not e.get("negated") for e in entities)
    if trade and _is_going_pay(patterns, text):
        return "going_pay"
    if patterns["own_business"].search(text) and not patterns["of_work"].search(text):
        return "own_business"
    return None


def lacks_money(text: str) -> bool:
    """Tell whether a normalised text says that the money for a business is not there."""
    return bool(_patterns()["lacks_money"].search(text))


def requested_total(text: str) -> Total | None:
    """Return the total that a normalised text asks for: 2024年发了多少创业贷款."""
    patterns = _patterns()
    if len(text) > MAX_INQUIRY_LENGTH or not _matches_all(patterns, text, "whole", "how_many"):
        return None
    if patterns["one_share"].search(text):
        return None
    return next((total for total in _TOTALS if patterns[f"of_{total}"].search(text)), None)


def tells_registration(text: str) -> bool:
    """Tell whether a normalised text says that the registration as unemployed is done."""
    patterns = _patterns()
    return any(
        not patterns["denied_before"].search(text[max(0, hit.start() - 6) : hit.start()])
        for hit in patterns["registered"].finditer(text)
    )


def seeks_work(text: str, entities: Sequence[Entity] = ()) -> bool:
    """Tell whether a normalised text looks for work, and asks for no rule.

    `entities` stand in the text: a trade is looked for by the words before it.
    """
    patterns = _patterns()
    if len(text) > MAX_INQUIRY_LENGTH or asks_rules(text):
        return False
    return bool(patterns["seeks_work"].search(text)) or any(
        patterns["seeks_trade"].search(text[max(0, e["start"] - 16) : e["start"]])
        for e in entities
        if e["entity"] == "occupation" and not e.get("negated") and not e.get("past")
    )


def names_work(text: str) -> bool:
    """Tell whether a normalised text has a word for work that may be looked for."""
    return bool(_patterns()["names_work"].search(text))


def mentions_past_work(text: str) -> bool:
    """Tell whether a normalised text speaks of work that was done: 在鲅鱼圈干的活."""
    return bool(_patterns()["works_done"].search(text))


def asks_rules(text: str) -> bool:
    """Tell whether a normalised text speaks of a rule, a benefit or papers."""
    return bool(_patterns()["of_rules"].search(text))


def seeks_near(text: str) -> bool:
    """Tell whether a normalised text wishes for work near by: 附近有啥活."""
    return bool(_patterns()["near"].search(text))


def names_service_point(text: str) -> bool:
    """Tell whether a normalised text names a place that gives services."""
    return bool(_patterns()["service_point"].search(text))


def _is_promise(patterns: Patterns, text: str) -> bool:
    if not _matches_all(patterns, text, "promise", "promised_job"):
        return False
    return not patterns["promise_of_rules"].search(text)


def _is_public_job(patterns: Patterns, text: str) -> bool:
    if not _matches_all(patterns, text, "public_job", "seeks_public_job"):
        return False
    return not patterns["public_job_rules"].search(text)


def _is_going_pay(patterns: Patterns, text: str) -> bool:
    if patterns["own_pay"].search(text):
        return False
    return bool(patterns["going_pay"].search(text) or patterns["bare_pay"].search(text))


def _matches_all(patterns: Patterns, text: str, *names: str) -> bool:
    return all(patterns[name].search(text) for name in names)


def _patterns() -> dict[str, re.Pattern[str]]:
    return read_patterns(settings().data_file("vocab", _FILE))
