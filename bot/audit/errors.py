"""Errors of an entry of the log of looks."""

from __future__ import annotations


class PurposeMissing(ValueError):
    """A look at people without a stated purpose."""

    def __init__(self, action: str, object_kind: str) -> None:
        super().__init__(f"{action} of {object_kind}: a purpose is needed")


class AuditHeadMissing(RuntimeError):
    """The one row of audit_head is gone: nothing can be appended to the chain."""

    def __init__(self) -> None:
        super().__init__("audit_head has no row; restore the database from a backup")
