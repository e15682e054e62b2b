"""The tracker store by the name that endpoints.yml had for it before 0.2.0."""

from bot.runtime.tracker_store import DatabaseTrackerStore

__all__ = ["DatabaseTrackerStore"]
