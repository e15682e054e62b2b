"""Lists, pages and imports of the console, beside a plain page by count and offset.

On PostgreSQL as an installation has it: the tables belong to a plain user, and the policies of rows
are in force. JIUYE_BENCH_PEOPLE sets the number of people (default 200,000); each has a
registration, two tasks and four contacts, one of twenty a group, one of ten thousand an exit in
review. JIUYE_BENCH_ROWS sets the rows of the sheet (20,000). Beside wall time stands the time of
processors, ours and the server's: on a machine that others share it alone says something.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import create_engine, text

from benchmarks.private_postgres import private_postgres
from benchmarks.report import Measure, publish
from bot import clock
from bot.casework import people, registrations, tasks, transfers
from bot.casework.areas import load_localities
from bot.casework.duties import read_duties
from bot.casework.duty_store import known_regions, load
from bot.casework.identity import key_ring
from bot.casework.people import Filters
from bot.casework.roles import Grant, Staff, grant, staff
from bot.casework.scope import narrow
from bot.casework_imports.apply import apply
from bot.casework_imports.preview import preview
from bot.clock import CHINA
from bot.db import migrate
from bot.db.session import Session, engine, session
from bot.db.tables import Counsellor
from bot.ports import probe
from bot.settings import ROOT
from bot.vocabulary.sync import load_vocabulary
from bot.vocabulary.vocabulary import vocabulary

WORK = ROOT / "var" / "bench"
PEOPLE = int(os.environ.get("JIUYE_BENCH_PEOPLE", "200000"))
ROWS = int(os.environ.get("JIUYE_BENCH_ROWS", "20000"))
NOW = datetime(2026, 12, 10, 10, tzinfo=CHINA)
SCOPES = {"province": "21", "city": "2101", "district": "210106", "street": "210106001"}
#: Times each list is asked for, each with places of its own.
RUNS = 30
#: Pages before the one that is asked for in the middle of a list.
DEEP = 200


def main() -> None:
    """Fill a database, measure, publish."""
    WORK.mkdir(parents=True, exist_ok=True)
    # Not below var/, which is nobody's but ours: PostgreSQL runs as a user of its own.
    folder = Path(mkdtemp(prefix="jiuye-bench-"))
    folder.chmod(0o755)
    with private_postgres(folder / "cluster") as server:
        if server is None:
            print("PostgreSQL is not installed")
            return
        url = _database(server)
        with clock.frozen(NOW):
            print(f"{time.strftime('%H:%M:%S')} {PEOPLE:,} people", flush=True)
            with session(url) as db:
                _fill(db)
            with engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as db:
                db.execute(text("analyze"))
            print(time.strftime("%H:%M:%S"), "filled", flush=True)
            measures = [*_lists(url), *_import(url), *_memory(url)]
        publish("console", measures)
        engine(url).dispose()
    shutil.rmtree(folder)


def _database(server: str) -> str:
    """Return the URL of a new database that belongs to a plain user."""
    admin = create_engine(f"{server}postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as db:
        with suppress(Exception):
            db.execute(text("create role console login"))
        db.execute(text("drop database if exists console"))
        db.execute(text("create database console owner console"))
    admin.dispose()
    url = server.replace("postgres@", "console@") + "console"
    migrate.upgrade(url)
    with session(url) as db:
        load_vocabulary(db, vocabulary())
        load(db, read_duties([ROOT / "data" / "duties"], known_regions(db)))
        load_localities(db)
    return url


def _fill(db: Session) -> None:
    """Write the rows by few statements: names and telephones are one and the same, sealed."""
    ring = key_ring()
    values = {
        "n": PEOPLE, "name": ring.seal("示范甲", "people.name"),
        "phone": ring.seal("19900000000", "people.phone"), "now": NOW,
    }  # fmt: skip
    for statement in _STATEMENTS:
        db.execute(text(statement), values)


_STATEMENTS = (
    "insert into counsellors (id, name, password_hash, created_at) values (1, '示范', 'x', :now)",
    "select setval('counsellors_id_seq', 1)",
    "create temporary table places as select code, (row_number() over (order by code) - 1)::int at"
    " from localities",
    "insert into people (name_sealed, name_digest, phone_sealed, phone_digest, birth_year, sex,"
    " region_code, district_code, source, as_of, created_at)"
    " select :name, md5(i::text) || md5(i::text), :phone, md5('t' || i) || md5('t' || i),"
    " 1966 + i % 38, '男', p.code, left(p.code, 6), 'import', cast(:now as date), :now"
    " from generate_series(1, :n) i join places p on p.at = (i::bigint * 7919) % 1406",
    "insert into registrations (person_id, registered_on, cause, state, source, as_of)"
    " select id, date '2026-01-01' + (id % 300)::int, '', 'active', 'import', date '2026-01-01'"
    " from people",
    "insert into tasks (key, kind, person_id, subject_id, region_code, district_code, due_at,"
    " has_deadline, rule, state, result, created_at)"
    " select m || ':' || id, 'monthly_contact', id, id, region_code, district_code,"
    " timestamptz '2026-12-01 00:00+08' + ((id * 31 + ord * 17) % 44640) * interval '1 minute',"
    " true, '', case when ord = 1 then 'done' else 'open' end, '', :now"
    " from people, (values ('monthly:2026-11', 1), ('monthly:2026-12', 2)) v(m, ord)",
    "insert into contacts (person_id, counsellor_id, way, outcome, note, at)"
    " select id, 1, 'phone', (array['reached', 'refused', 'no_answer'])[1 + (id + k) % 3], '',"
    " timestamptz '2026-08-05 09:00+08' + k * interval '30 days'"
    " + (id % 2000) * interval '1 minute' from people, generate_series(1, 4) k",
    "insert into person_groups (person_id, kind, basis, valid_from, state, source)"
    " select id, case when id % 2000 = 0 then 'disabled' else 'low_income' end, '',"
    " date '2026-01-01', 'verified', 'import' from people where id % 20 = 0",
    "insert into registration_events (registration_id, kind, reason_code, evidence, counsellor_id,"
    " at) select id, 'exit_proposed', 'employed', '合同', 1, :now from registrations"
    " where id % 10000 = 0",
    "update registrations set state = 'exit_proposed' where id % 10000 = 0",
)


@contextmanager
def _as(url: str, me: Staff) -> Iterator[Session]:
    with session(url) as db:
        narrow(db, me)
        yield db


def _lists(url: str) -> Iterator[Measure]:
    chance = random.Random(1)
    with session(url) as db:
        server = db.scalar(text("select pg_backend_pid()")) or 0
    for role, scope in SCOPES.items():
        me = Staff(1, "", (Grant(1, "district", scope),))
        for name, ask, *given in _QUESTIONS:
            yield from _timed(
                f"{name}, {role}", lambda m=me, a=ask, g=given: _page(url, m, a, *g), server
            )
    me = Staff(1, "", (Grant(1, "district", "21"),))
    yield from _timed(
        "a person", lambda: _page(url, me, people.view, chance.randint(1, PEOPLE), "measured"),
        server,
    )  # fmt: skip
    deep = _deep_mark(url, me)
    yield from _timed(
        f"today, province, page {DEEP}", lambda: _page(url, me, tasks.page, deep), server,
        baseline=lambda: _by_offset(url, me),
    )  # fmt: skip


#: What each role's lists ask: name, function, arguments.
_QUESTIONS: tuple[tuple[Any, ...], ...] = (
    ("today", tasks.page), ("today of a kind", tasks.page, "", "visit"),
    ("people", people.page, Filters()), ("count", people.total, Filters()),
    ("not covered", people.page, Filters(uncovered=True)),
    ("count not covered", people.total, Filters(uncovered=True)),
    ("a group", people.page, Filters(group="low_income")),
    ("count a group", people.total, Filters(group="low_income")),
    ("a rare group", people.page, Filters(group="disabled")),
    ("count of a state", people.total, Filters(state="active")),
    ("found by name", people.page, Filters(query="张三丰")),
    ("exits", registrations.proposals), ("transfers", transfers.listing),
)  # fmt: skip


def _page(url: str, me: Staff, ask: Callable[..., object], *given: object) -> None:
    with _as(url, me) as db:
        ask(db, me, *given)


def _deep_mark(url: str, me: Staff) -> str:
    with _as(url, me) as db:
        query = "select due_at, id from tasks where state in ('open', 'claimed')"
        row = db.execute(text(f"{query} order by due_at, id offset {DEEP * 50} limit 1")).one()
        return f"{row.due_at.isoformat()}|{row.id}"


def _by_offset(url: str, me: Staff) -> None:
    """The page that is made at once: all rows counted, those before skipped."""
    with _as(url, me) as db:
        where = "from tasks where state in ('open', 'claimed') and region_code like '21%'"
        db.scalar(text(f"select count(*) {where}"))
        db.execute(text(f"select * {where} order by due_at, id limit 50 offset {DEEP * 50}")).all()


def _timed(
    name: str, ask: Callable[[], object], server: int,
    baseline: Callable[[], object] | None = None,
) -> Iterator[Measure]:  # fmt: skip
    middle, late, busy = _times(ask, server)
    beside = _times(baseline, server) if baseline else None
    note = "count and offset" if beside else ""
    print(f"{name}: {middle:.1f} ms, p95 {late:.1f}, processors {busy:.1f}, {beside or ''}",
          flush=True)  # fmt: skip
    for kind, value, other in (
        ("median", middle, beside and beside[0]), ("processors", busy, beside and beside[2]),
    ):  # fmt: skip
        yield Measure(
            f"{name}, {kind}", round(value, 1), other and round(other, 1), "ms", RUNS, note
        )
    yield Measure(f"{name}, p95", round(late, 1), None, "ms", RUNS)


def _times(ask: Callable[[], object], server: int) -> tuple[float, float, float]:
    """Return milliseconds: half of the answers, 19 of 20, and of processors for one."""
    ask()
    times, before = [], time.process_time() + _server_seconds(server)
    for _ in range(RUNS):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    busy = (time.process_time() + _server_seconds(server) - before) / RUNS * 1000
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], busy


def _server_seconds(process: int) -> float:
    """Return the seconds of processors that PostgreSQL has spent on our connection."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _import(url: str) -> Iterator[Measure]:
    """Yield the seconds of a sheet of registrations, with its preview."""
    file = WORK / "registrations.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("姓名", "身份证号", "联系电话", "区划代码", "登记日期"))
        writer.writerows(_rows(ROWS))
    with session(url) as db:
        number = Counsellor(name="示范导入", password_hash="x", created_at=NOW)
        db.add(number)
        db.flush()
        grant(db, None, number.id, "district", "210106")
        me = staff(db, number.id)
    assert me is not None
    with session(url) as db:
        server = db.scalar(text("select pg_backend_pid()")) or 0
    began, before = time.perf_counter(), time.process_time() + _server_seconds(server)
    with _as(url, me) as db:
        batch = preview(db, me, "registrations", file, file.name)
        number_of_batch, new = batch.id, batch.rows_new
    shown = time.perf_counter() - began
    with _as(url, me) as db:
        done = apply(db, me, number_of_batch).done
    whole = time.perf_counter() - began
    busy = time.process_time() + _server_seconds(server) - before
    assert new == done == ROWS, (new, done)
    print(
        f"import of {ROWS:,}: preview {shown:.1f} s, with applying {whole:.1f} s,"
        f" processors {busy:.1f} s",
        flush=True,
    )
    yield Measure(f"import of {ROWS:,} rows, preview", round(shown, 1), None, "s", 1)
    yield Measure(f"import of {ROWS:,} rows, preview and applying", round(whole, 1), None, "s", 1)
    yield Measure(f"import of {ROWS:,} rows, processors", round(busy, 1), None, "s", 1)


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    born = datetime(1960, 1, 1)
    for number in range(count):
        day = born + timedelta(days=number // 900)
        body = f"210106{day:%Y%m%d}{number % 900 + 100:03d}"
        total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
        identity = body + "10X98765432"[total % 11]
        yield (f"示范{number}", identity, f"199{number:08d}", "210106001", "2026-11-20")


def _memory(url: str) -> Iterator[Measure]:
    """Yield the resident memory of the console's process after some pages."""
    port = 18_506
    probe("127.0.0.1", port, "port")
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "-m", "bot.console.server", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        for _ in range(600):
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5).read()
                break
            time.sleep(0.1)
        status = Path(f"/proc/{process.pid}/status").read_text()
        kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        megabytes = round(int(kilobytes.split()[1]) / 1024)
    finally:
        process.kill()  # it may be making the tasks of the month
        process.wait(20)
    print(f"console: {megabytes} MB", flush=True)
    yield Measure("memory of the console", megabytes, None, "MB", 1)


if __name__ == "__main__":
    main()
