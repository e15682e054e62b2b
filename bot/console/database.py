"""Database work of a page: off the event loop, one transaction, one member's areas."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.casework.roles import Staff, staff
from bot.casework.scope import narrow
from bot.db.session import Session, session

T = TypeVar("T")
Work = Callable[[Session, Staff], T]
_threads = ThreadPoolExecutor(4, thread_name_prefix="console-db")


class LoggedOut(Exception):
    """The account was closed since the page was opened."""


async def run(member: int, work: Work[T]) -> T:
    """Do some work as a member of staff; return or raise what it does. Raises LoggedOut."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _within, member, work)


async def run_plain(work: Callable[[Session], T]) -> T:
    """Do some work that concerns no record of a person: accounts, at the login."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _plain, work)


def _within(member: int, work: Work[T]) -> T:
    with session() as db:
        me = staff(db, member)
        if me is None:
            raise LoggedOut
        narrow(db, me)
        return work(db, me)


def _plain(work: Callable[[Session], T]) -> T:
    with session() as db:
        return work(db)
