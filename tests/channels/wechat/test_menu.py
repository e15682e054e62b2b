from pathlib import Path

import pytest

from bot.channels.wechat.menu import MenuError, menu, read_menu

BUTTON = "{name: 甲, key: a, says: 甲}"


def test_the_menu_of_the_house_says_something_for_every_click() -> None:
    api = menu().to_api()
    keys = [two["key"] for one in api["button"] for two in one.get("sub_button", [one])]
    assert 1 <= len(api["button"]) <= 3
    assert all(menu().click_text(key) for key in keys)
    assert menu().click_text("no such key") == ""


def test_a_scene_names_its_place() -> None:
    assert menu().scene_text("station-210106") == "沈阳市铁西区的就业服务站在哪"
    assert menu().scene_text("station_210106-7") == "沈阳市铁西区的就业服务站在哪"
    assert menu().scene_text("station-999999") == "就业服务站在哪"
    assert menu().scene_text("unknown-210106") == ""


@pytest.mark.parametrize(
    "text",
    [
        "buttons: []",
        "buttons: 5",
        "nothing: 1",
        "buttons: [",
        f"buttons: [{', '.join([BUTTON] * 4)}]",
        "buttons: [{name: 一二三四五六, key: a, says: 甲}]",
        "buttons: [{name: 甲, key: a}]",
        "buttons: [{name: 甲, key: a, says: 甲}, {name: 乙, key: a, says: 乙}]",
        f"buttons: [{{name: 甲, buttons: [{', '.join([BUTTON] * 6)}]}}]",
        f"buttons: [{{name: 甲, buttons: [{{name: 乙, buttons: [{BUTTON}]}}]}}]",
        f"buttons: [{{name: 甲, key: {'k' * 129}, says: 甲}}]",
    ],
)
def test_what_the_platform_would_refuse_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "menu.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(MenuError, match=r"menu\.yml"):
        read_menu(file)
