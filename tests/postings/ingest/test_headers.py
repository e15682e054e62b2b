"""The list of column names: enough of them, each for one field, and those of real tables."""

from __future__ import annotations

import pytest

from bot.postings.ingest.field_mapping import FieldReader
from bot.postings.ingest.headers import headers, plain_header

#: Has the names of a property of schema.org only.
_NO_COLUMN = {"id_scope"}
#: Header rows as they are: a civil-service table, an office's, a recruiting site's, a job fair's.
TABLES = {
    "部门代码 招录机关（单位） 用人司局 招考职位 职位编码 职位简介 招考人数 专业 学历 学位 基层工作最低年限 备注 咨询电话1": {
        "招录机关（单位）": "employer", "用人司局": "employer", "招考职位": "title", "职位编码": "id",
        "职位简介": "description", "招考人数": "headcount", "专业": "description", "学历": "education",
        "基层工作最低年限": "experience", "备注": "description",
    },
    "序号 用人单位全称 单位性质 岗位（工种） 需求人数（人） 学历 要求 薪资待遇（元/月） 工作 地点 联系人及电话 食宿情况": {
        "序号": "number", "用人单位全称": "employer", "单位性质": "kind", "岗位（工种）": "title",
        "需求人数（人）": "headcount", "薪资待遇（元/月）": "salary", "联系人及电话": "phone", "食宿情况": "tags",
    },
    "公司名 公司全称 职位名称 月薪 工作城市 经验要求 学历要求 公司规模 融资情况 所属行业 发布时间 职位描述": {
        "公司名": "employer", "公司全称": "employer", "职位名称": "title", "月薪": "salary", "工作城市": "place",
        "经验要求": "experience", "公司规模": "size", "所属行业": "industry", "发布时间": "published",
        "职位描述": "description",
    },
    "展位号 参会单位名称 拟招聘岗位 性别要求 年龄要求 最低薪资 最高薪资 拟招聘数量 截止日期 发布平台 县市区": {
        "参会单位名称": "employer", "拟招聘岗位": "title", "性别要求": "sex", "年龄要求": "age",
        "最低薪资": "salary_min", "最高薪资": "salary_max", "拟招聘数量": "headcount", "截止日期": "valid_until",
        "发布平台": "source", "县市区": "district",
    },
}  # fmt: skip


def test_each_field_has_fifteen_names_of_columns() -> None:
    names = {field: {way[0] for way in ways if len(way) == 1} for field, ways in headers().items()}
    few = {field: len(known) for field, known in names.items() if len(known) < 15}
    assert few.keys() <= _NO_COLUMN, few


def test_no_name_means_two_fields() -> None:
    fields: dict[str, set[str]] = {}
    for field, ways in headers().items():
        for way in ways:
            name = plain_header(way[0]) if len(way) == 1 else ".".join(way)
            fields.setdefault(name, set()).add(field)
    # A place's column names the street as well.
    of_place = ({"place", "address"}, {"district", "address"})
    twice = {name: means for name, means in fields.items() if len(means) > 1}
    assert {name: means for name, means in twice.items() if means not in of_place} == {}


def test_a_name_is_read_as_the_field_that_lists_it() -> None:
    reader = FieldReader()
    listed = {(way[0], field) for field, ways in headers().items() for way in ways}
    read = {(header, reader.field_of(header)) for header, _ in listed}
    assert read <= listed


@pytest.mark.parametrize("row", TABLES)
def test_header_rows_of_real_tables_are_understood(row: str) -> None:
    reader = FieldReader()
    assert {name: reader.field_of(name) for name in TABLES[row]} == TABLES[row]
