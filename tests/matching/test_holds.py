"""A result never violates a condition that must hold; what is said to be loosened is what is."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.db.tables import Employer, Posting
from bot.matching import Features, Match, find
from bot.matching.explain import reasons
from bot.matching.job_preference import JobPreference
from bot.postings.match_config import rules
from bot.vocabulary.vocabulary import vocabulary
from tests.conftest import rolled_back
from tests.factories import make_posting
from tests.matching.anything import features, wishes
from tests.profiles import size

_JOB = attrgetter("employer_id", "title", "salary_min")


@pytest.fixture(scope="module")
def market(stocked: str) -> Iterator[Session]:
    """One session for all examples; each empties it and fills it anew."""
    yield from rolled_back(stocked)


def _fill(db: Session, given_postings: list[tuple[Features, str]]) -> None:
    db.execute(delete(Posting))
    db.execute(delete(Employer))
    db.add_all(Employer(id=number, name=f"单位{number}") for number in range(1, 5))
    db.flush()
    for number, (one, status) in enumerate(given_postings, 1):
        db.add(
            make_posting(
                one.occupations, one.region_code, id=number, source_key=str(number), status=status,
                title=one.title, employer_id=one.employer_id,
                salary_min=one.salary_min, salary_max=one.salary_max,
                education=one.education, experience_years=one.experience_years,
                work_time=one.work_time, published_on=one.published_on,
            )
        )  # fmt: skip
    db.flush()
    db.expunge_all()


@dataclass(frozen=True)
class Kept:
    """What a posting keeps, worked out in the plainest way, beside the code under test."""

    place: bool
    trade: bool
    pay: bool
    pay_at_the_top: bool
    time: bool


def _kept(posting: Posting, wish: JobPreference) -> Kept:
    trades = {one.occupation_name for one in posting.occupations}
    region, words, asked = posting.region_code or "", vocabulary(), wish.salary_min or 0
    places = wish.places or ("210000",)
    alike = {"full_time": {"shift_day"}, "part_time": {"gig"}}.get(wish.work_time or "", set())
    loose = wish.work_time in ("full_time", "shift_day") and posting.work_time is None
    return Kept(
        place=any(words.is_within(region, place) for place in places),
        trade=not wish.occupations or bool(trades & set(words.covered(wish.occupations))),
        pay=not asked or (posting.salary_min or 0) >= asked,
        pay_at_the_top=not asked or max(posting.salary_min or 0, posting.salary_max or 0) >= asked,
        time=not wish.work_time or posting.work_time in {wish.work_time, *alike} or loose,
    )


def _always(posting: Posting, wish: JobPreference) -> None:
    """What never gives way."""
    first = [one.occupation_name for one in posting.occupations if one.rank == 0]
    assert posting.status == "open"
    for word in wish.excluded:
        assert word not in posting.title
        assert word not in first
        assert word != posting.work_time
    if wish.work_time and posting.work_time:
        assert _kept(posting, wish).time


def _said_is_true(match: Match, posting: Posting, wish: JobPreference) -> None:
    """Each condition is kept, or said not to be; nothing is said that is kept."""
    kept, said = _kept(posting, wish), match.loosened or ""
    assert kept.place != ("没有别的合适的了" in said)
    assert kept.trade != ("相近的工种" in said)
    assert kept.time != ("没写是不是" in said)
    assert kept.pay != any(
        words in said for words in ("但最高能到", "低一些", "到不了", "没写工资")
    )
    assert (kept.pay_at_the_top and not kept.pay) == ("但最高能到" in said)
    assert bool(said) == bool(match.broken)


@settings(
    max_examples=size(25, 200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.tuples(features(), st.sampled_from(("open", "open", "held"))), max_size=14),
    wishes(),
)
def test_no_result_breaks_what_must_hold_and_what_gave_way_is_said(
    market: Session, postings: list[tuple[Features, str]], wish: JobPreference
) -> None:
    _fill(market, postings)
    matches = find(market, wish, limit=6)
    steps = (frozenset(), *rules().loosen)
    stored = [_stored(market, match) for match in matches.items]
    for match, posting in zip(matches.items, stored, strict=True):
        _always(posting, wish)
        _said_is_true(match, posting, wish)
        assert any(match.broken <= step for step in steps)
        _reasons_are_true(match, posting, wish)
    assert len({posting.id for posting in stored}) == len(stored)
    order = [
        (_far(posting, wish), match.loosened is not None)
        for match, posting in zip(matches.items, stored, strict=True)
    ]
    assert order == sorted(order), "what keeps everything comes first, what is out of reach last"


def _stored(db: Session, match: Match) -> Posting:
    return db.get_one(Posting, match.features.posting_id)


def _far(posting: Posting, wish: JobPreference) -> bool:
    """Two steps of schooling or two years beyond what was told."""
    steps = [{"none"}, {"junior"}, {"senior", "vocational"}, {"college"}, {"bachelor"}, {"master"}]
    asked, has = (
        next((at for at, step in enumerate(steps) if one in step), None)
        for one in (posting.education, wish.education)
    )
    if asked is not None and has is not None and asked - has >= 2:
        return True
    worked = 0 if wish.group == "graduate" else wish.experience_years
    return worked is not None and (posting.experience_years or 0) - worked >= 2


def _reasons_are_true(match: Match, posting: Posting, wish: JobPreference) -> None:
    kept, said = _kept(posting, wish), reasons(match.features, wish)
    text = "\n".join(said)
    assert len(set(said)) == len(said)
    if "对口" in text:
        assert kept.trade
    if "是你说的地方" in text or "你说这儿也行" in text:
        assert kept.place
    if "够你要的" in text:
        assert kept.pay
    if "不要求学历" in text:
        assert posting.education == "none"
    if "不要求经验" in text:
        assert posting.experience_years == 0
    if "刚发布" in text:
        assert posting.published_on is not None


@settings(
    max_examples=size(15, 100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(features(), st.just("open")), max_size=14), wishes())
def test_all_that_keeps_everything_is_found_and_counted(
    market: Session, postings: list[tuple[Features, str]], wish: JobPreference
) -> None:
    _fill(market, postings)
    whole = [
        posting
        for posting in market.query(Posting)
        if all(vars(_kept(posting, wish)).values()) and not _ruled_out(posting, wish)
    ]
    found = find(market, wish, limit=20)
    assert found.total == len(whole)
    jobs = {_JOB(posting) for posting in whole}
    shown = [match for match in found.items if match.loosened is None]
    assert {_JOB(match.features) for match in shown} == jobs


def _ruled_out(posting: Posting, wish: JobPreference) -> bool:
    first = [one.occupation_name for one in posting.occupations if one.rank == 0]
    return any(w in posting.title or w in first or w == posting.work_time for w in wish.excluded)
