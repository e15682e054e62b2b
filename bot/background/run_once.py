"""One round of push: match what is new, compose what is due, ask what is due, send."""

from __future__ import annotations

from dataclasses import dataclass

from bot import clock
from bot.db.session import session
from bot.delivery.worker import Worker
from bot.notifications.digest import compose_all
from bot.notifications.follow_ups import ask_all
from bot.notifications.new_courses import notify_all
from bot.notifications.reminders import remind_all
from bot.notifications.renewal import ask_again_all
from bot.places.supply_months import freeze_month
from bot.postings.ingest.interrupted import finish_import
from bot.reverse_matching.matcher import CachedMatcher
from bot.reverse_matching.sql_matcher import Matcher, match_new


@dataclass(frozen=True)
class RoundCounts:
    """Counts of a round."""

    postings: int = 0
    """New or changed postings that were matched."""
    matches: int = 0
    digests: int = 0
    questions: int = 0
    """Follow-up questions put into the outbox."""
    renewals: int = 0
    """Consents that are asked for again, since their wording has changed."""
    reminders: int = 0
    """Reminders of fairs, and that one is called off."""
    courses: int = 0
    """Words of new courses."""
    frozen: int = 0
    """Lines of the month's supply that were kept."""
    tried: int = 0
    """Deliveries that were handed to a channel."""


def match_all(url: str, matcher: Matcher | None = None) -> tuple[int, int]:
    """Match all new postings, a batch a transaction; return postings and matches.

    `matcher`: the one that the process keeps; None for a new one.
    """
    finish_import(url)
    matcher = matcher or CachedMatcher()
    postings = matches = 0
    while True:
        with session(url) as db:
            read, new_matches = match_new(db, matcher)
        if not read:
            return postings, matches
        postings, matches = postings + read, matches + new_matches


async def run_round(worker: Worker) -> RoundCounts:
    """Do everything once, now."""
    postings, matches = match_all(worker.url)
    digests = compose_all(worker.url, clock.now(), worker.hours)
    questions = ask_all(worker.url, clock.now(), worker.hours)
    renewals = ask_again_all(worker.url, clock.now(), worker.hours)
    reminders = remind_all(worker.url, clock.now(), worker.hours)
    courses = notify_all(worker.url, clock.now(), worker.hours)
    frozen = freeze_month(worker.url, clock.today())
    tried = await worker.drain()
    return RoundCounts(
        postings, matches, digests, questions, renewals, reminders, courses, frozen, tried
    )
