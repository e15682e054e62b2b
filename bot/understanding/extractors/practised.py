"""Trades that are told with their years: 焊了二十年, 开了八年大车, 电工二十来年."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.text.text_span import TextSpan
from bot.understanding.extractors.experience import YEARS, whole_years
from bot.understanding.extractors.occupations import OccupationReader

#: 开了八年大车, 炒了小二十年菜, 绑过两年钢筋: the object of the verb follows the years.
_YEARS_AFTER_VERB = re.compile(
    rf"(?P<verb>[\u4e00-\u9fff]{{1,2}}?)[了过](?P<years>(?:有|小|快|将近|差不多)?{YEARS})的?"
    r"(?P<done>[\u4e00-\u9fff]{0,4})"
)
#: 电工二十来年, 理发理了十年: after a trade, its years and no more.
_YEARS_AFTER_TRADE = re.compile(
    rf"\s?(?:(?P<again>[\u4e00-\u9fff])了|工龄|经验)?(?:有|快|小|将近|差不多)?(?P<years>{YEARS})(?=了?(?:$|[,，。;；!！?？\s])|\s?的?(?:经验|工龄))"
)


@dataclass(frozen=True)
class TradeYears:
    """A trade and the years of it."""

    years: TextSpan[int]
    trade: TextSpan[tuple[str, ...]] | None
    """None where the trade is named in words that are read by themselves (电工)."""


def extract(
    text: str, trades: Iterable[TextSpan[tuple[str, ...]]], names: OccupationReader
) -> Iterator[TradeYears]:
    """Yield the trades that a normalised message tells years of; `trades` were read from it."""
    for hit in _YEARS_AFTER_VERB.finditer(text):
        years, trade = whole_years(hit, "years"), _trade(hit, names)
        if years and trade:
            yield TradeYears(years, trade)
    for mention in trades:
        years_match = _YEARS_AFTER_TRADE.match(text, mention.end)
        if years_match and (years_match["again"] or mention.text) in mention.text:
            years = whole_years(years_match, "years")
            if years:
                yield TradeYears(years, None)


def _trade(hit: re.Match[str], names: OccupationReader) -> TextSpan[tuple[str, ...]] | None:
    """Return the trade of a verb with the words after the years, or of the verb alone."""
    verb, done = hit["verb"][-1], hit["done"]
    for length in range(len(done), 0, -1):
        means = names.meanings_of(verb + done[:length])
        if means:
            start = hit.start("done")
            return TextSpan(means, start, start + length, done[:length])
    means = names.occupations_of_verb(hit["verb"]) or names.occupations_of_verb(verb)
    end = hit.end("verb")
    return TextSpan(means, end - len(verb), end, verb) if means else None
