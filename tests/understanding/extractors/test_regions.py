import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import normalise
from bot.understanding.extractors.regions import RegionReader
from bot.vocabulary.vocabulary import vocabulary

READER = RegionReader(vocabulary())


@pytest.mark.parametrize(
    ("text", "code"),
    {"沈阳铁西有活吗": "210106", "沈阳市铁西区": "210106", "鞍山的铁西": "210303", "铁西(鞍山)": "210303", "大连甘井子": "210211",
     "瓦房店附近": "210281", "辽宁大连金州": "210213", "在和平": "210102", "浑南": "210112", "喀左": "211324", "鲅鱼圈": "210804",
     "朝阳有活吗": "211300", "那锦州呢": "210700", "旅顺": "210212", "海城有没有活": "210381", "北京失业金": "110100"}.items(),
)  # fmt: skip
def test_a_place_is_read_as_its_narrowest_region(text: str, code: str) -> None:
    assert [found.value.code for found in READER.read(normalise(text).text)] == [code]


def test_a_name_of_two_districts_stays_open_until_a_place_is_known() -> None:
    (found,) = READER.read("铁西有没有招保安的")
    assert found.value.code is None
    assert set(found.value.codes) == {"210106", "210303"}
    (near,) = READER.read("铁西有没有招保安的", reference_region="210300")
    assert near.value.code == "210303"


@pytest.mark.parametrize(
    "text", ["家和平安", "买点大东西", "高新技术企业", "太和殿", "和平年代", "振兴东北"]
)
def test_words_that_look_like_places_are_none(text: str) -> None:
    assert READER.read(text) == []


def test_two_places_of_one_message_are_both_read() -> None:
    assert [f.value.code for f in READER.read("不是沈阳 是鞍山")] == ["210100", "210300"]


@pytest.mark.parametrize(
    ("place", "district", "code"),
    [("沈阳·铁西区", "", "210106"), ("广州-天河区", "", "440106"), ("沈阳", "沈河", "210103"), ("上海市", "", "310100"),
     ("大连", "高新园区", "210211"), ("南京·雨花台区", "", "320114"), ("苏州·工业园区", "", "320500"), ("东莞", "", "441900")],
)  # fmt: skip
def test_the_place_of_a_posting_is_read(place: str, district: str, code: str) -> None:
    mention = READER.field(place, district)
    assert mention is not None
    assert mention.code == code


def test_a_field_that_names_no_place_is_none() -> None:
    assert READER.field("异地招聘") is None


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    plain = normalise(text).text
    for found in READER.read(plain):
        assert plain[found.start : found.end] == found.text
    READER.field(text)


def test_a_plain_word_is_no_district_of_another_province() -> None:
    read = RegionReader(vocabulary()).read
    assert read("公司要搬到郊区 我不去") == []
    assert read("想在城区找个活") == []


@pytest.mark.parametrize(
    ("place", "code"),
    {"沈阳市和平区太原街": "210102", "沈阳市皇姑区长江街": "210105", "沈阳市大东区吉林路": "210104", "沈阳桂林街": "210100",
     "沈阳南京南街12号": "210100", "沈阳市铁岭路": "210100", "大连市西岗区长春路": "210203", "大连山东路": "210200",
     "大连市中山区昆明街": "210202", "大连黄海西路": "210200", "大连市天津街": "210200", "大连鞍山路": "210200",
     "大连抚顺街": "210200", "鞍山市铁东区湖南街": "210302", "鞍山市湖南街道": "210300", "鞍山市南京路": "210300",
     "沈阳中山广场": "210100", "大连北京大厦": "210200"}.items(),
)  # fmt: skip
def test_what_is_named_after_a_place_elsewhere_is_no_place(place: str, code: str) -> None:
    named = READER.field(place)
    assert named is not None
    assert named.code == code
    assert [found.value.code for found in READER.read(normalise(f"{place}附近的活").text)] == [code]


@pytest.mark.parametrize(
    "text", ["北京街12号", "太原街附近", "黄海西路那边", "昆明街那块", "盘锦路十二号"]
)
def test_a_street_alone_is_no_city(text: str) -> None:
    assert READER.read(normalise(text).text) == []
