"""Streets that are named in place of a district."""

from __future__ import annotations

from tests.place_handlers.talk import Talk, keep, station


def test_a_street_tells_its_district_and_which_of_two_districts_is_meant(here: str) -> None:
    keep(station("兴华站"), station("鞍山铁西站", region_code="210303"))
    told = Talk().text("俺家搁铁西兴华街道这块儿，最近的就业站在哪")
    assert "兴华站" in told
    assert "鞍山" not in told


def test_of_streets_of_one_name_it_is_asked_which_and_the_answer_counts(here: str) -> None:
    keep(station("瓦房店站", region_code="210281"), station("庄河站", region_code="210283"))
    talk = Talk()
    asked = talk.text("大连新华街道就业站电话")
    assert "瓦房店市、庄河市" in asked.replace("大连市", "")
    assert "瓦房店站" in talk.text("瓦房店的", act="inform")


def test_a_street_within_a_talk_is_that_of_the_city_spoken_of(here: str) -> None:
    keep(station("铁西站"), station("皇姑站", region_code="210105"))
    talk = Talk()
    talk.text("沈阳铁西就业站在哪")
    assert "皇姑站" in talk.text("那三台子那边呢", act="follow_up")
    assert talk.slots["region_code"] == "210105"


def test_the_name_of_a_district_within_a_street_is_no_district(here: str) -> None:
    keep(station("康平站", region_code="210123"), station("法库站", region_code="210124"),
         station("和平站", region_code="210102"))  # fmt: skip
    assert "法库站" in Talk().text("沈阳市和平乡的就业站在哪")
