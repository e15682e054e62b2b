from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import JSON, Column, LargeBinary, String

from bot.db.tables import Base
from bot.privacy.errors import RegisterErrors
from bot.privacy.register import read_register, register

GOOD = """\
kinds: {words: 话, mark: 编号}
readers: {bot: 机器人}
tables:
  inbox:
    of: seeker
    says: 还没答完的话
    purpose: 不漏答
    ground: 第十三条第一款第三项
    readers: [bot]
    found_by: [{address: address, channel: channel}]
    columns: {text: words, key: mark}
    ends: [{after: P1D, from: taken_at, since: 收到}]
without:
  regions: [code]
"""


def of_text() -> Iterator[Column[object]]:
    """Every column that can hold words: text, JSON, bytes."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, (String, JSON, LargeBinary)):
                yield column


def written(folder: Path, text: str) -> Path:
    file = folder / "register.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_column_of_text_is_in_the_register_or_said_to_hold_nothing_personal() -> None:
    known = register()
    forgotten = [
        str(column)
        for column in of_text()
        if column.name not in known.without.get(column.table.name, ())
        and (
            column.table.name not in known.entries
            or column.name not in known.entries[column.table.name].columns
        )
    ]
    assert not forgotten, f"data/privacy/register.yml does not know {', '.join(forgotten)}"


def test_no_column_is_personal_and_not_at_once() -> None:
    known = register()
    both = [
        f"{name}.{column}"
        for name, entry in known.entries.items()
        for column in entry.columns
        if column in known.without.get(name, ())
    ]
    assert not both


def test_of_a_seekers_table_every_column_has_its_kind() -> None:
    left_out = [
        f"{entry.name}.{column.name}"
        for entry in register().of_seekers()
        for column in Base.metadata.tables[entry.name].columns
        if column.name not in entry.columns
    ]
    assert not left_out


def test_whatever_points_to_a_seeker_is_found_by_him() -> None:
    known = register()
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == "seekers":
                found = [one.column for one in known.entries[table.name].found_by]
                assert key.parent.name in found, table.name


def test_nothing_is_kept_without_an_end() -> None:
    for entry in register().entries.values():
        assert entry.ends, entry.name
        if entry.subject == "seeker" and not entry.erased:
            assert any(end.deletes for end in entry.ends), entry.name


def test_a_register_is_read(tmp_path: Path) -> None:
    read = read_register(written(tmp_path, GOOD))
    assert read.entries["inbox"].ends[0].period.days == 1
    assert read.without["regions"] == {"code"}


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("P1D", "bald", "register.yml:12: tables.inbox.ends.after: 'bald' is no period (P30D, P3Y)"),
        ("taken_at", "never", "register.yml:12: tables.inbox.ends.from: inbox has no column never"),
        ("    ends: [{after: P1D, from: taken_at, since: 收到}]\n", "", "register.yml:4: tables.inbox.ends: is missing: nothing is kept without an end"),
        ("第三项", "第九项", "register.yml:8: tables.inbox.ground: '第十三条第一款第九项' is no item"),
        ("text: words", "text: talk", "register.yml:11: tables.inbox.columns.text: 'talk' is no kind"),
        ("{text:", "{txt:", "register.yml:11: tables.inbox.columns: inbox has no column txt"),
        ("  inbox:", "  outbox:", "register.yml:4: tables.outbox: there is no table outbox"),
        ("readers: [bot]", "readers: [all]", "register.yml:9: tables.inbox.readers: all is not known"),
        ("{address: address,", "{from: address,", "register.yml:10: tables.inbox.found_by: needs one of"),
        ("  regions: [code]", "  regions: [cod]", "register.yml:14: without.regions: regions has no column cod"),
        ("purpose", "porpoise", "register.yml:7: tables.inbox.porpoise: is not known here"),
        ("kinds: {", "kinds: [", "register.yml:1: : expected ',' or ']'"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_line_and_field(
    tmp_path: Path, before: str, after: str, fault: str
) -> None:
    with pytest.raises(RegisterErrors) as raised:
        read_register(written(tmp_path, GOOD.replace(before, after, 1)))
    assert fault in str(raised.value)


def test_a_register_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(RegisterErrors, match="there is no such file"):
        read_register(tmp_path / "register.yml")
