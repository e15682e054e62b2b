import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.db.session import session
from bot.db.tables import FrozenList
from bot.warning import batches, demo
from bot.warning.delivered import Delivered
from bot.warning.errors import FreezeError
from bot.warning.lists import current_form, freeze, month_list, recompute
from bot.warning.months import last_day, months_before
from tests.databases import sqlite_copy

END = date(2026, 10, 1)
REGION = "210000"


def fifth(month: date) -> datetime:
    """The day on which the list of a month is frozen."""
    return datetime.combine(last_day(month) + timedelta(days=5), datetime.min.time(), clock.CHINA)


@pytest.fixture(scope="module")
def made() -> demo.WarningDemo:
    return demo.make(END, firms=60)


@pytest.fixture(scope="module")
def frozen_year(
    made: demo.WarningDemo, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Session, dict[date, FrozenList]]]:
    """The demo data, with the lists of some months frozen on the fifth of the next."""
    url = sqlite_copy("empty", Path(tmp_path_factory.mktemp("lists")) / "demo.db")
    with session(url) as db:
        made.apply(db)
        lists = {}
        for before in (11, 8, 7, 5, 2, 1, 0):
            month = months_before(END, before)
            with clock.frozen(fifth(month)):
                lists[month] = freeze(db, REGION, month, "王")
        yield db, lists
        db.rollback()


def entries(row: FrozenList) -> dict[str, dict[str, object]]:
    return {one["uscc"]: one for one in reversed(json.loads(row.entries)["entries"])}


@pytest.mark.parametrize("kind", ["closing", "seasonal", "transfer"])
def test_planted_events_are_found_with_date_and_grade(
    kind: str, made: demo.WarningDemo, frozen_year: tuple[Session, dict[date, FrozenList]]
) -> None:
    planted = [one for one in made.planted if one.kind == kind]
    assert planted
    for one in planted:
        line = entries(frozen_year[1][one.day.replace(day=1)])[one.uscc]
        assert line["day"] == one.day.isoformat()
        assert (line["grade"] == "strong") is one.strong
        assert ("疑似整体转移" in line["marks"]) is (kind == "transfer")


def test_contracts_that_are_renewed_an_agency_and_a_firm_that_is_silent_are_no_candidates(
    made: demo.WarningDemo, frozen_year: tuple[Session, dict[date, FrozenList]]
) -> None:
    by_kind = {one.kind: one for one in made.planted}
    for kind, place in (("renewal", ""), ("dispatch", "dispatch"), ("silent", "silent")):
        row = frozen_year[1][by_kind[kind].day.replace(day=1)]
        assert by_kind[kind].uscc not in entries(row)
        if place:
            assert by_kind[kind].uscc in json.loads(row.entries)[place]


def test_what_an_office_delivers_late_stands_on_the_list_of_the_month_in_which_it_became_known(
    made: demo.WarningDemo, frozen_year: tuple[Session, dict[date, FrozenList]]
) -> None:
    (late,) = (one for one in made.planted if one.kind == "late")
    then, known = late.day.replace(day=1), months_before(late.day.replace(day=1), -2)
    lists = frozen_year[1]
    assert late.uscc not in entries(lists[then])
    assert demo.LATE_DISTRICT in json.loads(lists[then].entries)["missing"]
    line = entries(lists[known])[late.uscc]
    assert (line["day"], line["grade"]) == (late.day.isoformat(), "strong")
    assert "补报" in line["marks"]


def test_frozen_lists_are_the_same_when_they_are_computed_again_after_everything(
    frozen_year: tuple[Session, dict[date, FrozenList]],
) -> None:
    db, lists = frozen_year
    with clock.frozen(date(2027, 5, 1)):
        for row in lists.values():
            assert recompute(db, row).as_json() == row.entries


def test_a_frozen_list_that_was_tampered_with_is_noticed(
    frozen_year: tuple[Session, dict[date, FrozenList]],
) -> None:
    db, lists = frozen_year
    row = lists[END]
    changed = FrozenList(
        region=row.region,
        month=row.month,
        frozen_at=row.frozen_at,
        rule=row.rule.replace('"share_percent":10', '"share_percent":9'),
        sha256=row.sha256,
    )
    with pytest.raises(FreezeError, match="重算不一致"):
        recompute(db, changed)


def test_a_month_is_frozen_once_and_when_it_is_over(
    frozen_year: tuple[Session, dict[date, FrozenList]],
) -> None:
    db = frozen_year[0]
    with clock.frozen(fifth(END)), pytest.raises(FreezeError, match="已经定了"):
        freeze(db, REGION, END, "李")
    with clock.frozen(date(2026, 11, 30)), pytest.raises(FreezeError, match="还没结束"):
        freeze(db, REGION, date(2026, 11, 1), "李")


def test_on_both_databases_filings_are_read_as_they_were_known_and_undone_batches_only_before(
    db: Session,
) -> None:
    rows = [
        {"row": n, "filing_no": f"A{n}", "uscc": "91350100M000100Y43", "user_uscc": None, "person": n * 7919 - 2**62, "kind": "hire",
         "effective_on": date(2026, 9, 1), "filed_on": date(2026, 9, 1), "reason": "", "district": "210106"}
        for n in range(1, 101)
    ]  # fmt: skip
    ends = [
        {
            **row,
            "filing_no": f"E{row['row']}",
            "kind": "end",
            "effective_on": date(2026, 10, 20),
            "filed_on": date(2026, 10, 20),
            "reason": "layoff",
        }
        for row in rows[:12]
    ]
    when = [datetime(2026, 10, day, 9, tzinfo=clock.CHINA) for day in (1, 25, 28)]
    covered = {("210106", END)}
    batches.apply(db, Delivered("filings", "a", "a", rows, covered=covered), "王", as_of=when[0])
    batch = batches.apply(
        db, Delivered("filings", "b", "b", ends, covered=covered), "王", as_of=when[1]
    )
    with clock.frozen(when[2]):
        batches.undo(db, batch.id, "王")
    form = current_form(REGION, END, None)

    def leavers(moment: datetime) -> list[tuple[int, int]]:
        listed = month_list(db, REGION, END, form, moment).entries
        return [(one.candidate.leavers, one.candidate.base) for one in listed]

    assert leavers(when[0]) == []
    assert leavers(when[1]) == [(12, 100)]
    assert leavers(when[2]) == []


def test_the_strong_grade_raises_few_false_alarms(
    made: demo.WarningDemo, frozen_year: tuple[Session, dict[date, FrozenList]]
) -> None:
    planted = {one.uscc for one in made.planted}
    lines = [
        line
        for row in frozen_year[1].values()
        for line in json.loads(row.entries)["entries"]
        if line["uscc"] not in planted
    ]
    strong = sum(line["grade"] == "strong" for line in lines)
    assert len(lines) >= 10
    assert strong <= len(lines) / 8
