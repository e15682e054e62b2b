"""What occupations pay in each city: medians worked out from open postings after every import."""

from __future__ import annotations

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from bot.db.tables import PayMedian

#: Fewer postings than this say nothing about a city; then its province's median is used.
ENOUGH = 20

#: The median of the middles of the pay, by occupation and by a place made of the posting's city.
_MEDIANS = """
insert into pay_medians (occupation_name, place, of_place, median, postings)
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
select occupation_name, place, place, cast(avg(middle) as integer), many
from numbered
where many >= :enough and number in ((many + 1) / 2, (many + 2) / 2)
group by occupation_name, place, many
"""
_PROVINCE = "substr(place, 1, 2) || '0000'"
#: A city with too few postings takes over its province's median.
_TAKEN_OVER = """
insert into pay_medians (occupation_name, place, of_place, median, postings)
select k.occupation_name, k.place, m.of_place, m.median, m.postings
from (select distinct occupation_name, place from match_keys where rank = 0) k
join pay_medians m
  on m.occupation_name = k.occupation_name and m.place = substr(k.place, 1, 2) || '0000'
where not exists (select 1 from pay_medians known
  where known.occupation_name = k.occupation_name and known.place = k.place)
"""


def refresh_medians(db: Session) -> int:
    """Work out all medians anew; return how many."""
    db.execute(delete(PayMedian))
    cities = _MEDIANS.format(place="place", only=" and place not like '__0000'")
    for query in (cities, _MEDIANS.format(place=_PROVINCE, only="")):
        db.execute(text(query), {"enough": ENOUGH})
    db.execute(text(_TAKEN_OVER))
    return db.scalar(select(func.count()).select_from(PayMedian)) or 0
