"""Matching of job preferences and postings: conditions that must hold, and a score of parts.

`find` asks the database; `score` and `violated_conditions` are pure and serve the other direction
too.
"""

from bot.matching.alternatives import OtherTrades
from bot.matching.features import Card, Features, Market, card_of, features_of
from bot.matching.hard_filters import violated_conditions
from bot.matching.score import Scored, score
from bot.matching.search import Match, Matches, find, find_with_words

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
