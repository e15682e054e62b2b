from pathlib import Path

import pytest

from bot.understanding.aspects import AspectReader, aspect_reader

CASES = {
    "失业金要带什么材料": ["materials"],
    "创业贷款最高能贷多少,几年": ["amount", "period"],
    "失业登记上哪疙瘩办": ["where"],
    "社保补贴咋申请": ["how"],
    "啥条件能领": ["who"],
    "公益性岗位是干啥的": ["what"],
    "这是哪个文件规定的": ["basis"],
    "一个月给多少钱": ["amount"],
    "能领多长时间": ["period"],
    "仲裁去哪儿申请": ["where"],
    "要花钱不": ["fee"],
    "办这个还得交钱吗": ["fee"],
    "花多少钱": ["amount"],
    "老板欠我钱我要钱": [],
    "失业金": [],
}


@pytest.mark.parametrize(("text", "aspects"), CASES.items())
def test_the_aspect_asked_is_read_from_the_words(text: str, aspects: list[str]) -> None:
    read = [found.value for found in aspect_reader().read(text)]
    assert read[: len(aspects)] == aspects
    assert bool(read) == bool(aspects)


def test_a_find_says_where_it_stood() -> None:
    (found,) = [f for f in aspect_reader().read("失业金要带什么材料") if f.value == "materials"]
    assert "失业金要带什么材料"[found.start : found.end] == found.text


def test_a_pattern_file_with_an_unknown_aspect_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "aspects.yml"
    file.write_text("colour:\n  - 红\n", encoding="utf-8")
    with pytest.raises(ValueError, match="colour"):
        AspectReader(file)
