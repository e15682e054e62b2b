"""The public pages of courses, fairs and stations (培训信息导航图) at /guide/, made by the server.

They need no script and no session; nothing of who reads them is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import clock
from bot.caches import process_cache
from bot.channels.base.dispatcher import OnNewMessage
from bot.channels.web.files import HEADERS, STATIC
from bot.db.session import session
from bot.db.tables import Fair
from bot.db.threads import in_database
from bot.places import wording
from bot.places.cells import occupation_in
from bot.places.guide import (
    CourseFilter,
    course_page,
    fair_page,
    station_page,
    trade_page,
)
from bot.places.ical import calendar
from bot.places.occurrences import occurrences
from bot.places.words import words
from bot.settings import settings
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording as say

PREFIX = "/guide"
#: Seconds that a page may be kept by who reads it.
CACHE_SECONDS = 60
TIMES = {"day": "白天", "evening": "晚上", "weekend": "周末"}
MODES = {"site": "线下", "online": "线上"}
_MAX_WORDS_CHARS = 40
_SAY = say("web_guide")


class GuideInput(InputChannel):  # type: ignore[misc]
    """GET /guide/…. No message comes to the bot by it."""

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "guide"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Make the pages' channel; there is nothing to set."""
        return cls()

    def url_prefix(self) -> str:
        """Return where the pages hang; absolute, so not below /webhooks/."""
        return PREFIX

    def get_output_channel(self) -> OutputChannel | None:
        """Nothing is sent by it."""
        return None

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the pages' routes."""
        routes = Blueprint("guide", __name__)
        pages: dict[str, Callable[[Query], str]] = {
            "/": courses, "/trade": trade, "/fairs": fairs, "/stations": stations,
        }  # fmt: skip
        for path, page in pages.items():
            routes.add_route(_route_handler(page), path, name=page.__name__)

        @routes.route("/fairs/<number:int>/<name:str>", methods=["GET"])  # type: ignore[misc]
        async def one_fair(_: Request, number: int, name: str) -> HTTPResponse:
            ics_file = await in_database(_calendar, number, name)
            if ics_file is None:
                return response.text(_SAY("no_such_fair"), 404, headers=HEADERS)
            disposition = {"Content-Disposition": f'attachment; filename="fair-{number}.ics"'}
            return response.raw(
                ics_file, content_type="text/calendar", headers={**HEADERS, **disposition}
            )

        @routes.route("/static/guide.css", methods=["GET"])  # type: ignore[misc]
        async def style(_: Request) -> HTTPResponse:
            file = STATIC / "guide" / "guide.css"
            return await response.file(file, mime_type="text/css", headers=HEADERS)

        return routes


@dataclass(frozen=True)
class Query:
    """Parameters of a request; a page can be made for any."""

    parameters: dict[str, str]

    def words(self, name: str) -> str:
        """Return some words, cut to what a field holds."""
        return " ".join(self.parameters.get(name, "").split())[:_MAX_WORDS_CHARS]

    def choice(self, name: str, options: Any) -> str:
        """Return a choice; empty for what is none."""
        value = self.parameters.get(name, "")
        return value if value in options else ""

    @property
    def place(self) -> str | None:
        """The code of a city or district of the home province."""
        code = self.parameters.get("place", "")
        region = vocabulary().regions.get(code)
        home = code[:2] == settings().home_region[:2]
        return code if region and home and region.level > 1 else None

    @property
    def page(self) -> int:
        """The number of the page, from 1."""
        value = self.parameters.get("page", "1")
        return min(int(value), 50) if value.isascii() and value.isdigit() and int(value) else 1


def _route_handler(page: Callable[[Query], str]) -> Callable[..., Any]:
    async def answer(request: Request) -> HTTPResponse:
        query = Query({name: values[0] for name, values in request.args.items()})
        html = await in_database(page, query)
        cache_headers = {"Cache-Control": f"public, max-age={CACHE_SECONDS}"}
        return response.html(html, headers={**HEADERS, **cache_headers})

    return answer


def courses(query: Query) -> str:
    """Return the page of courses."""
    chosen = CourseFilter(
        words=query.words("q"),
        place=query.place,
        time=query.choice("time", TIMES),
        mode=query.choice("mode", MODES),
        subsidy=query.parameters.get("subsidy") == "1",
        page=query.page,
    )
    with session() as db:
        course_list = course_page(db, chosen, clock.today())
    parameters = {name: value for name, value in query.parameters.items() if name != "page"}
    next_page = f"?{urlencode({**parameters, 'page': chosen.page + 1})}" if course_list.more else ""
    return _page(
        "courses.html", title=_SAY("courses"), chosen=chosen, found=course_list, times=TIMES,
        modes=MODES, more=next_page, trade=occupation_in(chosen.words) if chosen.words else None,
    )  # fmt: skip


def trade(query: Query) -> str:
    """Return the page of a trade: its postings, pay, courses."""
    name = occupation_in(query.words("q")) or ""
    details = None
    if name:
        with session() as db:
            details = trade_page(db, name, query.place, clock.today())
    title = _SAY("trade", name=name) if name else _SAY("no_such_trade")
    return _page("trade.html", title=title, name=name, found=details, place=query.place)


def fairs(query: Query) -> str:
    """Return the page of fairs, expert days and gig days."""
    audience = query.choice("for", words("audiences"))
    with session() as db:
        fair_list = fair_page(db, query.place, audience or None, clock.now())
    return _page(
        "fairs.html", title=_SAY("fairs"), found=fair_list, place=query.place,
        audience=audience, audiences=words("audiences"),
    )  # fmt: skip


def stations(query: Query) -> str:
    """Return the page of stations."""
    with session() as db:
        station_list = station_page(db, query.place)
    return _page(
        "stations.html",
        title=_SAY("stations"),
        found=station_list,
        place=query.place,
        now=clock.now(),
    )  # fmt: skip


def _calendar(number: int, name: str) -> bytes | None:
    """Return a fair on the day that a file is named after; None where there is none."""
    try:
        day = date.fromisoformat(name.removesuffix(".ics"))
    except ValueError:
        return None
    with session() as db:
        fair = db.get(Fair, number)
        dates = occurrences(fair, day, day) if fair else []
    return calendar(dates[0]) if dates else None


@process_cache(size=1)
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(STATIC / "guide"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(wording=wording, places=_places(), today=clock.today)
    return made


@process_cache(size=1)
def _places() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the cities of the home province with their districts: code, name."""
    regions, home = vocabulary(), settings().home_region
    return [
        (
            city,
            regions.name(city),
            [(district, regions.name(district)) for district in regions.children(city)],
        )
        for city in regions.children(home)
    ]


def _page(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(**values)
