"""Why a posting suits, in plain words, and what to mind about it; a reason only when true."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from bot import clock
from bot.db.lists import split
from bot.jobs import card_lines
from bot.jobs.mask import masked
from bot.jobs.match import Card, Features, Match
from bot.jobs.match.papers import paper_asked
from bot.jobs.match.papers import wording as papers_wording
from bot.jobs.match.pay import INCREDIBLE, middle
from bot.jobs.match.rules import rules
from bot.jobs.preference import JobPreference
from bot.jobs.screen import faults
from bot.jobs.traits import Traits
from bot.jobs.traits import words as trait_words
from bot.messages import PostingItem
from bot.text import education, money, work_time
from bot.text.conditions import conditions, labels, verdict
from bot.text.vocabulary import vocabulary

#: Pay is called high from this multiple of the local median.
_HIGH = 1.05
#: Welfare named without having been asked for.
_WELFARE = ("five_insurances", "lodging", "meals", "weekends_off", "housing_fund")
#: Reasons given for one posting at most.
MOST = 8


def item(
    match: Match,
    wish: JobPreference,
    details: bool = False,
    loosened: bool = True,
    told: Collection[str] = (),
) -> PostingItem:
    """Return a match as an item of a list, with its reasons and warnings.

    `loosened`: say what it does not keep of the wish. `told`: what of the welfare and conditions
    wished for is told of the whole list to be unknown.
    """
    features, card = match.features, match.card
    known = faults()
    found = [known[name].says for name in split(card.warnings) if name in known]
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
        reasons=reasons(features, wish),
        # What it does not keep of the wish comes before what is only to be minded.
        warnings=[
            *_over(card),
            *found,
            *([match.loosened] if loosened and match.loosened else []),
            *cautions(features, wish, told),
        ],
        published_on=features.published_on.isoformat() if features.published_on else None,
        valid_until=card.valid_until.isoformat() if card.valid_until else None,
        origin=card_lines.origin(card.source, features.published_on, card.valid_until),
        description=card.description if details else "",
        source=card.source,
        contact=card.contact if details else masked(card.contact),
        stated=card_lines.details(dict(card.stated)) if details else [],
    )


def reasons(features: Features, wish: JobPreference) -> list[str]:
    """Say why a posting suits: trade, place, pay, time, the person, welfare, how new it is."""
    return [said for piece in PIECES for said in piece.says(features, wish)][:MOST]


def unstated(features: Features, wish: JobPreference) -> list[str]:
    """Return the ids of what is wished for and a posting states nothing of."""
    known, named = features.traits or Traits(), conditions()
    return [
        one
        for one in wish.welfare
        if (
            verdict(one, known.words)[0] == "unknown" and named[one].unknown
            if one in named
            else one not in known.welfare
        )
    ]


def called(wished: Collection[str]) -> str:
    """Name what is not stated: 管饭、上不上夜班."""
    known, names_ = conditions(), labels()
    return "、".join(known[one].unknown if one in known else names_[one] for one in wished)


def cautions(features: Features, wish: JobPreference, told: Collection[str] = ()) -> list[str]:
    """Say what to mind: schooling, years or ages asked for, pay that is too good to be true.

    `told`: what is told elsewhere to be unknown.
    """
    said = _against(features, wish)
    paper = paper_asked(features, wish)
    if paper:
        said.append(papers_wording().says.format(paper=paper))
    if features.education and wish.education and not _schooled(features.education, wish.education):
        said.append(f"要{education.NAMES[features.education]}，你可能不够，先打电话问问")
    years, has = features.experience_years, wish.experience_years
    if years and has is not None and has < years:
        said.append(f"要{years}年经验，你可能不够，先打电话问问")
    ages = features.traits.ages if features.traits else None
    if ages and wish.age and not ages[0] <= wish.age <= ages[1]:
        said.append(f"写了年龄{ages[0]}–{ages[1]}岁，先问清楚再去")
    asks = [one for one in unstated(features, wish) if one not in told]
    if asks:
        said.append(f"没写{called(asks)}，先问清楚")
    published = features.published_on
    if published and (clock.today() - published).days > rules().postings.old_days:
        said.append(f"{published.isoformat()}发布的，时间长了，先问问还招不招")
    if features.market and middle(features) > INCREDIBLE * features.market.median:
        said.append("工资比当地同行高出很多，先问清楚怎么算的，别交钱")
    return said


def _against(features: Features, wish: JobPreference) -> list[str]:
    """Say what a posting's own words speak against: 写了“两班倒”，可能有夜班."""
    known, said = features.traits or Traits(), []
    for one in (conditions()[name] for name in wish.welfare if name in conditions()):
        found, words = verdict(one.id, known.words)
        if found == "against":
            said.append(one.because.format(words=words))
    return said


def _over(card: Card) -> list[str]:
    until = card.valid_until
    return [card_lines.over(until)] if until and until < clock.today() else []


def _place(match: Match) -> str:
    if match.features.region_code:
        return vocabulary().full_name(match.features.region_code)
    return match.card.place_text or "地点没写"


def _trade(features: Features, wish: JobPreference) -> list[str]:
    trades = features.occupations
    fits = [trade for trade in trades if trade in wish.occupations]
    if fits:
        return [f"做{fits[0]}，对口"]
    covered = next((trade for trade in trades if trade in wish.trades), None)
    if covered:
        general = next(one for one in vocabulary().general(covered) if one in wish.occupations)
        return [f"做{covered}，也算{general}"]
    return [f"工种：{trades[0]}"] if trades and not wish.occupations else []


def _where(features: Features, wish: JobPreference) -> list[str]:
    code, words = features.region_code, vocabulary()
    if not (code and wish.places):
        return []
    for place in wish.places:
        if words.is_within(code, place):
            said = "是你说的地方" if place == wish.region_code else "你说这儿也行"
            return [f"在{words.name(place)}，{said}"]
    return [f"在{words.full_name(code)}"]


def _pay(features: Features, wish: JobPreference) -> list[str]:
    low, high, asked = features.salary_min, features.salary_max, wish.salary_min
    if not asked:
        return []
    about = money.middle_of(asked, wish.salary_max)
    if about:
        suits = any(one and one >= asked for one in (low, high))
        return [f"每月{_span(low, high)}，你要{about}元左右"] if suits else []
    if low and low >= asked:
        return [f"每月{low}元起，够你要的{asked}元"]
    if high and high >= asked:
        return [f"每月最高{high}元，够得到{asked}元"]
    return []


def _span(low: int | None, high: int | None) -> str:
    return "–".join(str(one) for one in dict.fromkeys((low, high)) if one) + "元"


def _market(features: Features, _: JobPreference) -> list[str]:
    market = features.market
    if market is None or not features.salary_min:
        return []
    if not _HIGH * market.median <= middle(features) <= INCREDIBLE * market.median:
        return []
    place = vocabulary().name(market.place)
    return [f"比{place}{market.occupation}一般的工资（{market.median}元左右）高"]


def _time(features: Features, wish: JobPreference) -> list[str]:
    if wish.work_time and features.work_time == wish.work_time:
        return [f"是{work_time.NAMES[wish.work_time]}"]
    return []


def _person(features: Features, wish: JobPreference) -> list[str]:
    """Ages and groups, from what the posting itself says."""
    known = features.traits
    if known is None:
        return []
    said = []
    if known.ages and wish.age and known.ages[0] <= wish.age <= known.ages[1]:
        said.append(f"你{wish.age}岁，在它要的年龄里")
    if wish.group in known.suits:
        said.append(trait_words().says[str(wish.group)])
    return said


def _asks(features: Features, wish: JobPreference) -> list[str]:
    said = []
    if features.education == "none":
        said.append("不要求学历")
    elif features.education and wish.education and _schooled(features.education, wish.education):
        said.append(f"要{education.NAMES[features.education]}，你够")
    years = features.experience_years
    if years == 0:
        said.append("不要求经验")
    elif years and (wish.experience_years or 0) >= years:
        said.append(f"要{years}年经验，你有{wish.experience_years}年")
    return said


def _schooled(asked: str, has: str) -> bool:
    return education.is_sufficient(has, asked)


def _welfare(features: Features, wish: JobPreference) -> list[str]:
    if features.traits is None:
        return []
    named, says, known = wish.welfare or _WELFARE, labels(), features.traits
    offered = [says[one] for one in named if _offers(one, known)]
    return ["、".join(offered[:3])] if offered else []


def _offers(wished: str, known: Traits) -> bool:
    if wished in conditions():
        return verdict(wished, known.words)[0] == "holds"
    return wished in known.welfare


def _fresh(features: Features, _: JobPreference) -> list[str]:
    if features.published_on is None:
        return []
    days = (clock.today() - features.published_on).days
    return ["这几天刚发布"] if days <= 7 else ["近一个月发布"] if days <= 31 else []


@dataclass(frozen=True)
class Piece:
    """Some of the reasons."""

    of: Literal["trades", "place", "pay", "time", "schooling", "welfare", "others"]
    """The one value of a subscription's wish that it depends on; others: on none of these."""
    says: Callable[[Features, JobPreference], list[str]]


#: All pieces in the order in which they are said.
PIECES = (
    Piece("trades", _trade),
    Piece("place", _where),
    Piece("pay", _pay),
    Piece("others", _market),
    Piece("time", _time),
    Piece("others", _person),
    Piece("schooling", _asks),
    Piece("welfare", _welfare),
    Piece("others", _fresh),
)
