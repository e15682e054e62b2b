"""Schedule of push's jobs: one scheduler a process, as many processes as one likes.

Each job takes its work from the database with locks or idempotent keys, so that two of them at
once do nothing twice. What lives in memory (the index of subscriptions) is read from there again: a
process that is killed loses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import clock
from bot.background.run_once import match_all
from bot.delivery.worker import Worker
from bot.notifications.digest import compose_all
from bot.notifications.follow_ups import ask_all
from bot.notifications.new_courses import notify_all
from bot.notifications.reminders import remind_all
from bot.notifications.renewal import ask_again_all
from bot.reverse_matching.matcher import CachedMatcher

#: Seconds between two runs of a job.
MATCH, COMPOSE, ASK, SEND = 60, 60, 600, 2


@dataclass(frozen=True)
class Job:
    """Something that is done again and again."""

    name: str
    every: int
    """Seconds."""
    do: Callable[[], object]


def scheduler(worker: Worker, extra_jobs: Sequence[Job] = ()) -> AsyncIOScheduler:
    """Return a scheduler of push and `extra_jobs`; start it in a running event loop."""
    made = AsyncIOScheduler(
        timezone=clock.CHINA,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    url, hours = worker.url, worker.hours
    matcher = CachedMatcher()
    plain = (
        Job("match", MATCH, lambda: match_all(url, matcher)),
        Job("compose", COMPOSE, lambda: compose_all(url, clock.now(), hours)),
        Job("ask", ASK, lambda: ask_all(url, clock.now(), hours)),
        Job("renew", ASK, lambda: ask_again_all(url, clock.now(), hours)),
        Job("remind", COMPOSE, lambda: remind_all(url, clock.now(), hours)),
        Job("courses", COMPOSE, lambda: notify_all(url, clock.now(), hours)),
        *extra_jobs,
    )
    for job in plain:
        # In a thread each: a long match must not hold up the sending.
        made.add_job(asyncio.to_thread, "interval", args=[job.do], seconds=job.every, id=job.name,
                     next_run_time=clock.now())  # fmt: skip
    made.add_job(worker.drain, "interval", seconds=SEND, id="send", next_run_time=clock.now())
    return made


async def run(worker: Worker, stop: asyncio.Event, extra_jobs: Sequence[Job] = ()) -> None:
    """Run all jobs until `stop` is set, then let the deliveries under way end."""
    running = scheduler(worker, extra_jobs)
    running.start()
    try:
        await stop.wait()
    finally:
        running.shutdown(wait=True)
