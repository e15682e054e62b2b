"""Why a posting suits, in plain words, and what to mind about it."""

from __future__ import annotations

from bot import clock
from bot.db.tables import Posting
from bot.jobs.match import Match
from bot.jobs.preference import JobPreference
from bot.jobs.screen import faults
from bot.messages import PostingItem
from bot.text import education
from bot.text.vocabulary import vocabulary

_WORK_TIME = {
    "gig": "日结零工", "part_time": "兼职", "shift_night": "夜班", "shift_day": "白班", "full_time": "全职",  # noqa: E501
}  # fmt: skip


def item(match: Match, wish: JobPreference, details: bool = False) -> PostingItem:
    """Return a match as an item of a list, with its reasons and warnings."""
    posting = match.posting
    return PostingItem(
        id=posting.id,
        title=posting.title,
        employer=posting.employer.name,
        region=_place(posting),
        region_code=posting.region_code,
        occupations=[one.occupation_name for one in posting.occupations],
        salary_text=posting.salary_text or "面议",
        salary_min=posting.salary_min,
        salary_max=posting.salary_max,
        reasons=reasons(match, wish),
        warnings=[faults()[name].says for name in posting.warnings.split(",") if name in faults()],
        published_on=posting.published_on.isoformat() if posting.published_on else None,
        description=posting.description if details else "",
        source=posting.source,
    )


def reasons(match: Match, wish: JobPreference) -> list[str]:
    """Say why a posting suits: first what was loosened, then trade, place, pay and the rest."""
    posting = match.posting
    said = [match.loosened] if match.loosened else []
    trades = [one.occupation_name for one in posting.occupations]
    if any(trade in wish.occupations for trade in trades):
        said.append(f"做{next(t for t in trades if t in wish.occupations)}，对口")
    elif trades and not wish.occupations:
        said.append(f"工种：{trades[0]}")
    said += [*_place_reason(posting, wish), *_pay_reason(posting, wish)]
    if wish.work_time and posting.work_time == wish.work_time:
        said.append(f"是{_WORK_TIME[wish.work_time]}")
    said += [*_asks(posting, wish), *_fresh(posting)]
    return said


def _place(posting: Posting) -> str:
    if posting.region_code:
        return vocabulary().full_name(posting.region_code)
    return posting.place_text or "地点没写"


def _place_reason(posting: Posting, wish: JobPreference) -> list[str]:
    if not (posting.region_code and wish.region_code):
        return []
    if vocabulary().is_within(posting.region_code, wish.region_code):
        return [f"在{vocabulary().name(wish.region_code)}，是你说的地方"]
    return [f"在{_place(posting)}"]


def _pay_reason(posting: Posting, wish: JobPreference) -> list[str]:
    if not wish.salary_min:
        return []
    if posting.salary_min and posting.salary_min >= wish.salary_min:
        return [f"每月{posting.salary_min}元起，够你要的{wish.salary_min}元"]
    if posting.salary_max and posting.salary_max >= wish.salary_min:
        return [f"每月最高{posting.salary_max}元，够得到{wish.salary_min}元"]
    return []


def _asks(posting: Posting, wish: JobPreference) -> list[str]:
    said = []
    if posting.education == "none":
        said.append("不要求学历")
    elif posting.education and wish.education:
        fits = education.LEVELS.index(wish.education) >= education.LEVELS.index(posting.education)
        asked = education.NAMES[posting.education]
        said.append(f"要{asked}，你够" if fits else f"要{asked}，你可能不够")
    if posting.experience_years == 0:
        said.append("不要求经验")
    return said


def _fresh(posting: Posting) -> list[str]:
    if posting.published_on is None:
        return []
    days = (clock.today() - posting.published_on).days
    return ["这几天刚发布"] if days <= 7 else ["近一个月发布"] if days <= 31 else []
