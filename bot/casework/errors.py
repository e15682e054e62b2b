"""Errors of casework.

CaseworkError
├── DutyErrors       all faults of the duty files, each a DutyFault
├── DutyUnset        a figure that a step needs is set by no paper for the region
├── NotPermitted     the role does not allow it
├── NotVisible       there is no such row in the scope of this member of staff
├── WrongState       the row is not in a state in which this can be done
├── ForbiddenExit    a reason that may never end a registration
├── SamePerson       a second person is needed
└── SheetRefused     an import cannot be read as a table of its kind
"""

from __future__ import annotations

from bot.wording import wording
from bot.yaml_files import FileFault

_SAY = wording("casework")


class CaseworkError(Exception):
    """Base of all errors of casework; `str()` is a Chinese sentence for the page."""


class DutyFault(FileFault):
    """A fault of a duty file."""


class DutyErrors(CaseworkError):
    """The duty files have faults; nothing of them is loaded."""

    def __init__(self, faults: list[DutyFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class DutyUnset(CaseworkError):
    """A figure is not set for a region."""

    def __init__(self, label: str) -> None:
        super().__init__(_SAY("figure_unset", label=label))


class NotPermitted(CaseworkError):
    """The role of this member of staff does not allow an action."""

    def __init__(self) -> None:
        super().__init__(_SAY("not_permitted"))


class NotVisible(CaseworkError):
    """There is no such row in this scope; whether there is one elsewhere is not told."""

    def __init__(self) -> None:
        super().__init__(_SAY("not_visible"))


class WrongState(CaseworkError):
    """The row is not in a state in which this can be done."""


class ForbiddenExit(CaseworkError):
    """The reason may not end a registration (辽人社建〔2025〕21号 二(一))."""

    def __init__(self) -> None:
        super().__init__(_SAY("exit_forbidden"))


class SamePerson(CaseworkError):
    """The one who proposed cannot be the one who decides."""

    def __init__(self) -> None:
        super().__init__(_SAY("same_person"))


class SheetRefused(CaseworkError):
    """A file cannot be read as a table of its kind."""
