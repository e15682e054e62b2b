"""Wording of the eligibility interview: its questions and its result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.arithmetic.results import length
from bot.eligibility.assessment import Fit, Outcome, by_fit
from bot.fixed_replies import reply
from bot.messages import Button, Citation, Eligibility, EligibilityItem, Form
from bot.policies.facts import Facts, FactSchema, Question
from bot.wording import wording

ACT = "eligibility"
#: So many likely policies are named before the first question, and can be pressed after the last.
MAX_NAMED_POLICIES, MAX_BUTTONS = 4, 3
_SAY = wording("policy_eligibility")


def first_question(
    question: Question, outcomes: Sequence[Outcome], stated_facts: str, person: str
) -> Form:
    """Return the first question after the policies that are likely by the stated facts."""
    likely = [outcome.rule.title for outcome in likely_ones(outcomes) if outcome.satisfied]
    if likely:
        titles = "、".join(likely[:MAX_NAMED_POLICIES])
        intro = _SAY(
            "likely_already",
            person=person,
            facts=stated_facts,
            titles=titles,
            who_decides=_SAY("who_decides"),
        )
        head = intro + "\n" + _SAY("a_few_more")
    else:
        head = reply(ACT, ACT).text
    lead = head + _SAY("how_to_answer")
    return _question(question, f"{lead}\n{question.ask}")


def question(open_question: Question, acknowledge: bool = False) -> Form:
    """Return a further question; `acknowledge`: say first that something else was noted."""
    return _question(
        open_question,
        _SAY("noted", question=open_question.ask) if acknowledge else open_question.ask,
    )


def repeat_question(open_question: Question) -> Form:
    """Return a question once more, after an answer that was not understood."""
    lead = _SAY("not_understood") + _SAY("how_to_answer")
    return _question(open_question, f"{lead}\n{open_question.ask}")


def resume_question(open_question: Question) -> Form:
    """Return the question that waits, after an answer to something else."""
    lead = _SAY("interview_waits")
    return _question(open_question, f"{lead}\n{open_question.ask}")


def _question(open_question: Question, text: str) -> Form:
    return Form(
        act=ACT,
        asks=open_question.id,
        text=text,
        buttons=[Button(b, b) for b in open_question.buttons],
    )


def likely_ones(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return what fits and what may fit, likeliest first."""
    return [*by_fit(outcomes, Fit.FITS), *by_fit(outcomes, Fit.MAY_FIT)]


def result(
    outcomes: Sequence[Outcome], stated_facts: str, person: str, stopped: bool = False
) -> Eligibility:
    """Return how all policies stand; `stopped` when the person broke the questions off."""
    fits, may, no = (by_fit(outcomes, fit) for fit in (Fit.FITS, Fit.MAY_FIT, Fit.NOT))
    lead = _SAY("stopped") if stopped else ""
    basis = _SAY("by_facts", person=person, facts=stated_facts) if stated_facts else ""
    verdict = _SAY("some_fit") if fits or may else _SAY("none_fits")
    likely = likely_ones(outcomes)
    return Eligibility(
        act=ACT,
        text=lead + basis + verdict + _SAY("who_decides"),
        topics=[outcome.rule.topic for outcome in likely],
        fits=[_item(outcome, [clause.says for clause in outcome.satisfied]) for outcome in fits],
        may_fit=[_item(outcome, _still_open(outcome)) for outcome in may],
        does_not=[
            _item(outcome, [_SAY("condition", clause=clause.says) for clause in outcome.failed])
            for outcome in no
        ],
        citations=_merged(cited for outcome in likely for cited in outcome.citations),
        buttons=[
            Button(outcome.rule.title, f"{outcome.rule.title}怎么办")
            for outcome in likely[:MAX_BUTTONS]
        ],
    )


def _item(outcome: Outcome, reasons: list[str]) -> EligibilityItem:
    return EligibilityItem(
        topic=outcome.rule.topic,
        title=outcome.rule.title,
        reasons=reasons,
        next_step="" if outcome.fit is Fit.NOT else outcome.rule.next_step,
        citations=_unique(outcome.citations),
    )


def _still_open(outcome: Outcome) -> list[str]:
    """Return what the person did not tell, then what the place or another policy decides."""
    missing = [_SAY("still_open", clause=clause.says) for clause in outcome.open]
    return [
        *missing,
        *(clause.local or _SAY("first_needed", clause=clause.says) for clause in outcome.elsewhere),
    ]


def _unique(citations: Iterable[Citation]) -> list[Citation]:
    return list(dict.fromkeys(citations))


def _merged(citations: Iterable[Citation]) -> list[Citation]:
    """Return each document once, with all its articles that are cited."""
    articles: dict[Citation, dict[str, None]] = {}
    for citation in citations:
        places = (citation.article or "").split("、")
        articles.setdefault(replace(citation, article=None), {}).update(dict.fromkeys(places))
    return [
        replace(citation, article="、".join(filter(None, numbers)))
        for citation, numbers in articles.items()
    ]


def facts_text(facts: Facts, schema: FactSchema) -> str:
    """Return in words what was told and speaks for something: 52岁、没工作."""
    texts = []
    for fact in schema.facts.values():
        value = facts.get(fact.id)
        if value is None or value == "no":
            continue
        if fact.unit and isinstance(value, int):
            text = f"{value}岁" if fact.unit == "year" else length(value) if value else "0年"
            texts.append(fact.name.format(value=text))
        else:
            texts += [choice.name for choice in fact.choices if choice.value == value]
    return "、".join(texts)
