"""All tables in one import, for migrations and for tests that make a database from nothing."""

from bot.db.audit import AuditEntry, AuditHead
from bot.db.base import Base
from bot.db.channels import (
    AccessToken,
    InboxMessage,
    LinkAttempt,
    LinkCode,
    Offer,
    SeenMessage,
    SentMessage,
)
from bot.db.conversations import ConversationEvent, ConversationStart
from bot.db.desk import Counsellor, Ticket, TicketMessage
from bot.db.documents import Article, Document, TextVector
from bot.db.follow_ups import FollowUp, MonthlyContact, SeekerState
from bot.db.gather import GatherRun, PostingDecision, PostingOrigin, PostingReport
from bot.db.listings import (
    Course,
    DirectoryItem,
    Fair,
    FairSignup,
    ListingBatch,
    ListingChange,
    Provider,
    Station,
    SubsidyRate,
)
from bot.db.matching import MatchKey, PayMedian
from bot.db.notes import PostingNote
from bot.db.occupations import Occupation, OccupationAlias
from bot.db.places import Region
from bot.db.policies import (
    Policy,
    PolicyAnswer,
    PolicyCitation,
    PolicyClaim,
    PolicyCondition,
    PolicyFigure,
    PolicyName,
    PolicyRegion,
    PolicyVersion,
)
from bot.db.postings import Employer, Posting, PostingOccupation
from bot.db.push import (
    Delivery,
    DeliveryPosting,
    MatchedPosting,
    Subscription,
    SubscriptionMatch,
    SubscriptionOccupation,
)
from bot.db.seekers import ChannelIdentity, Consent, JobPreference, Seeker
from bot.db.web import AnswerVote, WebMessage

__all__ = [
    "AccessToken",
    "AnswerVote",
    "Article",
    "AuditEntry",
    "AuditHead",
    "Base",
    "ChannelIdentity",
    "Consent",
    "ConversationEvent",
    "ConversationStart",
    "Counsellor",
    "Course",
    "Delivery",
    "DeliveryPosting",
    "DirectoryItem",
    "Document",
    "Employer",
    "Fair",
    "FairSignup",
    "FollowUp",
    "GatherRun",
    "InboxMessage",
    "JobPreference",
    "LinkAttempt",
    "LinkCode",
    "ListingBatch",
    "ListingChange",
    "MatchKey",
    "MatchedPosting",
    "MonthlyContact",
    "Occupation",
    "OccupationAlias",
    "Offer",
    "PayMedian",
    "Policy",
    "PolicyAnswer",
    "PolicyCitation",
    "PolicyClaim",
    "PolicyCondition",
    "PolicyFigure",
    "PolicyName",
    "PolicyRegion",
    "PolicyVersion",
    "Posting",
    "PostingDecision",
    "PostingNote",
    "PostingOccupation",
    "PostingOrigin",
    "PostingReport",
    "Provider",
    "Region",
    "Seeker",
    "SeekerState",
    "SeenMessage",
    "SentMessage",
    "Station",
    "Subscription",
    "SubscriptionMatch",
    "SubscriptionOccupation",
    "SubsidyRate",
    "TextVector",
    "Ticket",
    "TicketMessage",
    "WebMessage",
]
