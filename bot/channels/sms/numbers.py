"""Phone numbers in one form, E.164: one person is one address, however the carrier writes it."""

from __future__ import annotations

import re

#: A mobile number of mainland China, with or without its country code.
_MOBILE = re.compile(r"^(?:\+|00)?(?:86)?(1[3-9]\d{9})$")
_FOREIGN = re.compile(r"^(?:\+|00)([1-9]\d{6,14})$")


def e164(raw_number: str) -> str | None:
    """Return a number as +8613800138000; None when it is no number that can be answered.

    Service numbers (10086, 1069…) are none: what they send is not answered, or two machines
    would talk to each other for ever.
    """
    number = re.sub(r"[\s\-()]", "", raw_number)
    mobile = _MOBILE.match(number)
    if mobile:
        return f"+86{mobile.group(1)}"
    foreign = _FOREIGN.match(number)
    if foreign and not foreign.group(1).startswith("86"):
        return f"+{foreign.group(1)}"
    return None
