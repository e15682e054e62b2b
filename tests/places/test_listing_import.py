"""Sheets as different offices write them: imported, named where unreadable, undone, exported."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from typer.testing import CliRunner

from bot import clock
from bot.__main__ import app
from bot.clock import CHINA
from bot.db.session import session
from bot.db.tables import (
    Course,
    DirectoryItem,
    Fair,
    FairSignup,
    Provider,
    Seeker,
    Station,
    SubsidyRate,
)
from bot.places.changes import TABLES
from bot.places.errors import BatchError, ListingFileError
from bot.places.export import export
from bot.places.figures import figures
from bot.places.importer import import_file, preview, undo
from bot.places.sheets import Kind
from bot.places.status import status_of

Line = list[Any]


def _csv(folder: Path, lines: list[Line], encoding: str = "utf-8-sig") -> Path:
    file = folder / "表.csv"
    with file.open("w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows(lines)
    return file


def _xlsx(folder: Path, lines: list[Line]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(line)
    file = folder / "表.xlsx"
    book.save(file)
    return file


#: By kind: three offices' sheets of the same thing, each with its own headers.
OFFICES: dict[Kind, list[list[Line]]] = {
    "station": [
        [["市", "区县", "站点名称", "地址", "联系电话", "办公时间", "服务功能", "核实日期"],
         ["沈阳市", "铁西区", "甲站", "保工街1号", "024-1", "周一至周五 8:30-17:00", "政策宣传、零工驿站", "2026-11-20"]],
        [["沈阳市舒心就业服务站点一览表"],
         ["序号", "所属区县", "服务站名称", "详细地址", "咨询电话", "开放时间", "业务范围", "更新日期", "备注说明"],
         [1, "铁西区", "甲站", "沈阳市铁西区保工街1号", "024-1", "工作日8：30—17：00", "政策咨询；零工对接", "2026年11月20日", "临街"]],
        [["名称", "位置", "座机", "对外办公时间", "服务项目", "数据更新时间"],
         ["甲站", "沈阳市铁西区保工街1号", "024-1", "周一到周五8点半-17点", "政策解读，零工等活", datetime(2026, 11, 20)]],
    ],
    "fair": [
        [["市", "区县", "招聘会名称", "日期", "时间段", "地址", "面向群体", "参会企业数", "岗位数", "状态"],
         ["沈阳市", "铁西区", "退役军人专场招聘会", "2026-12-05", "9:00-11:30", "体育馆", "退役军人", "35", "420", ""]],
        [["区域", "活动主题", "举办时间", "举办地点", "服务对象", "参会单位", "提供岗位"],
         ["沈阳市铁西区", "退役军人专场招聘会", "2026年12月5日 9:00-11:30", "体育馆", "退伍军人", "35余家", "420个"]],
        [["举办城市", "举办区县", "场次名称", "开始日期", "起止时间", "会场", "参加对象", "用人单位数", "招聘人数"],
         ["沈阳", "铁西", "退役军人专场招聘会", datetime(2026, 12, 5), "上午9点-11点半", "体育馆", "退役士兵", 35, 420]],
    ],
    "provider": [
        [["市", "区县", "培训机构名称", "地址", "联系电话"], ["大连市", "甘井子区", "乙校", "中华路2号", "0411-2"]],
        [["所属地区", "学校名称", "单位地址", "报名电话"], ["大连市甘井子区", "乙校", "中华路2号", "0411-2"]],
        [["机构名称", "所在地址", "联系方式"], ["乙校", "大连市甘井子区中华路2号", "0411-2"]],
    ],
    "course": [
        [["市", "区县", "班次名称", "培训机构", "工种", "开班日期", "课时", "上课时间", "收费", "证书", "年龄要求", "名额"],
         ["沈阳市", "铁西区", "电焊班", "丙校", "焊工", "2026-12-07", "120", "周一至周五晚上18:00-20:30", "免费", "操作证", "18-55岁", "30"]],
        [["所在区县", "课程名称", "承办机构", "职业工种", "计划开班时间", "总学时", "授课时间", "学费", "取得证书", "招生对象", "招生人数"],
         ["沈阳市铁西区", "电焊班", "丙校", "电焊工", "2026.12.7", "120课时", "晚6点—8点半（夜校）", "0元", "操作证", "18至55周岁的失业人员", "30人"]],
        [["培训项目", "培训单位", "职业", "开课日期", "学时", "时间安排", "是否收费", "发证", "年龄限制", "班额", "培训地点"],
         ["电焊班", "丙校", "焊工", datetime(2026, 12, 7), 120, "晚班", "否", "操作证", "18～55", 30, "沈阳市铁西区建设路3号"]],
    ],
    "directory": [
        [["目录", "季度", "序号", "职业名称", "等级", "紧缺程度"], ["急需紧缺目录", "2026年第四季度", "1", "焊工", "初级", "非常紧缺"]],
        [["目录类别", "发布季度", "排名", "职业（工种）", "级别", "需求程度"], ["紧缺职业", "2026Q4", 1, "焊工", "初级", "非常紧缺"]],
        [["类别", "期次", "位次", "工种名称", "层次", "程度"], ["急需工种", "2026年4季度", "1", "焊工", "初级", "非常紧缺"]],
    ],
    "rate": [
        [["市", "工种", "等级", "补贴标准", "执行日期", "文件", "核实日期"], ["沈阳市", "叉车司机", "初级", "1000元", "2026-01-01", "某文〔2026〕1号", "2026-11-20"]],
        [["地市", "职业工种", "技能等级", "补贴金额（元）", "生效日期", "依据文件", "核对日期"], ["沈阳", "叉车司机", "初级", 1000, "2026年1月1日", "某文〔2026〕1号", "2026.11.20"]],
        [["城市", "培训工种", "培训等级", "每人补贴", "施行日期", "政策依据", "确认日期"], ["沈阳市", "叉车司机", "初级", "1000元/人", "2026/1/1", "某文〔2026〕1号", "2026-11-20"]],
    ],
}  # fmt: skip
#: What each of them means, whichever office wrote it.
MEANT: dict[Kind, dict[str, Any]] = {
    "station": {"title": "甲站", "region_code": "210106", "phone": "024-1", "functions": "publicity,gig", "verified_on": date(2026, 11, 20)},
    "fair": {"kind": "fair", "region_code": "210106", "starts_at": datetime(2026, 12, 5, 9, tzinfo=CHINA), "ends_at": datetime(2026, 12, 5, 11, 30, tzinfo=CHINA), "audiences": "veteran", "employers": 35, "openings": 420},
    "provider": {"title": "乙校", "region_code": "210211", "phone": "0411-2"},
    "course": {"provider": "丙校", "occupation_name": "焊工", "region_code": "210106", "starts_on": date(2026, 12, 7), "length": "120课时", "times": "evening", "fee": 0, "certificate": "操作证", "age_min": 18, "age_max": 55, "seats": 30},
    "directory": {"directory": "shortage", "quarter": "2026Q4", "position": 1, "occupation_name": "焊工", "degree": "非常紧缺", "region_code": "210000"},
    "rate": {"occupation_name": "叉车司机", "amount": 1000, "region_code": "210100", "starts_on": date(2026, 1, 1), "document": "某文〔2026〕1号"},
}  # fmt: skip
CASES = [
    (kind, office, lines) for kind, sheets in OFFICES.items() for office, lines in enumerate(sheets)
]


@pytest.mark.parametrize(
    ("kind", "office", "lines"), CASES, ids=lambda v: v if isinstance(v, (str, int)) else ""
)
def test_three_offices_headers_of_each_kind(
    committed: str, tmp_path: Path, kind: Kind, office: int, lines: list[Line]
) -> None:
    file = _xlsx(tmp_path, lines) if office else _csv(tmp_path, lines, "gb18030")
    report = import_file(committed, file, kind, "王某")
    assert (report.new, list(report.refused), report.notes) == (1, [], [])
    with session(committed) as db:
        row = db.scalars(select(TABLES[kind])).one()
        found = {name: getattr(row, name) for name in MEANT[kind]}
    assert found == MEANT[kind]
    if (kind, office) == ("station", 1):
        assert any("备注说明" in one for one in report.unread)


def test_what_cannot_be_read_is_named_with_row_and_field(committed: str, tmp_path: Path) -> None:
    lines = [
        ["市", "区县", "站点名称", "办公时间", "纬度", "经度", "坐标系", "核实日期", "领导电话"],
        [
            "沈阳市",
            "铁西区",
            "好站",
            "周一至周五 9:00-11:00",
            "41.80",
            "123.37",
            "GCJ-02",
            "2026-11-20",
            "1",
        ],
        ["", "", "没地方的站", "", "", "", "", "", ""],
        ["沈阳市", "铁西区", "怪时间站", "看情况", "41.80", "123.37", "", "上个月", ""],
        ["沈阳市", "铁西区", "", "周一至周五 9:00-11:00", "", "", "", "", ""],
    ]
    report = import_file(committed, _csv(tmp_path, lines), "station", "王某")
    assert report.new == 2
    assert [(one.number, one.field) for one in report.refused] == [(3, "region"), (5, "title")]
    noted = {(row, reason.split(":")[0]) for row, reason in report.notes}
    assert noted == {(4, "hours"), (4, "lat"), (4, "verified_on")}
    assert list(report.unread) == ["领导电话"]
    with session(committed) as db:
        good, odd = db.scalars(select(Station).order_by(Station.id))
        assert good.lat == pytest.approx(41.80 - 0.0019, abs=0.002)
        assert good.lon != 123.37  # GCJ-02 was turned into WGS-84
        assert (odd.hours, odd.lat, odd.verified_on) == ("", None, None)


def test_a_file_without_a_known_header_is_refused_whole(committed: str, tmp_path: Path) -> None:
    with pytest.raises(ListingFileError, match=r"表\.csv: no header is known"):
        import_file(committed, _csv(tmp_path, [["甲", "乙"], ["1", "2"]]), "station", "王某")
    with pytest.raises(ListingFileError, match="no such file"):
        import_file(committed, tmp_path / "nothing.csv", "station", "王某")


def test_a_sum_of_subsidy_needs_its_document_and_its_check(committed: str, tmp_path: Path) -> None:
    lines = [
        ["市", "工种", "补贴标准", "执行日期", "文件", "核实日期"],
        ["沈阳市", "焊工", "1000元", "2026-01-01", "", "2026-11-20"],
        ["沈阳市", "焊工", "1000元", "2026-01-01", "某文1号", ""],
        ["沈阳市", "焊工", "800-1500元", "2026-01-01", "某文1号", "2026-11-20"],
    ]
    report = import_file(committed, _csv(tmp_path, lines), "rate", "王某")
    assert [(one.number, one.field) for one in report.refused] == [
        (2, "document"), (3, "verified_on"), (4, "amount"),
    ]  # fmt: skip
    assert report.new == 0


STATION: Line = ["市", "区县", "站点名称", "联系电话"]


def test_preview_writes_nothing_and_undo_gives_back_what_was(
    committed: str, tmp_path: Path
) -> None:
    first = _csv(tmp_path, [STATION, ["沈阳市", "铁西区", "甲站", "1"]])
    assert preview(committed, first, "station").new == 1
    with session(committed) as db:
        assert db.scalars(select(Station)).all() == []
    one = import_file(committed, first, "station", "王某")
    again = import_file(committed, first, "station", "王某")
    assert (again.same, again.batch) == (1, None)
    second = _csv(
        tmp_path, [STATION, ["沈阳市", "铁西区", "甲站", "2"], ["沈阳市", "皇姑区", "乙站", "3"]]
    )
    two = import_file(committed, second, "station", "李某")
    assert (two.new, two.changed) == (1, 1)
    assert one.batch is not None
    assert two.batch is not None
    with pytest.raises(BatchError, match=f"先撤回第{two.batch}次"):
        undo(committed, one.batch, "王某")
    assert undo(committed, two.batch, "李某") == 2
    with session(committed) as db:
        assert [(s.title, s.phone) for s in db.scalars(select(Station))] == [("甲站", "1")]
    with pytest.raises(BatchError, match="已经撤回"):
        undo(committed, two.batch, "李某")
    assert undo(committed, one.batch, "王某") == 1
    with session(committed) as db:
        assert db.scalars(select(Station)).all() == []


def test_undoing_a_fair_somebody_goes_to_cancels_it(committed: str, tmp_path: Path) -> None:
    lines = [["市", "招聘会名称", "日期", "时间段"], ["沈阳市", "会", "2026-12-05", "9:00-11:00"]]
    report = import_file(committed, _csv(tmp_path, lines), "fair", "王某")
    with session(committed) as db:
        seeker = Seeker(created_at=clock.now())
        db.add(seeker)
        db.flush()
        fair = db.scalars(select(Fair)).one()
        db.add(
            FairSignup(
                seeker_id=seeker.id, channel="web", fair_id=fair.id, takes_place_on=date(2026, 12, 5),
                state="waiting", remind_at=clock.now(), signed_up_at=clock.now(),
            )
        )  # fmt: skip
    assert report.batch is not None
    undo(committed, report.batch, "王某")
    with session(committed) as db:
        assert db.scalars(select(Fair)).one().state == "cancelled"


def test_a_new_quarter_stands_beside_the_one_before(committed: str, tmp_path: Path) -> None:
    for quarter in ("2026年三季度", "2026年四季度"):
        lines = [["目录", "季度", "序号", "职业名称"], ["急需紧缺", quarter, "1", "焊工"]]
        import_file(committed, _csv(tmp_path, lines), "directory", "王某")
    with session(committed) as db:
        assert sorted(db.scalars(select(DirectoryItem.quarter))) == ["2026Q3", "2026Q4"]


def test_recurring_fairs_need_an_end(committed: str, tmp_path: Path) -> None:
    head = ["市", "招聘会名称", "日期", "时间段", "周期", "截止日期", "停办日期"]
    lines: list[Line] = [
        head,
        ["沈阳市", "周六会", "2026-12-05", "9:00-11:00", "每周六", "2026-12-31", "2026-12-12"],
        ["沈阳市", "无尽会", "2026-12-05", "9:00-11:00", "每周六", "", ""],
        ["沈阳市", "月会", "2026-12-01", "9:00-11:00", "每月第一个周三", "2027-03-31", ""],
        ["沈阳市", "两天会", "2026-12-05至2026-12-06", "9:00-11:00", "", "", ""],
    ]
    report = import_file(committed, _csv(tmp_path, lines), "fair", "王某")
    assert [(one.number, one.field) for one in report.refused] == [(3, "until")]
    from bot.places.occurrences import occurrences

    with session(committed) as db:
        weekly, monthly, both = db.scalars(select(Fair).order_by(Fair.id))
        first, last = date(2026, 12, 1), date(2027, 1, 31)
        days = [
            [one.day for one in occurrences(fair, first, last)] for fair in (weekly, monthly, both)
        ]
    assert [day.isoformat() for day in days[0]] == ["2026-12-05", "2026-12-19", "2026-12-26"]
    assert [day.isoformat() for day in days[1]] == ["2026-12-02", "2027-01-06"]
    assert [day.isoformat() for day in days[2]] == ["2026-12-05", "2026-12-06"]


@pytest.mark.parametrize("kind", list(OFFICES))
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_an_export_is_read_again_as_it_was(
    committed: str, tmp_path: Path, kind: Kind, ending: str
) -> None:
    import_file(committed, _csv(tmp_path, OFFICES[kind][0]), kind, "王某")
    file = tmp_path / f"出{ending}"
    with session(committed) as db:
        assert export(db, kind, file) == 1
    again = import_file(committed, file, kind, "王某")
    assert (again.new, again.changed, list(again.refused), list(again.unread)) == (0, 0, [], [])


def test_all_demo_listings_are_marked_and_cover_each_city(committed: str) -> None:
    from bot.places.demo import load_demo
    from bot.settings import ROOT

    folder = ROOT / "data" / "demo" / "places"
    assert load_demo(committed, folder, date(2026, 11, 24)) > 200
    assert load_demo(committed, folder, date(2026, 11, 24)) == 0
    with session(committed) as db:
        for table in (Station, Fair, Course, Provider):
            rows = db.scalars(select(table)).all()
            assert len({row.region_code[:4] for row in rows}) == 14, table
            assert all(row.demo and row.title.startswith("示范·") for row in rows)
        assert db.scalars(select(SubsidyRate)).all() == []  # no sum is invented


def test_a_row_is_confirmed_until_the_days_of_the_figure_have_passed(
    committed: str, tmp_path: Path
) -> None:
    import_file(committed, _csv(tmp_path, OFFICES["station"][0]), "station", "王某")
    fresh = figures().fresh_days["station"]
    with session(committed) as db:
        row = db.scalars(select(Station)).one()
        last = date.fromordinal(date(2026, 11, 20).toordinal() + fresh)
        assert status_of(row, "station", last).state == "confirmed"
        assert (
            status_of(row, "station", date.fromordinal(last.toordinal() + 1)).state == "unconfirmed"
        )
        row.state = "closed"
        assert status_of(row, "station", last).state == "closed"
        db.rollback()


def test_the_command_line_previews_imports_lists_exports_and_undoes(
    here: str, tmp_path: Path
) -> None:
    file = str(_csv(tmp_path, OFFICES["station"][0]))
    run = CliRunner().invoke

    def said(*words: str, code: int = 0) -> str:
        done = run(app, ["places", *words])
        assert done.exit_code == code, done.output
        return done.output

    assert "1 station rows would be new" in said(
        "import", "station", file, "--by", "王某", "--preview"
    )
    assert "(import" in said("import", "station", file, "--by", "王某")
    assert "甲站 · 210106 · " in said("list", "station", "--region", "沈阳")
    assert "1 station rows written" in said("export", "station", str(tmp_path / "出.csv"))
    number = said("imports").split()[0]
    assert "1 rows taken back" in said("undo", number, "--by", "王某")
    assert said("list", "station") == ""
    assert run(app, ["places", "undo", number, "--by", "王某"]).exit_code == 1
    assert run(app, ["places", "list", "spaceport"]).exit_code == 2
