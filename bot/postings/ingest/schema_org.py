"""Values of schema.org's JobPosting as text: pay, schooling, experience; postings of a graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.text.pattern_file import patterns
from bot.wording import wording

_PATTERNS = patterns("posting_pay")
_SAY = wording("posting_answers")

_UNITS = {
    "HOUR": "小时", "HOURS": "小时", "HUR": "小时", "HOURLY": "小时",
    "DAY": "天", "DAYS": "天", "DAILY": "天", "WEEK": "周", "WEEKS": "周", "WEE": "周",
    "WEEKLY": "周", "MONTH": "月", "MONTHS": "月", "MON": "月",
    "MONTHLY": "月", "YEAR": "年", "YEARS": "年", "ANN": "年", "ANNUAL": "年", "YEARLY": "年",
    "小时": "小时", "时": "小时", "天": "天", "日": "天", "周": "周", "月": "月", "年": "年",
}  # fmt: skip
#: Names of the parts of an amount: schema.org's, and those that feeds use in their place.
_LOW_KEYS, _HIGH_KEYS = ("minValue", "min", "low", "from"), ("maxValue", "max", "high", "to")
_ONE_KEYS = ("value", "amount")
_UNIT_KEYS = ("unitText", "unitCode", "unit", "period", "interval")
_YUAN = ("", "CNY", "RMB", "人民币", "元", "￥", "¥", "CNH")
_SCHOOLING = {
    "high school": "高中", "associate degree": "大专", "bachelor degree": "本科",
    "bachelor's degree": "本科",
    "postgraduate degree": "硕士", "professional certificate": "中专",
}  # fmt: skip
_EMPLOYMENT = {
    "FULL_TIME": "全职", "PART_TIME": "兼职", "TEMPORARY": "临时工",
    "PER_DIEM": "日结", "INTERN": "实习",
}  # fmt: skip
#: More places of one posting are not read, nor more characters of the name of one.
_MAX_PLACES, _MAX_NAME_LENGTH = 100, 60
_PLACE_KEYS = ("address", "addressRegion", "addressLocality", "streetAddress")
#: Lists and graphs are looked into so deep.
_MAX_DEPTH = 4


def pay(value: Any) -> str:
    """Write out a MonetaryAmount: 4000-6000元/月; in another currency with its name."""
    if isinstance(value, list):
        return next((text for text in map(pay, value[:5]) if text), "")
    if not isinstance(value, Mapping):
        return ""
    inner = value.get("value")
    if isinstance(inner, list):
        inner = inner[0] if inner else None
    amount: Mapping[str, Any] = inner if isinstance(inner, Mapping) else value
    unit = _first(amount, _UNIT_KEYS) or _first(value, _UNIT_KEYS)
    scaled = _PATTERNS["scaled_unit"].fullmatch(unit)
    unit = scaled["period"] or "" if scaled else unit
    period = _UNITS.get(unit.upper().replace("PER ", ""), unit or "月")
    currency = str(value.get("currency") or amount.get("currency") or "").strip().upper()
    yuan = (scaled["yuan"] if scaled else "元") if currency in _YUAN else currency
    sums = _sums(amount)
    if not sums:
        return ""
    return sums if not sums[-1].isdigit() and "元" in sums else f"{sums}{yuan}/{period}"


def _sums(amount: Mapping[str, Any]) -> str:
    low, high, single = (
        next((text for key in keys if (text := _number(amount.get(key)))), "")
        for keys in (_LOW_KEYS, _HIGH_KEYS, _ONE_KEYS)
    )
    if low and high:
        return f"{low}-{high}"
    if low or high:
        return f"不低于{low}" if low else f"最高{high}"
    return single


def _first(amount: Mapping[str, Any], keys: Iterable[str]) -> str:
    return next((str(amount[key]).strip() for key in keys if amount.get(key)), "")


def _number(value: Any) -> str:
    """Return a number as it is written in a cell; a nought states nothing."""
    if isinstance(value, (bool, Mapping, list)) or not value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"[:40]
    return str(value).strip()[:40]


def schooling(text: str) -> str:
    """Return the Chinese name of schema.org's level of schooling, the text itself for others."""
    return _SCHOOLING.get(text.strip().lower(), text)


def employment(text: str) -> str:
    """Return the Chinese name of an employment type; of several none is meant alone."""
    return _EMPLOYMENT.get(text.strip().upper(), text)


def months(value: Any) -> str:
    """Return months of experience in years, as postings ask for them."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return ""
    if not 0 <= number <= 600:
        return ""
    return f"{number / 12:.0f}年" if number >= 12 else "1年以下"


def in_first_place(posting: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a posting in the first of its places; the description names the others."""
    places = posting.get("jobLocation")
    if not isinstance(places, list) or len(places) < 2:
        return posting
    place_names = [name for name in map(_place_name, places[:_MAX_PLACES]) if name]
    others = list(dict.fromkeys(name for name in place_names if name != place_names[0]))
    text = str(posting.get("description") or "")
    if others:
        line = _SAY("other_places", places="、".join(others))
        text = f"{text}\n{line}"
    return {**posting, "jobLocation": places[0], "description": text}


def _place_name(value: Any, depth: int = 0) -> str:
    """Return the words of a Place or an address, from the largest region to the street."""
    if isinstance(value, str):
        return value.strip()[:_MAX_NAME_LENGTH]
    if not isinstance(value, Mapping) or depth > _MAX_DEPTH:
        return ""
    parts = (_place_name(value.get(key), depth + 1) for key in _PLACE_KEYS)
    return "".join(dict.fromkeys(part for part in parts if part))[:_MAX_NAME_LENGTH]


def postings(value: Any) -> list[Any] | None:
    """Return the JobPostings of a @graph or an ItemList; None for a value that is neither."""
    if not isinstance(value, dict):
        return None
    listed = value.get("@graph", value.get("itemListElement"))
    if not isinstance(listed, list):
        return None
    items = list(_flattened(listed, 0))
    nodes = {node["@id"]: node for node in items if isinstance(node, dict) and "@id" in node}
    return [_resolved(node, nodes) for node in items if _is_posting(node)]


def _flattened(listed: list[Any], depth: int) -> list[Any]:
    items: list[Any] = []
    for element in listed:
        if isinstance(element, dict) and isinstance(element.get("item"), dict):
            element = element["item"]
        inner = (
            element.get("itemListElement", element.get("@graph"))
            if isinstance(element, dict)
            else None
        )
        if isinstance(inner, list) and depth < _MAX_DEPTH:
            items += _flattened(inner, depth + 1)
        else:
            items.append(element)
    return items


def _is_posting(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    kind = value.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return any(str(kind_name).endswith("JobPosting") for kind_name in kinds) or (
        kind is None and "title" in value
    )


def _resolved(posting: dict[str, Any], nodes: Mapping[str, Any]) -> dict[str, Any]:
    """Put the nodes that a posting names by @id in their places."""
    return {
        key: [_node(element, nodes) for element in value]
        if isinstance(value, list)
        else _node(value, nodes)
        for key, value in posting.items()
    }


def _node(value: Any, nodes: Mapping[str, Any]) -> Any:
    if isinstance(value, dict) and set(value) == {"@id"} and isinstance(value["@id"], str):
        return nodes.get(value["@id"], value)
    return value
