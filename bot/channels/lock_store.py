"""The lock store by the name that endpoints.yml had for it before 0.2.0."""

from bot.runtime.lock_store import QuickLockStore

__all__ = ["QuickLockStore"]
