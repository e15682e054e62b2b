"""Errors of subscriptions.

SubscriptionError
├── NotASubscriber      a seeker has no running subscription
├── ShownMeanwhile      another worker shows a person one of the postings at this moment
└── TooManyPreferences  more different values than the index in memory has codes for
"""

from __future__ import annotations


class SubscriptionError(ValueError):
    """Base of all errors of subscriptions."""


class NotASubscriber(SubscriptionError):
    """There is no such subscriber."""

    def __init__(self, seeker: int) -> None:
        super().__init__(f"seeker {seeker} has no running subscription")
        self.seeker = seeker


class ShownMeanwhile(SubscriptionError):
    """A posting of a digest was shown to the person by another worker."""

    def __init__(self, subscription: int) -> None:
        super().__init__(f"a posting for subscription {subscription} was shown meanwhile")


class TooManyPreferences(SubscriptionError):
    """There are more different values than codes: the database must be asked instead."""

    def __init__(self, max_codes: int) -> None:
        super().__init__(f"more than {max_codes} different values of one kind in all wishes")
        self.max_codes = max_codes
