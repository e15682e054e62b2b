"""Questions about the assistant itself: found by meaning, and nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.assistant import answer_of_assistant, answer_several_of_assistant, read_questions
from bot.settings import settings
from bot.text.errors import VocabularyError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("你帮我看下简历行不", "文件和图片我打不开"),
        ("我跟你唠的这些 厂里能知道不", "不会告诉你的单位"),
        ("都后半夜了你咋还在呢", "不睡觉"),
        ("你们能来我们厂给大家伙讲讲吗", "派不了人"),
        ("你说的我看不懂 说简单点", "往短了说"),
    ],
)
def test_a_question_about_the_assistant_is_answered(text: str, said: str) -> None:
    message = answer_of_assistant(text)
    assert message is not None
    assert said in message.text


@pytest.mark.parametrize(
    "text",
    [
        "仲裁要花钱不",
        "你给我找个保洁的活",
        "你说失业金能领几个月",
        "你看我这样的能领不",
        "你帮我看看这个合同合不合法",
        "单位能知道我去告他吗",
        "你能帮我投诉他们吗",
        "大连有没有会计的活",
    ],
)
def test_another_question_is_left_to_others(text: str) -> None:
    assert answer_of_assistant(text) is None


def test_each_way_of_asking_gets_its_own_answer() -> None:
    for question in read_questions(settings().data / "assistant.yml"):
        for ask in question.phrasings:
            message = answer_of_assistant(ask)
            assert message is None or message.text == question.text, ask


def test_a_question_without_an_answer_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "assistant.yml"
    file.write_text("- id: a\n  asks: [你是谁]\n  text: 程序\n- id: b\n  asks: [在吗]\n", "utf-8")
    with pytest.raises(VocabularyError, match=r"assistant\.yml:4: text"):
        read_questions(file)


def test_several_questions_about_the_assistant_are_each_answered() -> None:
    message = answer_several_of_assistant(
        "你是机器还是人？我说这么多你都记着呢？我下回再来还得从头说一遍不？"
    )
    assert message is not None
    assert [word in message.text for word in ("我是程序", "30天后删掉", "不用从头说")] == [True] * 3


@pytest.mark.parametrize(
    "text",
    [
        "你是机器还是人",
        "你是机器还是人？失业金去哪领？",
        "我腰不好 站不住",
        "你能记住吗？我下回去哪办？",
        "你是机器还是人？我说这么多你都记着呢？失业金去哪领？",
    ],
)
def test_one_question_or_one_of_something_else_is_left_to_others(text: str) -> None:
    assert answer_several_of_assistant(text) is None
