"""Whether policies fit a person: the project's own conditions, and what must hold of any."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.db.session import session
from bot.eligibility.assessment import (
    Assessment,
    Clause,
    ClauseCondition,
    Fit,
    Outcome,
    Rule,
    Truth,
    by_fit,
)
from bot.eligibility.interview import Interview
from bot.eligibility.question_selection import (
    MAX_QUESTIONS,
    assignments,
    expected_information,
    next_question,
)
from bot.eligibility.rules import assessment
from bot.messages import Citation
from bot.policies.facts import Facts, FactSchema, fact_schema
from tests.profiles import size

DAY = date(2026, 11, 24)
ANY_CASE = settings(
    max_examples=size(30, 300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
#: Somebody laid off after eight years, who did everything that the benefit asks for.
LAID_OFF: Facts = {
    "employment": "unemployed",
    "left_job": "dismissed",
    "contribution_months": 96,
    "registered": "yes",
    "pension": "no",
    "veteran": "no",
}
#: In this order few of the values drawn contradict each other.
DRAWN = ("receiving", "age", "employment", "lifted_poverty", "graduate", "startup")


@pytest.fixture(scope="session")
def found(based: str) -> Assessment:
    with session(based) as db:
        return assessment(db, None, DAY)


Outcomes = Callable[..., dict[str, Outcome]]


@pytest.fixture
def of(found: Assessment) -> Outcomes:
    """How every policy stands for somebody, by topic."""

    def outcomes(**facts: Any) -> dict[str, Outcome]:
        return {one.rule.topic: one for one in found.outcomes(facts)}

    return outcomes


@st.composite
def people(draw: st.DrawFn) -> Facts:
    """Anybody whose facts do not contradict each other."""
    about = fact_schema()
    person: Facts = {}
    for fact in (*DRAWN, *(f for f in about.facts if f not in DRAWN)):
        values = [choice.value for choice in about.facts[fact].choices]
        value = draw(st.sampled_from(values))
        person[fact] = about.derive(person).get(fact, value)
    assume(about.derive(dict(person)) == person and _consistent(about, person))
    return person


def _consistent(about: FactSchema, person: Facts) -> bool:
    return all(
        person[fact] == value
        for rule in about.implications
        if rule.holds(person[rule.fact])
        for fact, value in rule.then.items()
    )


class TestTheConditionsOfPolicies:
    def test_benefit_fits_who_was_laid_off_paid_and_registered(self, of: Outcomes) -> None:
        assert of(**LAID_OFF)["unemployment-benefit"].fit is Fit.FITS

    def test_being_fired_for_a_fault_counts_as_not_leaving_by_oneself(self, of: Outcomes) -> None:
        benefit = of(**{**LAID_OFF, "left_job": "forced"})["unemployment-benefit"]
        assert benefit.fit is Fit.FITS

    def test_who_left_by_himself_is_told_why_not_and_by_which_source(self, of: Outcomes) -> None:
        benefit = of(**{**LAID_OFF, "left_job": "resigned"})["unemployment-benefit"]
        assert benefit.fit is Fit.NOT
        assert [clause.says for clause in benefit.failed] == ["不是自己主动不干的"]
        assert [one.number for one in benefit.citations] == ["人力资源和社会保障部令第13号"]

    @pytest.mark.parametrize(("months", "fit"), [(11, Fit.NOT), (12, Fit.FITS), (240, Fit.FITS)])
    def test_benefit_takes_a_year_of_contributions(
        self, of: Outcomes, months: int, fit: Fit
    ) -> None:
        assert of(**{**LAID_OFF, "contribution_months": months})["unemployment-benefit"].fit is fit

    def test_years_of_service_stand_for_contributions(self, of: Outcomes) -> None:
        soldier = {**LAID_OFF, "contribution_months": 0, "left_job": "never", "veteran": "yes"}
        benefit = of(**soldier)["unemployment-benefit"]
        assert benefit.fit is Fit.FITS
        assert "退役军人保障法" in [one.document for one in benefit.citations]

    def test_who_has_not_registered_is_sent_to_register_not_away(self, of: Outcomes) -> None:
        policies = of(**{**LAID_OFF, "registered": "no"})
        assert policies["unemployment-benefit"].fit is Fit.MAY_FIT
        assert policies["unemployment-registration"].fit is Fit.FITS

    def test_medical_insurance_goes_with_the_benefit(self, of: Outcomes) -> None:
        assert of(**LAID_OFF)["unemployment-medical"].fit is Fit.MAY_FIT
        assert of(receiving="yes")["unemployment-medical"].fit is Fit.FITS
        resigned = of(**{**LAID_OFF, "left_job": "resigned", "receiving": "no"})
        assert resigned["unemployment-medical"].fit is Fit.NOT

    def test_hardship_is_for_the_place_to_decide_whatever_the_age(self, of: Outcomes) -> None:
        hardship = of(**LAID_OFF, age=52, hardship="no")["hardship-recognition"]
        assert hardship.fit is Fit.MAY_FIT
        assert hardship.settled
        assert hardship.elsewhere[0].local is not None

    def test_what_only_the_place_decides_never_fits_by_itself(self, found: Assessment) -> None:
        undecided = [
            rule
            for rule in found.rules.values()
            if any({c.test for c in one.conditions} == {"undecided"} for one in rule.clauses)
        ]
        assert len(undecided) >= 8
        for rule in undecided:
            for known, _ in assignments(found.schema, {}, sorted(found.deciding(rule.topic))):
                assert found.outcome(rule, known).fit is not Fit.FITS

    def test_the_loan_fits_a_farmer_who_starts_something_and_nobody_who_does_not(
        self, of: Outcomes
    ) -> None:
        assert of(startup="planning", rural="yes")["startup-loan"].fit is Fit.FITS
        assert of(startup="planning", rural="no")["startup-loan"].fit is Fit.MAY_FIT
        assert of(startup="no", rural="yes")["startup-loan"].fit is Fit.NOT

    def test_the_loan_of_a_group_known_at_second_hand_says_so(self, of: Outcomes) -> None:
        loan = of(startup="planning", rural="no", veteran="no", registered="yes")["startup-loan"]
        assert loan.fit is Fit.FITS
        assert any(one.second_hand for one in loan.citations)

    def test_a_pensioner_gets_no_unemployment_benefit(self, of: Outcomes) -> None:
        assert of(**{**LAID_OFF, "pension": "yes"})["unemployment-benefit"].fit is Fit.NOT

    def test_most_policies_for_persons_have_conditions(self, found: Assessment) -> None:
        assert len(found.rules) >= 20
        assert all(rule.next_step for rule in found.rules.values())

    def test_a_version_that_has_ended_is_not_assessed(self, policies: Session) -> None:
        holds = [date(2026, 1, 1), date(2026, 12, 31)]
        assert all("skill-upgrade-subsidy" in assessment(policies, None, d).rules for d in holds)
        assert "skill-upgrade-subsidy" not in assessment(policies, None, date(2027, 1, 1)).rules


class TestThreeValues:
    CITED = Citation("某法")

    def _one(self, *conditions: ClauseCondition) -> Outcome:
        rule = Rule("x", "某补贴", (Clause("某条件", conditions),))
        return Assessment([rule], fact_schema()).outcomes({"employment": "unemployed"})[0]

    @pytest.mark.parametrize(
        ("holds", "fit"),
        [
            (("unemployed",), Fit.FITS),
            (("employed",), Fit.NOT),
        ],
    )
    def test_a_known_fact_decides(self, holds: tuple[str, ...], fit: Fit) -> None:
        assert self._one(ClauseCondition("one_of", holds, self.CITED, "employment")).fit is fit

    def test_one_alternative_is_enough_though_another_is_unknown(self) -> None:
        unknown = ClauseCondition("is", ("yes",), self.CITED, "veteran")
        holding = ClauseCondition("is", ("unemployed",), self.CITED, "employment")
        assert self._one(unknown, holding).fit is Fit.FITS

    def test_an_unknown_alternative_keeps_it_open(self) -> None:
        unknown = ClauseCondition("is", ("yes",), self.CITED, "veteran")
        failing = ClauseCondition("is", ("employed",), self.CITED, "employment")
        outcome = self._one(unknown, failing)
        assert (outcome.fit, outcome.settled) == (Fit.MAY_FIT, False)

    def test_what_the_place_decides_is_settled_but_never_fits(self) -> None:
        outcome = self._one(ClauseCondition("undecided", "由当地定", self.CITED))
        assert (outcome.fit, outcome.settled) == (Fit.MAY_FIT, True)

    @pytest.mark.parametrize(("test", "holds"), [("at_least", Truth.YES), ("at_most", Truth.NO)])
    def test_bounds_look_at_both_sides(self, test: Any, holds: Truth) -> None:
        condition = ClauseCondition(test, 24, self.CITED, "age")
        assert condition.holds({"age": 25}) is holds
        assert condition.holds({"age": 24}) is Truth.YES
        assert condition.holds({"age": None}) is Truth.UNKNOWN


class TestAnyPerson:
    @given(person=people(), data=st.data())
    @ANY_CASE
    def test_what_fits_or_does_not_stays_so_whatever_is_told_further(
        self, found: Assessment, person: Facts, data: st.DataObject
    ) -> None:
        told = {f: v for f, v in person.items() if data.draw(st.booleans(), label=f)}
        unknown = {f: None for f in person if f not in told and data.draw(st.booleans())}
        whole = {one.rule.topic: one.fit for one in found.outcomes(person)}
        for outcome in found.outcomes({**told, **unknown}):
            if outcome.fit is not Fit.MAY_FIT:
                assert whole[outcome.rule.topic] is outcome.fit

    @given(person=people(), data=st.data())
    @ANY_CASE
    def test_the_order_of_answers_makes_no_difference(
        self, found: Assessment, person: Facts, data: st.DataObject
    ) -> None:
        order = data.draw(st.permutations(list(person)))
        talk = Interview()
        for fact in order:
            talk = talk.with_facts({fact: person[fact]})
        assert found.outcomes(talk.facts) == found.outcomes(person)

    @given(person=people(), data=st.data())
    @ANY_CASE
    def test_questions_end_never_repeat_and_never_ask_what_is_known(
        self, found: Assessment, person: Facts, data: st.DataObject
    ) -> None:
        told = {f: v for f, v in person.items() if data.draw(st.booleans(), label=f)}
        talk, asked = Interview(facts=told).next_step(found)
        seen: list[str] = []
        while asked:
            assert asked.id not in seen
            assert any(fact not in found.schema.derive(talk.facts) for fact in asked.facts)
            seen.append(asked.id)
            knows = data.draw(st.booleans(), label=asked.id)
            answer = {fact: person[fact] if knows else None for fact in asked.facts}
            talk, asked = talk.with_answer(asked, answer).next_step(found)
        assert len(seen) <= MAX_QUESTIONS
        assert talk.open_question is None
        left = [n for n, gain in expected_information(found, talk.facts).items() if gain > 1e-9]
        assert len(seen) == MAX_QUESTIONS or not set(left) - set(seen)

    @given(person=people())
    @ANY_CASE
    def test_the_groups_of_a_result_hold_every_policy_once(
        self, found: Assessment, person: Facts
    ) -> None:
        outcomes = found.outcomes(person)
        grouped = [one for fit in Fit for one in by_fit(outcomes, fit)]
        assert sorted(o.rule.topic for o in grouped) == sorted(found.rules)


class TestTheNextQuestion:
    def test_the_same_facts_lead_to_the_same_question(self, found: Assessment) -> None:
        assert next_question(found, LAID_OFF, []) == next_question(found, dict(LAID_OFF), [])

    def test_the_first_tells_more_than_any_other(self, found: Assessment) -> None:
        first = next_question(found, {}, [])
        gains = expected_information(found, {})
        assert first is not None
        assert gains[first.id] == max(gains.values())

    def test_what_settles_nothing_is_not_asked(self, found: Assessment) -> None:
        assert expected_information(found, {"startup": "no"})["hires"] == 0
        assert expected_information(found, {"graduate": "no"})["student_loan"] == 0

    def test_nobody_young_is_asked_for_his_pension(self, found: Assessment) -> None:
        assert expected_information(found, {"employment": "unemployed", "age": 30})["pension"] == 0
        assert expected_information(found, {"employment": "unemployed", "age": 55})["pension"] > 0

    def test_a_question_without_an_answer_three_times_is_taken_as_not_known(
        self, found: Assessment
    ) -> None:
        talk, asked = Interview().next_step(found)
        assert asked is not None
        for _ in range(2):
            talk, again = talk.with_answer(asked, {}).next_step(found)
            assert again == asked
        talk, other = talk.with_answer(asked, {}).next_step(found)
        assert other not in (asked, None)
        assert talk.facts[asked.facts[0]] is None

    def test_a_question_made_needless_by_what_was_told_is_not_repeated(
        self, found: Assessment
    ) -> None:
        talk = Interview(
            facts={"employment": "unemployed"},
            asked_questions=("pension",),
            open_question="pension",
        )
        pension = found.schema.questions["pension"]
        _, asked = talk.with_answer(pension, {"age": 30}).next_step(found)
        assert asked != pension
