"""Identity numbers as codes, and credit codes of organisations.

An identity number is never stored: what is kept is the first 64 bits of its HMAC-SHA-256 as a
signed number. Among ten million persons some two share a code with a chance of 3 in a million, and
only two of one firm would matter.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from datetime import date

from bot.wording import wording

_SAY = wording("warning_sheets")

#: GB 32100-2015: digits and capitals without I, O, S, V, Z; weights are powers of 3 modulo 31.
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
#: GB 11643-1999: weights are powers of 2 modulo 11.
_ID_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_ID_CHECKS = "10X98765432"
_OTHER = re.compile(r"[A-Z0-9()]{6,20}")


def plain_number(text: str) -> str:
    """Return a number in half width and capitals, without spaces and hyphens."""
    return re.sub(r"[\s\-·]+", "", unicodedata.normalize("NFKC", text)).upper()


def credit_code(text: str) -> str:
    """Return a 统一社会信用代码 in its plain form. Raises ValueError with the reason in Chinese."""
    code = plain_number(text)
    if len(code) != 18:
        raise ValueError(_SAY("credit_code_length", length=len(code)))
    if any(item not in _USCC for item in code):
        raise ValueError(_SAY("credit_code_characters"))
    total = sum(_USCC.index(item) * w for item, w in zip(code[:17], _USCC_WEIGHTS, strict=True))
    if _USCC[-total % 31] != code[17]:
        raise ValueError(_SAY("credit_code_check"))
    return code


def with_check(first: str) -> str:
    """Return a credit code of its first 17 characters."""
    total = sum(_USCC.index(item) * w for item, w in zip(first, _USCC_WEIGHTS, strict=True))
    return first + _USCC[-total % 31]


def identity_number(text: str) -> str:
    """Return an identity number of 18 places, or another document's number, in its plain form.

    One of 15 places becomes that of 18. Raises ValueError with the reason in Chinese; the number
    itself is never part of it.
    """
    number = plain_number(text)
    if re.fullmatch(r"\d{15}", number):
        number = number[:6] + "19" + number[6:]
        number += _id_check(number)
    if not re.fullmatch(r"\d{17}[\dX]", number):
        if re.fullmatch(r"\d+", number) or not _OTHER.fullmatch(number):
            raise ValueError(_SAY("document_number_wrong"))
        return number
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValueError(_SAY("birth_date_unknown")) from None
    if _id_check(number[:17]) != number[17]:
        raise ValueError(_SAY("id_number_check"))
    return number


def _id_check(first: str) -> str:
    total = sum(int(item) * w for item, w in zip(first[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def person_code(number: str, key: str) -> int:
    """Return the code of an identity number in plain form: a signed number of 64 bits."""
    digest = hmac.digest(key.encode(), number.encode(), "sha256")
    return int.from_bytes(digest[:8], "big", signed=True)
