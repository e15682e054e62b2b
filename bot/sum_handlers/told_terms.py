"""Answers that are worked out from what was told in a talk, of terms, years and probation.

| the message | what answers |
| --- | --- |
| 六月十八号摔的 自己报到哪天; 那单位该在哪天之前报 | the term of the report |
| 11月12号交的书面 哪天能走 | the thirty days of notice |
| 裁决书11月20号收到的 最晚哪天起诉 | the fifteen days to sue |
| 去年十月把我辞了, 还能仲裁不 | the year of arbitration, from the day of leaving |
| 头一段9年4个月 后来自己又交了3年11个月 | the years of contributions together |
| 到15年还差多少, 退休那年够不够 | what is missing to the least |
| 我弟67年5月的呢, 要按档案六五年六月算呢 | the month of retirement, of them |
| 转正六千 他给四千 少我多少 | the pay of a probation |

Without the day, the years or the pay the message goes its way.
"""

from __future__ import annotations

from bot import clock
from bot.arithmetic.formulas import Rules
from bot.arithmetic.results import CalculationResult, Texts, numbers
from bot.calculators import pension_years, retirement, terms, trial_pay
from bot.calculators import replies as calculation_replies
from bot.db.session import session
from bot.handlers.calculate import home_region, work_out
from bot.messages import Message, PolicyAnswer
from bot.policies.topics import titles
from bot.policies.versions import version_in_force
from bot.turns.told import PAID, PENSION, TERM, TRIAL_PAYS, told_days, told_in, told_spells
from bot.turns.turn import Turn

RETIREMENT, PENSION_YEARS = "retirement-age", "pension-years"
#: Policies that the terms rest on, by what happened on the day.
TOPICS = {
    "injured": "work-injury", "noticed": "contract-termination", "awarded": "labor-arbitration",
    "left": "labor-arbitration",
}  # fmt: skip
#: Characters of a message that asks for one of these and tells no story of its own.
MAX_CHARS = 60


def answer_told_term(turn: Turn) -> Message | None:
    """Return what a message asks that is worked out from what was told; None where nothing is."""
    if len(turn.text) > MAX_CHARS:
        return None
    return _term(turn) or _years(turn) or _retires(turn) or _trial_pay(turn)


def _figures(turn: Turn, topic: str) -> tuple[Rules, Texts] | None:
    """Return the figures in force of a policy: as numbers, and as they are said."""
    with session() as db:
        version = version_in_force(db, topic, home_region(turn.current.region_code), clock.today())
        if version is None:
            return None
        values = numbers({figure.name: figure.value for figure in version.figures})
        return values, {figure.name: figure.text for figure in version.figures}


def _answer(turn: Turn, topic: str, result: CalculationResult) -> PolicyAnswer | None:
    with session() as db:
        version = version_in_force(db, topic, home_region(turn.current.region_code), clock.today())
        if version is None:
            return None
        turn.set(topic=topic, subject="policy")
        return calculation_replies.calculation_answer(result, version, topic, titles()[topic])


def _term(turn: Turn) -> Message | None:
    """Return the term that a message asks for, from a day told in it or before."""
    stated = turn.state.stated
    days = {**told_days(stated), **terms.told_days(turn.text, turn.entities)}
    kind = terms.requested_term(turn.text, days, stated.get(TERM))
    figures = _figures(turn, TOPICS[kind]) if kind else None
    if kind is None or figures is None:
        return None
    rules, texts = figures
    day = days[kind]
    if kind == "left":
        return _limit(turn, day)
    if kind == "injured":
        result = terms.injury_term(day, turn.text, rules, texts)
    elif kind == "noticed":
        result = terms.notice_term(day, turn.text, turn.entities, rules, texts)
    else:
        result = terms.court_term(day, rules, texts)
    return _answer(turn, TOPICS[kind], result)


def _limit(turn: Turn, day: terms.ToldDay) -> Message | None:
    """Return the last day to apply for arbitration, from the day of leaving."""
    first, last = day.to_slot()
    facts = {"date": first, "date_last": last, "ended": True}
    turn.set(topic=TOPICS["left"], subject="policy")
    return work_out(turn, TOPICS["left"], facts)


def _years(turn: Turn) -> Message | None:
    """Return the years of contributions together, or what is missing of them."""
    stated = turn.state.stated
    parts = told_spells(turn.text, turn.entities, stated)
    paid = sum(parts) or stated.get(PAID)
    if not paid or turn.of_kind("person"):
        return None
    if pension_years.asks_missing(turn.text):
        return _missing(turn, int(paid))
    if len(parts) > 1 and pension_years.adds_up(turn.text):
        return _answer(turn, PENSION_YEARS, pension_years.added(parts))
    return None


def _missing(turn: Turn, paid: int) -> Message | None:
    of_years = _figures(turn, PENSION_YEARS)
    of_age = _figures(turn, RETIREMENT)
    if of_years is None or of_age is None:
        return None
    rules, texts = of_years
    if pension_years.asks_fifteen(turn.text):
        return _answer(turn, PENSION_YEARS, pension_years.missing_to_fifteen(paid, rules, texts))
    birth = _birth(turn)
    if "born" not in birth:
        return _answer(turn, PENSION_YEARS, pension_years.birth_wanted(paid, rules, texts))
    months = retirement.retirement_months(birth, *of_age)
    answer = _answer(turn, PENSION_YEARS, pension_years.missing_at_retirement(paid, months, rules))
    of_month = _answer(turn, RETIREMENT, CalculationResult([], retirement.USED))
    turn.set(topic=PENSION_YEARS)
    if answer is None or of_month is None:
        return answer
    return calculation_replies.with_sum(answer, of_month)


def _birth(turn: Turn) -> dict[str, object]:
    """Return the birth and the group of whom a message is of, as told in it or before."""
    new = retirement.extract_facts(turn.text, turn.entities, {})
    if "born" in new:
        kept = {} if turn.of_kind("person") else turn.state.stated
    else:
        kept = turn.state.stated
    facts = {name: kept[name] for name in ("born", "group") if name in kept} | new
    group = retirement.told_group(turn.text, turn.entities)
    return {**facts, "group": group} if group else facts


def _retires(turn: Turn) -> Message | None:
    """Return when somebody retires whose birth, or whose group, a message tells."""
    told = retirement.extract_facts(turn.text, turn.entities, {})
    group = retirement.told_group(turn.text, turn.entities)
    of_retiring = PENSION in turn.state.stated or pension_years.speaks_of_pension(turn.text)
    if not of_retiring or not (len(str(told.get("born", ""))) > len("1967") or group):
        return None
    facts = _birth(turn)
    if "born" not in facts or not retirement.goes_on(turn.text):
        return None
    turn.set(topic=RETIREMENT, subject="policy")
    return work_out(turn, RETIREMENT, facts)


def _trial_pay(turn: Turn) -> Message | None:
    """Return what a message asks of the pay in probation."""
    facts = told_in(turn.text, turn.entities, turn.state.stated)
    pays = facts.get(TRIAL_PAYS) or turn.state.stated.get(TRIAL_PAYS)
    figures = _figures(turn, "probation") if pays else None
    if not pays or figures is None:
        return None
    result = trial_pay.requested(turn.text, turn.entities, pays, *figures)
    return _answer(turn, "probation", result) if result else None
