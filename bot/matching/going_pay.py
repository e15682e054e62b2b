"""Typical pay of a trade's open postings in a place: the median, their number and the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import bindparam, text

from bot import clock
from bot.db.compiled_statement import Database, Prepared
from bot.db.models.imports import SHOWN_UP_TO
from bot.matching.job_preference import JobPreference
from bot.matching.place_keys import preferred_places
from bot.messages import Button, Message
from bot.postings.pay_medians import MIN_FOR_MEDIAN
from bot.settings import settings
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording

_SAY = wording("going_pay")

#: Fewer postings than this say nothing at all; then a wider place is looked at.
MIN_POSTINGS = 5
#: The newest postings that are looked at, of each city.
MAX_POSTINGS = 2_000


def _pay_query(trade: str) -> Prepared:
    """Return the query for the middle of each posting's pay, yuan a month, best trades only."""
    return Prepared(
        text(
            "select posting_id, region_code,"
            " (salary_min + coalesce(salary_max, salary_min)) / 2 as middle from match_keys"
            f" where {trade} and place = :place and rank = 0 and salary_min is not null"
            f" and posting_id <= {SHOWN_UP_TO}"
            " and (work_time is null or work_time not in ('gig', 'part_time'))"
            " order by day desc, posting_id desc limit :most"
        ).bindparams(bindparam("names", expanding=True))
    )


_BY_NAME = _pay_query("occupation_name in :names")
_BY_FAMILY = _pay_query("family in :names and family <> ''")


@dataclass(frozen=True)
class GoingPay:
    """The pay of a trade's open postings in a place."""

    region_code: str
    postings: int
    median: int | None
    """Yuan a month; None where there are fewer than MIN_POSTINGS."""


def going_pay(db: Database, trades: Sequence[str], region: str | None) -> list[GoingPay]:
    """Return the pay in a place (default: the province served), and in wider ones while too few.

    The last is the first place that has enough of them, or the widest.
    """
    pays = _pays_by_place(db, _BY_NAME, trades, region)
    families = [name for name in trades if _is_family(name)]
    if families and pays[-1].median is None:  # 司机: postings say 货车司机, 网约车司机…
        pays = _pays_by_place(db, _BY_FAMILY, families, region)
    return pays


def going_pay_message(trade: str, pays: Sequence[GoingPay]) -> Message:
    """State the median pay of a trade, the number of postings and the day; or too few."""
    first, last = pays[0], pays[-1]
    parts = [] if last is first else [_too_few(trade, first)]
    if last.median is None:
        name = "few_in_province" if last.postings else "none_in_province"
        province_line = _SAY(name, count=last.postings)
        parts.append(_too_few(trade, last) if last is first else province_line)
        parts.append(_SAY("no_figure"))
    else:
        day = clock.today()
        place = vocabulary().full_name(last.region_code)
        parts.append(
            _SAY(
                "median", place=place, trade=trade, count=last.postings, median=last.median,
                year=day.year, month=day.month, day=day.day,
            )
        )  # fmt: skip
        caveat = _SAY("few_postings") if last.postings < MIN_FOR_MEDIAN else ""
        parts.append(caveat + _SAY("stated_not_paid"))
    button = f"找{trade}的活"
    return Message(act="find_job", text="".join(parts), buttons=[Button(button, button)])


def _too_few(trade: str, pay: GoingPay) -> str:
    place = vocabulary().full_name(pay.region_code)
    if not pay.postings:
        return _SAY("none_in_place", place=place, trade=trade)
    return _SAY("too_few_in_place", place=place, trade=trade, count=pay.postings)


def _wider(code: str) -> Iterator[str]:
    """Yield a place, its city and its province, each once."""
    city = vocabulary().city_of(code)
    yield from dict.fromkeys([code, *([city] if city else []), f"{code[:2]}0000"])


def _pays_by_place(
    db: Database, query: Prepared, names: Sequence[str], region: str | None
) -> list[GoingPay]:
    pays: list[GoingPay] = []
    for code in _wider(region or settings().home_region):
        middles = _middles(db, query, names, code)
        enough = len(middles) >= MIN_POSTINGS
        pays.append(GoingPay(code, len(middles), round(median(middles)) if enough else None))
        if enough:
            break
    return pays


def _is_family(name: str) -> bool:
    """Tell whether a trade is the name of a whole family of trades."""
    occupation = vocabulary().occupations.get(name)
    return occupation is not None and occupation.family == name


def _middles(db: Database, query: Prepared, names: Sequence[str], code: str) -> list[int]:
    """Return the middle of each posting's pay in a place."""
    middles: dict[int, int] = {}
    for place in preferred_places(JobPreference(region_code=code)):
        values = {"names": list(names), "place": place.key, "most": MAX_POSTINGS}
        for posting_id, region, middle in query.rows(db, values):
            if place.regions is None or region in place.regions:
                middles[posting_id] = int(middle)
    return list(middles.values())
