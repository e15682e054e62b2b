"""Matching of job preferences and postings: conditions that must hold, and a score of parts.

`find` asks the database; `score` and `violated_conditions` are pure and serve the other direction
too.
"""

from bot.jobs.match.conditions import violated_conditions
from bot.jobs.match.features import Card, Features, Market, card_of, features_of
from bot.jobs.match.find import Match, Matches, find, find_with_words
from bot.jobs.match.others import OtherTrades
from bot.jobs.match.score import Scored, score

__all__ = [
    "Card",
    "Features",
    "Market",
    "Match",
    "Matches",
    "OtherTrades",
    "Scored",
    "card_of",
    "features_of",
    "find",
    "find_with_words",
    "score",
    "violated_conditions",
]
