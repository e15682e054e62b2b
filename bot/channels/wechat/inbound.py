"""Parser of the platform's messages and events: a text for the bot, or a fixed reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.channels.wechat.errors import NotReadable
from bot.channels.wechat.menu import Menu
from bot.channels.wechat.xml import Fields
from bot.messaging.incoming import Incoming
from bot.text.quotations import is_placeholder
from bot.understanding.entity_extractor import message_reader
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording

#: The box of degrees (south to north, west to east) around Liaoning: points beyond are not used.
PROVINCE_BOUNDS = ((38.0, 44.0), (118.0, 126.0))
_SAY = wording("wechat_location")
#: What a message without words for the bot is answered with: a name of data/replies.yml.
Reply = Literal["voice", "picture", "which_place", "welcome"]


@dataclass(frozen=True, kw_only=True)
class WeChatInbound(Incoming):
    """A parsed message or event of an OpenID; its text is empty where it has no words for the bot.

    The key is its MsgId, of an event its sender, time and kind.
    """

    account: str
    """The account's own name (gh_…), which the reply comes from."""
    reply: Reply | None = None
    """The fixed reply instead."""
    event: bool = False
    """True for an event (a button, a code), False for a message of the person's own."""
    unfollowed: bool = False
    """True when the person has left: nothing is answered, pushes stop."""

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to answer."""
        return not self.text and self.reply is None


def parse_inbound(fields: Fields, menu: Menu) -> WeChatInbound:
    """Return a parsed message; raises NotReadable when it lacks what all have."""
    person, account = fields.get("FromUserName", ""), fields.get("ToUserName", "")
    kind, created = fields.get("MsgType", ""), fields.get("CreateTime", "")
    if not (person and account and kind) or len(person) > 120:
        raise NotReadable
    if kind == "event":
        event = fields.get("Event", "")
        key = f"{person}:{created}:{event}:{fields.get('EventKey', '')}"
        return _event(event.lower(), fields.get("EventKey", ""), person, account, key, menu)
    key = fields.get("MsgId") or f"{person}:{created}:{kind}"
    text, fixed_reply = _words(kind, fields)
    return WeChatInbound("wechat", person, key, text, account=account, reply=fixed_reply)


def _words(kind: str, fields: Fields) -> tuple[str, Reply | None]:
    """Return a message's words for the bot, or what is said where it has none."""
    if kind == "text" and not is_placeholder(fields.get("Content", "")[:200]):
        return fields.get("Content", "") or " ", None
    if kind == "voice":
        transcript = fields.get("Recognition", "")
        return transcript, None if transcript else "voice"
    if kind == "location":
        place = _place(fields)
        return place, None if place else "which_place"
    return "", "picture"


def _event(
    event: str, key: str, person: str, account: str, message_key: str, menu: Menu
) -> WeChatInbound:
    if event == "subscribe":
        text = menu.scene_text(key.removeprefix("qrscene_"))
    elif event == "scan":
        text = menu.scene_text(key)
    elif event == "click":
        text = menu.click_text(key)
    else:  # VIEW, LOCATION, reports of templates…: known, and nothing to be said about them.
        text = ""
    return WeChatInbound(
        "wechat", person, message_key, text, account=account, event=True,
        reply="welcome" if event == "subscribe" else None, unfollowed=event == "unsubscribe",
    )  # fmt: skip


def _place(fields: Fields) -> str:
    """Return a shared location as a question for the nearest stations; empty when it is nowhere.

    The region is that of the label that the platform sends along; the point (GCJ-02) is rounded to
    about a hundred metres: no home address is kept in a conversation.
    """
    label, shared = fields.get("Label", ""), _point(fields)
    regions = [e for e in message_reader().read(label[:200]) if e["entity"] == "region"]
    certain = [str(e["value"]) for e in regions if isinstance(e["value"], str)]
    codes = [c for c in certain if c in vocabulary().regions]
    deepest = max(codes, key=lambda code: vocabulary().regions[code].level, default="")
    place_name = vocabulary().full_name(deepest) if deepest else ""
    if shared:
        return _SAY("near_point", place=place_name, point=shared)
    return _SAY("in_region", place=place_name) if place_name else ""


def _point(fields: Fields) -> str:
    """Return latitude and longitude with three decimals; empty where they are no place at home."""
    try:
        lat, lon = float(fields.get("Location_X", "")), float(fields.get("Location_Y", ""))
    except ValueError:
        return ""
    (south, north), (west, east) = PROVINCE_BOUNDS
    return f"{lat:.3f},{lon:.3f}" if south <= lat <= north and west <= lon <= east else ""
