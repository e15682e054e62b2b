"""A message or event of the platform, and what it comes down to: words for the bot, or a reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.channels.wechat.errors import NotReadable
from bot.channels.wechat.menu import Menu
from bot.channels.wechat.xml import Fields
from bot.text.quotations import is_placeholder
from bot.text.reader import message_reader
from bot.text.vocabulary import vocabulary

#: The box of degrees (south to north, west to east) around Liaoning: points beyond are not used.
HOME = ((38.0, 44.0), (118.0, 126.0))
#: What a message without words for the bot is answered with: a name of data/replies.yml.
Reply = Literal["voice", "picture", "which_place", "welcome"]


@dataclass(frozen=True)
class Received:
    """Who wrote, and what it comes down to."""

    person: str
    """The OpenID."""
    account: str
    """The account's own name (gh_…), which the reply comes from."""
    key: str
    """The same for every retry: MsgId, of an event its sender, time and kind."""
    says: str = ""
    """Words for the bot; empty when there are none."""
    reply: Reply | None = None
    """The fixed reply instead."""
    event: bool = False
    """Whether it is an event (a button, a code) and no message of the person's own."""
    unfollowed: bool = False
    """Whether the person has left: nothing is answered, pushes stop."""

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to answer."""
        return not self.says and self.reply is None


def received(fields: Fields, menu: Menu) -> Received:
    """Return what a message comes down to; raises NotReadable when it lacks what all have."""
    person, account = fields.get("FromUserName", ""), fields.get("ToUserName", "")
    kind, created = fields.get("MsgType", ""), fields.get("CreateTime", "")
    if not (person and account and kind) or len(person) > 120:
        raise NotReadable
    if kind == "event":
        event = fields.get("Event", "")
        key = f"{person}:{created}:{event}:{fields.get('EventKey', '')}"
        return _event(event.lower(), fields.get("EventKey", ""), person, account, key, menu)
    key = fields.get("MsgId") or f"{person}:{created}:{kind}"
    if kind == "text" and is_placeholder(fields.get("Content", "")[:200]):
        return Received(person, account, key, reply="picture")
    if kind == "text":
        return Received(person, account, key, says=fields.get("Content", "") or " ")
    if kind == "voice":
        heard = fields.get("Recognition", "")
        return Received(person, account, key, heard, None if heard else "voice")
    if kind == "location":
        place = _place(fields)
        return Received(person, account, key, place, None if place else "which_place")
    return Received(person, account, key, reply="picture")


def _event(event: str, key: str, person: str, account: str, seen: str, menu: Menu) -> Received:
    if event == "subscribe":
        says = menu.scene(key.removeprefix("qrscene_"))
        return Received(person, account, seen, says, reply="welcome", event=True)
    if event == "unsubscribe":
        return Received(person, account, seen, event=True, unfollowed=True)
    if event == "scan":
        return Received(person, account, seen, menu.scene(key), event=True)
    if event == "click":
        return Received(person, account, seen, menu.says(key), event=True)
    # VIEW, LOCATION, reports of templates…: known, and nothing to be said about them.
    return Received(person, account, seen, event=True)


def _place(fields: Fields) -> str:
    """Return a shared location as a question for the nearest stations; empty when it is nowhere.

    The region is that of the label that the platform sends along; the point (GCJ-02) is rounded to
    about a hundred metres: nobody's door is kept in a conversation.
    """
    label, shared = fields.get("Label", ""), _point(fields)
    named = [e for e in message_reader().read(label[:200]) if e["entity"] == "region"]
    certain = [str(e["value"]) for e in named if isinstance(e["value"], str)]
    codes = [c for c in certain if c in vocabulary().regions]
    deepest = max(codes, key=lambda code: vocabulary().regions[code].level, default="")
    where = vocabulary().full_name(deepest) if deepest else ""
    if shared:
        return f"我在{where}（{shared}），最近的就业服务站在哪"
    return f"我在{where}，就业服务站在哪" if where else ""


def _point(fields: Fields) -> str:
    """Return latitude and longitude with three decimals; empty where they are no place at home."""
    try:
        lat, lon = float(fields.get("Location_X", "")), float(fields.get("Location_Y", ""))
    except ValueError:
        return ""
    (south, north), (west, east) = HOME
    return f"{lat:.3f},{lon:.3f}" if south <= lat <= north and west <= lon <= east else ""
