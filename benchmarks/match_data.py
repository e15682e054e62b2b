"""Postings and preferences for the benchmark of matching, drawn from the real distribution.

Titles, trades, pay, schooling and words are those of real postings (the demo ones where no real
data is at hand); places are drawn from the real postings of the province, employers and days
anew.
"""

from __future__ import annotations

import csv
import io
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.postings import SHARED
from bot.db import migrate
from bot.db.session import engine, session
from bot.matching.job_preference import JobPreference
from bot.postings.ingest.files import rows
from bot.postings.ingest.parser import Draft, Drafter, RowError
from bot.postings.pay_medians import refresh_medians
from bot.settings import ROOT
from bot.vocabulary.sync import load_vocabulary
from bot.vocabulary.vocabulary import vocabulary

TODAY = date(2026, 11, 24)
#: Of how many rows of each file the distribution is taken; set for a short run.
ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
COLUMNS = (
    "id", "source", "source_key", "content_hash", "title", "employer_id", "description", "tags",
    "place_text", "region_code", "city_code", "salary_text", "salary_min", "salary_max",
    "education", "experience_years", "work_time", "published_on", "imported_at", "status",
    "warnings", "welfare",
)  # fmt: skip
#: Written at once.
CHUNK = 20_000
PROVINCE = "21"
#: Share of those who named a city or a district to whom another one will do as well.
FURTHER = 0.1


def files() -> list[Path]:
    """Return the real files, or the demo one."""
    found = sorted((SHARED / "jobs").glob("*")) if SHARED.is_dir() else []
    return found or [ROOT / "data" / "demo" / "postings.jsonl"]


@lru_cache(maxsize=1)
def drafts() -> list[Draft]:
    """Read the real postings once."""
    drafter, read = Drafter(), list[Draft]()
    for file in files():
        for _, row in zip(range(ROWS), rows(file), strict=False):
            try:
                draft = drafter.draft(row[1], file.name)
            except RowError:
                continue
            read.append(replace(draft, description=draft.description[:300]))
    return read


@lru_cache(maxsize=1)
def _regions() -> list[str]:
    return [d.region_code for d in drafts() if d.region_code and d.region_code[:2] == PROVINCE]


def _postings(size: int, chosen: random.Random) -> Iterator[tuple[tuple[Any, ...], Draft]]:
    known, regions, words = drafts(), _regions(), vocabulary()
    now = datetime(2026, 11, 24, tzinfo=timezone.utc).isoformat()
    for number in range(1, size + 1):
        draft, region = chosen.choice(known), chosen.choice(regions)
        factor = chosen.uniform(0.85, 1.15)
        low, high = (draft.pay.min, draft.pay.max) if draft.pay else (None, None)
        low = int(round(low * factor, -2)) if low else None
        high = max(int(round(high * factor, -2)), low or 0) if high else None
        day = TODAY - timedelta(days=min(365, int(chosen.expovariate(1 / 40))))
        yield (
            number, "bench", str(number), "x", draft.title, chosen.randrange(1, size // 8 + 2),
            draft.description, draft.tags, "", region, words.city_of(region), draft.salary_text,
            low, high, draft.education, draft.experience_years, draft.work_time, day.isoformat(),
            now, "open", ",".join(draft.faults), ",".join(draft.welfare),
        ), draft  # fmt: skip


def build(url: str, size: int) -> None:
    """Fill a new database with postings; about a minute for a million."""
    migrate.upgrade(url)
    with session(url) as db:
        load_vocabulary(db, vocabulary())
    employers = [(n, f"单位{n}") for n in range(1, size // 8 + 2)]
    write(url, "employers", ("id", "name"), employers)
    chosen = random.Random(size)
    postings: list[tuple[Any, ...]] = []
    trades: list[tuple[Any, ...]] = []
    trade_columns = ("posting_id", "occupation_name", "rank")
    for row, draft in _postings(size, chosen):
        postings.append(row)
        trades += [(row[0], name, rank) for rank, name in enumerate(draft.occupations)]
        if len(postings) == CHUNK or row[0] == size:
            write(url, "postings", COLUMNS, postings)
            write(url, "posting_occupations", trade_columns, trades)
            postings, trades = [], []
    tidy(url)
    with session(url) as db:
        refresh_medians(db)


def write(url: str, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
    """Write rows the fastest way that each database has."""
    names = ", ".join(columns)
    raw = engine(url).raw_connection()
    try:
        cursor = raw.cursor()
        if url.startswith("sqlite"):
            marks = ", ".join("?" * len(columns))
            cursor.executemany(f"insert into {table} ({names}) values ({marks})", values)
        else:
            out = io.StringIO()
            csv.writer(out).writerows(
                ["\\N" if cell is None else cell for cell in row] for row in values
            )
            out.seek(0)
            cursor.copy_expert(f"copy {table} ({names}) from stdin (format csv, null '\\N')", out)
        raw.commit()
    finally:
        raw.close()


def tidy(url: str) -> None:
    """As a nightly VACUUM does; what SQLite's planner knows comes from analyze."""
    command = "analyze" if url.startswith("sqlite") else "vacuum analyze"
    with engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text(command))


def preferences(many: int) -> list[JobPreference]:
    """Return mixed preferences as seekers have them: most name a trade and a city."""
    return list(each_preference(many, 7))


def each_preference(many: int, seed: int) -> Iterator[JobPreference]:
    """Yield such preferences one at a time: a million at once would be half a gigabyte."""
    chosen, further = random.Random(seed), random.Random(-seed)
    for _ in range(many):
        yield _with_further_place(_preference(chosen), further)


def _with_further_place(wish: JobPreference, chosen: random.Random) -> JobPreference:
    """Give every tenth who named a city or district another one of them."""
    code, words = wish.region_code or "", vocabulary()
    if chosen.random() >= FURTHER or code.endswith("0000"):
        return wish
    other = chosen.choice(_regions())
    if not code.endswith("00"):
        return replace(wish, also_regions=(other,))
    return replace(wish, also_regions=(words.city_of(other) or other,))


def _preference(chosen: random.Random) -> JobPreference:
    words, like = vocabulary(), chosen.choice(drafts())
    region = chosen.choice(_regions())
    place = chosen.random()
    code = "210000" if place < 0.1 else words.city_of(region) if place < 0.65 else region
    pay = like.pay.min if like.pay and chosen.random() < 0.65 else None
    times = ("full_time", "part_time", "gig", "shift_day", "shift_night")
    named = chosen.random() < 0.75
    time = chosen.choice(times) if chosen.random() < 0.12 else None
    outs = (("销售员", "销售"), ("shift_night",), ("客服",), ("普工", "夜班"))
    out = chosen.choice(outs) if chosen.random() < 0.15 else ()
    # The conversation never leaves anybody with a trade or time both wanted and ruled out.
    wanted = (*(like.occupations if named else ()), time or "")
    out = () if any(word in one for word in out for one in wanted) else out
    return JobPreference(
        occupations=like.occupations[: chosen.choice((1, 1, 2))] if named else (),
        any_occupation=not named,
        region_code=code,
        salary_min=round(pay, -2) if pay else None,
        work_time=time,
        excluded=out,
        education=chosen.choice((None, None, "junior", "senior", "college", "bachelor")),
        experience_years=chosen.choice((None, None, 0, 2, 5)),
        age=chosen.choice((None, None, 22, 35, 47, 55)),
        group=chosen.choice((None,) * 6 + ("age_4050", "graduate", "disabled", "veteran")),
        welfare=chosen.choice(((),) * 5 + (("lodging",), ("five_insurances", "weekends_off"))),
    )
