"""Reasons for a posting and warnings about it, in plain words; each only when true."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from bot import clock
from bot.db.comma_lists import split
from bot.matching import Card, Features, Match, card_lines
from bot.matching.certificates import missing_paper
from bot.matching.certificates import wording as papers_wording
from bot.matching.components.pay import INCREDIBLE, middle
from bot.matching.job_preference import JobPreference
from bot.messages import PostingItem
from bot.postings.mask import masked_contact
from bot.postings.match_config import rules
from bot.postings.screening.rules import faults
from bot.postings.traits import Traits
from bot.postings.traits import words as trait_words
from bot.understanding.extractors import education, salary, work_time
from bot.understanding.extractors.conditions import conditions, labels, verdict
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording

_SAY = wording("job_reasons")

#: Pay is called high from this multiple of the local median.
_HIGH_PAY_FACTOR = 1.05
#: Welfare named without having been asked for.
_DEFAULT_WELFARE = ("five_insurances", "lodging", "meals", "weekends_off", "housing_fund")
#: Reasons given for one posting at most.
MAX_REASONS = 8


def item(
    match: Match,
    preference: JobPreference,
    details: bool = False,
    loosened: bool = True,
    unknown_ids: Collection[str] = (),
) -> PostingItem:
    """Return a match as an item of a list, with its reasons and warnings.

    `loosened`: name the conditions that it does not meet. `unknown_ids`: wanted offers and
    conditions that no posting of the list states.
    """
    features, card = match.features, match.card
    all_faults = faults()
    fault_warnings = [
        all_faults[name].warning for name in split(card.warnings) if name in all_faults
    ]
    return PostingItem(
        id=features.posting_id,
        title=features.title,
        employer=card.employer,
        region=_place(match),
        region_code=features.region_code,
        occupations=list(features.occupations),
        salary_text=card.salary_text or "面议",
        salary_min=features.salary_min,
        salary_max=features.salary_max,
        reasons=reasons(features, preference),
        # What it does not meet comes before mere advice.
        warnings=[
            *_expired_warning(card),
            *fault_warnings,
            *([match.loosened] if loosened and match.loosened else []),
            *cautions(features, preference, unknown_ids),
        ],
        published_on=features.published_on.isoformat() if features.published_on else None,
        valid_until=card.valid_until.isoformat() if card.valid_until else None,
        origin=card_lines.origin_line(card.source, features.published_on, card.valid_until),
        description=card.description if details else "",
        source=card.source,
        contact=card.contact if details else masked_contact(card.contact),
        stated=card_lines.detail_lines(dict(card.details)) if details else [],
    )


def reasons(features: Features, preference: JobPreference) -> list[str]:
    """Return the reasons for a posting: trade, place, pay, time, the person, welfare, freshness."""
    return [reason for group in REASON_GROUPS for reason in group.reasons(features, preference)][
        :MAX_REASONS
    ]


def unstated(features: Features, preference: JobPreference) -> list[str]:
    """Return the ids of what is wished for and a posting states nothing of."""
    posting_traits, conditions_by_id = features.traits or Traits(), conditions()
    return [
        offer_id
        for offer_id in preference.welfare
        if (
            verdict(offer_id, posting_traits.words)[0] == "unknown"
            and conditions_by_id[offer_id].unknown
            if offer_id in conditions_by_id
            else offer_id not in posting_traits.welfare
        )
    ]


def unknown_names(offer_ids: Collection[str]) -> str:
    """Name what is not stated: 管饭、上不上夜班."""
    conditions_by_id, offer_names = conditions(), labels()
    return "、".join(
        conditions_by_id[offer_id].unknown
        if offer_id in conditions_by_id
        else offer_names[offer_id]
        for offer_id in offer_ids
    )


def cautions(
    features: Features, preference: JobPreference, unknown_ids: Collection[str] = ()
) -> list[str]:
    """Return the warnings: schooling, years or ages asked for, pay that is too good to be true.

    `unknown_ids`: what the head of the list says to be unknown.
    """
    warnings = _contradictions(features, preference)
    paper = missing_paper(features, preference)
    if paper:
        warnings.append(papers_wording().caution.format(paper=paper))
    if (
        features.education
        and preference.education
        and not _schooled(features.education, preference.education)
    ):
        warnings.append(_SAY("schooling_too_low", schooling=education.NAMES[features.education]))
    years, has = features.experience_years, preference.experience_years
    if years and has is not None and has < years:
        warnings.append(_SAY("experience_too_short", years=years))
    ages = features.traits.ages if features.traits else None
    if ages and preference.age and not ages[0] <= preference.age <= ages[1]:
        warnings.append(_SAY("age_outside", youngest=ages[0], oldest=ages[1]))
    unstated_ids = [
        offer_id for offer_id in unstated(features, preference) if offer_id not in unknown_ids
    ]
    if unstated_ids:
        warnings.append(_SAY("unstated", names=unknown_names(unstated_ids)))
    published = features.published_on
    if published and (clock.today() - published).days > rules().postings.old_days:
        warnings.append(_SAY("old_posting", day=published.isoformat()))
    if features.market and middle(features) > INCREDIBLE * features.market.median:
        warnings.append(_SAY("incredible_pay"))
    return warnings


def _contradictions(features: Features, preference: JobPreference) -> list[str]:
    """Return the conditions that the posting's own words contradict: 写了“两班倒”，可能有夜班."""
    posting_traits, warnings = features.traits or Traits(), []
    for condition in (conditions()[name] for name in preference.welfare if name in conditions()):
        outcome, words = verdict(condition.id, posting_traits.words)
        if outcome == "against":
            warnings.append(condition.because.format(words=words))
    return warnings


def _expired_warning(card: Card) -> list[str]:
    until = card.valid_until
    return [card_lines.expired_line(until)] if until and until < clock.today() else []


def _place(match: Match) -> str:
    if match.features.region_code:
        return vocabulary().full_name(match.features.region_code)
    return match.card.place_text or _SAY("place_unstated")


def _trade_reasons(features: Features, preference: JobPreference) -> list[str]:
    trades = features.occupations
    fits = [trade for trade in trades if trade in preference.occupations]
    if fits:
        return [_SAY("trade_fits", trade=fits[0])]
    covered = next((trade for trade in trades if trade in preference.trades), None)
    if covered:
        general = next(
            occupation
            for occupation in vocabulary().general(covered)
            if occupation in preference.occupations
        )
        return [_SAY("trade_covered", trade=covered, general=general)]
    return [_SAY("trade_named", trade=trades[0])] if trades and not preference.occupations else []


def _place_reasons(features: Features, preference: JobPreference) -> list[str]:
    code, words = features.region_code, vocabulary()
    if not (code and preference.places):
        return []
    for place in preference.places:
        if words.is_within(code, place):
            name = "place_wanted" if place == preference.region_code else "place_also_wanted"
            return [_SAY(name, place=words.name(place))]
    return [_SAY("place_named", place=words.full_name(code))]


def _pay_reasons(features: Features, preference: JobPreference) -> list[str]:
    low, high, wanted_pay = features.salary_min, features.salary_max, preference.salary_min
    if not wanted_pay:
        return []
    approximate = salary.middle_of(wanted_pay, preference.salary_max)
    if approximate:
        suits = any(end and end >= wanted_pay for end in (low, high))
        span = _pay_span(low, high)
        return [_SAY("pay_about", span=span, pay=approximate)] if suits else []
    if low and low >= wanted_pay:
        return [_SAY("pay_enough", low=low, pay=wanted_pay)]
    if high and high >= wanted_pay:
        return [_SAY("pay_reaches", high=high, pay=wanted_pay)]
    return []


def _pay_span(low: int | None, high: int | None) -> str:
    ends = "–".join(str(end) for end in dict.fromkeys((low, high)) if end)
    return _SAY("pay_span", ends=ends)


def _market_reasons(features: Features, _: JobPreference) -> list[str]:
    market = features.market
    if market is None or not features.salary_min:
        return []
    if not _HIGH_PAY_FACTOR * market.median <= middle(features) <= INCREDIBLE * market.median:
        return []
    place = vocabulary().name(market.place)
    return [_SAY("above_median", place=place, trade=market.occupation, median=market.median)]


def _time_reasons(features: Features, preference: JobPreference) -> list[str]:
    if preference.work_time and features.work_time == preference.work_time:
        return [_SAY("work_time_fits", time=work_time.NAMES[preference.work_time])]
    return []


def _person_reasons(features: Features, preference: JobPreference) -> list[str]:
    """Ages and groups, from what the posting itself says."""
    posting_traits = features.traits
    if posting_traits is None:
        return []
    reasons_found = []
    if (
        posting_traits.ages
        and preference.age
        and posting_traits.ages[0] <= preference.age <= posting_traits.ages[1]
    ):
        reasons_found.append(_SAY("age_inside", age=preference.age))
    if preference.group in posting_traits.suits:
        reasons_found.append(trait_words().group_texts[str(preference.group)])
    return reasons_found


def _requirement_reasons(features: Features, preference: JobPreference) -> list[str]:
    reasons_found = []
    if features.education == "none":
        reasons_found.append(_SAY("no_schooling"))
    elif (
        features.education
        and preference.education
        and _schooled(features.education, preference.education)
    ):
        reasons_found.append(
            _SAY("schooling_enough", schooling=education.NAMES[features.education])
        )
    years = features.experience_years
    if years == 0:
        reasons_found.append(_SAY("no_experience"))
    elif years and (preference.experience_years or 0) >= years:
        reasons_found.append(
            _SAY("experience_enough", years=years, own_years=preference.experience_years)
        )
    return reasons_found


def _schooled(required: str, level: str) -> bool:
    return education.is_sufficient(level, required)


def _welfare_reasons(features: Features, preference: JobPreference) -> list[str]:
    if features.traits is None:
        return []
    candidate_ids, names_by_id = preference.welfare or _DEFAULT_WELFARE, labels()
    offer_names = [
        names_by_id[offer_id] for offer_id in candidate_ids if _offers(offer_id, features.traits)
    ]
    return ["、".join(offer_names[:3])] if offer_names else []


def _offers(offer_id: str, posting_traits: Traits) -> bool:
    if offer_id in conditions():
        return verdict(offer_id, posting_traits.words)[0] == "holds"
    return offer_id in posting_traits.welfare


def _freshness_reasons(features: Features, _: JobPreference) -> list[str]:
    if features.published_on is None:
        return []
    days = (clock.today() - features.published_on).days
    if days <= 7:
        return [_SAY("published_this_week")]
    return [_SAY("published_this_month")] if days <= 31 else []


@dataclass(frozen=True)
class ReasonGroup:
    """Reasons of one kind for a posting."""

    depends_on: Literal["trades", "place", "pay", "time", "schooling", "welfare", "others"]
    """The one value of a subscription's preference that it depends on; others: on none of these."""
    reasons: Callable[[Features, JobPreference], list[str]]


#: All pieces in the order in which they are said.
REASON_GROUPS = (
    ReasonGroup("trades", _trade_reasons),
    ReasonGroup("place", _place_reasons),
    ReasonGroup("pay", _pay_reasons),
    ReasonGroup("others", _market_reasons),
    ReasonGroup("time", _time_reasons),
    ReasonGroup("others", _person_reasons),
    ReasonGroup("schooling", _requirement_reasons),
    ReasonGroup("welfare", _welfare_reasons),
    ReasonGroup("others", _freshness_reasons),
)
