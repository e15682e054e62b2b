"""Features of a unit as the answer to a message, by name, in the order of a row."""

from __future__ import annotations

from bot.policies.ranking.examples import EXAMPLE_FEATURES
from bot.policies.ranking.unit_classifier import CLASSIFIER_FEATURES
from bot.understanding.aspects import ASPECTS

#: How a unit is like the message, and the same of the message read with those before it.
LIKENESSES = (
    "best_ask",  # BM25 of the ask nearest by words, as a share of the most that is possible
    "second_ask",
    "ask_shared",  # the share of that ask's words that stand in the message
    "in_asks",  # the share of the message's words that stand in the asks
    "covered",  # … or in the answers or the policy's names
    "near",  # cosine of the ask nearest by meaning, of the second, their mean, of the answer
    "second_near",
    "mean_near",
    "answer_near",
    "best_ask_gap",  # the same against the best of all units
    "near_gap",
    "answer_gap",
    "topic_near",  # the nearest ask and answer of the whole policy, against those of all
)
#: What is known of the policy, of the unit and of the place in the talk.
FURTHER = (
    "topic",  # the classifier's probability of the policy
    "topic_log",
    "topic_first",
    "topic_highest",
    "names_none",  # … of naming none
    "spoken_of",  # whether the policy was spoken of before
    "spoken_of_names_none",
    "begins",  # whether nothing was spoken of before
    "said",  # whether this unit was the answer before
    "same_kind",
    "other_kind",
    "asks",  # whether the message is a question
    "named",
    "other_named",
    "length",
    "neighbour",
    "aspect",  # whether it is an aspect
    "aspect_asked",
    "other_aspect_asked",
    "claim_while_aspect_asked",
    "employer_to_employer",  # an employer asks, and the unit is said to one
    "employer_to_worker",
    "worker_to_employer",
)
FEATURES = (
    *LIKENESSES,
    *(f"{name}_in_talk" for name in LIKENESSES),
    *FURTHER,
    *EXAMPLE_FEATURES,
    *CLASSIFIER_FEATURES,
    *(f"is_{aspect}" for aspect in ASPECTS),
)
