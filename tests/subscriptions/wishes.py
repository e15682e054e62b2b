"""Wishes and postings at random, close enough to each other that many suit."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import strategies as st

from bot.matching.features import Features, Market
from bot.matching.job_preference import JobPreference
from bot.postings.traits import Traits

TRADES = ("保安员", "会计", "厨师", "销售员", "电工", "焊工", "保洁员", "店长")
REGIONS = (None, "210000", "210100", "210106", "210102", "210200", "210202", "220100", "110000")
TIMES = (None, "full_time", "part_time", "gig", "shift_day", "shift_night")
SCHOOLING = (None, "none", "junior", "senior", "vocational", "college", "bachelor", "master")
PAYS = (None, 2500, 3000, 3333, 4000, 5000, 7001, 12000)
WORDS = ("保安", "会计", "夜", "经理", "shift_night", "gig", "员", "销售员", "白班急招")
WELFARE = ("meals", "lodging", "five_insurances", "weekends_off")
#: What is wished for: one of them is read of the words, and refuses a posting by them.
WISHED = (*WELFARE, "no_nights")
TITLES = ("保安员", "夜班保安", "会计经理", "实习会计", "厨师长", "急招销售员", "电工 白班急招", "")
TODAY = date(2026, 11, 24)


def _wish(
    trades: tuple[str, ...],
    region: str | None,
    pay: int | None,
    time: str | None,
    excluded: tuple[str, ...],
    schooling: str | None,
    also: tuple[str, ...],
    welfare: tuple[str, ...],
) -> JobPreference:
    return JobPreference(
        trades, not trades, region, also, pay, None, time, excluded, schooling, welfare=welfare
    )


def _posting(
    number: int,
    title: str,
    trades: tuple[str, ...],
    region: str | None,
    low: int | None,
    market: int | None,
    time: str | None,
    years: int | None,
    schooling: str | None,
    days: int | None,
    offered: tuple[str, ...],
) -> Features:
    return Features(
        posting_id=number,
        employer_id=1,
        title=title,
        occupations=trades,
        region_code=region,
        salary_min=low,
        salary_max=low and low + 1500,
        education=schooling,
        experience_years=years,
        work_time=time,
        published_on=None if days is None else TODAY - timedelta(days=days),
        clean=number % 3 > 0,
        market=Market(trades[0], market, "210000") if market and trades else None,
        traits=Traits(frozenset(offered), ages=(18, 45), words=title) if number % 2 else None,
    )


WISH = st.builds(
    _wish,
    st.lists(st.sampled_from(TRADES), max_size=3, unique=True).map(tuple),
    st.sampled_from(REGIONS),
    st.sampled_from(PAYS),
    st.sampled_from(TIMES),
    st.lists(st.sampled_from(WORDS), max_size=2, unique=True).map(tuple),
    st.sampled_from(SCHOOLING),
    st.lists(st.sampled_from(REGIONS[1:]), max_size=3, unique=True).map(tuple),
    st.lists(st.sampled_from(WISHED), max_size=2, unique=True).map(tuple),
)
POSTING = st.builds(
    _posting,
    st.integers(1, 9),
    st.sampled_from(TITLES),
    st.lists(st.sampled_from(TRADES), max_size=3, unique=True).map(tuple),
    st.sampled_from(REGIONS),
    st.sampled_from(PAYS),
    st.sampled_from(PAYS),
    st.sampled_from(TIMES),
    st.sampled_from((None, 0, 1, 5)),
    st.sampled_from(SCHOOLING),
    st.sampled_from((None, 0, 10, 200)),
    st.lists(st.sampled_from(WELFARE), max_size=3, unique=True).map(tuple),
)


def some_wishes(many: int, chosen: random.Random) -> list[JobPreference]:
    """Return wishes, fewer of them different than not."""
    return [
        _wish(
            tuple(chosen.sample(TRADES, chosen.choice((0, 1, 1, 2, 3)))),
            chosen.choice(REGIONS),
            chosen.choice(PAYS),
            chosen.choice((None, None, *TIMES)),
            tuple(chosen.sample(WORDS, chosen.choice((0, 0, 0, 1, 2)))),
            chosen.choice(SCHOOLING),
            tuple(chosen.sample(REGIONS[1:], chosen.choice((0, 0, 0, 1, 2)))),
            tuple(chosen.sample(WISHED, chosen.choice((0, 0, 0, 1, 2)))),
        )
        for _ in range(many)
    ]


def some_postings(many: int, chosen: random.Random) -> list[Features]:
    """Return postings as scoring sees them."""
    return [
        _posting(
            number,
            chosen.choice(TITLES),
            tuple(chosen.sample(TRADES, chosen.choice((0, 1, 2, 3)))),
            chosen.choice(REGIONS),
            chosen.choice(PAYS),
            chosen.choice(PAYS),
            chosen.choice(TIMES),
            chosen.choice((None, 0, 1, 5)),
            chosen.choice(SCHOOLING),
            chosen.choice((None, 0, 10, 200)),
            tuple(chosen.sample(WELFARE, chosen.choice((0, 1, 3)))),
        )
        for number in range(1, many + 1)
    ]
