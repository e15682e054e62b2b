"""The warning list of a month: computed from what was known, frozen once, recomputed exactly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import FrozenList
from bot.warning.batches import completeness
from bot.warning.candidates import (
    Candidate,
    CandidateSet,
    arithmetic,
    find,
    marks,
    new_persons,
    silent_firms,
)
from bot.warning.errors import FreezeError
from bot.warning.months import last_day, months_before
from bot.warning.rule_figures import (
    LeaverRule,
    frozen_form,
    in_force,
    read_reasons,
    read_rule,
    region_prefix,
)
from bot.warning.series import districts
from bot.warning.survey import Survey, by_parent, read_employers, read_survey
from bot.wording import wording

_SAY = wording("warning")


@dataclass(frozen=True)
class RuleForm:
    """All inputs of a list apart from the data."""

    rule: LeaverRule
    dispatch_industries: tuple[str, ...]
    reasons: Mapping[str, tuple[bool, bool]]
    """Whether a reason counts, and whether the employer ended it."""
    previous: datetime | None
    """When the list of the month before was frozen; what was known later is 补报."""

    def as_json(self) -> str:
        """Return it as canonical JSON."""
        values = asdict(self)
        values["previous"] = self.previous.isoformat() if self.previous else None
        return canonical(values)


@dataclass(frozen=True)
class ListEntry:
    """A line of the list, with its candidate."""

    candidate: Candidate
    late: bool
    """补报: its day lies in an earlier month, and became known after that one was frozen."""
    group: bool
    """A company with its branches taken together."""

    def as_values(self, rule: LeaverRule) -> dict[str, Any]:
        """Return the line as JSON values; persons are left out."""
        item = self.candidate
        extra_marks = [text for text, holds in (("补报", self.late), ("集团", self.group)) if holds]
        return {
            "uscc": item.uscc, "name": item.name, "district": item.district,
            "day": item.day.isoformat(), "peak": item.peak.isoformat(), "grade": item.grade,
            "leavers": item.leavers, "by_employer": item.by_employer, "base": item.base,
            "marks": [*marks(item), *extra_marks],
            "transfer_to": item.transfer_to, "arithmetic": arithmetic(item, rule),
        }  # fmt: skip


@dataclass(frozen=True)
class MonthList:
    """The list of a month and region."""

    region: str
    month: date
    entries: tuple[ListEntry, ...]
    dispatch: tuple[str, ...]
    """Agencies of labour dispatch: their ratio is not shown."""
    silent: tuple[str, ...]
    """失联企业."""
    missing: tuple[str, ...]
    """Districts that have not delivered the filings of the month: 缺数."""
    form: RuleForm

    def as_json(self) -> str:
        """Return the list as canonical JSON."""
        return canonical(
            {
                "region": self.region, "month": self.month.isoformat(),
                "entries": [item.as_values(self.form.rule) for item in self.entries],
                "dispatch": list(self.dispatch), "silent": list(self.silent),
                "missing": list(self.missing),
            }
        )  # fmt: skip


def canonical(values: Any) -> str:
    """Return JSON that is the same for the same values."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def current_form(region: str, month: date, previous: datetime | None) -> RuleForm:
    """Return the rule as the files have it at the end of a month. Raises FreezeError for none."""
    day = last_day(month)
    rule = in_force(read_rule(), region, day)
    reasons = in_force(read_reasons(), region, day)
    if rule is None or reasons is None:
        raise FreezeError(_SAY("rule_unset", region=region, month=f"{month:%Y年%m月}"))
    codes: Mapping[str, Sequence[bool]] = frozen_form(rule, reasons)["reasons"]
    flags = {code: (both[0], both[1]) for code, both in codes.items()}
    return RuleForm(rule.rule, rule.dispatch_industries, flags, previous)


def month_list(db: Session, region: str, month: date, form: RuleForm, as_of: datetime) -> MonthList:
    """Return the list of a month by what was known at a moment."""
    survey = read_survey(db, form.rule, form.reasons, as_of)
    employers = read_employers(db, as_of)
    last = min(last_day(month), survey.today)
    first = months_before(month, form.rule.late_months)
    earlier_set = None
    if form.previous is not None:
        earlier = read_survey(db, form.rule, form.reasons, form.previous)
        earlier_set = _find(earlier, form, first, min(months_before(month, -1), earlier.today))
    result = _find(survey, form, first, last)
    prefix = region_prefix(region)
    lines = [
        ListEntry(item, item.day < month, False)
        for item in result.candidates
        if item.district.startswith(prefix)
        and (item.day >= month or _is_late(item, earlier_set, form.rule))
    ]
    groups = _find(by_parent(survey, employers, form.rule), form, first, last)
    lines += [
        ListEntry(item, False, True)
        for item in groups.candidates
        if item.district.startswith(prefix) and item.day >= month
    ]
    within = districts(region)
    delivered = completeness(db, "filings", month, within, as_of)
    heads = completeness(db, "headcounts", month, within, as_of)
    return MonthList(
        region, month, tuple(sorted(lines, key=_order)),
        tuple(sorted(uscc for uscc, day in result.dispatch.items() if day >= month)),
        silent_firms(
            survey, month, frozenset(item for item, is_complete in heads.items() if is_complete)
        ),
        tuple(item for item, is_complete in delivered.items() if not is_complete), form,
    )  # fmt: skip


def _find(survey: Survey, form: RuleForm, first: date, last: date) -> CandidateSet:
    return find(survey, form.rule, form.dispatch_industries, first, last)


def _is_late(item: Candidate, earlier_set: CandidateSet | None, rule: LeaverRule) -> bool:
    """Tell whether a candidate of an earlier month was not known when that one was frozen."""
    if earlier_set is None:
        return False
    earlier = {
        person for c in earlier_set.candidates if c.uscc == item.uscc for person in c.persons
    }
    fresh = item.persons - earlier
    return fresh == item.persons or len(fresh) >= new_persons(rule, item.base)


def _order(item: ListEntry) -> tuple[Any, ...]:
    return (
        not item.candidate.strong,
        item.candidate.district,
        item.candidate.day,
        item.candidate.uscc,
    )


def freeze(db: Session, region: str, month: date, staff: str) -> FrozenList:
    """Freeze the list of a month that is over. Raises FreezeError when it is not, or was frozen."""
    if clock.today() <= last_day(month):
        raise FreezeError(_SAY("list_month_not_over", month=f"{month:%Y年%m月}"))
    if frozen(db, region, month) is not None:
        raise FreezeError(_SAY("list_frozen_already", month=f"{month:%Y年%m月}"))
    previous = frozen(db, region, months_before(month, 1))
    as_of = clock.now()
    form = current_form(region, month, previous.frozen_at if previous else None)
    entries = month_list(db, region, month, form, as_of).as_json()
    row = FrozenList(
        region=region, month=month, frozen_at=as_of, staff=staff, rule=form.as_json(),
        sha256=_digest(entries), entries=entries,
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row


def frozen(db: Session, region: str, month: date) -> FrozenList | None:
    """Return the frozen list of a month."""
    query = select(FrozenList).where(FrozenList.region == region, FrozenList.month == month)
    return db.scalar(query)


def recompute(db: Session, row: FrozenList) -> MonthList:
    """Compute a frozen list again from what was known then. Raises FreezeError when it differs."""
    values = json.loads(row.rule)
    previous = values["previous"]
    form = RuleForm(
        LeaverRule(**values["rule"]), tuple(values["dispatch_industries"]),
        {code: (both[0], both[1]) for code, both in values["reasons"].items()},
        datetime.fromisoformat(previous) if previous else None,
    )  # fmt: skip
    recomputed = month_list(db, row.region, row.month, form, row.frozen_at)
    if _digest(recomputed.as_json()) != row.sha256:
        raise FreezeError(_SAY("list_differs", month=f"{row.month:%Y年%m月}"))
    return recomputed


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
