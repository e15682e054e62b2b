"""Remarks on a list of postings that are about none of them: enough, nothing new.

All texts are normalised ones; the patterns stand in data/vocab/list_talk.yml.
"""

from __future__ import annotations

from bot.settings import settings
from bot.text.pattern_file import Patterns, read_patterns

_FILE = "list_talk.yml"
#: Longer texts say more than such a few words.
MAX_REMARK_LENGTH, MAX_CLOSING_LENGTH = 40, 20


def closes(text: str) -> bool:
    """Tell whether a text says that this is enough, or no more than yes: 先这样吧, 行 知道了."""
    return len(text) <= MAX_CLOSING_LENGTH and bool(_patterns()["closes"].search(text))


def closes_for_now(text: str) -> bool:
    """Tell whether a text says that this is enough, and is no answer to anything."""
    return len(text) <= MAX_CLOSING_LENGTH and bool(_patterns()["closes_for_now"].search(text))


def complains_of_nothing_new(text: str) -> bool:
    """Tell whether a text complains that nothing new is there: 一天都没有新的."""
    return len(text) <= MAX_REMARK_LENGTH and bool(_patterns()["nothing_new"].search(text))


def wants_no_messages(text: str) -> bool:
    """Tell whether a text says that nothing is to be sent: 别老给我发短信 我自己来问."""
    patterns = _patterns()
    if len(text) > MAX_REMARK_LENGTH or patterns["of_others"].search(text):
        return False
    return bool(patterns["no_messages"].search(text))


def names_service_place(text: str) -> bool:
    """Tell whether a text asks for a place of the service itself: 你们在彰武有没有地方."""
    return bool(_patterns()["service_place"].search(text))


def asks_whether_to_register(text: str) -> bool:
    """Tell whether a text asks if one has to register before work is looked for."""
    return bool(_patterns()["whether_to_register"].search(text))


def asks_what_there_is(text: str) -> bool:
    """Tell whether a text asks to be shown everything there is: 你先给我看看都有啥."""
    return bool(_patterns()["what_there_is"].search(text))


def moves(text: str) -> bool:
    """Tell whether a text says that another place is meant than before: 我搬丹东市里了."""
    return len(text) <= MAX_REMARK_LENGTH and bool(_patterns()["moved"].search(text))


def asks_telephone(text: str) -> bool:
    """Tell whether a text asks for a number to call."""
    return bool(_patterns()["telephone"].search(text))


def wants_telephone(text: str) -> bool:
    """Tell whether postings that can be rung are asked for: 能打电话的活发我 现在就打."""
    return len(text) <= MAX_REMARK_LENGTH and bool(_patterns()["with_telephone"].search(text))


def names_employers(text: str) -> bool:
    """Tell whether a text speaks of those at the other end of a posting: 人家收不收."""
    return bool(_patterns()["of_employers"].search(text))


def asks_for_others(text: str) -> bool:
    """Tell whether a text asks for other postings than those shown, or rules something out."""
    return bool(_patterns()["other_postings"].search(text))


def without_asides(text: str) -> str:
    """Return a text without the asides around a question: 别整那些没用的."""
    return _patterns()["beside_question"].sub(" ", text)


def _patterns() -> Patterns:
    return read_patterns(settings().data_file("vocab", _FILE))
