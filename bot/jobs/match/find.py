"""Find the postings that suit a job preference, and say which condition was loosened, if any.

Candidates come newest first from an index (keys), conditions decide (conditions), a score of
named parts orders (score). While too few keep everything, conditions are loosened one step at a
time, in the order of data/match.yml. What asks for far more schooling or experience than the person
told of comes last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, select

from bot.db.prepared import Database, Prepared
from bot.db.tables import Posting
from bot.jobs.match.conditions import broken
from bot.jobs.match.features import Card, Features
from bot.jobs.match.keys import find_keys
from bot.jobs.match.kindred import asks_more
from bot.jobs.match.load import load, read_cards, read_words
from bot.jobs.match.loosened import BETWEEN, said
from bot.jobs.match.others import NO_OTHERS, OtherTrades, open_trades
from bot.jobs.match.papers import paper_asked
from bot.jobs.match.refused import is_refused, refused_of
from bot.jobs.match.rules import Condition, rules
from bot.jobs.match.saying import LOOKED_AT, saying, suiting
from bot.jobs.match.score import Scored, score
from bot.jobs.match.suits import out_of_reach, spoken_against
from bot.jobs.match.vary import Candidate, Job, different, job_of, varied
from bot.jobs.preference import JobPreference
from bot.text.vocabulary import vocabulary

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
    """A posting that suits, and how it was found."""

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
    more: bool
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
    """One search under way: what was taken, and what must not be taken again."""

    wish: JobPreference
    seen: set[int]
    jobs: set[Job]
    shown: frozenset[int]
    chosen: list[Candidate] = field(default_factory=list)
    of_employer: dict[int, int] = field(default_factory=dict)
    beyond: list[Candidate] = field(default_factory=list)
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
    most = max(limits.counted, limits.candidates + len(exclude))
    keys = find_keys(db, preference, _KEEPS_ALL, most)
    refused = refused_of(db, keys.ids, preference)
    search.seen |= refused
    _take(db, search, _of_group_first(db, preference), _KEEPS_ALL, limit + 1)
    _take(db, search, keys.ids, _KEEPS_ALL, limit + 1)
    for allowed in rules().loosen:
        if len(search.chosen) >= limit:
            break
        if _applies(allowed, preference) and _may_leave(allowed, search):
            found = find_keys(db, preference, allowed, limits.candidates + len(search.seen))
            _take(db, search, found.ids, allowed, limit + 1)
    for gives_way in (False, True):
        out = [one for one in search.beyond if bool(one.broken) is gives_way]
        _choose(db, search, out, limit + 1)
    if not search.chosen and preference.places and preference.stays != "always" and not exclude:
        _look_further(db, search, limit + 1)
    result = _result(db, search, limit, len(keys.ids) - len(refused), keys.cut)
    nothing = not (result.items or exclude) and bool(preference.occupations)
    others = open_trades(db, preference) if nothing else NO_OTHERS
    return replace(result, refused=len(refused), others=others)


def _look_further(db: Database, search: _Search, limit: int) -> None:
    """Look in the cities around, then in the whole province, while nothing was chosen."""
    most = rules().limits.candidates + len(search.seen)
    for wider in _wider(search.wish):
        for allowed in rules().loosen:
            if search.chosen:
                return
            if "place" in allowed and _applies(allowed, search.wish):
                found = find_keys(db, wider, allowed - _ANYWHERE, most)
                _take(db, search, found.ids, allowed, limit)


def _wider(wish: JobPreference) -> Iterator[JobPreference]:
    """Yield the wish for wider places than those named."""
    words = vocabulary()
    cities = dict.fromkeys(words.city_of(code) or code for code in wish.places)
    near = dict.fromkeys((*cities, *(one for city in cities for one in words.neighbours(city))))
    for places in (near, dict.fromkeys(map(words.province_of, wish.places))):
        first, *also = places
        yield replace(wish, region_code=first, also_regions=tuple(also))


def find_saying(
    db: Database, preference: JobPreference, words: Sequence[str], *, limit: int = 5
) -> Matches:
    """Return the best postings that have one of some words; none there, then those around.

    Of a place the newest are looked through, at most LOOKED_AT of them.
    """
    search = _Search(preference, set(), set(), frozenset())
    total = 0
    for allowed in (_KEEPS_ALL, _ANYWHERE):
        if search.chosen:
            break
        ids = saying(db, find_keys(db, preference, allowed, LOOKED_AT).ids, words)
        total = total or (0 if allowed else len(ids))
        _take(db, search, ids, allowed, limit + 1)
    return _result(db, search, limit, total, at_least=False)


def _of_group_first(db: Database, wish: JobPreference) -> list[int]:
    """Return the postings that name the seeker's group, where those come before all others."""
    if wish.group is None or wish.group not in rules().first:
        return []
    return suiting(db, find_keys(db, wish, _KEEPS_ALL, LOOKED_AT).ids, wish.group)


def _result(db: Database, search: _Search, limit: int, total: int, at_least: bool) -> Matches:
    """Return the first `limit` postings chosen; `total` fit, or `at_least` so many."""
    items = _matches(db, search.chosen[:limit], search.wish)
    given_way = [match.loosened for match in items if match.loosened]
    loosened = list(dict.fromkeys(one for said in given_way for one in said.split(BETWEEN)))
    return Matches(items, total, len(search.chosen) > limit, loosened, at_least)


def _may_leave(allowed: frozenset[Condition], search: _Search) -> bool:
    """Tell whether a step may leave the places: never, or not while there is anything in them."""
    stays = search.wish.stays
    if "place" not in allowed or not stays:
        return True
    return stays == "first" and not search.chosen


def _applies(allowed: frozenset[Condition], wish: JobPreference) -> bool:
    """Tell whether a preference has all conditions that a step would loosen."""
    has: dict[Condition, bool] = {
        "place": bool(wish.places),
        "trade": bool(wish.occupations),
        "time_unstated": bool(wish.work_time),
    }
    return all(has.get(one, bool(wish.salary_min)) for one in allowed)


def _jobs_of(db: Database, ids: Sequence[int]) -> set[Job]:
    """Return the jobs of postings shown before: another source's copy is not shown again."""
    return {*_JOBS.rows(db, {"ids": ids})} if ids else set()


def _take(
    db: Database,
    search: _Search,
    ids: Sequence[int],
    allowed: frozenset[Condition],
    limit: int,
) -> None:
    """Add the best of some postings to what was chosen, up to `limit` in all.

    The most promising are looked at; more of them only while too few are within reach.
    """
    each = rules().limits.candidates
    unseen = [at for at in ids if at not in search.seen]
    found: list[Candidate] = []
    for start in range(0, len(unseen), each):
        for features in load(db, unseen[start : start + each]):
            breaks = broken(features, search.wish)
            if breaks is None or not breaks <= allowed:
                continue
            candidate = _scored(features, breaks, search)
            if out_of_reach(features, search.wish):
                search.beyond.append(candidate)
                search.seen.add(features.posting_id)
            else:
                found.append(candidate)
        if len(found) >= limit - len(search.chosen):
            break
    _choose(db, search, found, limit)


def _choose(db: Database, search: _Search, found: Sequence[Candidate], limit: int) -> None:
    """Add the best of what suits, each job once, to what was chosen, up to `limit` in all."""
    limits, wanted = rules().limits, limit - len(search.chosen)
    if wanted <= 0:
        return
    best = _fitting(db, search, different(sorted(found, key=_order), search.jobs), wanted)
    best.sort(key=lambda one: (_against(one.features, search.wish), _order(one)))
    taken = varied(best, search.of_employer, wanted, limits.of_one_employer)
    search.seen.update(one.features.posting_id for one in taken)
    search.jobs.update(job_of(one.features) for one in taken)
    search.chosen += taken


def _fitting(
    db: Database, search: _Search, best_first: Sequence[Candidate], wanted: int
) -> list[Candidate]:
    """Return the best with their words read, none whose words state that it does not fit.

    As many as one reading holds; more only while too few of them fit.
    """
    fit: list[Candidate] = []
    each = rules().limits.read
    for start in range(0, len(best_first), each):
        best = best_first[start : start + each]
        read = read_words(db, [one.features for one in best])
        for features, one in zip(read, best, strict=True):
            if not _unfit(features, one.broken, search.wish):
                fit.append(_scored(features, one.broken, search))
        if len(fit) >= wanted:
            break
    return fit


def _unfit(features: Features, breaks: frozenset[Condition], wish: JobPreference) -> bool:
    """Tell whether a posting's words state what is refused, or another trade asks for more."""
    return is_refused(features, wish) or ("trade" in breaks and asks_more(features, wish))


def _against(features: Features, wish: JobPreference) -> int:
    """Return how much of a posting speaks against it for this person."""
    return spoken_against(features, wish) + (paper_asked(features, wish) is not None)


def _scored(features: Features, breaks: frozenset[Condition], search: _Search) -> Candidate:
    shown = features.posting_id in search.shown
    return Candidate(features, score(features, search.wish, shown=shown), breaks)


def _order(candidate: Candidate) -> tuple[float, int]:
    return (-candidate.scored.total, candidate.features.posting_id)


def _matches(db: Database, chosen: Sequence[Candidate], wish: JobPreference) -> list[Match]:
    cards = read_cards(db, [one.features.posting_id for one in chosen])
    return [
        Match(f, cards[f.posting_id], one.scored, one.broken, said(one.broken, f, wish))
        for one in chosen
        if (f := one.features).posting_id in cards
    ]
