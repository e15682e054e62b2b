"""Errors of the desk.

DeskError
├── NoSuchTicket       there is none of that number
├── NotYours           the ticket is not with this counsellor
├── TicketClosed       it is closed: the seeker or a colleague ended it
├── NameTaken          a counsellor of that name exists
└── UnfitPassword      the password is too short
"""

from __future__ import annotations


class DeskError(Exception):
    """Base of all that goes wrong at the desk."""


class NoSuchTicket(DeskError):
    """There is no such ticket."""


class NotYours(DeskError):
    """A colleague has the ticket, or it is not taken yet."""


class TicketClosed(DeskError):
    """The ticket is closed."""


class NameTaken(DeskError):
    """There is a counsellor of that name."""


class UnfitPassword(DeskError):
    """The password is shorter than is safe."""
