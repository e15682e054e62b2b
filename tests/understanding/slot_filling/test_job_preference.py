from typing import Any

import pytest

from bot.turns.slots import Slots
from bot.understanding.entity_extractor import message_reader
from bot.understanding.slot_filling.job_preference import fill_preference_slots
from bot.understanding.slot_filling.profile import place_outside_home


def _take(text: str, asked: str | None = None, **slots: Any) -> dict[str, Any]:
    return fill_preference_slots(text, message_reader().read(text), Slots(slots), asked).slots


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("保安 沈阳 4000", {"occupation": ["保安员"], "region_code": "210100", "salary_min": 4000}),
        (
            "我52了 想在鞍山找个打扫卫生的活",
            {"age": 52, "occupation": ["保洁员"], "region_code": "210300"},
        ),
        ("丹东五六千的护士", {"salary_min": 5000, "salary_max": 6000, "occupation": ["护士"]}),
        ("日结的活 一天二百", {"work_time": "gig", "salary_min": 4350}),
        ("不是沈阳 是鞍山", {"region_code": "210300"}),
    ],
)
def test_wishes_are_taken_in_any_order(text: str, slots: dict[str, Any]) -> None:
    taken = _take(text)
    assert {name: taken.get(name) for name in slots} == slots


@pytest.mark.parametrize(
    ("text", "age"),
    {"我52了 媳妇四十四": 52, "我爸58 我26 想找工作": 26, "孩子18了 我想找个活": None,
     "媳妇四十四 想找个保洁": 44, "换成我媳妇，她52了": 52, "我妈没工作，今年五十三": 53}.items(),
)  # fmt: skip
def test_an_age_is_taken_from_the_person_spoken_of(text: str, age: int | None) -> None:
    assert _take(text).get("age") == age


def test_a_trade_told_with_its_years_is_experience_and_left_behind_by_who_wants_out() -> None:
    assert _take("焊了二十年 有活吗")["occupation"] == ["焊工"]
    told = _take("开了十一年出租 眼睛不行了 想换个轻巧活")
    assert (told["past_occupation"], told["experience_years"]) == (["网约车司机"], 11)
    assert "occupation" not in told
    assert _take("跑过五年大货 A2本 现在想找个不出省的活")["occupation"] == ["货车司机"]
    assert _take("开了二十年叉车 厂子不行了")["occupation"] == ["叉车司机"]


def test_a_trade_of_the_past_is_not_wished_for() -> None:
    assert "occupation" not in _take("以前开大车的 看看能干点啥")


@pytest.mark.parametrize("text", ["接着干", "老本行吧", "还干以前那个"])
def test_the_trade_of_the_past_can_be_gone_on_with(text: str) -> None:
    taken = _take(text, asked="occupation", past_occupation=["货车司机"])
    assert taken["occupation"] == ["货车司机"]


@pytest.mark.parametrize("text", ["接着找", "去日本行不行", "还有没有"])
def test_a_search_that_goes_on_keeps_its_trade(text: str) -> None:
    wish = {"occupation": ["保安员"], "past_occupation": ["货车司机"]}
    assert "occupation" not in _take(text, **wish)
    assert _take("还是干老本行吧", **wish)["occupation"] == ["货车司机"]


def test_what_is_ruled_out_leaves_the_wish() -> None:
    taken = _take("销售的不要", occupation=["销售员", "文员"])
    assert taken["occupation"] == ["文员"]
    assert "销售员" in taken["excluded"]


def test_anything_will_do_counts_where_a_trade_is_missing() -> None:
    assert _take("随便啥活都行")["any_occupation"] is True
    assert "any_occupation" not in _take("都行", asked="salary", occupation=["会计"])


def test_an_open_place_is_settled_by_the_city_named_next() -> None:
    opened = fill_preference_slots(
        "铁西有活吗", message_reader().read("铁西有活吗"), Slots({}), None
    )
    assert set(opened.ambiguous) == {"210106", "210303"}
    taken = _take("鞍山的", pending={"region": list(opened.ambiguous)})
    assert (taken["region"], taken["region_code"]) == ("铁西区", "210303")


def test_an_open_place_is_settled_by_the_city_known() -> None:
    assert _take("铁西的呢", region_code="210300")["region_code"] == "210303"


@pytest.mark.parametrize("said", ["劳动监察投诉电话多少", "一个月多少", "最低"])
def test_a_question_of_how_much_raises_no_wish(said: str) -> None:
    taken = fill_preference_slots(
        said, message_reader().read(said), Slots({"salary_min": 4000}), None
    )
    assert taken.slots.get("salary_min", 4000) == 4000
    assert not fill_preference_slots(said, message_reader().read(said), Slots({}), None).asks_raise


def test_more_pay_raises_the_wish_or_asks_how_much() -> None:
    raised = _take("工资再高点的", salary_min=4000)["salary_min"]
    assert (raised, type(raised)) == (4800, int)
    said = "工资再高点的"
    assert fill_preference_slots(said, message_reader().read(said), Slots({}), None).asks_raise


def test_a_place_of_another_province_is_told() -> None:
    assert place_outside_home(message_reader().read("北京失业金多少"), "210000") == "北京市"
    assert place_outside_home(message_reader().read("沈阳失业金多少"), "210000") is None


@pytest.mark.parametrize(
    ("text", "welfare"),
    [
        ("要交五险的", ["five_insurances"]),
        ("包吃住的，最好双休", ["meals", "lodging", "weekends_off"]),
        ("有宿舍的厂子", ["lodging"]),
        ("日结的活", None),
        ("沈阳找个保安的活", None),
    ],
)
def test_what_the_job_should_offer_is_taken(text: str, welfare: list[str] | None) -> None:
    assert _take(text).get("welfare") == welfare


@pytest.mark.parametrize("text", ["不用双休", "双休无所谓", "没有双休也行", "不要求双休"])
def test_what_it_need_not_offer_is_given_up(text: str) -> None:
    assert _take(text, welfare=["lodging", "weekends_off"])["welfare"] == ["lodging"]


def test_the_last_wish_given_up_leaves_none() -> None:
    assert _take("双休无所谓", welfare=["weekends_off"]) == {"welfare": None}


def test_places_that_will_do_are_not_any_trade() -> None:
    assert "any_occupation" not in _take("沈阳抚顺都行")
    assert _take("沈阳抚顺都行 啥活都行")["any_occupation"] is True


@pytest.mark.parametrize(
    "text", ["多少钱都行", "工资无所谓", "钱多少都可以", "不挑工资", "给多少都行"]
)
def test_any_pay_gives_up_the_pay_and_wishes_for_no_trade(text: str) -> None:
    assert _take(text, salary_min=5000) == {"salary_min": None, "salary_max": None}
    assert _take("都行", asked="salary", salary_min=5000)["salary_min"] is None


def test_any_pay_leaves_the_rest_of_a_message() -> None:
    assert _take("多少钱都行 啥活都行")["salary_min"] is None
    assert _take("工资五千 离家近就行")["salary_min"] == 5000
