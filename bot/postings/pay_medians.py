"""Median pay of occupations in each city, computed from open postings after every import."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, delete, insert, text
from sqlalchemy.orm import Session

from bot.db.tables import PayMedian

#: Fewer postings than this say nothing about a city; then its province's median is used.
MIN_FOR_MEDIAN = 20

#: The median of the middles of the pay, by occupation and by a place made of the posting's city.
_MEDIANS = """
with paid as (
  select occupation_name, {place} as place,
         (salary_min + coalesce(salary_max, salary_min)) / 2 as middle
  from match_keys
  where rank = 0 and occupation_name <> '' and salary_min is not null and place <> ''
    and (work_time is null or work_time not in ('gig', 'part_time')){only}
), numbered as (
  select occupation_name, place, middle,
         row_number() over (partition by occupation_name, place order by middle) as number,
         count(*) over (partition by occupation_name, place) as many
  from paid
)
select occupation_name, place, place as of_place, cast(avg(middle) as integer) as median,
       many as postings
from numbered
where many >= :enough and number in ((many + 1) / 2, (many + 2) / 2)
group by occupation_name, place, many
"""
_PROVINCE = "substr(place, 1, 2) || '0000'"
_PLACES = text("select distinct occupation_name, place from match_keys where rank = 0")


def refresh_medians(db: Session) -> int:
    """Compute all medians again; return how many.

    All is read before anything is written: SQLite's writer is held for the outcome alone.
    """
    medians: dict[tuple[str, str], dict[str, Any]] = {}
    cities = _MEDIANS.format(place="place", only=" and place not like '__0000'")
    for query in (cities, _MEDIANS.format(place=_PROVINCE, only="")):
        for row in db.execute(text(query), {"enough": MIN_FOR_MEDIAN}).mappings():
            medians[row["occupation_name"], row["place"]] = dict(row)
    for name, place in db.execute(_PLACES).tuples().all():
        # A city with too few postings takes over its province's median.
        wider = medians.get((name, f"{place[:2]}0000"))
        if wider and (name, place) not in medians:
            medians[name, place] = {**wider, "place": place}
    db.execute(delete(PayMedian))
    if medians:
        db.execute(insert(cast(Table, PayMedian.__table__)), list(medians.values()))
    return len(medians)
