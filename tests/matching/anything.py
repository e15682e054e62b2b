"""Any posting and any preference, for properties; small ranges, so that they meet."""

from datetime import date

from hypothesis import strategies as st

from bot.matching import Features, Market
from bot.matching.job_preference import JobPreference
from bot.postings.traits import Traits
from bot.understanding.extractors.education import LEVELS

TRADES = ("保安员", "安检员", "会计", "出纳", "客服", "销售员", "焊工", "销售经理")
REGIONS = ("210100", "210106", "210102", "210300", "210303", "210200", "210000", "110101")
TIMES = ("full_time", "part_time", "gig", "shift_day", "shift_night")
WORDS = ("销售", "夜班", "客服", "保安员", "shift_night", "gig", "焊工")
TITLES = ("保安", "安保经理", "会计（双休）", "电话客服/销售", "焊工学徒", "夜班保安", "储备干部")
PAY = st.sampled_from((None, 2000, 3000, 3500, 4000, 5000, 8000))
SCHOOLING = st.one_of(st.none(), st.sampled_from(LEVELS))
GROUPS = st.sampled_from((None, "age_4050", "graduate", "disabled", "veteran"))


def _some(values: tuple[str, ...], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


def traits() -> st.SearchStrategy[Traits]:
    ages = st.sampled_from((None, (18, 35), (18, 45), (40, 60)))
    groups = st.frozensets(st.sampled_from(("age_4050", "graduate", "disabled")))
    welfare = st.frozensets(
        st.sampled_from(("meals", "lodging", "five_insurances", "weekends_off"))
    )
    return st.builds(Traits, welfare=welfare, suits=groups, bars=groups, ages=ages)


@st.composite
def features(draw: st.DrawFn) -> Features:
    low = draw(PAY)
    high = draw(st.sampled_from((None, 0, 500, 3000))) if low else None
    return Features(
        posting_id=draw(st.integers(1, 1000)),
        employer_id=draw(st.integers(1, 4)),
        title=draw(st.sampled_from(TITLES)),
        occupations=draw(_some(TRADES, 3)),
        region_code=draw(st.sampled_from((None, *REGIONS))),
        salary_min=low,
        salary_max=None if low is None or high is None else low + high,
        education=draw(SCHOOLING),
        experience_years=draw(st.sampled_from((None, 0, 1, 3, 8))),
        work_time=draw(st.sampled_from((None, *TIMES))),
        published_on=draw(st.sampled_from((None, date(2026, 11, 20), date(2026, 1, 1)))),
        clean=draw(st.booleans()),
        market=draw(st.sampled_from((None, Market("保安员", 3500, "210100")))),
        traits=draw(st.one_of(st.none(), traits())),
    )


@st.composite
def wishes(draw: st.DrawFn) -> JobPreference:
    return JobPreference(
        occupations=draw(_some(TRADES, 2)),
        region_code=draw(st.sampled_from((None, *REGIONS[:7]))),
        also_regions=draw(_some(REGIONS[:6], 1)),
        salary_min=draw(PAY),
        work_time=draw(st.sampled_from((None, None, *TIMES))),
        excluded=draw(_some(WORDS, 2)),
        education=draw(SCHOOLING),
        experience_years=draw(st.sampled_from((None, 0, 2, 10))),
        age=draw(st.sampled_from((None, 20, 38, 55))),
        group=draw(GROUPS),
        welfare=draw(_some(("meals", "lodging"), 2)),
    )
