"""Structured messages in words: for a full screen, for WeChat, and for SMS.

The one place where a message gets a form. Web pages draw cards from the structure itself and use
these words only where they cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.text.pattern_file import patterns
from bot.wording import wording

#: Bytes of one WeChat text message (official community's measurement; longer is error 45002).
WECHAT_BYTES = 2048
#: Messages that may follow one of the person's within 48 hours (customer-service quota).
WECHAT_SENDS = 5
#: UCS-2 characters of one part of a concatenated SMS, and how many parts we send (GSM 03.40).
SMS_PART, SMS_PARTS = 67, 2
#: Postings that a list in an SMS shows at least, and the letters left to an employer for it.
MIN_SMS_POSTINGS, EMPLOYER_LETTERS = 3, (10, 8, 6, 4, 0)
#: Letters left to the title of a station, a fair or a course for three of them.
TITLE_LETTERS = (14, 12, 10, 8, 6)
#: The legal form and remarks after an employer's name.
_LEGAL_FORM = patterns("employer_short_names")["legal_form"]
_SAY = wording("rendering")
_SECOND_HAND = _SAY("second_hand")
#: The groups of an eligibility message, and how many of each are told with their reasons.
_FITS = {"fits": "对得上", "may_fit": "可能对得上", "does_not": "对不上"}
FITS_LISTED = 5

Structured = Mapping[str, Any]


def render(channel: str, message: Structured) -> list[str]:
    """Return a structured message as the texts that a channel would send."""
    if channel == "sms":
        return sms(message)
    if channel == "wechat":
        return wechat(message)
    return [full_text(message)]


def full_text(message: Structured) -> str:
    """Return a message whole: answer, list, what next, source, choices."""
    parts = [message.get("text", ""), *_items(message), *_fitting(message), *_more_of_law(message)]
    step = message.get("next_step")
    if step and step not in message.get("text", ""):
        parts.append(_SAY("next_step", step=step))
    source = source_line(message)
    if source:
        parts.append(source)
    if message.get("type") in ("clarify", "form") and message.get("buttons"):
        parts.append("　".join(f"{n}. {b['title']}" for n, b in enumerate(message["buttons"], 1)))
    return "\n".join(part for part in parts if part)


def _more_of_law(message: Structured) -> list[str]:
    """Say how to get the whole of an article that is quoted in part."""
    if message.get("type") != "law_quote" or message["text"].endswith(message["whole"]):
        return []
    return [_SAY("excerpt", document=message["document"], article=message["article"])]


def source_line(message: Structured) -> str:
    """Return where an answer comes from: document, number, article, since when."""
    cited = [_cited(citation) for citation in message.get("citations") or ()]
    return _SAY("source", sources="；".join(cited)) if cited else ""


def _cited(citation: Structured) -> str:
    text = f"《{citation['document']}》"
    if citation.get("number"):
        text += f"（{citation['number']}）"
    text += citation.get("article") or ""
    if citation.get("effective_from"):
        text += _SAY("in_force_since", day=citation["effective_from"])
    return text + (f"（{_SECOND_HAND}）" if citation.get("second_hand") else "")


def _items(message: Structured) -> list[str]:
    lines = []
    items = message.get("items") or ()
    for number, item in enumerate(items, 1):
        head = " · ".join((item["title"], item["employer"], item["region"], item["salary_text"]))
        lines.append(f"{number}. {head}" if len(items) > 1 else head)
        if item["reasons"]:
            lines.append(_SAY("why", reasons="；".join(item["reasons"])))
        if item.get("origin") and len(items) > 1:  # The text of a single one says it.
            lines.append(f"   {item['origin']}")
        lines += [f"   ⚠ {warning}" for warning in item["warnings"]]
    return lines


def _fitting(message: Structured) -> list[str]:
    """Return which policies fit a person, may fit and do not, each with why and what next."""
    lines = []
    for key, head in _FITS.items():
        policies = message.get(key) or ()
        if policies:
            lines.append(f"【{head}】")
            lines += [_fit(item, key) for item in policies[:FITS_LISTED]]
        if len(policies) > FITS_LISTED:
            titles = "、".join(item["title"] for item in policies[FITS_LISTED:])
            lines.append(_SAY("further_policies", titles=titles))
    return lines


def _fit(item: Structured, key: str) -> str:
    hedge = f"（{_SECOND_HAND}）" if any(c.get("second_hand") for c in item["citations"]) else ""
    line = f"· {item['title']}：{'；'.join(item['reasons'])}{hedge if key != 'does_not' else ''}"
    if key == "does_not":
        return line + f"（{_short_source(item['citations'][0])}）"
    if key == "fits" and item["next_step"]:
        return line + _SAY("next_step_of_policy", step=item["next_step"])
    return line


def _short_source(citation: Structured) -> str:
    source = citation.get("number") or f"{citation['document']}{citation.get('article') or ''}"
    return source + (f"，{_SECOND_HAND}" if citation.get("second_hand") else "")


def wechat(message: Structured, numbers: bool = True) -> list[str]:
    """Return a message as at most five texts of at most 2048 bytes, cut between lines.

    `numbers` adds what a number answers; a menu of the medium's own does without.
    """
    line = numbers_line(message) if numbers else ""
    return wechat_texts("\n".join(part for part in (full_text(message), line) if part))


def wechat_texts(text: str) -> list[str]:
    """Return a text as at most five of at most 2048 bytes, cut between lines."""
    pieces: list[str] = []
    for line in text.split("\n"):
        for part in _by_bytes(line, WECHAT_BYTES):
            joined = f"{pieces[-1]}\n{part}" if pieces else part
            if pieces and len(joined.encode()) <= WECHAT_BYTES:
                pieces[-1] = joined
            else:
                pieces.append(part)
    if len(pieces) > WECHAT_SENDS:
        last = pieces[WECHAT_SENDS - 1]
        pieces = [*pieces[: WECHAT_SENDS - 1], _by_bytes(last, WECHAT_BYTES - 3)[0] + "…"]
    return pieces


def _by_bytes(text: str, max_bytes: int) -> list[str]:
    """Cut a text into pieces of so many bytes, between characters."""
    pieces, size = [""], 0
    for char in text:
        size += len(char.encode())
        if size > max_bytes:
            pieces.append("")
            size = len(char.encode())
        pieces[-1] += char
    return pieces


class ReplyChoice(NamedTuple):
    """Something a person may ask for by its number."""

    title: str
    """Its label."""
    utterance: str
    """The text it stands for, as if the person had typed it."""


@dataclass(frozen=True)
class SmsText:
    """One message in the words of a short medium."""

    text: str
    remainder: str = ""
    """Text that did not fit; it comes when the person answers 0."""


def choices(message: Structured) -> list[ReplyChoice]:
    """Return what a message lets choose, in the order of its numbers."""
    buttons = [ReplyChoice(b["title"], b["says"]) for b in message.get("buttons") or ()]
    items = message.get("items") or message.get("cards") or ()
    if len(items) < 2:
        return buttons
    listed = [ReplyChoice(f"第{n}个", f"第{n}个详细说说") for n in range(1, len(items) + 1)]
    # The buttons name the first few of the list again.
    return (listed + [button for button in buttons if not button.title.startswith("第")])[:9]


def numbers_line(message: Structured) -> str:
    """Return the line that says what a number answers; empty where the text numbers itself."""
    if message.get("type") in ("clarify", "form"):
        return ""
    numbered = choices(message)
    items = len(message.get("items") or message.get("cards") or ())
    if items < 2:
        listed = "　".join(f"{n}. {choice.title}" for n, choice in enumerate(numbered, 1))
        return _SAY("numbers", choices=listed) if listed else ""
    rest_choices = [f"{n} {choice.title}" for n, choice in enumerate(numbered[items:], items + 1)]
    return "，".join([_SAY("numbers_for_details"), *rest_choices])


def sms(message: Structured) -> list[str]:
    """Return a message in at most two parts of 67 characters."""
    return _parts(sms_said(message).text)


def sms_said(message: Structured, max_units: int = SMS_PART * SMS_PARTS) -> SmsText:
    """Return a message in so many characters, and what of it did not fit."""
    items = message.get("items") or ()
    if len(items) > 1:
        return _sms_list(message, max_units)
    if message.get("type") == "eligibility":
        return SmsText(_sms_eligibility(message, max_units))
    if len(message.get("cards") or ()) > 1:
        return _sms_cards(message, max_units)
    text = message.get("text", "").replace("\n", " ")
    if message.get("type") in ("clarify", "form") and message.get("buttons"):
        listed = " ".join(_choice(n, b["title"]) for n, b in enumerate(message["buttons"], 1))
        return _sms_question(message["text"], _shortened(listed, max_units // 2), max_units)
    number = next((c["number"] for c in message.get("citations") or () if c.get("number")), "")
    source = f"（{number}）" if number and message.get("type") == "policy_answer" else ""
    return _sms_cut(text, source, max_units, _after(message), _sms_hint(message))


def _sms_question(text: str, listed: str, max_units: int) -> SmsText:
    """Return a question with its choices: what it asks stays whole, what leads to it is cut."""
    return SmsText(f"{_question(text, max_units - _units(listed) - 1)} {listed}")


def _choice(number: int, title: str) -> str:
    """Return a choice with its number, apart from a title that begins with one: 1保安, 2 12333."""
    begins_with_number = title[:1].isnumeric() or title[:1] in "零〇两"
    return f"{number} {title}" if begins_with_number else f"{number}{title}"


def _after(message: Structured) -> str:
    """Return the lines after the text of an answer on a full screen."""
    step = message.get("next_step")
    return " ".join(
        part
        for part in (_SAY("next_step", step=step) if step else "", source_line(message))
        if part
    )


def _sms_hint(message: Structured) -> str:
    """Return what the first choice of an answer brings: 回复1看材料."""
    first_choices = choices(message)
    if not first_choices or message.get("type") != "policy_answer":
        return ""
    title = first_choices[0].title.removeprefix("要什么").removeprefix("看")
    return _SAY("sms_first_choice", title=title)


def _sms_cut(text: str, tail: str, max_units: int, after: str = "", hint: str = "") -> SmsText:
    """Return text with its tail and hint in so many characters; what is cut comes for 0."""
    uncut = text + tail + (f" {hint}" if hint else "")
    if _units(uncut) <= max_units:
        return SmsText(uncut)
    hints = "，".join(part for part in (hint, _SAY("sms_remainder")) if part)
    ending = f"{tail} {hints}"
    core = _shortened(text, max_units - _units(ending))
    cut_off = text[len(core) - 1 :] if core.endswith("…") else ""
    rest = " ".join(part for part in (cut_off.strip(), after) if part)
    return SmsText(_shortened(core + ending, max_units), rest)


def _sms_list(message: Structured, max_units: int) -> SmsText:
    """Return a list with title, district, employer and pay, the employers as long as fits.

    What cuts them shorter shows more postings: as few characters are left to each employer as let
    MIN_SMS_POSTINGS of them be shown.
    """
    ending = _SAY("sms_list_ending")
    room = max_units - _units(ending)
    items = message["items"][:9]
    enough = min(len(items), MIN_SMS_POSTINGS)
    for letters in EMPLOYER_LETTERS:
        listed = _sms_items(items, letters, room)
        if len(listed) >= enough:
            break
    return SmsText(_shortened(" ".join(listed), room) + ending)


def _sms_cards(message: Structured, max_units: int) -> SmsText:
    """Return stations, fairs or courses with the most important of each, the names as long as fits.

    Invented ones are said to be so first; what else there is comes for 0.
    """
    mark = _SAY("demo_mark") if message.get("demo") else ""
    ending = f" {_SAY('sms_remainder')}"
    room = max_units - _units(mark) - _units(ending)
    listed: list[str] = []
    for letters in TITLE_LETTERS:
        cards = enumerate(message["cards"][:MIN_SMS_POSTINGS], 1)
        listed = [
            _choice(n, f"{_without_demo_mark(card['title'])[:letters]} {card['brief']}")
            for n, card in cards
        ]
        if _units(" ".join(listed)) <= room:
            break
    return SmsText(mark + _shortened(" ".join(listed), room) + ending, message["text"])


def _without_demo_mark(title: str) -> str:
    """Return a title without the mark that it is invented, which is said once."""
    return title.removeprefix("示范·")


def _sms_items(items: Sequence[Structured], letters: int, room: int) -> list[str]:
    """Return as many postings as have room, the first at any rate."""
    listed: list[str] = []
    for number, item in enumerate(items, 1):
        numbered_title = _choice(number, item["title"][:9])
        place = _district(item["region"]) + _employer(item)[:letters]
        listed.append(
            " ".join(part for part in (numbered_title, place, item["salary_text"]) if part)
        )
        if len(listed) > 1 and _units(" ".join(listed)) > room:
            return listed[:-1]
    return listed


def _district(region: str) -> str:
    """Return the narrowest place of a posting's region: 沈阳市皇姑区 is 皇姑区."""
    city, unit, within = region.partition("市")
    return within or city + unit


def _employer(item: Structured) -> str:
    """Return an employer without the place before its name and the legal form after it."""
    name = _LEGAL_FORM.sub("", item["employer"])
    for place in (item["region"].split("市")[0], "辽宁"):
        for unit in ("省", "市", ""):
            name = name.removeprefix(place + unit) or name
    return name


def _question(text: str, max_units: int) -> str:
    """Return a question in so many units: its last line whole, of the rest what has room."""
    *lead, question = text.strip().split("\n")
    head = _shortened(" ".join(lead), max_units - _units(question) - 1) if lead else ""
    return _shortened(f"{head} {question}".strip(), max_units)


def _sms_eligibility(message: Structured, max_units: int) -> str:
    """Return only the names of what fits and may fit: the reasons have no room."""
    policy_names = [
        f"{head}：{'、'.join(item['title'] for item in message[key])}"
        for key, head in _FITS.items()
        if message[key] and key != "does_not"
    ]
    tail = _SAY("sms_policies_ending")
    listed = "；".join(policy_names) or _SAY("sms_no_policy")
    return _shortened(listed, max_units - _units(tail)) + tail


def _units(text: str) -> int:
    """Count UCS-2 units: an emoji takes two."""
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def _shortened(text: str, max_units: int) -> str:
    """Return a text of at most so many units, ending in 「…」 when it was cut."""
    if _units(text) <= max_units:
        return text
    shortened = ""
    for char in text:
        if _units(shortened + char) > max_units - 1:
            break
        shortened += char
    return shortened + "…" if max_units > 0 else ""


def _parts(text: str) -> list[str]:
    """Cut a text into parts of 67 units, never within a character."""
    parts = [""]
    for char in text:
        if _units(parts[-1] + char) > SMS_PART:
            parts.append("")
        parts[-1] += char
    return parts[:SMS_PARTS]
