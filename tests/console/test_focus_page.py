"""重点帮扶: entered and told on a person's page or by a sheet; managers see numbers alone."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import select

from bot.db.session import session
from bot.db.tables import AuditEntry, FocusEntry
from tests.casework.people import make_registered
from tests.casework.sheets import id_number, sheet
from tests.console.conftest import Enter

HEADER = ("姓名", "身份证号", "帮扶类别", "依据", "所属街道")


async def test_a_person_is_entered_told_and_leaves(enter: Enter) -> None:
    with session() as db:
        person = make_registered(db)[0].id
    clerk = await enter("李经办", "street", "210106001")
    far = await enter("远经办", "street", "210202001")
    manager = await enter("市管理", "manager", "2101")
    at = f"/people/{person}"
    assert (await clerk.get(at)).has("不在清单上", "拟列入重点帮扶清单")
    entered = await clerk.post(f"{at}/focus", kind="graduate", basis="教育局离校名单", firm="")
    assert entered.has("高校毕业生，拟列入", "照这样告诉本人", "不影响失业登记和任何待遇")
    (tell,) = re.findall(rf'action="({at}/focus/\d+)/inform"', entered.text)
    await far.get("/")
    assert (await far.post(f"{tell}/inform", way="phone")).status == 404
    assert (await clerk.get("/")).has("重点帮扶：告知本人", "期限未设")
    assert (await clerk.post(f"{tell}/inform", way="phone")).has("高校毕业生，在清单上")
    assert (await clerk.get("/focus")).has("高校毕业生", "教育局离校名单", "没有")
    seen = await manager.get("/focus")
    assert seen.has("规模", "沈阳市合计", "<5")
    assert "教育局离校名单" not in seen.text
    assert "名单</h2>" not in seen.text
    assert (await manager.post(f"{at}/focus", kind="rural", basis="名单")).status == 404
    left = await clerk.post(f"{tell}/object", way="phone", note="不想总接电话")
    assert left.has("高校毕业生，本人不同意", "不想总接电话")
    again = await clerk.post(f"{at}/focus", kind="graduate", basis="名单", firm="")
    assert again.has("没办成", "本人不同意按这一类列入")
    with session() as db:
        assert {"focus_entered", "focus_listed", "focus_objected"} <= set(
            db.scalars(select(AuditEntry.action))
        )


async def test_a_sheet_of_the_list_is_imported_and_taken_back(enter: Enter, tmp_path: Path) -> None:
    clerk = await enter("李经办", "street", "210106001")
    file = sheet(tmp_path, HEADER, [("张一", id_number(1), "农民工", "镇里名单", "昆明湖街道")])
    await clerk.get("/imports")
    shown = await clerk.upload("/imports", "list.xlsx", file.read_bytes(), kind="focus")
    assert shown.has("新的人，拟列入重点帮扶清单")
    assert (await clerk.post(f"{shown.path}/apply")).has("导入完成。")
    assert (await clerk.get("/focus")).has("农村转移劳动力", "镇里名单", "拟列入")
    assert (await clerk.post(f"{shown.path.split('?')[0]}/undo")).has("撤回完成。")
    with session() as db:
        assert db.scalars(select(FocusEntry.state)).all() == ["ended"]
