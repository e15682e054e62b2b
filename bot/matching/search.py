"""Search for postings that suit a job preference, with the conditions loosened for each.

Candidates come newest first from an index (keys), conditions decide (conditions), a score of
named parts orders (score). While too few keep everything, conditions are loosened one step at a
time, in the order of data/match.yml. What asks for far more schooling or experience than the person
has comes last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, select

from bot.db.compiled_statement import Database, Prepared
from bot.db.tables import Posting
from bot.matching.alternatives import NO_OTHERS, OtherTrades, open_related_trades
from bot.matching.candidates import find_keys
from bot.matching.certificates import missing_paper
from bot.matching.components.person import contradiction_count, is_underqualified
from bot.matching.diversify import Job, ScoredPosting, job_of, limit_per_employer, one_per_job
from bot.matching.feature_loader import load_features, read_cards, read_words
from bot.matching.features import Card, Features
from bot.matching.hard_filters import violated_conditions
from bot.matching.job_preference import JobPreference
from bot.matching.refusals import is_refused, refused_ids
from bot.matching.related_occupations import requires_more
from bot.matching.relaxation import SEPARATOR, describe_relaxation
from bot.matching.score import Scored, score
from bot.matching.text_probes import MAX_SEARCHED, postings_for_group, postings_with_words
from bot.postings.match_config import Condition, rules
from bot.vocabulary.vocabulary import vocabulary

_POSTINGS: Any = Posting.__table__
_JOBS = Prepared(
    select(_POSTINGS.c.employer_id, _POSTINGS.c.title, _POSTINGS.c.salary_min).where(
        _POSTINGS.c.id.in_(bindparam("ids", expanding=True))
    )
)
_KEEPS_ALL: frozenset[Condition] = frozenset()
_ANYWHERE: frozenset[Condition] = frozenset(("place",))


@dataclass(frozen=True)
class Match:
    """A posting that suits, with its score and the conditions it violates."""

    features: Features
    card: Card
    scored: Scored
    broken: frozenset[Condition] = frozenset()
    """Which conditions it does not keep; empty when it keeps all."""
    loosened: str | None = None
    """The same in plain words; None when it keeps all."""

    @property
    def score(self) -> float:
        """The weighted sum of the parts."""
        return self.scored.total


@dataclass(frozen=True)
class Matches:
    """A page of postings."""

    items: list[Match]
    total: int
    """How many keep all conditions."""
    has_more: bool
    loosened: list[str]
    """What was loosened on this page, in plain words."""
    at_least: bool = False
    """True when `total` was not counted to its end: there are at least so many."""
    refused: int = 0
    """How many are not shown, as their words state what the person refuses."""
    others: OtherTrades = NO_OTHERS
    """Other trades that are open, where nothing is found of the one wished for."""


@dataclass
class _Search:
    """State of one search: chosen postings and those that must not be chosen again."""

    preference: JobPreference
    excluded_ids: set[int]
    jobs: set[Job]
    shown_ids: frozenset[int]
    chosen: list[ScoredPosting] = field(default_factory=list)
    of_employer: dict[int, int] = field(default_factory=dict)
    underqualified: list[ScoredPosting] = field(default_factory=list)
    """What suits but is out of reach: it fills up the list when nothing else does."""


def find(
    db: Database,
    preference: JobPreference,
    *,
    exclude: Sequence[int] = (),
    shown_before: Sequence[int] = (),
    limit: int = 5,
) -> Matches:
    """Return the best postings for a preference.

    `exclude`: shown in this list before, not shown again. `shown_before`: shown in earlier lists
    of the seeker, which count a little less.
    """
    limits = rules().limits
    search = _Search(preference, set(exclude), _jobs_of(db, exclude), frozenset(shown_before))
    key_limit = max(limits.counted, limits.candidates + len(exclude))
    keys = find_keys(db, preference, _KEEPS_ALL, key_limit)
    refused = refused_ids(db, keys.ids, preference)
    search.excluded_ids |= refused
    _add_best(db, search, _of_group_first(db, preference), _KEEPS_ALL, limit + 1)
    _add_best(db, search, keys.ids, _KEEPS_ALL, limit + 1)
    for allowed in rules().loosen:
        if len(search.chosen) >= limit:
            break
        if _applies(allowed, preference) and _may_leave_places(allowed, search):
            keys_found = find_keys(
                db, preference, allowed, limits.candidates + len(search.excluded_ids)
            )
            _add_best(db, search, keys_found.ids, allowed, limit + 1)
    for gives_way in (False, True):
        candidates = [
            candidate for candidate in search.underqualified if bool(candidate.broken) is gives_way
        ]
        _add_chosen(db, search, candidates, limit + 1)
    if not search.chosen and preference.places and preference.stays != "always" and not exclude:
        _search_wider_places(db, search, limit + 1)
    result = _first_page(db, search, limit, len(keys.ids) - len(refused), keys.cut)
    nothing = not (result.items or exclude) and bool(preference.occupations)
    others = open_related_trades(db, preference) if nothing else NO_OTHERS
    return replace(result, refused=len(refused), others=others)


def _search_wider_places(db: Database, search: _Search, limit: int) -> None:
    """Look in the cities around, then in the whole province, while nothing was chosen."""
    key_limit = rules().limits.candidates + len(search.excluded_ids)
    for wider in _wider_preferences(search.preference):
        for allowed in rules().loosen:
            if search.chosen:
                return
            if "place" in allowed and _applies(allowed, search.preference):
                keys_found = find_keys(db, wider, allowed - _ANYWHERE, key_limit)
                _add_best(db, search, keys_found.ids, allowed, limit)


def _wider_preferences(preference: JobPreference) -> Iterator[JobPreference]:
    """Yield the preference for wider places than those named."""
    words = vocabulary()
    cities = dict.fromkeys(words.city_of(code) or code for code in preference.places)
    nearby = dict.fromkeys(
        (*cities, *(neighbour for city in cities for neighbour in words.neighbours(city)))
    )
    for places in (nearby, dict.fromkeys(map(words.province_of, preference.places))):
        first, *other_places = places
        yield replace(preference, region_code=first, also_regions=tuple(other_places))


def find_with_words(
    db: Database, preference: JobPreference, words: Sequence[str], *, limit: int = 5
) -> Matches:
    """Return the best postings that have one of some words; none there, then those around.

    Of a place the newest are looked through, at most MAX_SEARCHED of them.
    """
    search = _Search(preference, set(), set(), frozenset())
    total = 0
    for allowed in (_KEEPS_ALL, _ANYWHERE):
        if search.chosen:
            break
        ids = postings_with_words(db, find_keys(db, preference, allowed, MAX_SEARCHED).ids, words)
        total = total or (0 if allowed else len(ids))
        _add_best(db, search, ids, allowed, limit + 1)
    return _first_page(db, search, limit, total, at_least=False)


def _of_group_first(db: Database, preference: JobPreference) -> list[int]:
    """Return the postings that name the seeker's group, where those come before all others."""
    if preference.group is None or preference.group not in rules().first:
        return []
    return postings_for_group(
        db, find_keys(db, preference, _KEEPS_ALL, MAX_SEARCHED).ids, preference.group
    )


def _first_page(db: Database, search: _Search, limit: int, total: int, at_least: bool) -> Matches:
    """Return the first `limit` postings chosen; `total` fit, or `at_least` so many."""
    items = _matches(db, search.chosen[:limit], search.preference)
    given_way = [match.loosened for match in items if match.loosened]
    loosened = list(
        dict.fromkeys(part for description in given_way for part in description.split(SEPARATOR))
    )
    return Matches(items, total, len(search.chosen) > limit, loosened, at_least)


def _may_leave_places(allowed: frozenset[Condition], search: _Search) -> bool:
    """Tell whether a step may leave the places: never, or not while there is anything in them."""
    stays = search.preference.stays
    if "place" not in allowed or not stays:
        return True
    return stays == "first" and not search.chosen


def _applies(allowed: frozenset[Condition], preference: JobPreference) -> bool:
    """Tell whether a preference has all conditions that a step would loosen."""
    has: dict[Condition, bool] = {
        "place": bool(preference.places),
        "trade": bool(preference.occupations),
        "time_unstated": bool(preference.work_time),
    }
    return all(has.get(condition, bool(preference.salary_min)) for condition in allowed)


def _jobs_of(db: Database, ids: Sequence[int]) -> set[Job]:
    """Return the jobs of postings shown before: another source's copy is not shown again."""
    return {*_JOBS.rows(db, {"ids": ids})} if ids else set()


def _add_best(
    db: Database,
    search: _Search,
    ids: Sequence[int],
    allowed: frozenset[Condition],
    limit: int,
) -> None:
    """Add the best of some postings to what was chosen, up to `limit` in all.

    The most promising are looked at; more of them only while too few are within reach.
    """
    batch_size = rules().limits.candidates
    unseen = [posting_id for posting_id in ids if posting_id not in search.excluded_ids]
    candidates: list[ScoredPosting] = []
    for start in range(0, len(unseen), batch_size):
        for features in load_features(db, unseen[start : start + batch_size]):
            breaks = violated_conditions(features, search.preference)
            if breaks is None or not breaks <= allowed:
                continue
            candidate = _scored(features, breaks, search)
            if is_underqualified(features, search.preference):
                search.underqualified.append(candidate)
                search.excluded_ids.add(features.posting_id)
            else:
                candidates.append(candidate)
        if len(candidates) >= limit - len(search.chosen):
            break
    _add_chosen(db, search, candidates, limit)


def _add_chosen(
    db: Database, search: _Search, candidates: Sequence[ScoredPosting], limit: int
) -> None:
    """Add the best of what suits, each job once, to what was chosen, up to `limit` in all."""
    limits, free_slots = rules().limits, limit - len(search.chosen)
    if free_slots <= 0 or not candidates:
        return
    best = _fitting(
        db, search, one_per_job(sorted(candidates, key=_order), search.jobs), free_slots
    )
    best.sort(
        key=lambda candidate: (_against(candidate.features, search.preference), _order(candidate))
    )
    chosen = limit_per_employer(best, search.of_employer, free_slots, limits.of_one_employer)
    search.excluded_ids.update(candidate.features.posting_id for candidate in chosen)
    search.jobs.update(job_of(candidate.features) for candidate in chosen)
    search.chosen += chosen


def _fitting(
    db: Database, search: _Search, best_first: Sequence[ScoredPosting], needed: int
) -> list[ScoredPosting]:
    """Return the best with their words read, without those that the words rule out.

    As many as one reading holds; more only while too few of them fit.
    """
    fit: list[ScoredPosting] = []
    batch_size = rules().limits.read
    for start in range(0, len(best_first), batch_size):
        best = best_first[start : start + batch_size]
        read = read_words(db, [candidate.features for candidate in best])
        for features, candidate in zip(read, best, strict=True):
            if not _unfit(features, candidate.broken, search.preference):
                fit.append(_scored(features, candidate.broken, search))
        if len(fit) >= needed:
            break
    return fit


def _unfit(features: Features, breaks: frozenset[Condition], preference: JobPreference) -> bool:
    """Tell whether a posting's words state what is refused, or another trade asks for more."""
    return is_refused(features, preference) or (
        "trade" in breaks and requires_more(features, preference)
    )


def _against(features: Features, preference: JobPreference) -> int:
    """Return how much of a posting speaks against it for this person."""
    return contradiction_count(features, preference) + (
        missing_paper(features, preference) is not None
    )


def _scored(features: Features, breaks: frozenset[Condition], search: _Search) -> ScoredPosting:
    shown_before = features.posting_id in search.shown_ids
    return ScoredPosting(
        features, score(features, search.preference, shown_before=shown_before), breaks
    )


def _order(candidate: ScoredPosting) -> tuple[float, int]:
    return (-candidate.scored.total, candidate.features.posting_id)


def _matches(
    db: Database, chosen: Sequence[ScoredPosting], preference: JobPreference
) -> list[Match]:
    cards = read_cards(db, [candidate.features.posting_id for candidate in chosen])
    return [
        Match(
            f,
            cards[f.posting_id],
            candidate.scored,
            candidate.broken,
            describe_relaxation(candidate.broken, f, preference),
        )
        for candidate in chosen
        if (f := candidate.features).posting_id in cards
    ]
