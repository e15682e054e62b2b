"""Stations: closed ones, unknown fields, the nearest ones, by SMS."""

from __future__ import annotations

from bot.rendering.plain import SMS_PART, SMS_PARTS, render
from tests.place_handlers.talk import Talk, keep, station


def test_closed_stations_are_not_named(here: str) -> None:
    keep(station("关了的站", state="closed"), station("保工站"))
    assert "关了的站" not in Talk().text("沈阳铁西就业服务站在哪")


def test_what_a_station_does_not_state_is_said_to_be_unknown(here: str) -> None:
    keep(station("保工站", hours="", phone="", functions="", address=""))
    talk = Talk()
    assert "没写电话" in talk.text("沈阳铁西就业服务站在哪")
    assert "开门时间没写" in talk.text("几点开门")
    assert "没写" in talk.text("能办啥")


def test_a_shared_place_gives_the_nearest_with_minutes_and_what_they_rest_on(here: str) -> None:
    keep(
        station("近站", lat=41.7995, lon=123.3745), station("远站", lat=41.85, lon=123.45),
        station("没坐标的站"),
    )  # fmt: skip
    talk = Talk()
    said = talk.text("我在沈阳市铁西区（41.801,123.380），最近的就业服务站在哪")
    assert said.index("近站") < said.index("远站")
    assert "没坐标的站" not in said
    assert "走路大约" in said
    assert "每分钟70米" in said
    assert talk.slots["region_code"] == "210106"


def test_three_by_sms_with_telephone_and_whether_open_in_two_parts(here: str) -> None:
    long = "沈阳市铁西区启工街道劳动和社会保障公共就业服务站"
    keep(*(station(f"{long}{n}", phone=f"024-2580000{n}") for n in range(4)))
    message = Talk().say("沈阳铁西就业服务站在哪")
    assert message is not None
    parts = render("sms", message.to_dict())
    assert len(parts) <= SMS_PARTS
    assert all(len(part) <= SMS_PART for part in parts)
    whole = "".join(parts)
    assert whole.count("开着到11:30") == 3
    assert all(f"024-2580000{n}" in whole for n in range(3))
