"""Indicators of early warning that are made from the office's own contacts and promises."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from bot import clock
from bot.casework import contacts
from bot.db.tables import Promise
from bot.warning.computed import figure
from tests.casework.people import make_registered, make_staff

REGION, MONTH = "210100", date(2026, 11, 1)


def test_coverage_and_promises_count_people_of_the_region_in_the_month(office: Session) -> None:
    clerk = make_staff(office, "李经办", "street", "210106001")
    for number in range(4):
        person, _ = make_registered(office)
        if number < 3:  # one is reached, one refuses, one does not answer
            outcome = ("reached", "refused", "no_answer")[number]
            contacts.record(office, clerk, person.id, "phone", outcome)
        if number < 2:
            office.add(
                Promise(
                    person_id=person.id, wording="", clock="wall", hours=24,
                    started_at=clock.now(), deadline=clock.now(), remedy="",
                    state=("working", "missed")[number], counsellor_id=clerk.id,
                )
            )  # fmt: skip
    make_registered(office, "210202001")
    office.flush()
    covered = figure(office, "contact_coverage", REGION, MONTH)
    assert (covered.value, covered.denominator) == (50, 4)
    kept = figure(office, "promises_kept", REGION, MONTH)
    assert (kept.value, kept.denominator) == (50, 2)
    earlier = figure(office, "contact_coverage", REGION, date(2026, 10, 1))
    assert (earlier.value, earlier.denominator) == (0, 4)
    nobody = figure(office, "contact_coverage", "210300", MONTH)
    assert (nobody.value, nobody.note) == (None, "系统里没有登记失业人员")
