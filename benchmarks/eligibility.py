"""How many questions it takes to find out what fits, beside asking in a fixed order.

Persons are drawn by the weights of data/eligibility.yml and answer every question. Both orders skip
what is known and what would change nothing, so that only the order differs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from statistics import mean
from tempfile import TemporaryDirectory

from benchmarks.report import Measure, publish
from bot.db import migrate
from bot.db.session import session
from bot.eligibility.assessment import Assessment
from bot.eligibility.question_selection import MAX_QUESTIONS, expected_information
from bot.eligibility.rules import assessment
from bot.policies.facts import Facts, FactSchema
from bot.policies.load import load
from bot.settings import settings
from bot.vocabulary.sync import load_vocabulary
from bot.vocabulary.vocabulary import vocabulary

PERSONS = 200
SEED = 20261124
#: After so many questions most people would stop.
EARLY = 4
BASELINE = "the file's order"
#: Chooses a question among those that tell something, by their gains.
Order = Callable[[dict[str, float]], str]


def _rules() -> Assessment:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'eligibility.db'}"
        migrate.upgrade(url)
        with session(url) as db:
            load_vocabulary(db, vocabulary())
            load(db, settings().data / "policies")
        with session(url) as db:
            return assessment(db)


def persons(about: FactSchema, number: int, seed: int) -> Iterator[Facts]:
    """Yield random persons of whom every fact is known."""
    chance = Random(seed)
    for _ in range(number):
        person: Facts = {}
        for fact in about.facts.values():
            known = about.derive(person)
            drawn = chance.choices(fact.choices, [choice.weight for choice in fact.choices])[0]
            person[fact.id] = known.get(fact.id, drawn.value)
        yield person


def _asked(found: Assessment, person: Facts, order: Order) -> list[tuple[str, int]]:
    """Return the questions put to a person, each with the policies settled after its answer."""
    told: Facts = {}
    asked: list[tuple[str, int]] = []
    while True:
        gains = {
            name: gain for name, gain in expected_information(found, told).items() if gain > 1e-9
        }
        if not gains:
            return asked
        name = order(gains)
        told |= {fact: person[fact] for fact in found.schema.questions[name].facts}
        asked.append((name, sum(outcome.settled for outcome in found.outcomes(told))))


def _settled(asked: list[tuple[str, int]], after: int) -> int:
    return asked[min(after, len(asked)) - 1][1] if asked else 0


def main() -> None:
    """Measure and publish."""
    found = _rules()
    everyone = list(persons(found.schema, PERSONS, SEED))
    best = [
        _asked(found, person, lambda gains: max(gains, key=lambda n: gains[n]))
        for person in everyone
    ]
    fixed = [_asked(found, person, lambda gains: next(iter(gains))) for person in everyone]
    fewer = sum(len(a) < len(b) for a, b in zip(best, fixed, strict=True))
    more = sum(len(a) > len(b) for a, b in zip(best, fixed, strict=True))
    quick = [_settled(a, EARLY) - _settled(b, EARLY) for a, b in zip(best, fixed, strict=True)]
    began = time.perf_counter()
    expected_information(found, {})
    took = (time.perf_counter() - began) * 1000
    rows = [
        Measure("questions until all is decided", round(mean(map(len, best)), 2),
                round(mean(map(len, fixed)), 2), "questions", PERSONS, BASELINE),
        Measure(f"questions asked, at most {MAX_QUESTIONS}",
                round(mean(min(len(a), MAX_QUESTIONS) for a in best), 2),
                round(mean(min(len(b), MAX_QUESTIONS) for b in fixed), 2),
                "questions", PERSONS, BASELINE),
        Measure(f"persons with more decided after {EARLY}", sum(one > 0 for one in quick),
                sum(one < 0 for one in quick), "persons", PERSONS, "persons with fewer decided"),
        Measure("persons asked fewer", fewer, more, "persons", PERSONS, "persons asked more"),
        Measure("first question chosen in", round(took, 1), None, "ms", 1),
        Measure("policies with conditions", len(found.rules), None, "policies", 1),
        Measure("facts", len(found.schema.facts), None, "facts", 1),
    ]  # fmt: skip
    rows += [
        Measure(f"policies decided after {after}", round(mean(_settled(a, after) for a in best), 2),
                round(mean(_settled(b, after) for b in fixed), 2), "policies", PERSONS, BASELINE)
        for after in (1, 2, 3, 4, 5, 6, MAX_QUESTIONS)
    ]  # fmt: skip
    publish("eligibility", rows)


if __name__ == "__main__":
    main()
