"""The account's menu and scenes, from one file: what a click or a scanned code says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.caches import process_cache
from bot.settings import settings
from bot.text.vocabulary import vocabulary

#: Limits of the platform's menu. The sizes of names and keys come from its pages of past years;
#: it answers 40018…40020 to what is too long, which `push` prints.
MOST_BUTTONS, MOST_BELOW, NAME_BYTES, NAME_BELOW_BYTES, KEY_BYTES = 3, 5, 16, 60, 128


class MenuWrong(ValueError):
    """A menu file that the platform would refuse; says which button and why."""


@dataclass(frozen=True)
class Button:
    """A button: it says something, opens a page, or has buttons below it."""

    name: str
    key: str = ""
    says: str = ""
    url: str = ""
    below: tuple[Button, ...] = ()

    def to_api(self) -> dict[str, Any]:
        """Return the button as the platform's API takes it."""
        if self.below:
            return {"name": self.name, "sub_button": [one.to_api() for one in self.below]}
        if self.url:
            return {"type": "view", "name": self.name, "url": self.url}
        return {"type": "click", "name": self.name, "key": self.key}


@dataclass(frozen=True)
class Menu:
    """The whole file."""

    buttons: tuple[Button, ...]
    scenes: dict[str, str]
    """What the scenes of QR codes say, by prefix; {place} stands for the place."""

    def says(self, key: str) -> str:
        """Return what a click says; empty for a key of an older menu."""
        return next((b.says for b in _all(self.buttons) if b.key == key), "")

    def scene(self, scene: str) -> str:
        """Return what a scanned scene (station-210106) says; empty for an unknown one."""
        prefix, _, code = scene.replace("_", "-").partition("-")
        words = self.scenes.get(prefix, "")
        known = code[:6] in vocabulary().regions
        place = vocabulary().full_name(code[:6]) if known else ""
        return words.replace("{place}", place).removeprefix("的")

    def to_api(self) -> dict[str, Any]:
        """Return the menu as the platform's API takes it."""
        return {"button": [one.to_api() for one in self.buttons]}


def read_menu(path: Path) -> Menu:
    """Read and check a menu file; raises MenuWrong."""
    try:
        given = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        buttons = tuple(_button(one) for one in given["buttons"])
        scenes = {str(k): str(v) for k, v in (given.get("scenes") or {}).items()}
    except (KeyError, TypeError, AttributeError, YAMLError) as wrong:
        raise MenuWrong(f"{path}: {wrong!r}") from wrong
    _check(path, buttons)
    return Menu(buttons, scenes)


@process_cache(size=1)
def menu() -> Menu:
    """Return the menu of the data folder."""
    return read_menu(settings().data / "wechat_menu.yml")


def _button(given: dict[str, Any]) -> Button:
    below = tuple(_button(one) for one in given.get("buttons", ()))
    texts = {name: str(given.get(name, "")) for name in ("key", "says", "url")}
    return Button(str(given["name"]), below=below, **texts)


def _all(buttons: tuple[Button, ...]) -> Iterator[Button]:
    for one in buttons:
        yield one
        yield from one.below


def _check(path: Path, buttons: tuple[Button, ...]) -> None:
    def wrong(name: str, why: str) -> MenuWrong:
        return MenuWrong(f"{path}: {name}: {why}")

    if not 1 <= len(buttons) <= MOST_BUTTONS:
        raise wrong("buttons", f"1 to {MOST_BUTTONS}")
    keys: set[str] = set()
    for one in _all(buttons):
        most = NAME_BYTES if one in buttons else NAME_BELOW_BYTES
        if not 1 <= len(one.name.encode()) <= most:
            raise wrong(one.name, f"a name of 1 to {most} bytes")
        if len(one.below) > MOST_BELOW or any(two.below for two in one.below):
            raise wrong(one.name, f"at most {MOST_BELOW} buttons below, and none below those")
        if one.below or one.url:
            continue
        if not one.says or not 1 <= len(one.key.encode()) <= KEY_BYTES or one.key in keys:
            raise wrong(one.name, f"says something under a key of its own, ≤ {KEY_BYTES} bytes")
        keys.add(one.key)
