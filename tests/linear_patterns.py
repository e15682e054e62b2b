"""Time every compiled pattern of bot/ and actions/ on growing texts; prints the superlinear ones.

Run as a process of its own (tests/test_linear_patterns.py): a pattern that is not linear may need
minutes for one text. Patterns are collected as they are compiled, from the modules, from data
files that caches load, from strings that they hold, and from literals in function bodies.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import json
import pkgutil
import re
import signal
import sre_constants
import sre_parse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.rasa_stubs import install_stubs  # noqa: E402

install_stubs()
PACKAGES = ("bot", "actions")
#: Characters of a text; each size is four times the one before. Most texts need the first two.
SIZES = (1_000, 4_000, 16_000, 64_000)
#: Below these seconds a growth says nothing.
MEASURABLE = 0.004
#: Seconds of processor time that are measured at least.
ENOUGH = 0.08
#: Linear work grows by 4 from size to size, quadratic by 16.
MOST_GROWTH = 9.0
#: Work that grows by less is not tried on longer texts,
LEAST_GROWTH = 6.0
#: nor is work that takes less time for each character.
LEAST_SECONDS = 1e-8
#: Seconds of processor time after which one text is given up.
PATIENCE = 3
#: Characters of every kind.
KINDS = " \n\t07一三百千万元年月日岁的人工活是不aZ,，。.、;；:：!！?？()（）《》[]【】\"“”'/-~+_#*%&=<>|\\\x00😀"
LONG = 100

Source = tuple[str, int]


class TooSlow(Exception):
    """A text took longer than any linear pattern could."""


def collected() -> dict[Source, str]:
    """Return every pattern with its flags, and where it was compiled first."""
    found: dict[Source, str] = {}
    original = re._compile  # type: ignore[attr-defined]

    def note(pattern: Any, flags: Any = 0) -> Any:
        compiled = original(pattern, flags)
        if isinstance(compiled.pattern, str):
            frame: Any = sys._getframe(1)
            while frame is not None and frame.f_code.co_filename == re.__file__:
                frame = frame.f_back
            file = frame.f_code.co_filename if frame is not None else ""
            for package in PACKAGES:
                if file.startswith(str(ROOT / package)):
                    place = f"{Path(file).relative_to(ROOT)}:{frame.f_lineno}"
                    found.setdefault((compiled.pattern, compiled.flags), place)
        return compiled

    re._compile = note  # type: ignore[attr-defined]
    modules = list(_modules())
    read = {module: list(_cached(module)) for module in modules}
    _read_files_by_name()
    re._compile = original  # type: ignore[attr-defined]
    for module in modules:
        for held in _held([list(vars(module).values()), read[module]], 0):
            if isinstance(held, re.Pattern):
                found.setdefault((held.pattern, held.flags), module.__name__)
            elif _may_be_pattern(held):
                with contextlib.suppress(re.error):
                    compiled = re.compile(held)
                    found.setdefault((held, compiled.flags), module.__name__)
    for place, text, flags in _literals():
        with contextlib.suppress(re.error):
            compiled = re.compile(text, flags)
            found.setdefault((compiled.pattern, compiled.flags), place)
    return found


def _modules() -> Iterator[Any]:
    for name in PACKAGES:
        package = importlib.import_module(name)
        yield package
        for one in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not one.name.endswith("__main__") and ".migrations." not in one.name:
                yield importlib.import_module(one.name)


def _cached(module: Any) -> Iterator[Any]:
    """Call the module's cached functions without arguments: they read the pattern data files."""
    for value in list(vars(module).values()):
        if not hasattr(value, "cache_info") or value.__module__ != module.__name__:
            continue
        needed = [p for p in inspect.signature(value).parameters.values() if p.default is p.empty]
        with contextlib.suppress(Exception):
            if not needed:
                yield value()
            elif [p.name for p in needed] == ["data"]:
                yield value(ROOT / "data")


def _read_files_by_name() -> None:
    """Read the pattern files whose caches take a kind or a file: one text of each is enough."""
    from bot.understanding.service_wishes import service_wish
    from bot.vocabulary.posting_benefits import from_posting_text

    service_wish("不要再发短信了")
    for kind in ("welfare", "shifts"):
        from_posting_text("五险一金", kind)


def _held(value: Any, depth: int) -> Iterator[re.Pattern[str] | str]:
    """Return the patterns and strings in a value: containers and objects of our own, levels deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < 7:
        inner: Any = ()
        if isinstance(value, dict):
            inner = value.values()
        elif isinstance(value, (list, tuple, set, frozenset)):
            inner = value
        elif type(value).__module__.split(".")[0] in PACKAGES:
            inner = [
                getattr(value, name, None)
                for name in (*getattr(value, "__slots__", ()), *getattr(value, "__dict__", ()))
            ]
        for one in list(inner)[:5000]:
            yield from _held(one, depth + 1)


def _may_be_pattern(text: str) -> bool:
    """Tell whether a string looks like one that is compiled when it is first needed."""
    return "\n" not in text and any(c in text for c in "[(\\") and any(c in text for c in "*+{")


def _literals() -> Iterator[tuple[str, str, int]]:
    """Return the patterns that stand as literals in calls of `re`, wherever they are called."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id == "re"
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                    and isinstance(node.args[0].value, str)
                ):
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", node.args[0].value, 0


def _pumps(pattern: str, flags: int) -> Iterator[tuple[str, str, str]]:
    """Return texts to grow as (before, what is repeated, after)."""
    parsed = sre_parse.parse(pattern, flags & ~re.TEMPLATE)
    yield from (("", kind, after) for kind in KINDS for after in ("", "\x00"))
    seen: set[tuple[str, str]] = set()
    for before, body in _repeats(list(parsed), "", flags):
        for one in (before, body, before + body, before + body * 5):
            for lead in ("", before):
                if one and (lead, one) not in seen and len(seen) < 300:
                    seen.add((lead, one))
                    yield lead, one, ""
                    yield lead, one, "\x00"


def _repeats(nodes: list[Any], before: str, flags: int) -> Iterator[tuple[str, str]]:
    """Return for each long repeat what may stand before it and what it repeats."""
    for op, value in nodes:
        for inner in _inside(op, value):
            yield from _repeats(inner, before, flags)
        if op in (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT):
            for body in _examples(list(value[2]), flags):
                yield before, body
        before += next(iter(_examples([(op, value)], flags)), "")


def _inside(op: Any, value: Any) -> Iterator[list[Any]]:
    if op in (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT):
        yield list(value[2])
    elif op is sre_constants.SUBPATTERN:
        yield list(value[3])
    elif op is sre_constants.BRANCH:
        yield from (list(one) for one in value[1])
    elif op in (sre_constants.ASSERT, sre_constants.ASSERT_NOT):
        yield list(value[1])


def _examples(nodes: list[Any], flags: int, most: int = 6) -> list[str]:
    """Return a few texts that nodes match, as short as they can be but not empty."""
    texts = [""]
    for op, value in nodes:
        options = [""]
        if op is sre_constants.LITERAL:
            options = [chr(value)]
        elif op is sre_constants.ANY:
            options = ["的", " ", "1"]
        elif op is sre_constants.NOT_LITERAL:
            options = [c for c in "的 1a" if ord(c) != value][:2]
        elif op is sre_constants.IN:
            options = _of_class(value) or [""]
        elif op is sre_constants.BRANCH:
            options = [t for one in value[1] for t in _examples(list(one), flags, 1)][:most]
        elif op is sre_constants.SUBPATTERN:
            options = _examples(list(value[3]), flags, most)
        elif op in (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT):
            options = [t * max(1, value[0]) for t in _examples(list(value[2]), flags, most)]
        texts = [a + b for a in texts for b in options][:most] if options else texts
    return texts


def _of_class(value: Any) -> list[str]:
    """Return some characters of a class, of different kinds."""
    inside: list[str] = []
    negated = value[0][0] is sre_constants.NEGATE
    for char in [*KINDS, *(chr(v) for op, v in value if op is sre_constants.LITERAL)]:
        hit = any(_is_of(op, v, char) for op, v in value)
        if hit != negated:
            inside.append(char)
    return list(dict.fromkeys(inside))[:: max(1, len(inside) // 5)][:6]


def _is_of(op: Any, value: Any, char: str) -> bool:
    if op is sre_constants.LITERAL:
        return bool(ord(char) == value)
    if op is sre_constants.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    if op is sre_constants.CATEGORY:
        name = str(value).lower()
        plain = (
            char.isspace() if "space" in name else char.isdigit() if "digit" in name
            else char.isalnum() or char == "_"
        )  # fmt: skip
        return plain != ("not" in name)
    return False


def _repeats_long(nodes: list[Any]) -> bool:
    """Tell whether something may repeat so often that its work depends on the text's length."""
    return any(
        (op in (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT) and int(value[1]) > LONG)
        or any(_repeats_long(inner) for inner in _inside(op, value))
        for op, value in nodes
    )


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    """Return the seconds of finding all of a pattern in a text."""
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    began = time.perf_counter()
    try:
        for _ in pattern.finditer(text):
            pass
        pattern.fullmatch(text)
        return time.perf_counter() - began
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _processor_seconds(pattern: re.Pattern[str], text: str) -> float:
    """Return the processor time of the same, whatever else the machine does.

    Its clock may be coarse: repeated until there is enough of it.
    """
    count, began = 0, time.process_time()
    while (spent := time.process_time() - began) < ENOUGH:
        _seconds(pattern, text)
        count += 1
    return spent / count


def _grows(pattern: re.Pattern[str], before: str, body: str, after: str) -> str | None:
    """Return how a pattern's work grows faster than the text; None when it does not.

    A repeat that starts anew at every character takes thousands of steps for each of the second
    size already: what grows as it should there is not tried on longer texts.
    """
    shorter, known = "", 0.0
    for size in SIZES:
        text = before + (body * (size // len(body) + 1))[:size] + after
        try:
            took = _seconds(pattern, text)
            if took > LEAST_GROWTH * known:  # else something else may have taken the time
                took = min(took, _seconds(pattern, text))
            if known and took > MEASURABLE and took > MOST_GROWTH * known:
                # On a busy machine the time that passed says little.
                ratio = _processor_seconds(pattern, text) / _processor_seconds(pattern, shorter)
                if ratio > MOST_GROWTH:
                    return f"{size // 4} → {size} characters: × {ratio:.0f}"
        except TooSlow:
            return f"{size} characters: more than {PATIENCE} s"
        if took < size * LEAST_SECONDS or took < LEAST_GROWTH * known:
            return None
        shorter, known = text, took
    return None


def _stop(*_: Any) -> None:
    raise TooSlow


def superlinear() -> Iterator[dict[str, Any]]:
    """Return the patterns that are not linear, each with a text that shows it."""
    for (text, flags), place in sorted(collected().items(), key=lambda one: one[1]):
        if not _repeats_long(list(sre_parse.parse(text, flags & ~re.TEMPLATE))):
            continue
        compiled = re.compile(text, flags)
        for pump in _pumps(text, flags):
            growth = _grows(compiled, *pump)
            if growth:
                yield {"place": place, "pattern": text, "pump": pump, "growth": growth}
                break


if __name__ == "__main__":
    signal.signal(signal.SIGVTALRM, _stop)
    for one in superlinear():
        sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")
        sys.stdout.flush()
