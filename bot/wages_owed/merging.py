"""Taking a message into the ledger of wages owed: additions, corrections, further items.

Where a quantity of the message could be meant in two ways it is named as unclear, and the ledger
stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.text.chinese_numbers import value
from bot.text.pattern_file import patterns
from bot.wages_owed.ledger import Entry, Ledger, WorkItem
from bot.wages_owed.reading import Count, WageRate, WageReading
from bot.wages_owed.roles import RoledSum, roles
from bot.wording import wording

_PATTERNS = patterns("calculator_arrears")
_SAY = wording("calculator_arrears")
#: Characters that are quoted of what is unclear.
_MAX_QUOTED = 12


@dataclass
class MergedLedger:
    """A ledger after a message."""

    ledger: Ledger
    unclear: list[str] = field(default_factory=list)
    """Words of quantities whose meaning is not certain."""
    states_work: bool = False
    """True where the message itself says how much was worked."""


def merge(reading: WageReading, known: Ledger) -> MergedLedger:
    """Return the ledger after a message; `unclear` names what could not be explained."""
    merger = _Merger(reading, Ledger.from_dict(known.to_dict()))
    merger.merge()
    return MergedLedger(merger.ledger, merger.unclear, merger.states_work)


def note_told(reading: WageReading, known: Ledger) -> Ledger:
    """Return the ledger with the rates and further items of a message that asks for no sum."""
    ledger = Ledger.from_dict(known.to_dict())
    ledger.rates |= {rate.unit: rate.amount for rate in reading.rates}
    ledger.is_owing |= bool(_PATTERNS["owing"].search(reading.text))
    for roled in roles(reading):
        entry = Entry(roled.name, roled.money.amount)
        if roled.role == "extra" and entry not in ledger.pending:
            ledger.pending.append(entry)
    return ledger


def is_question_of_rule(text: str) -> bool:
    """Tell whether a message asks for a rule, a way or an opinion, and for no sum."""
    return bool(_PATTERNS["asks_rule"].search(text)) and not asks_amount(text)


def asks_amount(text: str) -> bool:
    """Tell whether a message asks how much it comes to."""
    return bool(_PATTERNS["asks_owed_amount"].search(text))


class _Merger:
    """Takes one message into one ledger."""

    def __init__(self, reading: WageReading, ledger: Ledger) -> None:
        self.reading, self.ledger, self.text = reading, ledger, reading.text
        self.sums = roles(reading)
        self.unclear = list(reading.unread)
        self.states_work = False
        self.asks = asks_amount(self.text)
        self.is_correction = bool(_PATTERNS["correction"].search(self.text))
        self.is_addition = bool(_PATTERNS["addition"].search(self.text))
        self.is_owing = bool(_PATTERNS["owing"].search(self.text))

    def merge(self) -> None:
        if is_question_of_rule(self.text):
            self._refuse_deductions()
            self._note_pending()
            return
        counts = self._work_counts()
        self.ledger.is_owing |= self.is_owing or self._has("offer", "iou")
        part = _PATTERNS["part_of_it"].search(self.text)
        if part and counts:
            self.unclear.append(self.text[part.start() : part.start() + _MAX_QUOTED])
        own_rates = self._take_rates(counts)
        self._take_counts(counts, own_rates)
        self._take_paid_months()
        self._take_by_amounts(counts)
        self._take_payments()
        self._take_sums()
        self._take_pending()
        self._take_costs()
        self._refuse_deductions()
        self._take_people()

    def _has(self, *names: str) -> bool:
        return any(roled.role in names for roled in self.sums)

    # Counts of work

    def _work_counts(self) -> list[Count]:
        """Return the counts that are of this person's unpaid work, in their order."""
        counts = sorted(self.reading.counts, key=lambda count: count.start)
        owed = [count for count in counts if count.unit == "月" and self._is_owed(count)]
        return [
            count
            for count in counts
            if (self._is_month_of_work(count, owed) if count.unit == "月" else self._is_work(count))
        ]

    def _is_owed(self, count: Count) -> bool:
        before, after = self.text[: count.start], self.text[count.end :]
        owing_follows = _PATTERNS["owing_after_length"].match(after)
        if _PATTERNS["work_before"].search(before) and not owing_follows:
            return False
        return bool(_PATTERNS["owing_before_length"].search(before) or owing_follows)

    def _is_month_of_work(self, count: Count, owed: list[Count]) -> bool:
        before = self.text[: count.start]
        if _PATTERNS["retraction"].search(before) or _PATTERNS["idle_before"].search(before):
            return False
        if count in owed:
            return True
        if self._is_known(count) or self._sums_up_labels(count):
            return True
        if owed and _PATTERNS["work_before"].search(before):
            return False
        if self.ledger.items:
            return bool(count.labels or self.is_correction or self.asks or count.number < 12)
        return self.is_owing and (count.number < 12 or not self._is_work_length(before))

    def _is_work_length(self, before: str) -> bool:
        return bool(_PATTERNS["work_before"].search(before))

    def _is_work(self, count: Count) -> bool:
        before = self.text[: count.start]
        if _PATTERNS["retraction"].search(before) or _PATTERNS["idle_before"].search(before):
            return False
        if _PATTERNS["capacity_before"].search(before):
            return False
        if count.unit not in ("天", "时"):
            units = {*self.ledger.rates, *(rate.unit for rate in self.reading.rates)}
            return count.unit in units
        is_of_work = bool(_PATTERNS["work_word_before"].search(before))
        has_rate = any(rate.unit == count.unit for rate in self.reading.rates)
        known = any(item.unit == count.unit for item in self.ledger.items)
        return is_of_work or has_rate or known or self.is_owing or bool(self.ledger.items)

    def _is_known(self, count: Count) -> bool:
        return any(
            item.unit == count.unit and item.count == count.number for item in self.ledger.items
        )

    def _sums_up_labels(self, count: Count) -> bool:
        """Tell whether a number of months says how many were named: 俩月一共."""
        labels = {label for item in self.ledger.items for label in item.labels}
        labels |= {
            label for other in self.reading.counts if other.unit != "月" for label in other.labels
        }
        return not count.labels and count.unit == "月" and count.number == len(labels)

    def _take_counts(self, counts: list[Count], own_rates: dict[int, WageRate]) -> None:
        known_items = list(self.ledger.items)
        fresh: list[Count] = []
        for count in counts:
            if self._is_total(count, fresh):
                continue
            rate = own_rates.get(count.start)
            if rate is None and self._is_reference(count, known_items, fresh):
                self.states_work = True
                continue
            self.states_work = True
            self._place(count, rate.amount if rate else None, known_items, counts)
            fresh.append(count)

    def _is_total(self, count: Count, fresh: list[Count]) -> bool:
        """Tell whether a count sums up those before it: 一共67天; it has to be right."""
        same = [other.number for other in fresh if other.unit == count.unit]
        if len(same) < 2 or not _PATTERNS["total_before"].search(self.text[: count.start]):
            return False
        if sum(same) != count.number:
            self.unclear.append(self.text[count.start : count.end])
        return True

    def _is_reference(self, count: Count, known_items: list[WorkItem], fresh: list[Count]) -> bool:
        if self._sums_up_labels(count):
            return True
        points = _PATTERNS["last_before_length"].search(self.text[: count.start])
        again = [
            other
            for other in fresh
            if other.unit == count.unit and other.number == count.number and not count.labels
        ]
        follows = _PATTERNS["named_again"].match(self.text[count.end :])
        if again and (points or follows):
            return True
        if again and not self.is_addition:
            self.unclear.append(self.text[count.start : count.end])
            return True
        return not self.is_addition and any(
            item.unit == count.unit
            and item.count == count.number
            and (not count.labels or count.labels == item.labels)
            for item in known_items
        )

    def _place(
        self, count: Count, rate: float | None, known_items: list[WorkItem], counts: list[Count]
    ) -> None:
        """Add a count, or put it in the place of the one that it corrects."""
        item = WorkItem(count.unit, count.number, count.labels, rate, word=count.word)
        items = self.ledger.items
        before = self.text[: count.start]
        corrects = bool(_PATTERNS["correction_before"].search(before))
        adds = self.is_addition and not corrects
        same_unit = [known for known in known_items if known.unit == count.unit and known in items]
        same_label = [known for known in same_unit if known.labels == item.labels and item.labels]
        if same_label and not _PATTERNS["more_work"].search(self.text):
            items[items.index(same_label[0])] = item
            return
        if item.labels and self._splits(item, known_items):
            items.append(item)
            return
        if item.labels and item.unit == "月" and len(item.labels) > 1:
            self.ledger.items = [known for known in items if known.unit != "月"] + [item]
            return
        alone = [other for other in counts if other.unit == count.unit]
        if adds or (item.labels and not self.is_correction) or not known_items:
            items.append(item)
        elif len(same_unit) == 1 and len(alone) == 1 and not (item.labels and same_unit[0].labels):
            item.rate = item.rate or same_unit[0].rate
            item.labels = item.labels or same_unit[0].labels
            items[items.index(same_unit[0])] = item
        elif self.is_correction and len(known_items) == 1 and not same_unit and len(counts) == 1:
            self.ledger.items = [item]
        elif not same_unit and not self.is_correction:
            items.append(item)
        else:
            self.unclear.append(self.text[count.start : count.end])

    def _splits(self, item: WorkItem, known_items: list[WorkItem]) -> bool:
        """Take a month that was worked in part out of the months told before: 八月就干了半个月."""
        if len(item.labels) != 1 or (item.unit == "月" and item.count >= 1):
            return False
        for known in known_items:
            if known.unit == "月" and item.labels[0] in known.labels and len(known.labels) > 1:
                known.labels = [label for label in known.labels if label != item.labels[0]]
                known.count -= 1
                return True
        return False

    def _take_paid_months(self) -> None:
        """Take off a month that was paid after all: 九月的给过了."""
        for month, start, end in self.reading.months:
            labelled = any(month in count.labels for count in self.reading.counts)
            known = any(month in item.labels for item in self.ledger.items)
            if not (labelled or known) and _PATTERNS["month_joined"].match(self.text[end:]):
                self.unclear.append(self.text[start:end])
            if not _PATTERNS["month_paid_after"].match(self.text[end:]):
                continue
            for item in self.ledger.items:
                if item.unit == "月" and month in item.labels and len(item.labels) > 1:
                    item.labels = [label for label in item.labels if label != month]
                    item.count -= 1

    # Rates

    def _take_rates(self, counts: list[Count]) -> dict[int, WageRate]:
        """Set the rates; return those of single counts by where the count stands."""
        own: dict[int, WageRate] = {}
        by_unit: dict[str, list[WageRate]] = {}
        for rate in sorted(self.reading.rates, key=lambda rate: rate.start):
            by_unit.setdefault(rate.unit, []).append(rate)
        for unit, unit_rates in by_unit.items():
            unit_counts = [count for count in counts if count.unit == unit]
            known = any(item.unit == unit for item in self.ledger.items)
            amounts = {rate.amount for rate in unit_rates}
            if self.is_addition and known and len(unit_counts) == 1 and len(amounts) == 1:
                own[unit_counts[0].start] = unit_rates[0]
            elif len(amounts) == 1:
                self._set_rate(unit, unit_rates[-1])
            elif len(unit_rates) == len(unit_counts) and _in_turn(unit_counts, unit_rates):
                own |= {
                    count.start: rate for count, rate in zip(unit_counts, unit_rates, strict=True)
                }
            elif [rate for rate in unit_rates if rate.replaces] == unit_rates[-1:]:
                self._set_rate(unit, unit_rates[-1])
            else:
                self.unclear += [self.text[rate.start : rate.end] for rate in unit_rates]
        month_counts = [count for count in counts if count.unit == "月"]
        month_rates = [roled for roled in self.sums if roled.role == "month_rate"]
        if len(month_rates) == len(month_counts) > 1:
            for count, roled in zip(month_counts, month_rates, strict=True):
                own[count.start] = WageRate("月", roled.money.amount, 0, 0)
        elif month_rates:
            self.unclear += [self._words(roled) for roled in month_rates]
        return own

    def _set_rate(self, unit: str, rate: WageRate) -> None:
        self.ledger.rates[unit] = rate.amount
        if self.is_correction or rate.replaces:
            for item in self.ledger.items:
                item.rate = None if item.unit == unit else item.rate

    def _take_by_amounts(self, counts: list[Count]) -> None:
        """Take 按两千算: the rate of what is counted, or the sum of a part of a month."""
        for money in self.reading.by_amounts:
            preceding = [count for count in counts if count.end <= money.start]
            count = preceding[-1] if preceding else None
            units = {item.unit for item in self.ledger.items}
            if count and any(
                rate.unit == count.unit and rate.amount == money.amount
                for rate in self.reading.rates
            ):
                continue
            if count and count.unit == "月" and self._is_amount_of(count, money.amount):
                continue
            if count is None and len(units) == 1 and not self.reading.rates:
                unit = units.pop()
                self._set_rate(unit, WageRate(unit, money.amount, money.start, money.end, True))
                continue
            self.unclear.append(self.text[money.start : money.end])

    def _is_amount_of(self, count: Count, amount: float) -> bool:
        rate = self.ledger.rates.get("月")
        return rate is not None and abs(rate * count.number - amount) < 1

    # Sums

    def _words(self, roled: RoledSum) -> str:
        return self.text[roled.money.start : roled.money.end]

    def _take_payments(self) -> None:
        paid = [roled.money.amount for roled in self.sums if roled.role == "payment"]
        total = [roled.money.amount for roled in self.sums if roled.role == "total_payment"]
        if total:
            if paid and sum(paid) != total[-1] and not set(total) & set(paid):
                self.unclear += [self._words(r) for r in self.sums if r.role == "payment"]
            self.ledger.payments = [Entry(_SAY("paid"), total[-1])]
            return
        known = [entry.amount for entry in self.ledger.payments]
        if paid and known and _PATTERNS["payment_corrected"].search(self.text):
            self.ledger.payments = [Entry(_SAY("paid"), amount) for amount in paid]
            return
        for roled in self.sums:
            if roled.role != "payment":
                continue
            points = _PATTERNS["reference"].search(self.text[: roled.money.start])
            if not (points and roled.money.amount in known):
                self.ledger.payments.append(Entry(_SAY("paid"), roled.money.amount))

    def _take_sums(self) -> None:
        has_counts = any(item.count for item in self.ledger.items)
        wants_extra = self.is_addition or _PATTERNS["extra_wanted"].search(self.text)
        for held in self.reading.held_back:
            self._add(self.ledger.extras, Entry(_SAY("held_back"), held.amount))
        for roled in self.sums:
            amount = roled.money.amount
            if roled.role == "offer":
                self.ledger.offer = amount
            elif roled.role == "iou":
                self.ledger.iou = amount
            elif roled.role == "extra":
                entries = self.ledger.extras if wants_extra else self.ledger.pending
                self._add(entries, Entry(roled.name, amount))
            elif roled.role == "own_deduction":
                self._add(self.ledger.deductions, Entry(_SAY("borrowed"), amount))
            elif roled.role == "deduction" and self.asks:
                self._add(self.ledger.deductions, Entry(roled.name, amount, roled.is_claimed))
            elif roled.role == "owed" and not has_counts and self._is_told_apart(roled):
                self.ledger.items.append(WorkItem("", amount=amount))
                self.states_work = True
            elif roled.role not in ("payment", "total_payment", "month_rate", "foreign"):
                self.unclear.append(self._words(roled))

    def _is_told_apart(self, roled: RoledSum) -> bool:
        """Tell whether an amount owed is the only one, or of a time of its own: 7月欠2000."""
        if sum(other.role == "owed" for other in self.sums) < 2:
            return not any(item.amount for item in self.ledger.items) or self.is_addition
        before = self.text[max(0, roled.money.start - _MAX_QUOTED) : roled.money.start]
        return bool(_PATTERNS["owed_apart"].search(before))

    def _note_pending(self) -> None:
        """Keep further items that the message tells without asking for a sum."""
        for roled in self.sums:
            if roled.role == "extra":
                self._add(self.ledger.pending, Entry(roled.name, roled.money.amount))

    def _take_pending(self) -> None:
        """Add what was told before, where the message only names it: 加上报销的家什钱呢."""
        if not _PATTERNS["adds_named"].search(self.text) or self._has("extra"):
            return
        named = [e for e in self.ledger.pending if e.name[:2] in self.text]
        named = named or (self.ledger.pending if len(self.ledger.pending) == 1 else [])
        for entry in named:
            self._add(self.ledger.extras, entry)
        told = self.reading.held_back or any(roled.role != "foreign" for roled in self.sums)
        if not (named or told or self.ledger.extras or self.states_work):
            self.unclear.append(self.text[:_MAX_QUOTED])

    def _add(self, entries: list[Entry], entry: Entry) -> None:
        """Add an entry; of one name and sum it is the one told before."""
        if entry not in entries:
            entries[:] = [other for other in entries if other.name != entry.name or not entry.name]
            entries.append(entry)

    def _take_costs(self) -> None:
        for cost in self.reading.costs:
            numbers = [c.number for c in self.reading.counts if c.unit == cost.unit]
            if not (self.asks and numbers):
                if self.asks:
                    self.unclear.append(self.text[cost.start : cost.end])
                continue
            is_claimed = bool(_PATTERNS["employer_says"].search(self.text))
            amount = round(cost.amount * numbers[-1], 2)
            self._add(self.ledger.deductions, Entry(cost.name, amount, is_claimed))

    def _refuse_deductions(self) -> None:
        if _PATTERNS["deduction_refused"].search(self.text):
            self.ledger.deductions = [e for e in self.ledger.deductions if not e.is_claimed]

    def _take_people(self) -> None:
        people = _PATTERNS["people"].search(self.text)
        alike = _PATTERNS["people_alike"].search(self.text)
        if people and _PATTERNS["per_person"].search(self.text):
            self.ledger.people = value(people["number"]) or 1
        elif alike and self.ledger.items:
            self.ledger.people = value(alike["number"]) or 1


def _in_turn(counts: list[Count], rates: list[WageRate]) -> bool:
    """Tell whether counts and rates alternate: 20天 一天200, 10天 一天180."""
    marks = sorted([(c.start, "c") for c in counts] + [(r.start, "r") for r in rates])
    kinds = "".join(kind for _, kind in marks)
    return kinds in ("cr" * len(counts), "rc" * len(counts))
