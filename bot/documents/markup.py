"""Text without the HTML that it was copied with: tags, entities, comments, scripts."""

from __future__ import annotations

import html
import re

_TAG = re.compile(
    r"<!--|<!DOCTYPE[^<>]{0,300}>|<(/?)([a-zA-Z][a-zA-Z0-9:]{0,15})((?:\s[^<>]{0,3000})?)/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,10}[0-9]{0,2}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "big",
        "cite",
        "code",
        "del",
        "em",
        "font",
        "i",
        "img",
        "input",
        "ins",
        "label",
        "link",
        "mark",
        "meta",
        "o:p",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "u",
        "wbr",
    ]
)
_CELLS = frozenset(("td", "th"))
#: What these hold is no text of the page.
_HIDDEN = frozenset(("script", "style", "head", "title", "noscript", "template"))


def without_markup(text: str) -> str:
    """Return a text with its entities read and its tags taken out; blocks end lines.

    What looks like a tag and is none stays: 《关于修改<中华人民共和国劳动法>的决定》. Takes time in
    proportion to the text.
    """
    if "&" in text:
        # Twice: what was escaped by the page and by the program that copied it.
        text = _ENTITY.sub(_character, _ENTITY.sub(_character, text))
    return "".join(_pieces(text)) if "<" in text else text


def _character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    lower: str | None = None
    unclosed: set[str] = set()
    position, row_begun = 0, False
    for tag in _TAG.finditer(text):
        name = (tag[2] or "").lower()
        is_html = name in _BLOCKS or name in _INLINE or name in _CELLS or name in _HIDDEN
        if tag.start() < position or (tag[2] and not is_html):
            continue
        pieces.append(text[position : tag.start()])
        position = tag.end()
        if tag[0] == "<!--" or (name in _HIDDEN and not tag[1]):
            end = "-->" if not name else f"</{name}"
            lower = text.lower() if lower is None else lower
            close = -1 if end in unclosed else lower.find(end, position)
            if close < 0:
                unclosed.add(end)
                continue
            position = text.find(">", close) + 1 or len(text)
        elif name in _CELLS and not tag[1]:
            pieces.append(" | " if row_begun else "")
            row_begun = True
        elif name in _BLOCKS:
            row_begun = row_begun and name != "tr"
            pieces.append("\n# " if name == "h1" and not tag[1] else "\n")
    pieces.append(text[position:])
    return pieces
