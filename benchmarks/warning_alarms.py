"""Planted events that the 10 % rule finds, and false alarms a month with and without `strong`."""

from __future__ import annotations

import tempfile
from datetime import date, datetime

from benchmarks.report import Measure, publish
from bot.clock import CHINA
from bot.db import migrate
from bot.db.session import session
from bot.warning import demo
from bot.warning.candidates import Candidate, find
from bot.warning.lists import current_form
from bot.warning.months import last_day, months_before
from bot.warning.survey import read_survey

END = date(2026, 10, 1)
SEEDS = 5
#: Kinds of events that are no layoffs: a candidate of one of them is a false alarm.
_HARMLESS = ("seasonal", "transfer", "renewal", "dispatch", "silent")


def candidates(made: demo.WarningDemo) -> list[Candidate]:
    """Return the candidates of the last twelve months of demo data, when all is known."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/alarms.db"
        migrate.upgrade(url)
        with session(url) as db:
            made.apply(db)
        with session(url) as db:
            form = current_form("210000", END, None)
            moment = datetime(2027, 3, 1, tzinfo=CHINA)
            survey = read_survey(db, form.rule, form.reasons, moment)
    first = months_before(END, 11)
    return list(find(survey, form.rule, form.dispatch_industries, first, last_day(END)).candidates)


def main() -> None:
    """Measure over several seeds and publish."""
    planted = dated = graded = 0
    alarms = {"by text": 0, "by text, base 20 and more": 0, "strong": 0, "strong, no transfer": 0}
    for seed in range(1, SEEDS + 1):
        made = demo.make(END, seed)
        result = candidates(made)
        real = {item.uscc: item for item in made.planted if item.kind not in _HARMLESS}
        for uscc, event in real.items():
            hits = [item for item in result if item.uscc == uscc]
            planted += 1
            dated += any(item.day == event.day for item in hits)
            graded += any(item.day == event.day and item.strong is event.strong for item in hits)
        wrong = [item for item in result if item.uscc not in real]
        alarms["by text"] += len(wrong)
        alarms["by text, base 20 and more"] += sum(not item.small_base for item in wrong)
        alarms["strong"] += sum(item.strong for item in wrong)
        alarms["strong, no transfer"] += sum(
            item.strong and item.transfer_to is None for item in wrong
        )
    months = 12 * SEEDS
    publish(
        "warning_alarms",
        [
            Measure("layoffs found on their day", dated, planted, "of those planted", SEEDS),
            Measure("with their grade", graded, planted, "of those planted", SEEDS),
            *(
                Measure(f"false alarms, {name}", round(count / months, 2), None,
                        "a month, of 255 firms", SEEDS)
                for name, count in alarms.items()
            ),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
