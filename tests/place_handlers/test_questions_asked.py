"""Questions about what is shown: hours of a day, others, what no column states, two at once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.db.tables import Course, Fair
from bot.place_handlers.answer import answer_shared_place
from bot.turns.turn import Turn
from tests.place_handlers.talk import Talk, keep, station

HOURS = "周一至周五 8:30-11:30、13:00-17:00；周六 9:00-12:00"


def fair(title: str, **columns: object) -> Fair:
    given = {
        "key": title, "title": title, "kind": "fair", "region_code": "210102", "address": "广场1号",
        "starts_at": datetime(2026, 11, 28, 1, tzinfo=UTC), "ends_at": datetime(2026, 11, 28, 3, tzinfo=UTC),
        "last_on": date(2026, 11, 28), "verified_on": date(2026, 11, 20), "sign_up": "带身份证",
    }  # fmt: skip
    return Fair(**{**given, **columns})


def course(title: str, **columns: object) -> Course:
    given = {
        "key": title, "title": title, "provider": "职校", "region_code": "210106", "trade": "焊工",
        "occupation_name": "焊工", "schedule": "周一至周五 白天", "times": "day", "fee": 0,
        "certificate": "结业证", "age_min": 18, "age_max": 55, "starts_on": date(2026, 12, 20),
        "verified_on": date(2026, 11, 20),
    }  # fmt: skip
    return Course(**{**given, **columns})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("那礼拜六开不", "11月28日（周六）开，9:00-12:00"),
        ("礼拜天开门吗", "11月29日（周日）不开，11月30日（周一）8:30开"),
        ("明儿个晌午头去有人没", "12:00没开（这天8:30-11:30、13:00-17:00）"),
        ("明天下午两点半有人吗", "14:30开着"),
        ("晚上八点还开不", "20:00没开"),
        ("元旦那天几点开门", "周一至周五"),
    ],
)
def test_hours_of_the_day_and_time_asked_about(here: str, text: str, said: str) -> None:
    keep(station("保工站", hours=HOURS))
    talk = Talk()
    talk.text("沈阳铁西就业服务站在哪")
    assert said in talk.text(text, "inform")


def test_a_day_asked_about_is_forgotten_with_the_question(here: str) -> None:
    keep(station("保工站", hours=HOURS))
    talk = Talk()
    talk.text("沈阳铁西就业服务站在哪")
    talk.text("礼拜六开不", "inform")
    assert "11月28日" not in talk.text("几点开门", "inform")


def test_other_stations_are_told_and_none_twice(here: str) -> None:
    keep(
        station("铁西站", lat=41.80, lon=123.37),
        station("皇姑站", region_code="210105", lat=41.82, lon=123.42),
    )
    talk = Talk()
    talk.text("沈阳铁西就业服务站电话")
    assert "12333" in talk.text("打了没人接", "handoff")
    said = talk.text("换一个近的", "refine_job")
    assert "皇姑站" in said
    assert "铁西站" not in said


@pytest.mark.parametrize("text", ["有坡道吗", "我坐轮椅的 有坡道吗"])
def test_what_no_column_states_is_said_to_be_unstated_with_whom_to_ring(
    here: str, text: str
) -> None:
    keep(station("保工站"))
    talk = Talk()
    talk.text("沈阳铁西就业服务站在哪")
    said = talk.text(text, "inform")
    assert "有没有坡道，站点没写" in said
    assert "024-25800000" in said


def test_that_a_station_moved_is_met_with_what_is_stated_and_since_when(here: str) -> None:
    keep(station("保工站"))
    talk = Talk()
    talk.text("沈阳铁西就业服务站在哪")
    said = talk.text("地址不对 早搬走了", "my_data")
    assert "保工街1号" in said
    assert "2026-11-20" in said


def test_a_shared_place_alone_lists_the_nearest_stations(here: str) -> None:
    keep(station("近站", lat=41.7995, lon=123.3745))
    text = "我在沈阳市铁西区(41.801,123.380)"
    message = answer_shared_place(Turn(text, "out_of_scope", 0.9, [], [], {}, address="anna"))
    assert message is not None
    assert "近站" in message.text
    waiting = Turn(text, "inform", 0.9, [], [], {"asked": "region"}, address="anna")
    assert answer_shared_place(waiting) is None


def test_two_questions_of_one_message_are_both_answered_and_notes_stand_once(here: str) -> None:
    keep(station("保工站", hours=HOURS))
    talk = Talk()
    talk.text("沈阳铁西就业服务站在哪")
    said = talk.text("座机多少啊 能办啥", "inform")
    assert "024-25800000" in said
    assert "没写" in said
    assert said.count("核实") == 1


def test_fairs_of_a_group_that_has_none_are_followed_by_those_for_all(here: str) -> None:
    keep(fair("大集"))
    talk = Talk()
    talk.text("这周末沈阳有啥招聘会", "fair")
    said = talk.text("有残疾人专场吗", "fair")
    assert "没有登记的残疾人专场" in said
    assert "大集" in said
    assert "广场1号" in talk.text("怎么去 坐地铁几号线", "fair")


def test_where_there_is_none_next_week_the_list_before_still_stands(here: str) -> None:
    keep(fair("大集"))
    talk = Talk()
    talk.text("这周末沈阳有啥招聘会", "fair")
    assert "11月30日到12月6日没有登记的" in talk.text("下周呢", "fair")
    assert "带身份证" in talk.text("需要提前报名吗", "fair")
    assert "11月28日" in talk.text("放我日历里", "out_of_scope")


def test_what_somebody_does_by_day_is_no_wish_for_it_and_either_time_will_do(here: str) -> None:
    keep(course("白天班"), course("周末班", times="weekend", schedule="周六"))
    talk = Talk()
    talk.text("沈阳铁西有电焊班吗", "training")
    said = talk.text("白天我得看孩子 有晚上或者周末的吗", "training")
    assert "周末班" in said
    assert "白天班" not in said


def test_two_questions_of_a_course_with_work_behind_it(here: str) -> None:
    keep(course("白天班"))
    talk = Talk()
    talk.text("沈阳铁西有电焊班吗", "training")
    said = talk.text("学完给证不 好找活吗", "training")
    assert "结业证" in said
    assert "焊工" in said


def test_of_a_city_without_the_class_it_is_told_how_it_is_elsewhere(here: str) -> None:
    keep(course("沈阳班"))
    talk = Talk()
    assert "锦州市义县没有登记的" in talk.text("锦州义县有电焊班吗", "training")
    said = talk.text("45岁要不要", "training")
    assert "锦州市没有焊工培训班" in said
    assert "沈阳班：18-55岁" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("那啥时候有人", "8:30"),
        ("初八开不开", "8:30"),
        ("咋走", "保工街1号"),
        ("门口能停电动车不", "有没有停电动车，站点没写"),
    ],
)
def test_short_questions_of_a_station(here: str, text: str, said: str) -> None:
    keep(station("保工站", hours=HOURS))
    talk = Talk()
    talk.text("沈阳铁西就业服务站在哪")
    assert said in talk.text(text, "nlu_fallback")


def test_where_one_waits_for_work_and_a_station_that_registers_seekers(here: str) -> None:
    keep(station("保工站"), station("零工站", functions="gig"))
    assert "零工站" in Talk().text("沈阳铁西哪能蹲活", "find_job")
    assert "保工站" in Talk().text("沈阳铁西有没有能登记找活的就业站", "station")


def test_a_fair_for_women_is_none_for_all(here: str) -> None:
    keep(fair("女性专场", audiences="women"))
    talk = Talk()
    talk.text("这周末沈阳有啥招聘会", "fair")
    assert "不分人群" not in talk.text("有残疾人专场吗", "fair")


def test_a_course_goes_on_with_its_trade_and_length_comes_before_pay(here: str) -> None:
    keep(course("白天班", length="120课时"), course("月嫂班", trade="月嫂", occupation_name="月嫂"))
    talk = Talk()
    talk.text("沈阳铁西有电焊班吗", "training")
    assert "120课时" in talk.text("几天能学完", "training")
    said = talk.text("沈阳还有别的培训班吗", "training")
    assert "白天班" in said
    assert "月嫂班" not in said
