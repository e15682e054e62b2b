from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.audit.chain import entries
from bot.casework import people
from bot.casework.errors import WrongState
from bot.casework.people import Filters
from bot.casework.roles import Staff
from bot.casework_imports.apply import apply
from bot.casework_imports.preview import preview, rows_of
from bot.db.tables import (
    Person,
    Registration,
)
from tests.casework.people import make_staff
from tests.casework.sheets import sheet
from tests.casework_imports.sheets import GOOD, HEADER, ONE, THREE, TWO, counts, imported, rows


def test_a_sheet_is_shown_first_and_changes_nothing_until_it_is_applied(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    file = sheet(tmp_path, HEADER, GOOD, "铁西区2026年10月失业登记名册")
    batch = preview(office, clerk, "registrations", file, file.name)
    assert counts(batch) == (3, 0, 0, 0)
    assert office.scalar(select(func.count()).select_from(Person)) == 0
    assert apply(office, clerk, batch.id).done == 3
    found = people.page(office, clerk, Filters(state="active")).rows
    assert [one.label for one in found] == ["张* · 8001", "李*", "王* · 6789"]
    assert [one.birth_year for one in found] == [1980] * 3
    first = office.scalars(select(Registration).order_by(Registration.id)).first()
    assert first is not None
    assert (first.registered_on, first.cause, first.source) == (
        date(2026, 10, 8),
        "合同期满",
        "import",
    )
    with pytest.raises(WrongState):
        apply(office, clerk, batch.id)
    log = entries(office, "import_batch", str(batch.id))
    assert [one.action for one in log] == ["import"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("张一", ONE[:-1] + ("0" if ONE[-1] != "0" else "1"), "", "2026-10-08"), "身份证号不对（位数、生日或校验码）"),
        (("张一", "", "", "2026-10-08"), "没写身份证号"),
        (("", ONE, "", "2026-10-08"), "没写姓名"),
        (("张一", ONE, "12345", "2026-10-08"), "电话号码不对"),
        (("张一", ONE, "", "2026-02-30"), "登记日期不是日期"),
        (("张一", ONE, "", "2026-12-24"), "登记日期在今天以后"),
        (("张一", ONE, "", ""), "没写登记日期"),
    ],
)  # fmt: skip
def test_a_row_is_refused_with_its_number_and_reason(
    office: Session, clerk: Staff, tmp_path: Path, cells: tuple[str, str, str, str], reason: str
) -> None:
    file = sheet(tmp_path, HEADER, rows(("李二", TWO, "", "2026-10-09"), cells))
    batch = preview(office, clerk, "registrations", file, "x.xlsx")
    assert counts(batch) == (1, 0, 0, 1)
    (refused,) = rows_of(office, batch, "refused")
    assert (refused.number, refused.reason) == (3, reason)
    assert apply(office, clerk, batch.id).done == 1


def test_the_same_person_twice_and_another_places_people_are_refused(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    other = make_staff(office, "外区", "street", "210106003")
    header = (*HEADER[:4], "区划代码", *HEADER[5:])
    theirs = [(1, "张一", ONE, "", "210106003000", "2026-10-08", "")]
    imported(office, other, sheet(tmp_path, header, theirs))
    given = [
        (1, "张一", ONE, "", "210106001000", "2026-10-08", ""),
        (2, "李二", TWO, "", "210106001", "2026-10-08", ""),
        (3, "李二", TWO, "", "210106001", "2026-10-08", ""),
        (4, "王三", THREE, "", "210106003", "2026-10-08", ""),
    ]
    batch = preview(office, clerk, "registrations", sheet(tmp_path, header, given), "x.xlsx")
    reasons = {row.number: row.reason for row in rows_of(office, batch, "refused")}
    assert reasons == {
        2: "这个人在别的地方有记录，请在“转移”页申请转入", 4: "和第3行是同一个", 5: "不在你的范围里",
    }  # fmt: skip
    assert batch.rows_new == 1
