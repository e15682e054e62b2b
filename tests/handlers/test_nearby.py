"""Questions for stations, fairs and courses as the actions answer them, without a model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot import clock
from bot.clock import CHINA
from bot.db.session import session
from bot.db.tables import Course, DirectoryItem, Fair, Station, SubsidyRate
from bot.messages import Message
from bot.place_handlers.answer import answer_places
from bot.rendering.plain import SMS_PART, SMS_PARTS, render
from bot.text.normalise import normalise
from bot.turns.turn import Turn
from bot.understanding.entity_extractor import message_reader
from bot.understanding.place_questions import aspect_of, shared_point
from tests.factories import make_posting, saved

TUESDAY = datetime(2026, 11, 24, 10, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with clock.frozen(TUESDAY):
        yield


class Talk:
    """One person's questions; the slots are kept as Rasa does."""

    def __init__(self) -> None:
        self.slots: dict[str, Any] = {}

    def say(self, text: str, act: str = "station") -> Message | None:
        from bot.turns.arbitration import remember

        entities = [dict(one) for one in message_reader().read(text)]
        turn = Turn(text, act, 0.9, [], entities, dict(self.slots), address="anna")
        message = answer_places(turn)
        remember(turn, [message] if message else [])
        self.slots |= turn.changes
        return message

    def text(self, text: str, act: str = "station") -> str:
        message = self.say(text, act)
        assert message is not None
        return "\n".join(render("web", message.to_dict()))


def _station(title: str, **columns: Any) -> Station:
    given = {
        "key": title, "title": title, "region_code": "210106", "phone": "024-25800000", "hours":
        "周一至周五 8:30-11:30、13:00-17:00", "verified_on": date(2026, 11, 20), "verified_by": "铁西区人社局",
        "address": "保工街1号", **columns,
    }  # fmt: skip
    return Station(**given)


def _keep(*rows: Any) -> None:
    with session() as db:
        db.add_all(rows)


def test_without_any_listing_the_turn_is_left_to_others(here: str) -> None:
    talk = Talk()
    for text, act in (
        ("沈阳铁西就业服务站在哪", "station"), ("这周末沈阳有啥招聘会", "fair"),
        ("沈阳有电焊班吗", "training"), ("现在学啥吃香", "training"), ("明天沈阳有没有零活", "find_job"),
    ):  # fmt: skip
        assert talk.say(text, act) is None


def test_invented_listings_are_never_shown_beside_real_ones(here: str) -> None:
    _keep(_station("示范·站", demo=True))
    talk = Talk()
    assert "示范数据，不是真的" in talk.text("沈阳铁西就业服务站在哪")
    _keep(_station("保工站"))
    said = talk.text("沈阳铁西就业服务站在哪")
    assert "保工站" in said
    assert "示范" not in said
    assert "2026-11-20由铁西区人社局核实" in said


@pytest.mark.parametrize(
    ("verified", "said"),
    [
        (date(2026, 11, 20), "核实。"),
        (date(2026, 1, 5), "2026-01-05以后没再核实"),
        (None, "没有核实过"),
    ],
)
def test_each_answer_says_how_sure_it_is(here: str, verified: date | None, said: str) -> None:
    _keep(_station("保工站", verified_on=verified))
    talk = Talk()
    for text in ("沈阳铁西就业服务站在哪", "几点开门", "电话多少", "能办啥", "第一个"):
        assert said in talk.text(text)


def test_closed_stations_are_not_named(here: str) -> None:
    _keep(_station("关了的站", state="closed"), _station("保工站"))
    assert "关了的站" not in Talk().text("沈阳铁西就业服务站在哪")


def test_what_a_station_does_not_state_is_said_to_be_unknown(here: str) -> None:
    _keep(_station("保工站", hours="", phone="", functions="", address=""))
    talk = Talk()
    assert "没写电话" in talk.text("沈阳铁西就业服务站在哪")
    assert "开门时间没写" in talk.text("几点开门")
    assert "没写" in talk.text("能办啥")


def test_a_shared_place_gives_the_nearest_with_minutes_and_what_they_rest_on(here: str) -> None:
    _keep(
        _station("近站", lat=41.7995, lon=123.3745), _station("远站", lat=41.85, lon=123.45),
        _station("没坐标的站"),
    )  # fmt: skip
    talk = Talk()
    said = talk.text("我在沈阳市铁西区（41.801,123.380），最近的就业服务站在哪")
    assert said.index("近站") < said.index("远站")
    assert "没坐标的站" not in said
    assert "走路大约" in said
    assert "每分钟70米" in said
    assert talk.slots["region_code"] == "210106"


def test_a_point_is_read_as_it_is_written() -> None:
    assert shared_point(normalise("我在（41.800,123.380），最近的就业服务站在哪").text) == (
        41.8,
        123.38,
    )
    assert shared_point("我在41.8") is None


def test_three_by_sms_with_telephone_and_whether_open_in_two_parts(here: str) -> None:
    long = "沈阳市铁西区启工街道劳动和社会保障公共就业服务站"
    _keep(*(_station(f"{long}{n}", phone=f"024-2580000{n}") for n in range(4)))
    message = Talk().say("沈阳铁西就业服务站在哪")
    assert message is not None
    parts = render("sms", message.to_dict())
    assert len(parts) <= SMS_PARTS
    assert all(len(part) <= SMS_PART for part in parts)
    whole = "".join(parts)
    assert whole.count("开着到11:30") == 3
    assert all(f"024-2580000{n}" in whole for n in range(3))


def test_a_rate_of_subsidy_is_told_with_its_document_and_days(here: str) -> None:
    talk = Talk()
    assert "没有核实过的数" in talk.text("我学叉车能补多少钱", "training")
    rate = {
        "key": "r", "title": "叉车司机", "trade": "叉车司机", "occupation_name": "叉车司机", "region_code": "210100",
        "amount": 1000, "level": "初级", "starts_on": date(2026, 1, 1), "document": "某文〔2026〕1号",
        "verified_on": date(2026, 11, 1), "verified_by": "沈阳市人社局",
    }  # fmt: skip
    _keep(
        SubsidyRate(**rate),
        SubsidyRate(**{**rate, "key": "old", "amount": 7, "ends_on": date(2026, 6, 30)}),
    )
    said = talk.text("沈阳学叉车能补多少钱", "training")
    for word in ("每人1000元", "某文〔2026〕1号", "2026-01-01起", "2026-11-01核实"):
        assert word in said
    assert "每人7元" not in said
    assert "没有核实过的数" in talk.text("大连学叉车能补多少钱", "training")


def _course(title: str, **columns: Any) -> Course:
    given = {
        "key": title, "title": title, "region_code": "210106", "provider": "某校", "trade": "焊工",
        "occupation_name": "焊工", "starts_on": date(2026, 12, 7), "verified_on": date(2026, 11, 20),
        "verified_by": "某局", **columns,
    }  # fmt: skip
    return Course(**given)


def test_of_a_course_that_states_nothing_nothing_is_invented(here: str) -> None:
    _keep(_course("电焊班"))
    talk = Talk()
    assert "电焊班" in talk.text("沈阳有电焊班吗", "training")
    for asked, said in (
        ("免费吗", "没写收不收费"), ("要多久", "学多久没写"), ("发证吗", "没写发不发证"),
        ("年龄有限制吗", "没写年龄限制"), ("怎么报名", "怎么报名没写"), ("有补贴吗", "没有核实过的数"),
        ("还有名额吗", "没写"), ("要啥条件", "没写别的条件"),
    ):  # fmt: skip
        answer = talk.text(asked, "training")
        assert said in answer, asked
        assert "12月7日" not in answer


def test_courses_that_are_over_full_or_past_their_enrolment_are_not_offered(here: str) -> None:
    _keep(
        _course("过了的班", starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 20)),
        _course("报完名的班", enrol_by=date(2026, 11, 23)), _course("停办的班", state="closed"),
        _course("能报的班"),
    )  # fmt: skip
    said = Talk().text("沈阳有电焊班吗", "training")
    assert "能报的班：" in said
    assert all(name not in said for name in ("过了的班", "报完名的班", "停办的班"))


def test_other_business_ends_what_was_shown(here: str) -> None:
    _keep(_station("保工站"))
    talk = Talk()
    talk.text("沈阳铁西就业服务站在哪")
    talk.slots["subject"] = "job"  # a search came between
    assert talk.say("几点开门", "inform") is None
    talk.text("沈阳铁西就业服务站在哪")
    for text, act in (
        ("转人工", "handoff"), ("附近有啥活", "find_job"), ("失业金怎么领", "policy"),
        ("找个保洁的活", "find_job"), ("谢谢", "thanks"), ("删掉我的信息", "my_data"),
    ):  # fmt: skip
        assert talk.say(text, act) is None, text


def test_a_fair_that_is_over_today_is_not_named(here: str) -> None:
    day = {
        "kind": "fair",
        "region_code": "210106",
        "last_on": TUESDAY.date(),
        "verified_on": TUESDAY.date(),
    }
    early, late = TUESDAY.replace(hour=7), TUESDAY.replace(hour=14)
    _keep(
        Fair(key="a", title="早场", starts_at=early, ends_at=early + timedelta(hours=2), **day),
        Fair(key="b", title="晚场", starts_at=late, ends_at=late + timedelta(hours=2), **day),
    )
    said = Talk().text("今天沈阳有招聘会吗", "fair")
    assert "晚场" in said
    assert "早场" not in said


@pytest.mark.parametrize(
    ("kind", "text", "aspect"),
    [
        ("station", "现在开着吗", "open_now"), ("station", "周六上班吗", "hours"), ("station", "能办啥业务", "functions"),
        ("station", "坐几路车", "where"), ("fair", "要门票吗", "fee"), ("fair", "取消了吗", "state"),
        ("fair", "到时候喊我一声", "remind"), ("course", "学费多少", "fee"), ("course", "学完能干啥", "after"),
        ("course", "零基础能学吗", "requirements"), ("course", "报满了吗", "seats"), ("course", "哪家办的", "provider"),
        ("course", "转人工", None), ("station", "谢谢", None),
    ],
)  # fmt: skip
def test_what_is_asked_of_them(kind: str, text: str, aspect: str | None) -> None:
    assert aspect_of(kind, normalise(text).text) == aspect


def test_beside_the_directory_stand_the_open_postings_of_the_place(here: str) -> None:
    item = {"directory": "shortage", "quarter": "2026Q4", "verified_on": TUESDAY.date()}
    _keep(
        DirectoryItem(key="d", title="焊工", region_code="210000", position=1, occupation_name="焊工", **item)
    )  # fmt: skip
    with session() as db:
        for _ in range(2):
            saved(db, make_posting(imported_at=TUESDAY))
    said = Talk().text("沈阳现在学啥吃香", "training")
    assert said.index("焊工") < said.index("沈阳市现在挂着的岗位，多的是")
    assert "2个（2026-11-24）" in said
    assert "挂着的岗位" not in Talk().text("现在学啥吃香", "training")
