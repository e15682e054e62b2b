"""All tables in one import, for migrations and for tests that make a database from nothing."""

from bot.db.base import Base
from bot.db.documents import Article, Document, TextVector
from bot.db.matching import MatchKey, PayMedian
from bot.db.occupations import Occupation, OccupationAlias
from bot.db.places import Region
from bot.db.policies import (
    Policy,
    PolicyAnswer,
    PolicyCitation,
    PolicyCondition,
    PolicyFigure,
    PolicyName,
    PolicyRegion,
    PolicyVersion,
)
from bot.db.postings import Employer, Posting, PostingOccupation
from bot.db.seekers import ChannelIdentity, Consent, JobPreference, Seeker

__all__ = [
    "Article",
    "Base",
    "ChannelIdentity",
    "Consent",
    "Document",
    "Employer",
    "JobPreference",
    "MatchKey",
    "Occupation",
    "OccupationAlias",
    "PayMedian",
    "Policy",
    "PolicyAnswer",
    "PolicyCitation",
    "PolicyCondition",
    "PolicyFigure",
    "PolicyName",
    "PolicyRegion",
    "PolicyVersion",
    "Posting",
    "PostingOccupation",
    "Region",
    "Seeker",
    "TextVector",
]
