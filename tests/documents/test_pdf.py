"""PDFs as browsers print them: radicals, wrapped lines, page marks."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.documents.article_parser import split
from bot.documents.readers import read_text
from tests.conftest import missing

TEXT = {
    "第一条": "为了保障劳动者的工资、工时和休息休假权利，维护用人单位与劳动者双方的合法权益，根据有关法律、行政法规的规定，结合本市实际，制定本办法。",
    "第二条": "用人单位应当至少每月支付一次工资，不得克扣或者无故拖欠；依照本办法第三条规定延期支付的，应当书面告知劳动者，并且经过工会同意，长期不支付的依法处理。",
    "第三条": "有下列情形之一的，可以延期支付工资：\n（一）遇到不可抗力，无法正常生产经营，并且已经向当地人力资源社会保障行政部门书面报告的；\n（二）法律规定的其他情形。",
    "第四条": "青年见习人员、户外工作者和飞行人员的工资，自用工之日起计算，高温津贴不抵作最低工资。",
    "第五条": "本办法自2026年4月1日起施行。",
}
FOOTER = {
    "—": '"— " counter(page) " —"',
    "of": '"第 " counter(page) " 页 共 " counter(pages) " 页"',
    "-": '"- " counter(page) " -"',
}


@pytest.mark.browser
@pytest.mark.parametrize("font", ["Noto Serif CJK SC", "Noto Sans CJK SC"])
@pytest.mark.parametrize("width", [60, 110])
@pytest.mark.parametrize("footer", FOOTER)
def test_a_page_printed_by_a_browser_gives_its_articles_word_for_word(
    font: str, width: int, footer: str, tmp_path: Path
) -> None:
    browser = shutil.which("chromium")
    if browser is None:
        missing("chromium is not installed (Debian: chromium)")
    body = "".join(f"<p>{line}</p>" for n, t in TEXT.items() for line in f"{n}　{t}".split("\n"))
    style = (
        f"@page {{ size: {width}mm 90mm; margin: 12mm; @bottom-center {{ content: {FOOTER[footer]} }} }}"
        f" body {{ font-family: '{font}'; font-size: 11pt }} p {{ text-indent: 2em; margin: 0 }}"
    )
    page = tmp_path / "办法.html"
    page.write_text(
        f"<meta charset=utf-8><style>{style}</style><h3>某市工资支付办法</h3>"
        f"<p>（2026年3月2日公布　自2026年4月1日起施行）</p>{body}", "utf-8",
    )  # fmt: skip
    out = tmp_path / "办法.pdf"
    subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--print-to-pdf={out}", f"--user-data-dir={tmp_path / 'profile'}", page.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    found = split(out.name, read_text(out))
    assert found.name == "某市工资支付办法"
    assert {a.number: a.text for a in found.articles} == TEXT
