"""Courses: what they state, and which are offered."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.db.tables import Course, SubsidyRate
from tests.place_handlers.talk import Talk, keep


def test_a_rate_of_subsidy_is_told_with_its_document_and_days(here: str) -> None:
    talk = Talk()
    assert "没有核实过的数" in talk.text("我学叉车能补多少钱", "training")
    rate = {
        "key": "r", "title": "叉车司机", "trade": "叉车司机", "occupation_name": "叉车司机", "region_code": "210100",
        "amount": 1000, "level": "初级", "starts_on": date(2026, 1, 1), "document": "某文〔2026〕1号",
        "verified_on": date(2026, 11, 1), "verified_by": "沈阳市人社局",
    }  # fmt: skip
    keep(
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
    keep(_course("电焊班"))
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
    keep(
        _course("过了的班", starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 20)),
        _course("报完名的班", enrol_by=date(2026, 11, 23)), _course("停办的班", state="closed"),
        _course("能报的班"),
    )  # fmt: skip
    said = Talk().text("沈阳有电焊班吗", "training")
    assert "能报的班：" in said
    assert all(name not in said for name in ("过了的班", "报完名的班", "停办的班"))


def test_a_question_about_one_of_several_courses_shows_them_all(here: str) -> None:
    keep(_course("甲电焊班", certificate="焊工证"), _course("乙电焊班"))
    said = Talk().text("沈阳电焊班发证吗", "training")
    assert all(name in said for name in ("甲电焊班", "乙电焊班"))


def test_a_question_about_the_only_course_is_answered(here: str) -> None:
    keep(_course("甲电焊班", certificate="焊工证"))
    assert "焊工证" in Talk().text("沈阳电焊班发证吗", "training")


def test_a_class_of_another_subject_is_not_offered_for_what_was_named(here: str) -> None:
    keep(
        _course("中式面点班", trade="面点师", occupation_name="面点师"),
        _course("电商直播班", region_code="210202"),
    )
    talk = Talk()
    reply = talk.text("沈阳有学电商的班吗", "training")
    assert "没有能报的电商培训班" in reply
    assert "面点" not in reply
    assert "大连市" in reply
    assert "中式面点班" in talk.text("沈阳有学面点的班吗", "training")
    assert "中式面点班" in talk.text("沈阳有学技术的班吗", "training")
