"""Masked contact data for lists: recognisable, but not enough to call."""

from __future__ import annotations

import re

_PHONE = re.compile(r"(?<!\d)(\+?\d{2,3})[-\d ()（）]{3,16}(\d{2})(?!\d)")
_ACCOUNT = re.compile(r"([A-Za-z])[-_A-Za-z0-9]{4,29}")
_NAME = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[\u4e00-\u9fff]{1,3}(?![\u4e00-\u9fff*])")


def masked_contact(contact: str) -> str:
    """Return a contact without most of its digits and given names: 王** 024****00."""
    plain = _PHONE.sub(r"\1****\2", contact)
    return _NAME.sub(r"\1**", _ACCOUNT.sub(r"\1****", plain))
