"""Whether two postings offer the same job: employer, title, place and pay, compared as meant.

The key brings together what may be the same (one employer, one title, one city); place and pay
then decide. 沈阳甲有限公司 is 沈阳甲有限责任公司, （急聘）电工 is 电工.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from bot.caches import process_cache
from bot.jobs.draft import Draft
from bot.text.vocabulary import Vocabulary

_SUFFIX = re.compile(r"(?:集团)?(?:股份)?(?:有限)?(?:责任)?公司$")
_MARKS = re.compile(r"[\W_]+")
#: What a title says about the offer, not about the job.
_NOISE = re.compile(
    r"急[招聘]|诚[招聘]|高薪|直招|招聘|包吃包住|包吃住|包吃|包住|[五六]险[一二两]金|[五六]险|周末双休|双休|单休|长期有效|可实习"
)
#: Pay of two sources may be rounded differently: 6千 and 6001.
_PAY_NEAR = 0.05


def employer_key(name: str) -> str:
    """Return an employer's name without width, brackets, marks and the form of the company."""
    return _plain_employer(name)


@process_cache(size=50_000)
def _plain_employer(name: str) -> str:
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", name).lower())
    return _SUFFIX.sub("", plain) or plain


@process_cache(size=50_000)
def title_key(title: str) -> str:
    """Return a title without width, marks and words about the offer (急招, 五险一金)."""
    plain = unicodedata.normalize("NFKC", title).lower()
    return _MARKS.sub("", _NOISE.sub("", plain)) or _MARKS.sub("", plain) or plain


def job_key(draft: Draft) -> str:
    """Return what postings of the same job have in common; 32 characters."""
    place = draft.city_code or draft.region_code or draft.place_text
    words = "\n".join((employer_key(draft.employer), title_key(draft.title), place))
    return hashlib.md5(words.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Offer:
    """Of a posting, what decides between jobs of one key."""

    posting_id: int
    region_code: str | None
    salary_min: int | None
    salary_max: int | None


def same(offer: Offer, draft: Draft, words: Vocabulary) -> bool:
    """Tell whether a posting and a draft of the same key have the same place and pay."""
    pay = draft.pay
    ends = (pay.min, pay.max) if pay else (None, None)
    return _same_place(offer.region_code, draft.region_code, words) and _same_pay(
        (offer.salary_min, offer.salary_max), ends
    )


def _same_place(one: str | None, other: str | None, words: Vocabulary) -> bool:
    """A city and one of its districts can be the same place; two districts cannot."""
    if one is None or other is None or one == other:
        return one == other
    return words.is_within(one, other) or words.is_within(other, one)


def _same_pay(one: tuple[int | None, int | None], other: tuple[int | None, int | None]) -> bool:
    """Pay that one of the two does not state (面议) does not tell them apart."""
    if one == (None, None) or other == (None, None):
        return True
    return all(_near(a, b) for a, b in zip(one, other, strict=True))


def _near(one: int | None, other: int | None) -> bool:
    if one is None or other is None:
        return one == other
    return abs(one - other) <= _PAY_NEAR * max(one, other)
