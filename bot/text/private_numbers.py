"""Telephone, identity and bank card numbers in a text, masked before anything is stored.

People are asked never to send them (个人信息保护法第六条: no more than the purpose needs); a public
service number (12333, 400…) belongs to no person and stays.
"""

from __future__ import annotations

import re
from datetime import date

from bot.text.pattern_file import patterns

#: Stands in a number's place. `bot.text.normalise` reads it as a space.
MASK = "■■■"
_WIDTHS = {ord("０") + n: str(n) for n in range(10)} | {ord("Ｘ"): "X", ord("－"): "-"}
_WIDTHS |= {ord("＋"): "+", ord("　"): " "}
_PATTERNS = patterns("private_numbers")
_SPOKEN_DIGITS = str.maketrans("零〇幺一二三四五六七八九", "001123456789")
#: Digits, with the single blanks and hyphens that people group them by.
_DIGITS = re.compile(r"(?<![\d.])\+?\d(?:[ -]?\d){6,23}(?:[ -]?[Xx](?![A-Za-z]))?(?![\d])")
_GROUPS = re.compile(r"[ -]")
_MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
#: A trunk prefix and 7 or 8 digits; with its hyphen or blank, or named as a telephone number.
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})\d{7,8}")
_IDENTITY = re.compile(r"[1-8]\d{16}[\dXx]")
_OLD_IDENTITY = re.compile(r"[1-8]\d{14}")
_CARD = re.compile(r"62\d{14,17}|4\d{15}|5[1-5]\d{14}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
#: Codes of provinces (GB/T 2260).
_PROVINCES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55),
     *range(61, 66), 71, 81, 82, 83)
)  # fmt: skip
#: Fewest digits of a number that is private because of the word before it.
_PHONE_DIGITS, _CARD_DIGITS = (7, 8), (12, 23)


def masked(text: str) -> str:
    """Return a text with its private numbers masked; the same text when it has none."""
    narrow = _PATTERNS["spoken_number"].sub(
        lambda hit: hit[0].translate(_SPOKEN_DIGITS), text.translate(_WIDTHS)
    )
    pieces: list[str] = []
    end = 0
    for hit in _DIGITS.finditer(narrow):
        for start, stop in _private_spans(narrow, hit.start(), hit.end()):
            pieces += [text[end:start], MASK]
            end = stop
    if not pieces:
        return text
    return _PATTERNS["number_clause"].sub(rf"\g<edge>{MASK}", "".join([*pieces, text[end:]]))


def is_masked(text: str) -> bool:
    """Tell whether a private number was taken out of a text."""
    return MASK in text


def _private_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of the private numbers within a run of digits and blanks."""
    label = _PATTERNS["number_label"].search(text[max(0, start - 14) : start])
    kind = label.lastgroup if label else None
    if [len(group) for group in _GROUPS.split(text[start:end])] == [6, 8, 4]:
        kind = "identity"  # nobody groups another number like that
    if _is_private(_GROUPS.sub("", text[start:end]), kind):
        return [(start, end)]
    # Two numbers side by side, or 3500 before a telephone number: each group by itself.
    spans: list[tuple[int, int]] = []
    offset = start
    for group in text[start:end].split(" "):
        if len(group) < end - start and _is_private(group.replace("-", ""), kind):
            spans.append((offset, offset + len(group)))
        offset += len(group) + 1
    return spans


def _is_private(number: str, kind: str | None) -> bool:
    """Tell whether digits are a private number, given the word before them."""
    if _MOBILE.fullmatch(number):
        return True
    if _LANDLINE.fullmatch(number):
        return kind != "other"
    if kind == "identity":
        return bool(_IDENTITY.fullmatch(number) or _OLD_IDENTITY.fullmatch(number))
    if kind == "card":
        return _CARD_DIGITS[0] <= len(number) <= _CARD_DIGITS[1]
    if kind == "phone" and number.isdigit() and len(number) in _PHONE_DIGITS:
        return not number.startswith("400")
    if kind == "other":
        return False
    return _is_identity(number) or (bool(_CARD.fullmatch(number)) and _luhn(number))


def _is_identity(number: str) -> bool:
    """Tell whether 18 characters are an identity number (GB 11643: place, birth, check digit)."""
    if not _IDENTITY.fullmatch(number) or int(number[:2]) not in _PROVINCES:
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def _luhn(number: str) -> bool:
    """Tell whether a card number's check digit is right (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (2 * digit - 9 * (digit > 4) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
