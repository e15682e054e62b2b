"""Comparison of postings for the same job: employer, title, place and pay.

The key brings together what may be the same (one employer, one title, one city); place and pay
then decide. 沈阳甲有限公司 is 沈阳甲有限责任公司, （急聘）电工 is 电工.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from bot.caches import process_cache
from bot.postings.ingest.parser import Draft
from bot.text.pattern_file import patterns
from bot.vocabulary.vocabulary import Vocabulary

_PATTERNS = patterns("posting_same_job")

_MARKS = re.compile(r"[\W_]+")
#: Pay of two sources may be rounded differently: 6千 and 6001.
_PAY_NEAR = 0.05


def employer_key(name: str) -> str:
    """Return an employer's name without width, brackets, marks and the form of the company."""
    return _plain_employer(name)


@process_cache(size=50_000)
def _plain_employer(name: str) -> str:
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", name).lower())
    return _PATTERNS["company_suffix"].sub("", plain) or plain


@process_cache(size=50_000)
def title_key(title: str) -> str:
    """Return a title without width, marks and words about the offer (急招, 五险一金)."""
    plain = unicodedata.normalize("NFKC", title).lower()
    return _MARKS.sub("", _PATTERNS["offer_words"].sub("", plain)) or _MARKS.sub("", plain) or plain


def job_key(draft: Draft) -> str:
    """Return what postings of the same job have in common; 32 characters."""
    place = draft.city_code or draft.region_code or draft.place_text
    words = "\n".join((employer_key(draft.employer), title_key(draft.title), place))
    return hashlib.md5(words.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class PostingIdentity:
    """The values of a posting that tell jobs of one key apart."""

    posting_id: int
    region_code: str | None
    salary_min: int | None
    salary_max: int | None


def is_same_job(offer: PostingIdentity, draft: Draft, words: Vocabulary) -> bool:
    """Tell whether a posting and a draft of the same key have the same place and pay."""
    pay = draft.pay
    ends = (pay.min, pay.max) if pay else (None, None)
    return _same_place(offer.region_code, draft.region_code, words) and _same_pay(
        (offer.salary_min, offer.salary_max), ends
    )


def _same_place(first_region: str | None, second_region: str | None, words: Vocabulary) -> bool:
    """A city and one of its districts can be the same place; two districts cannot."""
    if first_region is None or second_region is None or first_region == second_region:
        return first_region == second_region
    return words.is_within(first_region, second_region) or words.is_within(
        second_region, first_region
    )


def _same_pay(
    first_span: tuple[int | None, int | None], second_span: tuple[int | None, int | None]
) -> bool:
    """Pay that one of the two does not state (面议) does not tell them apart."""
    if first_span == (None, None) or second_span == (None, None):
        return True
    return all(
        _similar_amount(first_end, second_end)
        for first_end, second_end in zip(first_span, second_span, strict=True)
    )


def _similar_amount(first_amount: int | None, second_amount: int | None) -> bool:
    if first_amount is None or second_amount is None:
        return first_amount == second_amount
    return abs(first_amount - second_amount) <= _PAY_NEAR * max(first_amount, second_amount)
