"""Quarterly directories of trades that are short, in demand, or taught."""

from __future__ import annotations

from bot import clock
from bot.db.session import Session, session
from bot.db.tables import DirectoryItem
from bot.messages import Button, Message
from bot.place_handlers.listing import ListedPlaces
from bot.place_handlers.location import mentioned_place
from bot.places import wording
from bot.places.find import Place, directory, has_any
from bot.places.supply import most_wanted
from bot.places.words import words
from bot.turns.turn import Turn
from bot.understanding.place_questions import matches

ACT = "training"
#: Trades of a directory that are said.
_MAX_TRADES = 8
#: Families of trades of which open postings are said.
_MAX_FAMILIES = 3


def open_directory(turn: Turn, text: str) -> Message | None:
    """Answer which trades are short; None when no directory is there at all."""
    with session() as db:
        if not has_any(db, "directory"):
            return None
    return _answer(turn, mentioned_place(turn, None).place, matches("three_directories", text))


def in_region(turn: Turn, listing: ListedPlaces) -> Message:
    """Answer the same question for the place that a message names."""
    return _answer(turn, mentioned_place(turn, listing).place, bool(listing.wish.get("all")))


def _answer(turn: Turn, place: Place, every: bool) -> Message:
    """Say what a directory names, or each of the three, and which postings are open."""
    kinds = list(words("directories")) if every else ["shortage"]
    parts: list[str] = []
    rows: list[DirectoryItem] = []
    with session() as db:
        for kind in kinds:
            quarter, items = directory(db, kind, place.region)
            if quarter is None:
                parts.append(
                    wording.reply_text("directories_none", what=words("directories")[kind].name)
                )
                continue
            rows += items
            parts.append(_listing_text(kind, quarter, items))
        openings = _openings_text(db, place.region) if place.region else []
    ListedPlaces("directory", region=place.region, wish={"all": every}).remember(turn)
    trades = list(dict.fromkeys(row.occupation_name for row in rows if row.occupation_name))
    buttons = [Button(f"{trade}有班吗", f"{trade}有班吗") for trade in trades[:3]]
    text = "\n".join([*parts, wording.sureness(rows, "directory"), *openings]).strip()
    return Message(act=ACT, text=text, buttons=buttons)


def _openings_text(db: Session, region: str) -> list[str]:
    """Return which trades have most open postings in a place: nothing where there is none."""
    wanted_families = most_wanted(db, region, clock.today(), _MAX_FAMILIES)
    if not wanted_families:
        return []
    trades = "、".join(f"{family}{postings}个" for family, postings in wanted_families)
    values = {"where": wording.region_text(region), "trades": trades, "day": clock.today()}
    return [wording.reply_text("directories_openings", **values)]


def _listing_text(kind: str, quarter: str, items: list[DirectoryItem]) -> str:
    titles = [
        f"{item.title}（{item.degree}）" if item.degree else item.title
        for item in items[:_MAX_TRADES]
    ]
    return wording.reply_text(
        "directories_head", name=words("directories")[kind].name,
        where=wording.region_text(items[0].region_code),
        quarter=f"{quarter[:4]}年第{quarter[-1]}季度", items="、".join(titles),
    )  # fmt: skip
