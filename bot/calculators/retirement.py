"""The month of retirement by the month of birth (国务院关于渐进式延迟法定退休年龄的办法 1).

From 2025-01 on the age rises with the month in which the former one is reached: for men (60) and
women who retired at 55 by a month every four months, to 63 and 58; for women who retired at 50 by a
month every two months, to 55. Of an age in years the birth is known within twelve months: both ends
are said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import clock
from bot.arithmetic.formulas import MONTHS, Rules
from bot.arithmetic.results import CalculationResult, Texts, length
from bot.calculators.clause_patterns import clause_matches, clauses, sum_patterns
from bot.text.chinese_numbers import value
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.understanding.extractors.age import ages_of_subject
from bot.wording import wording

Facts = dict[str, Any]
#: Figures of the version that the rule rests on.
USED = ("start", "four", "two", "one", "m63", "w58", "w55", "w50", "m60")
_PATTERNS = patterns("calculator_retirement")
_SAY = wording("calculator_retirement")
#: What is missing where only the year of birth is said.
MONTH_OF_BIRTH = "month_of_birth"
_YEARS_AHEAD = {"今年": 0, "明年": 1, "后年": 2}
#: What is missing where only an age in years is said.
BIRTH = "born"
#: What a talk asks for whose answer may tell the sex alone: 女的.
_BIRTH_QUESTIONS = frozenset((BIRTH, MONTH_OF_BIRTH))
#: Kin by whether they are men: their own age is told, 我媳妇49了.
_MALE_KIN = frozenset(("husband", "father", "son", "brother"))
_FEMALE_KIN = frozenset(("wife", "mother", "daughter", "sister"))
#: Who is younger asks about something else.
_MIN_AGE = 35


@dataclass(frozen=True)
class _Rule:
    """Rise of the retirement age of one group: months, named by the figures they come from."""

    group_name: str
    former_age: str
    """The former age, the step in months, and the highest age."""
    step: str
    max_age: str


_RULES = {
    "男": _Rule("男的", "m60", "four", "m63"),
    "女55": _Rule("女的、原来55岁退的", "w55", "four", "w58"),
    "女50": _Rule("女的、原来50岁退的", "w50", "two", "w55"),
}


def extract_facts(text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts) -> Facts:
    """Return the month of birth (YYYY-MM, or YYYY), or else the age in years, and the rule
    that a message gives as the person's: with an age or a birth, or as the answer to a question.
    """
    read = normalise(text).text
    facts: Facts = {}
    born = _born(read) or _birth_with_month(read, known_facts)
    age = None if born else _age(text, entities)
    if born:
        facts["born"] = born
    elif age:
        facts["age"] = age
    has_age = born or any(entity["entity"] == "age" for entity in entities)
    group = (
        _group(text, entities, bool(born))
        if has_age or known_facts.get("missing") in _BIRTH_QUESTIONS
        else None
    )
    return facts | ({"group": group} if group else {})


def _group(text: str, entities: Sequence[Mapping[str, Any]], born: bool) -> str | None:
    """Return the rule that a message gives as the person's; 招不招女的 gives none."""
    others = sum_patterns()["sex_of_others"]
    read = ",".join(clause for clause in clauses(text) if not others.search(clause))
    of_fifty, of_fifty_five = (
        _PATTERNS["retires_at_50"].search(read),
        _PATTERNS["retires_at_55"].search(read),
    )
    if _is_male_kin(entities):
        return "男"
    if bool(of_fifty) != bool(of_fifty_five):
        return "女50" if of_fifty else "女55"
    if not born:
        return _sex(read, entities)
    male, female = bool(_PATTERNS["male"].search(read)), bool(_PATTERNS["female"].search(read))
    return None if male == female else "男" if male else "女"


def _is_male_kin(entities: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether a message is about a man of the family: 我弟工人岗."""
    people = {str(entity["value"]) for entity in entities if entity["entity"] == "person"}
    return bool(people & _MALE_KIN) and not people & (_FEMALE_KIN | {"self"})


def _age(text: str, entities: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the age of the person that a message is about; 六十岁才能退 is no such age."""
    of_rule = sum_patterns()["age_of_rule"]
    own_entities = [
        entity
        for entity in sorted(entities, key=lambda e: int(e.get("start", 0)))
        if entity["entity"] != "age" or not of_rule.search(text[int(entity["end"]) :])
    ]
    ages = [age for age in ages_of_subject(own_entities) if age >= _MIN_AGE]
    return ages[-1] if ages else None


def _sex(read: str, entities: Sequence[Mapping[str, Any]]) -> str | None:
    """Return 男 or 女 of the person that a message is about, not of one only mentioned."""
    persons = [str(entity["value"]) for entity in entities if entity["entity"] == "person"]
    person = persons[-1] if persons else None
    male = bool(sum_patterns()["male"].search(read)) or person in _MALE_KIN
    female = bool(sum_patterns()["female"].search(read)) or person in _FEMALE_KIN
    return None if male == female else "男" if male else "女"


def _born(read: str) -> str | None:
    hit = _PATTERNS["birth_month"].search(read)
    if hit:
        month = int(value(hit["month"] or hit["month2"]) or 0)
        year = int(hit["year2"] or _year(hit))
        return f"{year}-{month:02d}" if 1 <= month <= MONTHS else None
    turns = _PATTERNS["age_in_month"].search(read)
    if turns:
        month, age = int(value(turns["month"]) or 0), int(value(turns["age"]) or 0)
        year = clock.today().year + _YEARS_AHEAD[turns["when"]] - age
        return f"{year}-{month:02d}" if 1 <= month <= MONTHS else None
    only = _PATTERNS["birth_year_only"].search(read)
    return str(_year(only)) if only else None


def _birth_with_month(read: str, known_facts: Facts) -> str | None:
    """Return a birth known by year or age, completed by the month asked for: 5月生的, 五月."""
    hit = _PATTERNS["month_only"].fullmatch(read.strip())
    if known_facts.get("missing") not in (MONTH_OF_BIRTH, BIRTH) or not hit:
        return None
    month = int(value(hit["month"]) or 0)
    if not 1 <= month <= MONTHS:
        return None
    if "born" in known_facts:
        return f"{str(known_facts['born'])[:4]}-{month:02d}"
    if "age" not in known_facts:
        return None
    today = clock.today()
    return f"{today.year - int(known_facts['age']) - (month > today.month)}-{month:02d}"


def _year(hit: re.Match[str]) -> int:
    if hit["year"]:
        return 1900 + int(hit["year"])
    digits = "零一二三四五六七八九"
    return 1900 + int("".join(str(digits.index(digit)) for digit in hit["spelt"]))


def is_requested(text: str, facts: Facts) -> bool:
    """Tell whether a message asks when one retires, the birth or the age being known."""
    read, words = normalise(text).text, sum_patterns()
    if words["of_years"].search(read) or words["of_a_refund"].search(read):
        return False
    if "born" in facts and clause_matches("retires_born", text, unless="retires_other"):
        return True
    if not facts.keys() & {"born", "age"}:
        return False
    across = words["retires_across"].search(read)
    return bool(across) or clause_matches("retires", text, unless="retires_other")


def delay(original: int, rule: tuple[int, int, int], first: int) -> int:
    """Return by how many months retirement is put off.

    `original` is the month (counted from year 0) in which the former age is reached, `first` the
    one from which on ages rise, `rule` the step, the months a step adds, and the most they add.
    """
    step, adds, max_delay = rule
    return 0 if original < first else min(max_delay, ((original - first) // step + 1) * adds)


def retirement(facts: Facts, rules: Rules, texts: Texts) -> CalculationResult:
    """Say in which month one retires, for each group that one may be of."""
    if not facts.keys() & {"born", "age"}:
        return CalculationResult([], USED, missing=BIRTH, ask=_SAY("ask_birth_and_sex"))
    group = str(facts.get("group") or "")
    groups = [name for name in _RULES if name.startswith(group)] if group else list(_RULES)
    births = _births(facts)
    lines = [_retirement_line(births, _RULES[name], rules, texts) for name in groups]
    if "born" not in facts:
        first, last = births
        first_month, last_month = _month_text(first), _month_text(last)
        lines.insert(0, _SAY("by_age", age=facts["age"], first=first_month, last=last_month))
    if len(births) > 1:
        missing = MONTH_OF_BIRTH if "born" in facts else BIRTH
        question = _SAY("ask_month") if "born" in facts else _SAY("ask_birth")
        ask = question if group else _SAY("ask_sex", question=question)
    else:
        missing, ask = None, ""
    if len(groups) > 1:
        track = _SAY("track")
        lines, ask = ([*lines, track], ask) if ask else (lines, track)
    return CalculationResult(lines, USED, missing=missing, ask=ask, next_step=_SAY("next_step"))


@dataclass(frozen=True)
class RetirementMonth:
    """The month in which one of a group reaches the age, counted from year 0."""

    group: str
    month: int

    @property
    def year(self) -> int:
        """The year of it."""
        return self.month // MONTHS

    @property
    def text(self) -> str:
        """The month as it is said."""
        return _month_text(self.month)


def retirement_months(facts: Facts, rules: Rules, texts: Texts) -> list[RetirementMonth]:
    """Return in which month one retires, for each group that one may be of; needs the birth.

    Of a year alone the last month it may be: the least years of contributions never fall.
    """
    group = str(facts.get("group") or "")
    names = [name for name in _RULES if name.startswith(group)] if group else list(_RULES)
    born = _births(facts)[-1]
    return [
        RetirementMonth(
            _RULES[name].group_name, _age_and_month(born, _RULES[name], rules, texts)[1]
        )
        for name in names
    ]


def told_group(text: str, entities: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the rule that a message names of itself, whether or not it tells a birth."""
    return _group(text, entities, born=True)


def goes_on(text: str) -> bool:
    """Tell whether a message asks the same of a birth or a group that it tells: 我弟67年5月的呢."""
    return bool(_PATTERNS["same_question"].search(normalise(text).text))


def years_left(facts: Facts, rules: Rules, texts: Texts) -> str:
    """Say how long it is till one retires, for each group that one may be of."""
    group = str(facts.get("group") or "")
    groups = [name for name in _RULES if name.startswith(group)] if group else list(_RULES)
    births = _births(facts)
    times_left = "，".join(
        f"{_RULES[name].group_name}{_time_left_text(births, _RULES[name], rules, texts)}"
        for name in groups
    )
    if "born" in facts:
        return _SAY("time_left_by_birth", year=facts["born"][:4], times=times_left)
    return _SAY("time_left_by_age", age=facts["age"], times=times_left)


def _time_left_text(births: Sequence[int], rule: _Rule, rules: Rules, texts: Texts) -> str:
    today = clock.today()
    now = today.year * MONTHS + today.month - 1
    months_left = [_age_and_month(born, rule, rules, texts)[1] - now for born in births]
    if max(months_left) <= 0:
        return "已经到了"
    return "还有" + "到".join(dict.fromkeys(length(max(months, 0)) for months in months_left))


def _births(facts: Facts) -> list[int]:
    """Return the month of birth (counted from year 0), or the first and the last it may be."""
    if "born" in facts:
        born = str(facts["born"])
        year, exact = int(born[:4]), len(born) > len("1967")
        months = [int(born[5:])] if exact else [1, MONTHS]
        return [year * MONTHS + month - 1 for month in months]
    today = clock.today()
    latest = today.year * MONTHS + today.month - 1 - int(facts["age"]) * MONTHS
    return [latest - MONTHS + 1, latest]


def _month_text(month: int) -> str:
    return f"{month // MONTHS}年{month % MONTHS + 1}月"


def _retirement_line(births: Sequence[int], rule: _Rule, rules: Rules, texts: Texts) -> str:
    ends = [_age_and_month(born, rule, rules, texts) for born in births]
    ages = list(dict.fromkeys(length(age) for age, _ in ends))
    age_texts = [age.replace("年", "岁") for age in ages]
    days = [_month_text(month) for _, month in ends]
    ages_text, days_text = "到".join(age_texts), "到".join(days)
    line = _SAY("age_and_month", group=rule.group_name, age=ages_text, month=days_text)
    today = clock.today()
    past = ends[-1][1] <= today.year * MONTHS + today.month - 1
    return line + _remainder_text(ends[-1][1]) if len(ends) == 1 or past else line + "。"


def _remainder_text(month: int) -> str:
    today = clock.today()
    months_left = month - (today.year * MONTHS + today.month - 1)
    if months_left <= 0:
        return _SAY("age_reached")
    return _SAY("months_left", length=length(months_left))


def _age_and_month(born: int, rule: _Rule, rules: Rules, texts: Texts) -> tuple[int, int]:
    """Return the age in months and the month (from year 0) of retirement."""
    former, max_age = (int(rules[name]) * MONTHS for name in (rule.former_age, rule.max_age))
    start = str(texts["start"])
    first = [int(part) for part in re.findall(r"\d+", start)][:2]
    begins = first[0] * MONTHS + first[1] - 1
    step = (int(rules[rule.step]), int(rules["one"]), max_age - former)
    age = former + delay(born + former, step, begins)
    return age, born + age
