"""The numbers that Word makes itself: counted from numbering.xml, written as its levels say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.documents.numbering import chinese

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: Chains of styles and links that are no loop.
_MAX_STYLE_DEPTH = 20


def _enclosed(first: int, last: int) -> Callable[[int], str]:
    def written(number: int) -> str:
        if not 1 <= number <= last - first + 1:
            raise ValueError(f"no enclosed number for {number}")
        return chr(first + number - 1)

    return written


def _sign_format(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)]


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    written = ""
    for size, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    ):
        written += sign * (number // size)
        number %= size
    return written


def _financial(number: int) -> str:
    return chinese(number).translate(
        str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
    )


def _digits(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


#: How numbers are written, by the names of ECMA-376, 17.18.59 (ST_NumberFormat).
FORMATS: Mapping[str, Callable[[int], str]] = {
    **dict.fromkeys(("decimal", "decimalHalfWidth", "decimalFullWidth", "decimalFullWidth2"), str),
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
         "taiwaneseCountingThousand", "koreanCounting", "japaneseLegal"), chinese,
    ),
    **dict.fromkeys(("ideographDigital", "taiwaneseDigital"), _digits),
    **dict.fromkeys(("chineseLegalSimplified", "ideographLegalTraditional"), _financial),
    "ideographTraditional": _sign_format("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _sign_format("子丑寅卯辰巳午未申酉戌亥"),
    "ideographEnclosedCircle": _enclosed(0x3280, 0x3289),
    "decimalEnclosedCircle": _enclosed(0x2460, 0x2473),
    "decimalEnclosedCircleChinese": _enclosed(0x2460, 0x2473),
    "decimalEnclosedParen": _enclosed(0x2474, 0x2487),
    "decimalEnclosedFullstop": _enclosed(0x2488, 0x249B),
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "none": lambda number: "",
}  # fmt: skip


@dataclass
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = " "
    restart: int | None = None
    """Below which level's number it begins anew: 0 never, None any wider one."""
    legal: bool = False
    style: str | None = None


@dataclass
class _NumberedList:
    levels: dict[int, _Level] = field(default_factory=dict)
    linked: str | None = None
    """The style whose list this one is."""


class Numbers:
    """The counters of a document's lists; paragraphs are told in their order."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._lists: dict[str, _NumberedList] = {}
        self._numbers: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._styles = {s.get(f"{W}styleId"): s for s in _all(styles, "style")}
        for element in _all(numbering, "abstractNum"):
            self._lists[element.get(f"{W}abstractNumId", "")] = _list(element)
        for element in _all(numbering, "num"):
            self._numbers[element.get(f"{W}numId", "")] = _num(element)
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, properties: Any | None) -> str:
        """Return the number before a paragraph (第三条 with what parts it), counting on; or "".

        Raises ValueError when its form is unknown.
        """
        number, level = self._place(properties)
        if number in (None, "0") or number not in self._numbers:
            return ""
        abstract, own, starts = self._numbers[str(number)]
        levels = {**self._levels(abstract), **own}
        definition = levels.get(level)
        if definition is None:
            return ""
        counters = self._counters.setdefault(abstract, {})
        if level in starts and (str(number), level) not in self._begun:
            self._begun.add((str(number), level))
            counters[level] = starts[level] - 1
        counters[level] = counters.get(level, definition.start - 1) + 1
        for below in [counted_level for counted_level in counters if counted_level > level]:
            restart = levels[below].restart if below in levels else None
            if restart is None or (restart and level < restart):
                del counters[below]
        written = self._written(definition, levels, counters)
        # 第三条 甲, but （一）甲.
        return (
            written
            if written.endswith(("）", "、", ")")) or not written
            else written + definition.suffix
        )

    def _written(
        self, definition: _Level, levels: Mapping[int, _Level], counters: Mapping[int, int]
    ) -> str:
        if definition.form == "bullet":
            return ""

        def level_number(placeholder: re.Match[str]) -> str:
            wider = int(placeholder[1]) - 1
            level = levels.get(wider, _Level())
            form = "decimal" if definition.legal else level.form
            if form not in FORMATS:
                raise ValueError(f"numbers paragraphs in an unknown form: {form}")
            return FORMATS[form](counters.get(wider, level.start))

        return re.sub("%([1-9])", level_number, definition.text)

    def _place(self, properties: Any | None) -> tuple[str | None, int]:
        """Return a paragraph's list and level: its own or those of its style."""
        own = _child(properties, "numPr")
        number, level = _value(own, "numId"), _value(own, "ilvl")
        style = _value(properties, "pStyle")
        if number is None:
            number, styled = self._styled(style)
            level = level if level is not None else styled
        return number, int(level or 0)

    def _styled(self, style: str | None) -> tuple[str | None, str | None]:
        level: str | None = None
        paragraph_style = style
        for _ in range(_MAX_STYLE_DEPTH):
            element = self._styles.get(style)
            if element is None:
                break
            of_style = _child(_child(element, "pPr"), "numPr")
            level = level if level is not None else _value(of_style, "ilvl")
            number = _value(of_style, "numId")
            if number is not None:
                return number, level if level is not None else self._by_style(
                    number, paragraph_style
                )
            style = _value(element, "basedOn")
        return None, None

    def _by_style(self, number: str, style: str | None) -> str | None:
        levels = self._levels(self._numbers[number][0]) if number in self._numbers else {}
        return next((str(index) for index, level in levels.items() if level.style == style), None)

    def _levels(self, abstract: str) -> dict[int, _Level]:
        for _ in range(_MAX_STYLE_DEPTH):
            definition = self._lists.get(abstract, _NumberedList())
            if definition.levels or definition.linked is None:
                return definition.levels
            style = self._styles.get(definition.linked)
            number = _value(_child(_child(style, "pPr"), "numPr"), "numId")
            abstract = self._numbers[number][0] if number in self._numbers else ""
        return {}


def _list(element: Any) -> _NumberedList:
    levels = {int(level.get(f"{W}ilvl", 0)): _level(level) for level in _all(element, "lvl")}
    return _NumberedList(levels, _value(element, "numStyleLink"))


def _level(element: Any) -> _Level:
    restart = _value(element, "lvlRestart")
    # A form that old Word does not know stands beside one that it does.
    forms = [form.get(f"{W}val", "decimal") for form in element.iter(f"{W}numFmt")]
    legal = _child(element, "isLgl")
    return _Level(
        start=int(_value(element, "start") or 1),
        form=next((form for form in forms if form in FORMATS), forms[0] if forms else "decimal"),
        text=_value(element, "lvlText") or "",
        suffix="" if _value(element, "suff") == "nothing" else " ",
        restart=int(restart) if restart is not None else None,
        legal=legal is not None and legal.get(f"{W}val", "1") not in ("0", "false"),
        style=_value(element, "pStyle"),
    )


def _num(element: Any) -> tuple[str, dict[int, _Level], dict[int, int]]:
    levels: dict[int, _Level] = {}
    starts: dict[int, int] = {}
    for override in _all(element, "lvlOverride"):
        index = int(override.get(f"{W}ilvl", 0))
        level, start = _child(override, "lvl"), _value(override, "startOverride")
        if level is not None:
            levels[index] = _level(level)
        if start is not None:
            starts[index] = int(start)
    return _value(element, "abstractNumId") or "", levels, starts


def _all(element: Any | None, name: str) -> Iterator[Any]:
    return iter(()) if element is None else iter(element.findall(f"{W}{name}"))


def _child(element: Any | None, name: str) -> Any | None:
    return None if element is None else element.find(f"{W}{name}")


def _value(element: Any | None, name: str) -> str | None:
    child = _child(element, name)
    return None if child is None else child.get(f"{W}val")
