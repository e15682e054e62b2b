"""Headers of sheets and the fields they name."""

from __future__ import annotations

import pytest

from bot.postings.ingest.field_mapping import FieldReader


@pytest.mark.parametrize(
    ("header", "field"),
    [("联系电话1", "phone"), ("联系电话二", "phone"), ("性别/年龄", "sex"), ("简历投递邮箱", "phone"),
     ("报名网址", "link"), ("*报名方式及地点", "apply"), ("门牌号", "address"), ("工作详细地址", "place"),
     ("联系人（姓名）", "contact_name"), ("报名截止日", "valid_until"), ("填表日期", "published")],
)  # fmt: skip
def test_headers_of_local_offices_are_known(header: str, field: str) -> None:
    assert FieldReader().field_of(header) == field
