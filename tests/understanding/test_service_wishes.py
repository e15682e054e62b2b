from pathlib import Path

import pytest

from bot.settings import settings
from bot.text.errors import VocabularyError
from bot.text.normalise import normalise
from bot.text.pattern_file import read_patterns
from bot.understanding.service_wishes import names_no_counsellor_only, service_wish

CASES = {
    "keep": [
        "别退订，接着给我发", "我不想退订", "不退订", "我没有要退订", "别取消订阅", "不要停止推送", "我没说退订",
        "可别给我退订了，我还要看呢", "我啥时候说退订了", "不是要退订，就问问咋一周才一条", "别把我推送停了",
        "先别退，还没找着活呢", "我还不想退订呢", "没想取消", "谁让你给我停的", "别停啊", "先不退订",
        "没打算取消推送", "不是退订，是想换成大连的",
    ],
    "resume": [
        "恢复订阅", "重新订阅", "恢复推送", "继续给我发吧", "上个月退订了，现在想再收", "接着给我发",
        "之前手滑退订了，再给我订上", "把推送打开", "还接着给我推呗", "上次退了，现在还想收招工信息", "恢复岗位提醒",
        "推送能恢复不", "取消了能重新订阅吗", "我退订了又想收了", "刚才点错退订了，帮我恢复",
    ],
    "no_counsellor": [
        "不用转人工", "别转人工，我问你", "不需要人工客服", "不找人工，就问你", "先别转人工，我还没问完", "用不着人工",
        "不用给我转客服", "不想跟人工唠，你说就行", "我没说要转人工", "甭找人工了", "不用叫工作人员", "不用真人",
        "人工就不用了", "人工客服不需要", "客服先不用了，你说",
    ],
    "other_medium": [
        "打电话给我，别发短信", "有事打电话，别发短信", "别发短信了，我不认字，给我打电话", "能不能别发短信，微信发我",
        "别老发短信，打个电话说", "不要短信通知，微信联系我就行", "别打电话，发短信就行", "短信我看不清，给我打电话吧",
    ],
    "no_messages": [
        "别发了", "别再给我发了", "不要再给我推送了", "别发短信了", "已经找到工作了别推了", "别老给我发短信 我自己来问",
        "以后甭给我发信息了", "不想收这些招工信息", "能不能别老给我推岗位",
    ],
    "how_to_stop": ["要是找着了咋停", "推送怎么关掉", "不想收了咋把推送停了"],
    None: [
        "公司别再给我发消息了", "别给我找保安的", "有新的发给我",
        "退订", "能不能退订", "怎么退订", "怎么还没退订", "没退订成功", "不退订就投诉", "不是退订了吗怎么还发",
        "不想收了退订", "不要了退订", "不用了，退订", "要不退订吧", "要不要退订", 
        "停止推送", "别继续发了", "怎么取消短信", "退订不了", 
        "转人工", "能不能转人工", "怎么不给转人工", "为啥不转人工", "不要机器人，转人工", "不转人工我就投诉",
        "有没有人工", "要不转人工吧", "不想干客服", "不要客服", "找不到工作人员咋办", "能打电话给我吗",
        "失业金停了，接着给我发吧", "公司重新通知我上班", "恢复发放失业金", "老板不打电话就发短信辞退我",
        "中介费不给退", "保证金离职不退", "再来几个", "接着说", "还没给我发工资", "别停我社保",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wish"), [(text, wish) for wish, texts in CASES.items() for text in texts]
)
def test_what_is_wished_of_the_service(text: str, wish: str | None) -> None:
    assert service_wish(normalise(text).text) == wish


def test_a_question_beside_the_refusal_is_something_else_as_well() -> None:
    assert names_no_counsellor_only("不用转人工了")
    assert not names_no_counsellor_only("不用转人工,失业金咋领")


def test_the_patterns_of_the_installation_are_read() -> None:
    assert "not_stop" in read_patterns(settings().data / "vocab" / "service_wishes.yml")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("patterns: {a: b}\n", "1: words"),
        ("words:\n  not: [别]\npatterns:\n  a: '%nto%退订'\n", "4: a '%nto%'"),
        ("words:\n  not: [别]\npatterns:\n  a: '%not%'\n  b: '退(订'\n", "5: b"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_field(tmp_path: Path, text: str, wrong: str) -> None:
    file = tmp_path / "service_wishes.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(VocabularyError, match=f"service_wishes.yml:{wrong}"):
        read_patterns(file)
