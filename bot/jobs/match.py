"""Find the postings that suit a job preference, and say which condition was loosened, if any.

Filters hold or are loosened aloud; a score of named parts orders what passes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, defer, lazyload

from bot import clock
from bot.db.tables import Posting, PostingOccupation
from bot.jobs.preference import JobPreference
from bot.text.education import enough
from bot.text.vocabulary import Vocabulary, vocabulary

#: Candidates that are scored; the database gives the freshest and best fitting first.
CANDIDATES = 300
#: Postings of one employer in one list.
OF_ONE_EMPLOYER = 2
#: Weights of the parts of the score.
WEIGHTS = {"trade": 3.0, "pay": 2.0, "schooling": 1.5, "fresh": 1.0, "clean": 2.0, "named_pay": 1.0}
#: By how much the wished pay is lowered at most when nothing else is left.
LOWER_PAY = 0.85

#: What makes two postings the same job: employer, title and pay.
Job = tuple[int, str, int | None]


@dataclass(frozen=True)
class Match:
    """A posting that suits, and how it was found."""

    posting: Posting
    score: float
    loosened: str | None = None
    """Which condition it does not keep, in plain words; None when it keeps all."""


@dataclass(frozen=True)
class Matches:
    """A page of postings."""

    items: list[Match]
    total: int
    """How many keep all conditions."""
    more: bool
    loosened: list[str]
    """What was loosened on this page, in plain words."""


@dataclass(frozen=True)
class _Search:
    """One set of conditions; the first has them all, the others one less."""

    preference: JobPreference
    regions: tuple[str, ...]
    reach: bool = False
    """True: the upper end of the pay must reach the wish, not the lower one."""
    loosened: str | None = None
    alternative: bool = True
    """False for what still keeps place, trade and (at its upper end) pay."""


def find(
    db: Session, preference: JobPreference, *, exclude: Sequence[int] = (), limit: int = 5
) -> Matches:
    """Return the best postings for a preference that are not among `exclude` (shown before)."""
    words = vocabulary()
    chosen: list[Match] = []
    seen, jobs = set(exclude), _jobs_of(db, exclude)
    searches = list(_searches(preference, words))
    total = _count(db, searches[0])
    for search in searches:
        # Alternatives come only when nothing is left that keeps what was asked for.
        if len(chosen) >= limit or (chosen and search.alternative):
            break
        found = _best(db, search, seen, jobs, limit + 1 - len(chosen))
        seen.update(match.posting.id for match in found)
        chosen += found
    page = chosen[:limit]
    loosened = list(dict.fromkeys(match.loosened for match in page if match.loosened))
    return Matches(page, total, len(chosen) > limit, loosened)


def _searches(preference: JobPreference, words: Vocabulary) -> Iterator[_Search]:
    """Yield the search with all conditions, then those with one loosened at a time."""
    code = preference.region_code
    here = (code,) if code else ()
    yield _Search(preference, here, alternative=False)
    if preference.salary_min:
        reaches = "最低工资不到你要的数，但最高能到"
        yield _Search(preference, here, True, reaches, alternative=False)
    if code:
        near = tuple(words.neighbours(code))
        if near:
            place = "市里其他区县" if words.regions[code].level == 3 else "邻近的市"
            name = words.name(code)
            yield _Search(preference, near, True, f"{name}没有合适的了，这是{place}的")
    if preference.occupations:
        kin = [n for one in preference.occupations for n in words.family(one)]
        trades = replace(preference, occupations=tuple(dict.fromkeys(kin)))
        if kin:
            asked = "、".join(preference.occupations)
            yield _Search(trades, here, True, f"{asked}的岗位没有了，这是相近的工种")
    if preference.salary_min:
        lower = round(preference.salary_min * LOWER_PAY)
        yield _Search(
            replace(preference, salary_min=lower),
            here,
            True,
            f"工资比你要的低一些（{lower}元以上）",
        )
        anything = replace(preference, salary_min=None, salary_max=None)
        yield _Search(anything, here, False, f"工资到不了{preference.salary_min}元")


def _conditions(search: _Search) -> Iterator[ColumnElement[bool]]:
    wish = search.preference
    yield Posting.status == "open"
    if search.regions:
        cities = [code for code in search.regions if code.endswith("00")]
        districts = [code for code in search.regions if not code.endswith("00")]
        provinces = [code[:2] + "%" for code in cities if code.endswith("0000")]
        places = [Posting.city_code.in_(cities), Posting.region_code.in_(districts)]
        yield or_(*places, *(Posting.region_code.like(province) for province in provinces))
    if wish.salary_min:
        reached = Posting.salary_max if search.reach else Posting.salary_min
        enough_pay = reached >= wish.salary_min
        # 5000以上 has no upper end: it reaches everything that its lower end reaches.
        yield or_(enough_pay, Posting.salary_min >= wish.salary_min) if search.reach else enough_pay
    if wish.work_time:
        stated = Posting.work_time == wish.work_time
        loose = wish.work_time in ("full_time", "shift_day")
        yield or_(stated, Posting.work_time.is_(None)) if loose else stated
    for word in wish.excluded:
        yield ~Posting.title.contains(word, autoescape=True)
        yield or_(Posting.work_time.is_(None), Posting.work_time != word)


def _selected(search: _Search) -> Select[tuple[Posting, int]]:
    """Build the query: by occupation when some are wished for, else by place alone."""
    wish = search.preference
    if not wish.occupations:
        ruled_out = select(PostingOccupation.posting_id).where(
            PostingOccupation.occupation_name.in_(wish.excluded), PostingOccupation.rank == 0
        )
        query = select(Posting, Posting.id * 0).where(*_conditions(search))
        return query.where(Posting.id.not_in(ruled_out)) if wish.excluded else query
    trades = (
        select(PostingOccupation.posting_id, func.min(PostingOccupation.rank).label("rank"))
        .where(PostingOccupation.occupation_name.in_(wish.occupations))
        .group_by(PostingOccupation.posting_id)
        .subquery()
    )
    query = select(Posting, trades.c.rank).join(trades, trades.c.posting_id == Posting.id)
    return query.where(*_conditions(search))


def _count(db: Session, search: _Search) -> int:
    keys = _selected(search).with_only_columns(Posting.id).order_by(None).subquery()
    return db.scalar(select(func.count()).select_from(keys)) or 0


def _jobs_of(db: Session, ids: Sequence[int]) -> set[Job]:
    """Return the jobs of postings shown before: another source's copy is not shown again."""
    query = select(Posting.employer_id, Posting.title, Posting.salary_min)
    return set(db.execute(query.where(Posting.id.in_(ids))).tuples()) if ids else set()


def _best(db: Session, search: _Search, seen: set[int], jobs: set[Job], limit: int) -> list[Match]:
    newest_first = _selected(search).order_by(Posting.published_on.desc().nulls_last(), Posting.id)
    # Hundreds are scored and five are shown: what only those need is loaded with them.
    light = newest_first.options(
        lazyload(Posting.employer), lazyload(Posting.occupations), defer(Posting.description)
    )
    rows = db.execute(light.limit(CANDIDATES + len(seen))).tuples()
    matches = [
        Match(posting, _score(posting, rank, search.preference), search.loosened)
        for posting, rank in rows
        if posting.id not in seen
    ]
    matches.sort(key=lambda match: (-match.score, match.posting.id))
    return _varied(matches, jobs, limit)


def _varied(matches: list[Match], jobs: set[Job], limit: int) -> list[Match]:
    """Take the best, each job once, not more than two of one employer while others are there."""
    taken: list[Match] = []
    spare: list[Match] = []
    of_employer: dict[int, int] = {}
    for match in matches:
        job = (match.posting.employer_id, match.posting.title, match.posting.salary_min)
        if job in jobs:
            continue
        jobs.add(job)
        count = of_employer.get(match.posting.employer_id, 0)
        of_employer[match.posting.employer_id] = count + 1
        (taken if count < OF_ONE_EMPLOYER else spare).append(match)
        if len(taken) == limit:
            return taken
    return (taken + spare)[:limit]


def _score(posting: Posting, rank: int, wish: JobPreference) -> float:
    """Add up the parts of the score; each lies between 0 and 1 before its weight."""
    parts = {
        "trade": 1.0 / (1 + rank) if wish.occupations else 0.5,
        "pay": _pay_part(posting, wish),
        "named_pay": float(posting.salary_min is not None),
        "schooling": float(enough(wish.education or "senior", posting.education)),
        "fresh": _fresh_part(posting),
        "clean": float(not posting.warnings),
    }
    return sum(WEIGHTS[name] * part for name, part in parts.items())


def _pay_part(posting: Posting, wish: JobPreference) -> float:
    """How far the pay's lower end lies above the wish, at most by half of it."""
    if not wish.salary_min or not posting.salary_min:
        return 0.5
    return max(0.0, min(1.0, 0.5 + (posting.salary_min - wish.salary_min) / wish.salary_min))


def _fresh_part(posting: Posting) -> float:
    """1 for today, falling to 0 after 90 days; a posting without a date counts as old."""
    if posting.published_on is None:
        return 0.0
    return max(0.0, 1.0 - (clock.today() - posting.published_on).days / 90)
