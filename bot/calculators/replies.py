"""Results of the calculators as reply messages."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.arithmetic.results import CalculationResult, format_number, money
from bot.calculators.contributions import History
from bot.calculators.unemployment_benefit import Calculation
from bot.db.tables import PolicyVersion
from bot.messages import Button, PolicyAnswer
from bot.policies.answers import as_citation, as_figure
from bot.wording import wording

_SAY = wording("calculation_answers")
_HEDGE = _SAY("second_hand")


def benefit(
    calculation: Calculation,
    years: str,
    place: str | None,
    title: str,
    months_first: bool = False,
    past: History | None = None,
    full: Calculation | None = None,
) -> PolicyAnswer:
    """Return a benefit calculation in words, with the arithmetic and what is still needed.

    `past` is how the contributions were paid: in pieces, with a benefit drawn before or now.
    `months_first`: how long it is paid was asked, so that this is said before how much. `full` is
    the same for the next whole year, where that is nearly reached.
    """
    if not calculation.entitled:
        text = _SAY("too_few_years", minimum=calculation.least_years.text, years=years)
    else:
        text = _benefit_text(calculation, years, place, months_first, past)
    nearly = full.length if full else None
    if full and nearly:
        text += "\n" + _SAY("next_full_year", months=nearly.text, hedge=_HEDGE)
    rule = (calculation.rate, calculation.length, calculation.cap, calculation.wage, nearly)
    figures = [figure for figure in rule if figure]
    return PolicyAnswer(
        act="calculate",
        topics=["unemployment-benefit"],
        title=title,
        aspects=["amount", "period"],
        text=text,
        next_step=_SAY("benefit_next_step"),
        figures=[*figures, calculation.least_years],
        citations=list(calculation.citations),
        missing=list(calculation.missing),
        buttons=[] if place else [Button(n, n) for n in ("沈阳", "大连", "鞍山")],
    )


def whole_benefit(calculation: Calculation) -> Decimal | None:
    """Return what all months of a benefit come to, in yuan; None where a part is not known."""
    if calculation.monthly is None or not calculation.months:
        return None
    return calculation.monthly * calculation.months


def with_conditions(message: PolicyAnswer, calculation: Calculation) -> PolicyAnswer:
    """Return a benefit's sum with the other conditions of the entitlement."""
    minimum = calculation.least_years
    lead = _SAY("other_conditions", minimum=minimum.text) + "\n"
    return replace(message, text=lead + message.text, figures=[minimum, *message.figures])


def with_supposed_contributions(message: PolicyAnswer, years: str) -> PolicyAnswer:
    """Return a benefit's sum that rests on the years worked, and says so."""
    lead = _SAY("supposed_contributions", years=years) + "\n"
    return replace(message, text=lead + message.text)


def _benefit_text(
    calculation: Calculation,
    years: str,
    place: str | None,
    months_first: bool,
    past: History | None,
) -> str:
    rate, cap = calculation.rate, calculation.cap
    assert rate is not None  # an entitled person has both
    assert cap is not None
    wage = _SAY("minimum_wage_of_place", place=place) if place else _SAY("minimum_wage_of_claim")
    lines = [_SAY("monthly_formula", wage=wage, rate=rate.text)]
    if calculation.length:
        months = _SAY("months_entitled", months=calculation.length.text, hedge=_HEDGE, cap=cap.text)
        lines.insert(0 if months_first else 1, months)
        lines += _drawn(calculation, past)
    pieces = _SAY("pieces_added") if past and past.pieces > 1 else ""
    lines[0] = _SAY("years_paid", years=years, pieces=pieces, line=lines[0])
    if place and calculation.wage and calculation.monthly is not None:
        lines.append(
            _SAY(
                "monthly_amount",
                place=place,
                wage=calculation.wage.text,
                wage_value=calculation.wage.value,
                rate=rate.text,
                amount=money(calculation.monthly),
                hedge=_HEDGE,
            )
        )
        total = whole_benefit(calculation)
        if total is not None:
            months = format_number(Decimal(calculation.months or 0))
            lines.append(_SAY("whole_benefit", months=months, total=money(total), hedge=_HEDGE))
    elif place:
        lines.append(_SAY("wage_unknown", place=place))
    else:
        lines.append(_SAY("ask_place"))
    return "\n".join(lines)


def _drawn(calculation: Calculation, past: History | None) -> list[str]:
    """Say what an earlier benefit changes, or ask whether there was one (社会保险法 46)."""
    assert calculation.length is not None  # without a table nothing can be added
    assert calculation.longest is not None
    lines: list[str] = []
    length = calculation.length.value
    if past and past.closed and any(drawn is None or not paid for paid, drawn in past.closed):
        months_known = all(drawn for _, drawn in past.closed)
        missing = "ask_years_before" if months_known else "ask_years_and_months_before"
        lines.append(_SAY("drawn_before", cap=calculation.longest.text, question=_SAY(missing)))
    elif calculation.carried:
        lines.append(
            _SAY(
                "months_carried",
                carried=calculation.carried,
                length=length,
                cap=calculation.longest.text,
                months=calculation.months,
            )
        )
    if calculation.remaining is not None and past:
        lines.insert(
            0,
            _SAY(
                "months_left",
                drawn=past.drawn,
                months=calculation.months,
                left=calculation.remaining,
                hedge=_HEDGE,
            ),
        )
    return lines or [_SAY("ask_drawn_before")]


def calculation_answer(
    result: CalculationResult, version: PolicyVersion, topic: str, title: str
) -> PolicyAnswer:
    """Return a calculation with its arithmetic, its assumptions and the next question."""
    used = [figure for figure in version.figures if figure.name in result.used]
    keys = {figure.source for figure in used}
    lines = [*result.lines]
    if result.assumes:
        lines.append(_SAY("assumption", assumption=result.assumes))
    if result.ask:
        lines.append(result.ask)
    return PolicyAnswer(
        act="calculate",
        topics=[topic],
        title=title,
        aspects=["amount"],
        text="\n".join(lines),
        next_step=result.next_step,
        figures=[as_figure(figure) for figure in used],
        citations=[as_citation(c) for c in version.citations if c.key in keys],
        missing=[result.missing] if result.missing else [],
    )


def with_sum(answer: PolicyAnswer, sum_answer: PolicyAnswer) -> PolicyAnswer:
    """Return an answer followed by a sum: its lines, its sources and its open question."""
    cited = [citation for citation in sum_answer.citations if citation not in answer.citations]
    return replace(
        answer,
        text="\n".join(filter(None, [answer.text, sum_answer.text])),
        next_step=answer.next_step or sum_answer.next_step,
        figures=[*answer.figures, *sum_answer.figures],
        citations=[*answer.citations, *cited],
        missing=list(sum_answer.missing) or answer.missing,
    )
