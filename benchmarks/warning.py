"""The 10 % rule over two years of filings: daily lists of a year, beside the same in plain SQL.

By default 6,000 firms; `WARNING_FIRMS=60000 make bench NAME=warning` is the size of a province.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import text

from benchmarks.report import Measure, publish
from bot.clock import CHINA
from bot.db import migrate
from bot.db.session import session
from bot.db.tables import WarningBatch
from bot.warning.filings import date_of, day_number
from bot.warning.grades import is_strong, usual
from bot.warning.identity import with_check
from bot.warning.leaver_rule import BY_FILINGS, crossings
from bot.warning.rule_figures import read_reasons, read_rule
from bot.warning.survey import read_survey

FIRMS = int(os.environ.get("WARNING_FIRMS", "6000"))
BEGIN, FIRST, LAST = date(2024, 11, 1), date(2025, 11, 1), date(2026, 10, 31)
#: Days that plain SQL is asked for; its year is worked out from them.
SQL_DAYS = 4
_INSERT = (
    "insert into employment_filings (batch_id, row, filing_no, uscc, user_uscc, person, kind,"
    " effective_on, filed_on, reason, district) values (1, ?, ?, ?, null, ?, ?, ?, ?, ?, ?)"
)
#: The rule's steps before any day is asked for: what counts, losses, openings and ends.
_PREPARE = (
    """create temp table c as select uscc, person, kind, effective_on as day, filed_on, number
    from (select *, batch_id * 10000000 + row as number,
        row_number() over (partition by filing_no order by batch_id desc, row desc) as n
        from employment_filings) where n = 1 and kind <> 'revoke'""",
    """create temp table k as select * from (select *, row_number() over (
        partition by uscc, person, kind, day order by number desc) as n from c) where n = 1""",
    """create temp table o as select uscc, person, day, kind in ('hire', 'renew') as opens,
        lag(kind in ('hire', 'renew')) over w as before, row_number() over w as n
        from k window w as (partition by uscc, person order by day, filed_on, number)""",
    "create index o_pair on o (uscc, person, n)",
    """create temp table losses as select uscc, person, day from o where not opens
        and coalesce(before, 1) and not exists (select 1 from o as l where l.uscc = o.uscc
            and l.person = o.person and l.n > o.n and l.opens
            and julianday(l.day) - julianday(o.day) <= 30)""",
    "create index losses_day on losses (day)",
    "create index k_firm on k (uscc, day)",
    """create temp table steps as select uscc, day, case when opens then 1 else -1 end as step
        from o where (opens and not coalesce(before, 0)) or (not opens and before)""",
    "create index steps_firm on steps (uscc, day, step)",
)
_OF_A_DAY = """
    with l as (select uscc, count(distinct person) as leavers from losses
        where day > date(:day, '-30 day') and day <= :day group by uscc),
    b as (select uscc, sum(step) as base from steps where day <= date(:day, '-30 day')
        group by uscc)
    select l.uscc, leavers, base from l join b using (uscc)
    where base > 0 and 100 * leavers >= 10 * base and exists (select 1 from k
        where k.uscc = l.uscc and k.day <= date(:day, '-30 day')
        and k.day > date(:day, '-130 day'))"""


def fill(url: str, firms: int) -> int:
    """Write filings of some firms with 2 % turnover a month; return how many."""
    rng = np.random.default_rng(1)
    usccs = [with_check(f"91210000MA{n:07d}") for n in range(firms)]
    places = [f"2101{2 + n % 10:02d}" for n in range(firms)]
    written = 0
    with session(url) as db:
        moment = datetime(2026, 11, 3, tzinfo=CHINA)
        db.add(WarningBatch(id=1, kind="filings", file="b", sha256="b", rows=0, refused=0,
                            staff="b", applied_at=moment))  # fmt: skip
        db.flush()
        raw = db.connection().connection.cursor()
        for firm in range(firms):
            rows = _rows_of(rng, usccs[firm], places[firm], written)
            raw.executemany(_INSERT, rows)
            written += len(rows)
        raw.close()
    return written


def _rows_of(
    rng: np.random.Generator, uscc: str, place: str, number: int
) -> list[tuple[object, ...]]:
    begin = day_number(BEGIN)
    staff = rng.integers(1, 2**62, int(np.clip(rng.lognormal(2.9, 0.9), 2, 3000))).tolist()
    rows: list[tuple[object, ...]] = []

    def add(person: int, kind: str, day: int) -> None:
        on, place_in_file = date_of(day).isoformat(), number + len(rows) + 1
        why = "resigned" if kind == "end" else ""
        rows.append((place_in_file, f"B{place_in_file}", uscc, person, kind, on, on, why, place))

    for person in staff:
        add(person, "hire", begin - 10)
    for month in range(24):
        for place_of in np.flatnonzero(rng.random(len(staff)) < 0.02):
            add(staff[place_of], "end", begin + month * 30 + int(rng.integers(30)))
            staff[place_of] = int(rng.integers(1, 2**62))
            add(staff[place_of], "hire", begin + month * 30 + int(rng.integers(30)))
    return rows


def run(url: str) -> dict[str, float]:
    """Read and work out the daily lists of a year; return seconds, memory and how many lines."""
    rule = read_rule()[0].rule
    reasons = {
        item.code: (item.counts, item.by_employer) for item in read_reasons()[0].reasons.values()
    }
    began = time.perf_counter()
    with session(url) as db:
        survey = read_survey(db, rule, reasons, datetime(2026, 12, 31, tzinfo=CHINA))
    read = time.perf_counter()
    result = crossings(
        rule, survey.employed, survey.headcounts, len(survey.firms), FIRST, LAST, survey.today
    )
    usual_shares = usual(rule, survey.employed, result, survey.industries, survey.districts)
    strong = is_strong(rule, result, usual_shares)
    ended = time.perf_counter()
    np.savez(Path(url.removeprefix("sqlite:///")).with_suffix(".npz"),
             firm=[survey.firms[item] for item in result.firm[result.base_kind == BY_FILINGS]],
             **{name: getattr(result, name)[result.base_kind == BY_FILINGS]
                for name in ("day", "leavers", "base")})  # fmt: skip
    return {
        "read": read - began, "rule": ended - read, "lines": len(result),
        "strong": int(strong.sum()),
        "processor": time.process_time(),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def by_sql(url: str) -> tuple[float, float, float, dict[tuple[str, int], tuple[int, int]]]:
    """Return seconds to prepare, seconds a day, processor seconds of a year, and the lines.

    The lines are those of some days, in plain SQL; a year is worked out from them.
    """
    lines: dict[tuple[str, int], tuple[int, int]] = {}
    with session(url) as db:
        began, spent = time.perf_counter(), time.process_time()
        for statement in _PREPARE:
            db.execute(text(statement))
        prepared, spent_before = time.perf_counter(), time.process_time() - spent
        for day in sql_days():
            rows = db.execute(text(_OF_A_DAY), {"day": date_of(day).isoformat()})
            lines |= {(uscc, day): (leavers, base) for uscc, leavers, base in rows}
        ended, a_day = time.perf_counter(), time.process_time() - spent - spent_before
        db.rollback()
    year = spent_before + 365 * a_day / SQL_DAYS
    return prepared - began, (ended - prepared) / SQL_DAYS, year, lines


def sql_days() -> list[int]:
    """Return the days for which plain SQL is asked."""
    first, last = day_number(FIRST), day_number(LAST)
    return [first + (last - first) * n // SQL_DAYS for n in range(1, SQL_DAYS + 1)]


def differences(url: str, lines: dict[tuple[str, int], tuple[int, int]]) -> int:
    """Return in how many lines the two ways differ on the days that both were asked for."""
    ours = np.load(Path(url.removeprefix("sqlite:///")).with_suffix(".npz"))
    rows = zip(ours["firm"], ours["day"], ours["leavers"], ours["base"], strict=True)
    days = set(sql_days())
    result = {(str(f), int(d)): (int(n), int(b)) for f, d, n, b in rows if int(d) in days}
    return sum(result.get(key) != lines.get(key) for key in result.keys() | lines.keys())


def main() -> None:
    """Measure in a process of its own, for its memory, and publish."""
    if len(sys.argv) > 1:
        print(json.dumps(run(sys.argv[1])))
        return
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        migrate.upgrade(url)
        count = fill(url, FIRMS)
        words = [sys.executable, "-m", "benchmarks.warning", url]
        done = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        ours = json.loads(done.splitlines()[-1])
        prepare, per_day, processor, lines = by_sql(url)
        wrong = differences(url, lines)
    year = prepare + 365 * per_day
    publish(
        "warning",
        [
            Measure("filings", count, None, "rows", 1),
            Measure("daily lists of a year", round(ours["read"] + ours["rule"], 1), round(year, 1),
                    "s", 1, "plain SQL on SQLite, a year worked out from its preparation and days"),
            Measure("its processor time", round(ours["processor"], 1), round(processor, 1), "s", 1,
                    "plain SQL, the same way"),
            Measure("of it reading and ordering", round(ours["read"], 1), round(prepare, 1), "s", 1,
                    "preparation in SQL"),
            Measure("memory at most", round(ours["memory_mb"]), None, "MB", 1),
            Measure("lines (firm and day)", ours["lines"], None, "lines", 1),
            Measure("lines that differ from SQL", wrong, None, f"of {len(lines)}", 1),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
