"""Each calculation as a talk: which facts it needs, what it asks for them, and what it then says.

The arithmetic is shown and assumptions are named; every figure of a rule is the policy base's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from bot.policies.calculators import sums
from bot.policies.calculators.heard import Facts

Texts = Mapping[str, str]
"""How the figures of the version are said, by name."""


@dataclass(frozen=True)
class Said:
    """A result, or as much of it as the facts allow."""

    lines: list[str]
    used: tuple[str, ...]
    """Names of the figures it rests on."""
    assumes: str = ""
    missing: str | None = None
    """The fact asked for."""
    ask: str = ""
    next_step: str = ""


Work = Callable[[Facts, sums.Rules, Texts], Said]


@dataclass(frozen=True)
class Working:
    """A calculation of one topic."""

    work: Work
    opens: frozenset[str] = field(default_factory=frozenset)
    """Facts of which one in a message is enough to go on, or to repeat with another figure."""
    begins: frozenset[str] = field(default_factory=frozenset)
    """Facts of which one makes a question for a sum one for this person's own sum."""


def numbers(values: Mapping[str, str]) -> dict[str, Decimal]:
    """Return the figures that are numbers."""
    found = {}
    for name, text in values.items():
        try:
            found[name] = Decimal(text)
        except InvalidOperation:
            continue
    return found


def money(amount: Decimal) -> str:
    """Say an amount: 42000元, 413.79元."""
    return f"{amount.normalize():f}元" if amount == amount.to_integral() else f"{amount}元"


def length(months: float) -> str:
    """Say a length: 8年3个月; days beyond whole months are 多."""
    whole, rest = divmod(int(months), 12)
    said = f"{whole}年" * bool(whole) + f"{rest}个月" * bool(rest or not whole)
    return said + "多" * (months != int(months))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _severance(facts: Facts, rules: sums.Rules, texts: Texts) -> Said:
    used = ("per_year", "half_year", "half", "times", "most_years", "double")
    rule = f"每满{texts['each']}给{texts['per_year']}，{texts['half_year']}以上按一年，不到的给{texts['half']}"
    if "months" not in facts:
        return Said(
            [f"经济补偿（N）按在本单位干了多久算：{rule}。"],
            used,
            missing="months",
            ask="你在这个单位干了多久？（比如：六年半）",
        )
    months = Decimal(str(facts["months"]))
    count = sums.severance_months(months, rules)
    head = f"干了{length(float(months))}：N 是{_plain(count)}个月工资（{rule}）。"
    if "pay" not in facts:
        return Said(
            [head], used, missing="pay", ask="走之前12个月，平均一个月应得多少钱？（含奖金津贴）"
        )
    pay = Decimal(str(facts["pay"]))
    average = Decimal(str(facts["average"])) if facts.get("average") else None
    got = sums.severance(months, pay, rules, average)
    return Said(
        [
            head,
            *_three_times(pay, got, average, texts),
            f"N = {money(got.base)} × {_plain(got.months)} = {money(got.n)}。",
            f"没做错事、单位没提前{texts['notice']}通知就按第四十条辞的：N+1 = {money(got.n_plus_1)}。",
            f"违法辞退的：2N = {money(got.n)} × {_plain(rules['double'])} = {money(got.two_n)}，给了就不再另给N。",
            "自己辞职、因严重过错被辞的，没有这笔钱。",
        ],
        used,
        assumes=f"{money(pay)}当作走之前{texts['average']}的平均应得工资"
        + _unless_higher(average, texts),
        next_step="留好合同、工资流水、辞退通知。谈不拢可以申请劳动仲裁，由仲裁委和法院认定。",
    )


def _three_times(
    pay: Decimal, got: sums.Severance, average: Decimal | None, texts: Texts
) -> list[str]:
    """Say that pay above three times the mean of the place counts no further (劳动合同法 47)."""
    if not got.capped or average is None:
        return []
    return [
        f"你的{money(pay)}高过当地平均工资{money(average)}的{texts['times']}，"
        f"只按{money(got.base)}算，最多算{texts['most_years']}。"
    ]


def _unless_higher(average: Decimal | None, texts: Texts) -> str:
    if average is not None:
        return f"；当地平均工资按你说的{money(average)}"
    return (
        f"；要是高过当地平均工资{texts['times']}，只按{texts['times']}算，最多{texts['most_years']}"
    )


def _double_pay(facts: Facts, rules: sums.Rules, texts: Texts) -> Said:
    used = ("sign", "most", "times")
    rule = f"用工满{texts['sign']}还没签书面合同，从第二个月起每月付{texts['times']}工资，最多{texts['most']}"
    if "months" not in facts:
        return Said(
            [rule + "。"], used, missing="months", ask="你没签合同一共干了多久？（比如：七个月）"
        )
    months = int(facts["months"])
    count = sums.double_pay_months(months, rules)
    if not count:
        return Said(
            [f"干了{length(months)}，还没超过{texts['sign']}，没有二倍工资。{rule}。"], used
        )
    head = f"没签合同干了{length(months)}：能多要{count}个月工资（{rule}）。"
    if "pay" not in facts:
        return Said([head], used, missing="pay", ask="一个月工资多少？")
    pay = Decimal(str(facts["pay"]))
    due = sums.double_pay(months, pay, rules)
    return Said(
        [head, f"{money(pay)} × {count} = {money(due)}，这是除了已经发的工资以外再给的。"],
        used,
        assumes="每月工资一样；不是你自己故意不签的",
        next_step="留好工作证明、工资流水、聊天记录。申请仲裁有时限，早点去；认不认由仲裁委和法院定。",
    )


def _probation(facts: Facts, rules: sums.Rules, texts: Texts) -> Said:
    used = ("short", "middle", "long", "c3", "c1y", "c3y", "pay")
    rule = (
        f"合同满{texts['c3']}不满{texts['c1y']}的，试用期最长{texts['short']}；"
        f"满{texts['c1y']}不满{texts['c3y']}的{texts['middle']}；{texts['c3y']}以上和无固定期限的{texts['long']}"
    )
    if "months" not in facts and not facts.get("open_ended"):
        return Said(
            [rule + "。"],
            used,
            missing="months",
            ask="你的合同签了几年？（没有期限就说“无固定期限”）",
        )
    months = None if facts.get("open_ended") else int(facts["months"])
    limit = sums.probation_limit(months, rules)
    signed = "无固定期限的合同" if months is None else f"签了{length(months)}的合同"
    if not limit:
        line = f"{signed}：不满{texts['c3']}，不能约定试用期。"
    else:
        line = f"{signed}：试用期最长{limit}个月，同一个单位只能约定一次。"
    lines = [line]
    if "pay" in facts and limit:
        least = sums.yuan(Decimal(str(facts["pay"])) * rules["pay"] / 100)
        lines.append(
            f"转正工资{money(Decimal(str(facts['pay'])))}的话，试用期不低于{texts['pay']}，"
            f"就是{money(least)}，也不能低于当地最低工资。"
        )
    return Said(
        lines, used, next_step="约定得太长的，超出的部分已经干满的，单位要按规定另付赔偿金。"
    )


_KIND_NAMES = {"day": "平时延长", "rest": "休息日又不给补休", "holiday": "法定节假日"}


def _overtime(facts: Facts, rules: sums.Rules, texts: Texts) -> Said:
    used = ("day", "rest", "holiday", "calc_pay_days", "hours_day")
    rule = "，".join(f"{_KIND_NAMES[kind]}{texts[kind]}" for kind in ("day", "rest", "holiday"))
    formula = (
        f"一小时工资 = 月工资 ÷ {_plain(rules['calc_pay_days'])} ÷ {_plain(rules['hours_day'])}"
    )
    if "pay" not in facts:
        return Said([f"加班费：{rule}。{formula}。"], used, missing="pay", ask="你一个月工资多少？")
    if "hours" not in facts and "days" not in facts:
        return Said([f"加班费：{rule}。"], used, missing="hours", ask="加了多少小时（或多少天）？")
    if "kind" not in facts:
        return Said(
            [f"加班费：{rule}。"], used, missing="kind", ask="是平时、休息日，还是法定节假日加的？"
        )
    pay, kind = Decimal(str(facts["pay"])), str(facts["kind"])
    hours = Decimal(str(facts.get("hours") or facts["days"] * float(rules["hours_day"])))
    due = sums.overtime_pay(pay, hours, kind, rules)
    sum_line = (
        f"{money(pay)} ÷ {_plain(rules['calc_pay_days'])} ÷ {_plain(rules['hours_day'])}"
        f" × {_plain(hours)}小时 × {texts[kind]} = {money(due)}。"
    )
    return Said(
        [f"{_KIND_NAMES[kind]}按{texts[kind]}算：", sum_line],
        used,
        assumes=f"{money(pay)}就是计算加班费的基数，按什么作基数各地和合同可能不同",
        next_step="留好考勤、排班、聊天记录。加班先得你拿出证据，单位管着考勤却不交的，后果归它。",
    )


def _leave(facts: Facts, rules: sums.Rules, texts: Texts) -> Said:
    used = ("year1", "year10", "year20", "d5", "d10", "d15", "pay")
    rule = (
        f"累计工作满{texts['year1']}不满{texts['year10']}的{texts['d5']}，"
        f"满{texts['year10']}不满{texts['year20']}的{texts['d10']}，满{texts['year20']}的{texts['d15']}"
    )
    if "months" not in facts:
        return Said(
            [f"年休假：{rule}。"],
            used,
            missing="months",
            ask="你一共工作多少年了？（各单位加起来）",
        )
    months = int(facts["months"])
    days = sums.leave_days(months, rules)
    if not days:
        return Said([f"工作还不满{texts['year1']}，这一年还没有年休假。{rule}。"], used)
    lines = [f"累计工作{length(months)}：一年有{days}天年休假（{rule}）。"]
    if "pay" not in facts:
        return Said(lines, used)
    pay = Decimal(str(facts["pay"]))
    unused = Decimal(str(facts.get("days") or days))
    due = sums.unused_leave(pay, unused, rules)
    days_of_month = _plain(rules["calc_pay_days"])
    extra = _plain(rules["pay"] - 100)
    lines.append(
        f"{_plain(unused)}天没休：{money(pay)} ÷ {days_of_month} × {_plain(unused)} × {extra}% = {money(due)}"
        f"（共{texts['pay']}，其中一份已经在月工资里）。"
    )
    return Said(lines, used, assumes="工资按前12个月、去掉加班费的平均数；你没有书面说不休")


def _arbitration(facts: Facts, rules: sums.Rules, texts: Texts) -> Said:
    used = ("limit",)
    if "date" not in facts:
        return Said(
            [f"申请劳动仲裁的时限是{texts['limit']}，从你知道权利被侵害那天算起。"],
            used,
            missing="date",
            ask="是哪天的事（比如哪天离职、哪天被辞）？",
        )
    known = date.fromisoformat(str(facts["date"]))
    last = sums.arbitration_limit(known, rules)
    return Said(
        [
            f"从{known.isoformat()}算起，{texts['limit']}，到{last.isoformat()}为止；那天是节假日的，顺延到节后第一天。",
            "中间你跟单位要过、找过部门、单位答应过，时间从那时重新算。还在职时被欠的工资，不受这个限制，离职后才开始算。",
        ],
        used,
        assumes=f"{known.isoformat()}就是你知道权利被侵害的那天",
        next_step="别等到最后一天。仲裁不收费，到合同履行地或单位所在地的仲裁委申请；过没过时限由仲裁委认定。",
    )


def _loan(facts: Facts, rules: sums.Rules, texts: Texts) -> Said:
    used = ("max_amount", "max_years", "rate_above_lpr", "subsidy")
    rule = f"最高{texts['max_amount']}、最长{texts['max_years']}，利率不超过{texts['rate_above_lpr']}，贴息{texts['subsidy']}"
    if "amount" not in facts:
        return Said([f"创业担保贷款：{rule}。"], used, missing="amount", ask="你想贷多少？")
    months = int(facts.get("months") or rules["max_years"] * 12)
    asked = Decimal(str(facts["amount"]))
    lines = []
    if asked > rules["max_amount"] or months > rules["max_years"] * 12:
        lines.append(f"个人{rule.split('，')[0]}，超出的部分按上限算。")
    principal = min(asked, rules["max_amount"])
    given = _rate(facts, rules)
    if given is None:
        lines.append(
            f"一年利息 = {money(principal)} × 银行给你的年利率，财政贴{texts['subsidy']}，其余自己掏。"
            f"利率上限是{texts['rate_above_lpr']}，LPR 每月变，我没有核实过的当月数。"
        )
        return Said(
            lines,
            used,
            missing="rate",
            ask="银行说的年利率是百分之几？告诉我就能算成钱。",
        )
    got = sums.loan(asked, months, given, rules)
    rate = _plain(given)
    if "rate" not in facts:
        lines.append(f"LPR {facts['lpr']}% 的话，利率最高 {texts['rate_above_lpr']} = {rate}%。")
    lines += [
        f"{money(got.principal)} × {rate}% = 一年利息{money(got.yearly)}，{length(got.months)}一共{money(got.interest)}。",
        f"财政贴{texts['subsidy']}：{money(got.subsidy)}；自己掏{money(got.own)}。",
    ]
    return Said(
        lines,
        used,
        assumes=f"年利率按{rate}%，按期付息、到期还本，贴息一直都有",
        next_step="够不够条件、利率多少、贴不贴，由人社、担保机构和银行审。",
    )


def _rate(facts: Facts, rules: sums.Rules) -> Decimal | None:
    """Return the yearly rate in percent: the bank's, or the highest over a stated LPR."""
    if facts.get("rate"):
        return Decimal(str(facts["rate"]))
    lpr = facts.get("lpr")
    return sums.rate_limit(Decimal(str(lpr)), rules) if lpr else None


def _of(names: str) -> frozenset[str]:
    return frozenset(names.split())


#: The calculations by topic; the unemployment benefit has rules of its own (benefit.py).
WORKINGS: dict[str, Working] = {
    "severance": Working(_severance, _of("months pay average"), _of("months pay")),
    "labor-contract": Working(_double_pay, _of("months pay"), _of("months")),
    "probation": Working(_probation, _of("months pay open_ended")),
    "overtime": Working(_overtime, _of("pay hours days kind"), _of("pay hours days")),
    "paid-leave": Working(_leave, _of("months pay days")),
    "labor-arbitration": Working(_arbitration, _of("date")),
    "startup-loan": Working(_loan, _of("amount months rate lpr"), _of("amount rate lpr")),
}
