"""Losses of employment and the number of the employed, from cleaned filings.

An employment is open from a hire or renewal until an end, and not at the end of that day. An end
is a loss when its reason counts and no hire or renewal by the same firm follows within the look-
ahead; a second end in a row is a filing made twice, and none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.warning.filings import END, Days, Filings, Flags, Ints


@dataclass(frozen=True)
class Losses:
    """Ends that are losses, ordered by firm, person and day."""

    firm: Days
    person: Ints
    day: Days
    by_employer: Flags

    def select_rows(self, rows: Flags | slice) -> Losses:
        """Return some rows."""
        return Losses(self.firm[rows], self.person[rows], self.day[rows], self.by_employer[rows])


@dataclass(frozen=True)
class Employment:
    """Losses, and how the number of open employments changes, ordered by firm."""

    losses: Losses
    step_firm: Days
    step_day: Days
    step: Days
    """+1 where an employment opens, −1 where it ends."""
    filing_day: Days
    """Days of effect of all filings, ordered by firm like `filing_firm`."""
    filing_firm: Days
    ended_twice: int
    """Second ends in a row."""
    without_begin: int
    """Ends without a begin on file."""


def employment(filings: Filings, look_ahead: int) -> Employment:
    """Return losses and steps of filings that `clean` has ordered."""
    same = _same_pair(filings)
    opens = filings.kind < END
    open_before = np.zeros(len(filings), np.bool_)
    open_before[1:] = opens[:-1] & same
    first = np.ones(len(filings), np.bool_)
    first[1:] = ~same
    twice = ~opens & ~open_before & ~first
    loss = ~opens & (open_before | first) & filings.counts & ~_followed(filings, opens, look_ahead)
    begins, closes = opens & ~open_before, ~opens & open_before
    steps = begins | closes
    return Employment(
        Losses(
            filings.firm[loss], filings.person[loss], filings.effective[loss],
            filings.by_employer[loss],
        ),
        filings.firm[steps], filings.effective[steps],
        np.where(begins[steps], 1, -1).astype(np.int32),
        filings.effective, filings.firm, int(twice.sum()), int((~opens & first).sum()),
    )  # fmt: skip


def _same_pair(filings: Filings) -> Flags:
    """Tell of each row but the first whether firm and person are those of the row before."""
    firm, person = filings.firm, filings.person
    same: Flags = (firm[1:] == firm[:-1]) & (person[1:] == person[:-1])
    return same


def _followed(filings: Filings, opens: Flags, look_ahead: int) -> Flags:
    """Tell of each row whether the same firm takes the person on within so many days after it."""
    count = len(filings)
    place = np.where(opens, np.arange(count), count)
    coming = np.minimum.accumulate(place[::-1])[::-1] if count else place
    has_next = coming < count
    index = np.where(has_next, coming, 0)
    same = (filings.firm[index] == filings.firm) & (filings.person[index] == filings.person)
    soon = filings.effective[index] - filings.effective <= look_ahead
    followed: Flags = has_next & same & soon
    return followed


def counted_until(losses: Losses, period: int) -> Days:
    """Return the first day on which each loss adds no person to windows of some days any more.

    A person who is lost again within the window is one person: the later loss goes on for them.
    """
    until = losses.day + np.int32(period)
    if len(until):
        same = (losses.firm[1:] == losses.firm[:-1]) & (losses.person[1:] == losses.person[:-1])
        until[:-1] = np.where(same, np.minimum(until[:-1], losses.day[1:]), until[:-1])
    return until
