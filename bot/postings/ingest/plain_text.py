"""Text of a field as a person reads it: no tags, entities or invisible characters of a web page."""

from __future__ import annotations

import html
import re

#: A field without any of these is plain already.
_SUSPICIOUS = re.compile(
    "[<&\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
#: Entities with their semicolon, and the commonest without one where nothing joins them: a
#: parameter of an address (&lt=2) is none.
_ENTITY = re.compile(
    r"&(?:[a-zA-Z][a-zA-Z0-9]{1,31};|#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?"
    r"|(?:nbsp|amp|lt|gt|quot)(?![a-zA-Z0-9=;]))"
)
#: Feeds escape once too often, some twice.
_MAX_UNESCAPES = 3
_HIDDEN = re.compile(r"<(script|style)\b|<!--", re.I)
_HIDDEN_END = {
    "script": re.compile(r"</script\s{0,5}>", re.I),
    "style": re.compile(r"</style\s{0,5}>", re.I),
    "": re.compile("-->"),
}
_LINE = re.compile(
    r"<(?:br|/?p|/?div|/?li|/?ul|/?ol|/?tr|/?table|/?h[1-6]|/?section)\b[^<>]{0,500}>", re.I
)
_CELL = re.compile(r"</t[dh]\s{0,5}>", re.I)
_TAG = re.compile(
    r"</?[a-zA-Z][a-zA-Z0-9:-]{0,30}(?:\s[^<>]{0,2000})?/?>|<!\[CDATA\[|\]\]>|<![a-zA-Z][^<>]{0,200}>"
)
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
_SPACES = re.compile(r"[ \t\xa0]+")
_AROUND_BREAK = re.compile(r" ?\n\s*")


def strip_markup(text: str) -> str:
    """Return a text without markup; its paragraphs and items of lists become lines."""
    if not _SUSPICIOUS.search(text):
        return text.strip()
    for _ in range(_MAX_UNESCAPES):
        unescaped = _ENTITY.sub(lambda hit: html.unescape(hit.group()), text)
        if unescaped == text:
            break
        text = unescaped
    if "<" in text:
        text = _CELL.sub(" ", _without_hidden(text))
        text = _TAG.sub("", _LINE.sub("\n", text))
    text = _UNSEEN.sub("", _BREAKS.sub("\n", text))
    return _AROUND_BREAK.sub("\n", _SPACES.sub(" ", text)).strip()


def _without_hidden(text: str) -> str:
    """Return a text without scripts, styles and comments; one that does not end is left."""
    parts, start, endless = [], 0, set[str]()
    for begin in _HIDDEN.finditer(text):
        kind = (begin.group(1) or "").lower()
        if begin.start() < start or kind in endless:
            continue
        end = _HIDDEN_END[kind].search(text, begin.end())
        if end is None:
            endless.add(kind)
            continue
        parts.append(text[start : begin.start()])
        start = end.end()
    return " ".join([*parts, text[start:]])


def one_line(text: str) -> str:
    """Return a plain text's lines as one: a title, an employer or a place has no second."""
    return " ".join(text.split()) if "\n" in text else text
