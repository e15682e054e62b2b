"""Answers that go on from sums worked out before.

| the message | what answers |
| --- | --- |
| 那N+1呢, 要是算违法呢, 光N呢 | that amount of the severance worked out last |
| 他给四万 差多少, 够不够 | how far the sum given is from the one worked out |
| 两样差多少 | how far the last two are from each other |
| 一共呢, 俺俩加一块, 再加押金两千 | the sums of the talk together, with what is told besides |
| 要是干到明年四月呢, 按4200算呢 | the last sum anew, of what is supposed; what was told stays |

Without a sum worked out before, or with one of another kind, the message goes its way.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot import clock
from bot.arithmetic.results import CalculationResult, money
from bot.calculators import replies as calculation_replies
from bot.calculators.inputs import extract_inputs
from bot.calculators.lengths import is_notice, is_offered
from bot.calculators.offers import other_sums
from bot.calculators.unemployment_benefit import BENEFIT
from bot.db.session import session
from bot.handlers.calculate import calculation, continue_with_missing, home_region, suppose
from bot.messages import Message
from bot.policies.topics import titles
from bot.policies.versions import version_in_force
from bot.text.chinese_numbers import value
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.turns.sums import WorkedOut, worked_out
from bot.turns.turn import Turn
from bot.wording import wording

_PATTERNS = patterns("sum_follow_ups")
_SAY = wording("sum_follow_ups")
#: Characters of a message that goes on from a sum and tells no story of its own.
MAX_CHARS = 45
#: Policies of sums by the pattern that names them.
TOPICS = {
    "of_severance": "severance", "of_double_pay": "labor-contract", "of_overtime": "overtime",
    "of_leave": "paid-leave", "of_arrears": "wage-arrears",
}  # fmt: skip
#: Figures of the severance that N, N+1 and 2N rest on.
USED = ("per_year", "half_year", "half", "double")
#: Sums that are added up unasked at most, the latest ones.
MAX_ADDED = 4
SEVERANCE, ARREARS = "severance", "wage-arrears"


def answer_sum_follow_up(turn: Turn) -> Message | None:
    """Return what a message asks that goes on from sums; None where it does not."""
    continued = continue_with_missing(turn)
    if continued or len(turn.text) > MAX_CHARS:
        return continued
    sums = worked_out(turn.state.results)
    text = normalise(turn.text).text.lower()
    answer = _supposed(turn, text, sums) if _PATTERNS["supposed"].search(text) else None
    if not sums:
        return answer
    if answer is None and sums[-1].topic == ARREARS:
        # What was paid or is owed besides belongs to the wages owed themselves.
        answer = calculation(turn, ARREARS).message
    if answer is None and _PATTERNS["total"].search(text) and not _asks_rest(text):
        answer = _total(turn, text, sums)
    if answer is None and _PATTERNS["gap"].search(text):
        answer = _gap(turn, text, sums)
    return answer or _variant(turn, text, sums)


def _supposed(turn: Turn, text: str, sums: Sequence[WorkedOut]) -> Message | None:
    """Return a sum anew, or one that was begun, of what a message supposes."""
    facts = {name: fact for name, fact in turn.previous.facts.items() if name != "topic"}
    topic = str(turn.previous.facts.get("topic") or "")
    if topic == BENEFIT and turn.of_kind("duration"):
        return calculation(turn, BENEFIT).message
    base = _base(text, sums)
    if base is None and "begun" in facts and topic == turn.previous.topic:
        base = WorkedOut(topic, "", "", {}, facts)
    return suppose(turn, base) if base else None


def _base(text: str, sums: Sequence[WorkedOut]) -> WorkedOut | None:
    """Return the sum that is supposed otherwise: the latest of a kind that is named, or at all."""
    named = [topic for name, topic in TOPICS.items() if _PATTERNS[name].search(text)]
    told = [result for result in sums if not result.supposed]
    of_kind = [result for result in told if result.topic in named]
    return next(iter((of_kind if named else told)[-1:]), None)


def _asks_rest(text: str) -> bool:
    """Tell whether a message asks what is left of all: 一共给了八千 还差多少."""
    return bool(_PATTERNS["gap"].search(text)) and not _PATTERNS["of_both"].search(text)


def _named_amount(text: str) -> str | None:
    """Return which amount of a severance a message names: N, N+1, N+2, 2N."""
    if _PATTERNS["two_n"].search(text):
        return "2N"
    more = _PATTERNS["n_plus"].search(text)
    if more:
        return f"N+{int(value(more['more'] or '1') or 1)}"
    return "N" if _PATTERNS["n_alone"].search(text) else None


def _amount(result: WorkedOut, name: str | None) -> Decimal:
    """Return an amount of a sum: of a severance N+2 is worked out from N and N+1."""
    if result.topic != SEVERANCE or name is None:
        return result.amount("N")
    if name.startswith("N+"):
        n = result.amount("N")
        return n + int(name[2:]) * (result.amount("N+1") - n)
    return result.amount(name)


def _variant(turn: Turn, text: str, sums: Sequence[WorkedOut]) -> Message | None:
    """Return the amount of the severance worked out last that is named."""
    name = _named_amount(text)
    as_told = bool(_PATTERNS["as_told"].search(text))
    meant = (r for r in reversed(sums) if r.topic == SEVERANCE and not (as_told and r.supposed))
    last = next(meant, None)
    if name is None or last is None or _tells_own(turn):
        return None
    n, amount = last.amount("N"), _amount(last, name)
    if name == "N":
        lines = [_SAY("n", amount=money(n))]
    elif name == "2N":
        lines = [_SAY("two_n", n=money(n), amount=money(amount)), _SAY("two_n_when")]
    else:
        line = _SAY(
            "n_plus", more=name[2:], n=money(n), extra=money(amount - n), amount=money(amount)
        )
        lines = [line, _SAY("n_plus_one_when" if name == "N+1" else "n_plus_more_when")]
    return _message(turn, SEVERANCE, lines)


def _tells_own(turn: Turn) -> bool:
    """Tell whether a message tells figures that a sum of its own rests on."""
    facts = extract_inputs(turn.text, turn.entities)
    return bool(facts.keys() & {"pay", "months", "offer"})


def _gap(turn: Turn, text: str, sums: Sequence[WorkedOut]) -> Message | None:
    """Return how far a sum given is from the one worked out, or the last two from each other."""
    given = other_sums(turn.text, turn.entities) or _months_offered(turn, sums[-1])
    given = given or _offer_before(turn)
    due = _amount(sums[-1], _named_amount(text))
    if given:
        return _message(turn, sums[-1].topic, [_compared(due, Decimal(str(given[0])))])
    if len(sums) > 1 and sums[-1].topic == sums[-2].topic:
        larger, smaller = sorted((due, _amount(sums[-2], _named_amount(text))), reverse=True)
        line = _SAY(
            "between", larger=money(larger), smaller=money(smaller), gap=money(larger - smaller)
        )
        return _message(turn, sums[-1].topic, [line])
    return None


def _months_offered(turn: Turn, last: WorkedOut) -> list[float]:
    """Return what so many months of pay come to that are offered: 他就给一个月, 跟N比差多少."""
    offered = [
        entity
        for entity in turn.of_kind("duration")
        if is_offered(turn.text, entity) or is_notice(turn.text, entity)
    ]
    if last.topic != SEVERANCE or not offered:
        return []
    pay = last.amount("N+1") - last.amount("N")
    return [float(pay) * float(offered[0]["value"])]


def _offer_before(turn: Turn) -> list[float]:
    """Return the sum that an employer offered earlier in the talk."""
    offer = turn.previous.facts.get("offer") or turn.state.stated.get("offer")
    return [float(offer)] if offer else []


def _compared(due: Decimal, given: Decimal) -> str:
    name = "less" if given < due else "more" if given > due else "equal"
    given_text = _SAY("given", amount=money(given))
    return _SAY(name, due=money(due), given=given_text, gap=money(abs(due - given)))


def _total(turn: Turn, text: str, sums: Sequence[WorkedOut]) -> Message | None:
    """Return the sums of the talk together; None where there is one alone and nothing to add."""
    added = [Decimal(str(amount)) for amount in other_sums(turn.text, turn.entities)]
    asks_gap = bool(_PATTERNS["gap"].search(text))
    given, added = (added[:1], []) if asks_gap else ([], added)
    chosen = _chosen(text, [result for result in sums if not result.supposed], bool(added))
    name = _named_amount(text)
    amounts = [*(_amount(result, name) for result in chosen), *added]
    if len(amounts) < 2 or not chosen:
        return None
    total = sum(amounts, Decimal(0))
    terms = [_term(result, _amount(result, name), chosen) for result in chosen]
    terms += [_SAY("of_added", amount=money(amount)) for amount in added]
    lines = [_SAY("total", terms=" + ".join(terms), amount=money(total))]
    if given:
        gap = money(abs(total - given[0]))
        lines.append(_SAY("minus", total=money(total), given=money(given[0]), gap=gap))
    return _message(turn, chosen[-1].topic, [*lines, _SAY("rests_on")])


def _chosen(text: str, sums: Sequence[WorkedOut], adds: bool) -> list[WorkedOut]:
    """Return the sums that are meant: those of the kinds named, of both people, or the latest."""
    named = [topic for name, topic in TOPICS.items() if _PATTERNS[name].search(text)]
    if _PATTERNS["of_both"].search(text):
        of_kind = [result for result in sums if not named or result.topic in named]
        topic = of_kind[-1].topic if of_kind else ""
        people = {result.person: result for result in of_kind if result.topic == topic}
        return list(people.values())
    if named:
        latest = [result for result in sums if result.topic in named]
        if adds or len({result.topic for result in latest}) > 1 or len(latest) > 1:
            return latest
        others = [result for result in sums if result.topic not in named]
        return [*others[-1:], *latest]  # 加上双倍 一共: with what was spoken of
    return list(sums[-1:]) if adds else list(sums[-MAX_ADDED:])


def _term(result: WorkedOut, amount: Decimal, chosen: Sequence[WorkedOut]) -> str:
    """Return an amount with what tells it from the others."""
    label = result.about
    if len({other.topic for other in chosen}) > 1:
        label = label or titles()[result.topic]
    if len({other.person for other in chosen}) > 1:
        label = f"{label}{result.person or _SAY('of_self')}"
    return f"{label}{money(amount)}"


def _message(turn: Turn, topic: str, lines: Sequence[str]) -> Message | None:
    """Return the lines as an answer of a policy in force."""
    with session() as db:
        version = version_in_force(db, topic, home_region(turn.current.region_code), clock.today())
        if version is None:
            return None
        result = CalculationResult(list(lines), USED if topic == SEVERANCE else ())
        turn.set(topic=topic, subject="policy")
        return calculation_replies.calculation_answer(result, version, topic, titles()[topic])
