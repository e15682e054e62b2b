"""The account's menu and scenes, from one file: texts of clicks and scanned codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.caches import process_cache
from bot.settings import settings
from bot.vocabulary.vocabulary import vocabulary
from bot.yaml_files import YamlFileError, read_yaml

#: Limits of the platform's menu. The sizes of names and keys come from its pages of past years;
#: it answers 40018…40020 to what is too long, which `push` prints.
MAX_BUTTONS, MAX_CHILDREN, MAX_NAME_BYTES, MAX_CHILD_NAME_BYTES, MAX_KEY_BYTES = 3, 5, 16, 60, 128


class MenuError(ValueError):
    """A menu file that the platform would refuse; says which button and why."""


@dataclass(frozen=True)
class MenuButton:
    """A button: it says something, opens a page, or has buttons below it."""

    name: str
    key: str = ""
    text: str = ""
    url: str = ""
    below: tuple[MenuButton, ...] = ()

    def to_api(self) -> dict[str, Any]:
        """Return the button as the platform's API takes it."""
        if self.below:
            return {"name": self.name, "sub_button": [child.to_api() for child in self.below]}
        if self.url:
            return {"type": "view", "name": self.name, "url": self.url}
        return {"type": "click", "name": self.name, "key": self.key}


@dataclass(frozen=True)
class Menu:
    """The whole file."""

    buttons: tuple[MenuButton, ...]
    scenes: dict[str, str]
    """Texts of the scenes of QR codes, by prefix; {place} stands for the place."""

    def click_text(self, key: str) -> str:
        """Return the text of a click; empty for a key of an older menu."""
        return next((b.text for b in _all(self.buttons) if b.key == key), "")

    def scene_text(self, scene: str) -> str:
        """Return the text of a scanned scene (station-210106); empty for an unknown one."""
        prefix, _, code = scene.replace("_", "-").partition("-")
        words = self.scenes.get(prefix, "")
        is_region = code[:6] in vocabulary().regions
        place = vocabulary().full_name(code[:6]) if is_region else ""
        return words.replace("{place}", place).removeprefix("的")

    def to_api(self) -> dict[str, Any]:
        """Return the menu as the platform's API takes it."""
        return {"button": [button.to_api() for button in self.buttons]}


def read_menu(path: Path) -> Menu:
    """Read and check a menu file; raises MenuError."""
    try:
        content = read_yaml(path)
    except YamlFileError as wrong:
        raise MenuError(f"{path}:{wrong.line}: {wrong.reason}") from wrong
    try:
        buttons = tuple(_button(button) for button in content["buttons"])
        scenes = {str(k): str(v) for k, v in (content.get("scenes") or {}).items()}
    except (KeyError, TypeError, AttributeError) as wrong:
        raise MenuError(f"{path}: {wrong!r}") from wrong
    _check(path, buttons)
    return Menu(buttons, scenes)


@process_cache(size=1)
def menu() -> Menu:
    """Return the menu of the data folder."""
    return read_menu(settings().data_file("wechat_menu.yml"))


def _button(content: dict[str, Any]) -> MenuButton:
    below = tuple(_button(child) for child in content.get("buttons", ()))
    key, text, url = (str(content.get(name, "")) for name in ("key", "says", "url"))
    return MenuButton(str(content["name"]), key, text, url, below)


def _all(buttons: tuple[MenuButton, ...]) -> Iterator[MenuButton]:
    for button in buttons:
        yield button
        yield from button.below


def _check(path: Path, buttons: tuple[MenuButton, ...]) -> None:
    def wrong(name: str, why: str) -> MenuError:
        return MenuError(f"{path}: {name}: {why}")

    if not 1 <= len(buttons) <= MAX_BUTTONS:
        raise wrong("buttons", f"1 to {MAX_BUTTONS}")
    keys: set[str] = set()
    for button in _all(buttons):
        max_name_bytes = MAX_NAME_BYTES if button in buttons else MAX_CHILD_NAME_BYTES
        if not 1 <= len(button.name.encode()) <= max_name_bytes:
            raise wrong(button.name, f"a name of 1 to {max_name_bytes} bytes")
        if len(button.below) > MAX_CHILDREN or any(two.below for two in button.below):
            raise wrong(button.name, f"at most {MAX_CHILDREN} buttons below, and none below those")
        if button.below or button.url:
            continue
        if (
            not button.text
            or not 1 <= len(button.key.encode()) <= MAX_KEY_BYTES
            or button.key in keys
        ):
            raise wrong(
                button.name, f"says something under a key of its own, ≤ {MAX_KEY_BYTES} bytes"
            )
        keys.add(button.key)
