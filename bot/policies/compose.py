"""Findings and calculations as structured messages: the words between the policy base's texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.db.tables import PolicyVersion
from bot.messages import Button, Clarify, Message, PolicyAnswer
from bot.policies.answers import Part, PolicyFinding, as_citation, as_figure
from bot.policies.calculators.benefit import Calculation
from bot.policies.calculators.contributions import History
from bot.policies.calculators.said import Said, money
from bot.policies.claim_answers import ClaimFinding
from bot.policies.programmes import ProgrammeFinding
from bot.text.aspects import ASPECT_NAMES
from bot.text.spans import Span

#: What leads back to a job search that waits for an answer.
_BACK = {
    "occupation": "（刚才找工作的事还接着：想干啥样的活？不找了就说“算了”。）",
    "region": "（刚才找工作的事还接着：想在哪儿干？不找了就说“算了”。）",
}
#: Characters of a way of asking that is said before its answer.
_MAX_PHRASING_CHARACTERS = 20
_HEDGE = "（据整理资料，以经办机构为准）"
_NOT_KNOWN = "“{}”我这里没有核实过的规定，请打12333问当地。"


def _hedged(part: Part) -> str:
    return part.text + (_HEDGE if part.second_hand else "")


def policy_answer(
    finding: PolicyFinding,
    act: str,
    also: Sequence[tuple[str, str]] = (),
    waiting: str | None = None,
) -> PolicyAnswer:
    """Return a finding as a message.

    `also` are further topics (id, title) that were named; `waiting` is what was asked about a job
    before this question came between: the answer leads back to it.
    """
    unknown = [_NOT_KNOWN.format(ASPECT_NAMES[aspect]) for aspect in finding.missing]
    title = finding.title
    offered_aspects = [
        a for a in ("amount", "materials", "how") if a not in {p.aspect for p in finding.parts}
    ]
    buttons = [Button(ASPECT_NAMES[a], f"{title}{ASPECT_NAMES[a]}") for a in offered_aspects[:2]]
    buttons += [Button(name, f"{name}是什么") for _, name in also]
    return_hint = [_BACK[waiting]] if waiting in _BACK else []
    return PolicyAnswer(
        act=act,
        topics=[*(finding.reported or (finding.topic,)), *(topic for topic, _ in also)],
        title=title,
        text="\n".join([*unknown, *map(_hedged, finding.parts), *return_hint]),
        aspects=[part.aspect for part in finding.parts],
        next_step=_hedged(finding.next_step) if finding.next_step else "",
        figures=list(finding.figures),
        citations=list(finding.citations),
        buttons=buttons,
    )


#: Choices below an answer.
MAX_BUTTONS = 3
#: The aspects that a claim of a kind answers.
_ASPECTS_OF = {
    "how_much": ["amount"],
    "how_long": ["period"],
    "when": ["period"],
    "where": ["where"],
    "how": ["how"],
}
#: The aspects offered after a claim that does not answer them.
_AFTER = ("how", "where", "amount")


def claim(finding: ClaimFinding, further: Sequence[str] = ()) -> PolicyAnswer:
    """Return a claim as a message; `further` are questions nearby, offered as they are asked."""
    answered_aspects = _ASPECTS_OF.get(finding.kind, [])
    aspects = (
        [aspect for aspect in _AFTER if aspect not in answered_aspects]
        if not finding.neighbour
        else []
    )
    buttons = [Button(ask, ask) for ask in further]
    buttons += [Button(ASPECT_NAMES[a], f"{finding.title}{ASPECT_NAMES[a]}") for a in aspects]
    return PolicyAnswer(
        act=_act("policy", finding.reported),
        topics=list(finding.reported),
        title=finding.title,
        text=finding.text + (_HEDGE if finding.second_hand else ""),
        aspects=list(answered_aspects),
        figures=list(finding.figures),
        citations=list(finding.citations),
        buttons=buttons[:MAX_BUTTONS],
    )


def with_question(
    message: Message, phrasings: Sequence[str], further: Sequence[str] = (), likely: bool = False
) -> Message:
    """Return an answer that is not sure to be the one, with the question that it answers.

    `phrasings` are ways of asking for it: the first that is short enough stands before the answer,
    or after it where that is `likely` the right one. `further` are questions that may be meant.
    """
    ask = _short(phrasings)
    buttons = [*(Button(question, question) for question in further), *message.buttons]
    message = replace(message, buttons=list(dict.fromkeys(buttons))[:MAX_BUTTONS])
    if not ask:
        return message
    text = message.text
    return replace(
        message, text=f"{text}\n（答的是：{ask}）" if likely else f"要是问“{ask}”：{text}"
    )


def further_answer(message: Message, phrasings: Sequence[str]) -> Message:
    """Return the answer to a further question of a message, begun with that question."""
    ask = _short(phrasings).strip(" ?？。，,")
    return replace(message, text=f"你还问“{ask}”：{message.text}") if ask else message


def _short(phrasings: Sequence[str]) -> str:
    return next(
        (phrasing for phrasing in phrasings if len(phrasing) <= _MAX_PHRASING_CHARACTERS), ""
    )


def next_door(
    finding: PolicyFinding, further: Sequence[str], aspects: Sequence[str]
) -> PolicyAnswer:
    """Return what is certain of a subject next door and who knows the rest.

    Of what was asked beyond that it is said that there is nothing verified.
    """
    beyond = set(aspects) - {part.aspect for part in finding.parts}
    unknown = "这件事我核实过的只有这些：" if beyond else ""
    return PolicyAnswer(
        act=_act("policy", finding.reported),
        status="no_policy" if beyond else "answered",
        topics=list(finding.reported),
        title=finding.title,
        text="\n".join(filter(None, [unknown, *map(_hedged, finding.parts)])),
        aspects=[part.aspect for part in finding.parts],
        figures=list(finding.figures),
        citations=list(finding.citations),
        buttons=[Button(ask, ask) for ask in further][:MAX_BUTTONS],
    )


def _act(act: str, reported: Sequence[str]) -> str:
    """Return the act of an answer: what belongs to no topic of the taxonomy is out of its scope."""
    return act if reported else "out_of_scope"


def earlier_rule(findings: Sequence[PolicyFinding], title: str, year: Span) -> PolicyAnswer:
    """Return what held in an earlier time, one finding for each of its ends.

    Where no version is known for it, that is said: today's figures are not those of then.
    """
    period = f"{year.first.year}年" + f"{year.first.month}月" * (
        year.first.month == year.last.month
    )
    in_force = [finding for finding in findings if finding.status == "answered"]
    now = [Button("现在的规定", f"现在{title}多少")]
    if not in_force:
        return PolicyAnswer(
            act="policy",
            status="no_policy",
            topics=[findings[0].topic],
            title=title,
            text=f"{period}“{title}”的规定，我这里没有核实过的，不能拿现在的数顶。请打12333问当年的。",
            buttons=now,
        )
    answers = [policy_answer(finding, "policy") for finding in in_force]
    if len(in_force) < 2 or in_force[0].effective_from == in_force[-1].effective_from:
        text = f"{period}的规定：\n{answers[-1].text}"
        return replace(answers[-1], text=text, next_step="", buttons=now)
    turn = _turn(in_force[0], in_force[-1])
    changed = turn.isoformat() if turn else period
    return replace(
        answers[-1],
        text=f"{period}中间换过。{changed}之前：\n{answers[0].text}\n{changed}起：\n{answers[-1].text}",
        next_step="",
        figures=list(dict.fromkeys(figure for answer in answers for figure in answer.figures)),
        citations=list(dict.fromkeys(source for answer in answers for source in answer.citations)),
        buttons=now,
    )


def _turn(earlier: PolicyFinding, after: PolicyFinding) -> date | None:
    """Return the day from which another version holds: the later of its own and the other's end."""
    ended = earlier.holds_to + timedelta(days=1) if earlier.holds_to else None
    return max((day for day in (ended, after.effective_from) if day), default=None)


def programme_answer(
    programme: ProgrammeFinding,
    topic_finding: PolicyFinding,
    aspects: Sequence[str],
    act: str,
    topics: Sequence[tuple[str, str]],
) -> PolicyAnswer:
    """Return what a programme is, and of its main topic the aspect that was wanted.

    `topics` (id, title) are all it belongs to; each is offered as a choice.
    """
    step = next((part for part in topic_finding.parts if part.aspect in aspects), None)
    step_citations = topic_finding.citations if step else ()
    figures = [*programme.figures, *(topic_finding.figures if step else ())]
    return PolicyAnswer(
        act=act,
        topics=[topic for topic, _ in topics],
        title=programme.title,
        text="\n".join(map(_hedged, programme.parts)),
        aspects=[part.aspect for part in programme.parts],
        next_step=_hedged(step) if step else "",
        figures=figures,
        citations=list(dict.fromkeys([*programme.citations, *step_citations])),
        buttons=[Button(title, f"{title}是什么") for _, title in topics],
    )


def clarify_topic(topics: Sequence[tuple[str, str]], act: str) -> Clarify:
    """Ask which of some topics (id, title) is meant."""
    names = [name for _, name in topics]
    return Clarify(
        act=act,
        asks="topic",
        topics=[topic for topic, _ in topics],
        text=f"你问的是{'，还是'.join(f'“{name}”' for name in names)}？点一个，或者换个说法。",
        buttons=[Button(name, f"{name}是什么") for name in names],
    )


def not_in_base(
    topics: list[str], title: str, act: str, nearest: Sequence[tuple[str, str]]
) -> PolicyAnswer:
    """Say that the base has no answer to a topic, with the nearest that it has."""
    return PolicyAnswer(
        act=act,
        status="no_policy",
        topics=topics,
        title=title,
        text=f"“{title}”我这里还没有核实过的规定，不能乱说。请打12333，或到街道、社区的就业服务窗口问。",
        buttons=[Button(name, f"{name}是什么") for _, name in nearest],
    )


def not_verified(finding: PolicyFinding, further: Sequence[str]) -> PolicyAnswer:
    """Say that what is asked of a policy is not verified here, and who knows (its aspect where).

    `further` are questions nearby that can be answered, offered as they are asked.
    """
    office = next((part for part in finding.parts if part.aspect == "where"), None)
    referral = f"谁能给准话：{_hedged(office)}" if office else "请打12333问准，或到就业服务窗口问。"
    return PolicyAnswer(
        act=_act("policy", finding.reported),
        status="no_policy",
        topics=list(finding.reported),
        title=finding.title,
        text=f"“{finding.title}”里你问的这一点，我没有核实过的说法，不敢乱说。{referral}",
        aspects=["where"] if office else [],
        citations=list(finding.citations) if office else [],
        buttons=[Button(ask, ask) for ask in further][:MAX_BUTTONS],
    )


def ended(finding: PolicyFinding, act: str) -> PolicyAnswer:
    """Say that a policy's last version has ended and no other is known."""
    end_text = f"到{finding.ended_on.isoformat()}为止" if finding.ended_on else "现在不在有效期里"
    return PolicyAnswer(
        act=act,
        status="no_policy",
        topics=[finding.topic],
        title=finding.title,
        text=f"我查到的“{finding.title}”{end_text}，没有查到延续的文件。请打12333问现在还办不办。",
    )


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
        text = (
            f"失业保险累计要缴满{calculation.least_years.text}才能领，按你说的{years}还不够。"
            "没领过的缴费时间会一直留着，以后接着累计。"
        )
    else:
        text = _benefit_text(calculation, years, place, months_first, past)
    nearly = full.length if full else None
    if full and nearly:
        text += f"\n只算满了的整年；查清缴费记录，要是已经满了就是{nearly.text}{_HEDGE}。"
    rule = (calculation.rate, calculation.length, calculation.cap, calculation.wage, nearly)
    figures = [figure for figure in rule if figure]
    return PolicyAnswer(
        act="calculate",
        topics=["unemployment-benefit"],
        title=title,
        aspects=["amount", "period"],
        text=text,
        next_step="先办失业登记再申请，够不够条件、最后发多少，由失业保险经办机构核定。",
        figures=[*figures, calculation.least_years],
        citations=list(calculation.citations),
        missing=list(calculation.missing),
        buttons=[] if place else [Button(n, n) for n in ("沈阳", "大连", "鞍山")],
    )


def with_conditions(message: PolicyAnswer, calculation: Calculation) -> PolicyAnswer:
    """Return a benefit's sum with the other conditions of the entitlement."""
    minimum = calculation.least_years
    lead = f"缴费够{minimum.text}了；还得不是你自己主动不干的，并且办了失业登记，才能领。\n"
    return replace(message, text=lead + message.text, figures=[minimum, *message.figures])


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
    wage = f"{place}的最低工资" if place else "领取地的最低工资"
    lines = [f"每月 = {wage} × {rate.text}。"]
    if calculation.length:
        months = f"能领{calculation.length.text}{_HEDGE}；法律写的上限是{cap.text}。"
        lines.insert(0 if months_first else 1, months)
        lines += _drawn(calculation, past)
    summed = "（几段加起来，断的时间不算）" if past and past.pieces > 1 else ""
    lines[0] = f"失业保险缴了{years}{summed}：{lines[0]}"
    if place and calculation.wage and calculation.monthly is not None:
        lines.append(
            f"{place}的最低工资是{calculation.wage.text}：{calculation.wage.value} × {rate.text}"
            f" = 每月{money(calculation.monthly)}{_HEDGE}。"
        )
    elif place:
        lines.append(f"{place}现在的最低工资我没有核实过的数，先不给你算成钱数，可打12333问准。")
    else:
        lines.append("你在哪个区县领？各地最低工资不一样，告诉我地方我再说准些。")
    return "\n".join(lines)


def _drawn(calculation: Calculation, past: History | None) -> list[str]:
    """Say what an earlier benefit changes, or ask whether there was one (社会保险法 46)."""
    assert calculation.length is not None  # without a table nothing can be added
    assert calculation.most is not None
    lines: list[str] = []
    length = calculation.length.value
    if past and past.before and any(drawn is None or not paid for paid, drawn in past.before):
        months_known = all(drawn for _, drawn in past.before)
        missing = "上次领之前交了几年" if months_known else "上次交了几年、领了几个月"
        lines.append(
            "领过失业金又上班的，缴费时间从再就业起重新计算；上次没领完的月数并进来，"
            f"合计最长{calculation.most.text}。{missing}？告诉我就能加上。"
        )
    elif calculation.carried:
        lines.append(
            f"领过又上班的，缴费重新计算，上次没领完的{calculation.carried}个月并进来："
            f"{length} + {calculation.carried}，最长{calculation.most.text}，"
            f"这回一共能领{calculation.months}个月。"
        )
    if calculation.left is not None and past:
        lines.insert(
            0,
            f"已经领了{past.drawn}个月：{calculation.months} - {past.drawn}"
            f" = 还剩{calculation.left}个月{_HEDGE}。",
        )
    return lines or [
        "以前领过失业金的，缴费从再就业起重新计算，上次没领完的月数并进来。领过就告诉我领了几个月。"
    ]


def calculation_answer(
    result: Said, version: PolicyVersion, topic: str, title: str
) -> PolicyAnswer:
    """Return a calculation with its arithmetic, its assumptions and the next question."""
    used = [figure for figure in version.figures if figure.name in result.used]
    keys = {figure.source for figure in used}
    lines = [*result.lines]
    if result.assumes:
        lines.append(f"前提：{result.assumes}。")
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


def with_topics(reply: Message, topics: list[str]) -> PolicyAnswer:
    """Return a fixed reply as an answer that touches some topics."""
    return PolicyAnswer(
        act=reply.act, status=reply.status, text=reply.text, buttons=reply.buttons, topics=topics
    )
