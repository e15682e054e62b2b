"""Errors of delivery."""

from __future__ import annotations


class QuietHoursError(ValueError):
    """The quiet hours are not written as `21-8`."""

    def __init__(self, setting: str) -> None:
        super().__init__(f"JIUYE_PUSH_QUIET={setting!r}: write two hours from 0 to 23, like 21-8")
        self.setting = setting
