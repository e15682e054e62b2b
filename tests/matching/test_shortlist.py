import csv
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot import clock
from bot.db.session import session
from bot.db.tables import Consent, Employer, JobPreferenceRow, Seeker
from bot.matching.job_preference import JobPreference
from bot.matching.shortlist import (
    HEADERS,
    ShortlistRequest,
    saved_preference,
    saved_preferences_in,
    shortlist_rows,
    write_shortlist,
)
from bot.postings.errors import ShortlistError
from tests.factories import make_seeker, saved
from tests.postings.conftest import Post

TODAY = date(2026, 11, 24)
GUARD = JobPreference(occupations=("保安员",), region_code="210106", salary_min=3000)


@pytest.fixture(autouse=True)
def today() -> object:
    with clock.frozen(TODAY):
        yield


def _seeker(db: Session, region: str, until: date = date(2027, 1, 1)) -> int:
    now = datetime(2026, 11, 1, tzinfo=timezone.utc)
    kept = JobPreferenceRow(
        occupations="保安员", region_code=region, salary_min=3000, updated_at=now, expires_on=until
    )
    seeker = saved(db, make_seeker(preference=kept))
    given = {"purpose": "counsel", "channel": "web", "wording": "工作人员也能看到", "given_at": now}
    saved(db, Consent(seeker_id=seeker.id, **given))
    return seeker.id


def test_a_list_has_reasons_and_room_for_the_counsellor(words: Session, post: Post) -> None:
    post(warnings="deposit")
    row = dict(zip(HEADERS, next(shortlist_rows(words, [ShortlistRequest(7, GUARD)])), strict=True))
    assert row["求职者编号"] == "7"
    assert row["求职意向"] == "沈阳市铁西区 · 保安员 · 3000元以上"
    assert "对口" in row["推荐理由"]
    assert "押金" in row["注意"]
    assert row["指导员意见"] == ""


def test_for_whom_nothing_is_found_stands_on_the_list_too(words: Session) -> None:
    (row,) = shortlist_rows(words, [ShortlistRequest(7, GUARD)])
    assert len(row) == len(HEADERS)
    assert "现在没有合适的岗位" in row


def test_a_district_has_all_its_seekers_and_no_others(words: Session) -> None:
    here, city = _seeker(words, "210106"), _seeker(words, "210100")
    expired = _seeker(words, "210106", date(2026, 11, 23))
    elsewhere = _seeker(words, "210303")
    assert [one.seeker for one in saved_preferences_in(words, "210106")] == [here]
    assert [one.seeker for one in saved_preferences_in(words, "210100")] == [here, city]
    assert [one.seeker for one in saved_preferences_in(words, "210000")] == [here, city, elsewhere]
    assert saved_preference(words, here).preference == GUARD
    with pytest.raises(ShortlistError, match="expired"):
        saved_preference(words, expired)
    with pytest.raises(ShortlistError, match="no code"):
        saved_preferences_in(words, "999999")


@pytest.mark.parametrize("name", ["list.xlsx", "list.csv"])
def test_both_kinds_of_file_hold_the_same_rows(
    words: Session, post: Post, tmp_path: Path, name: str
) -> None:
    post(title="=1+1保安", employer=Employer(name="某物业"))
    file = tmp_path / name
    assert write_shortlist(file, shortlist_rows(words, [ShortlistRequest(None, GUARD)])) == 1
    if file.suffix == ".csv":
        header, row = csv.reader(file.read_text("utf-8-sig").splitlines())
    else:
        sheet = load_workbook(file)["人岗匹配清单"]
        header, row = ([str(cell or "") for cell in line] for line in sheet.values)
    assert tuple(header) == HEADERS
    assert row[4] == "'=1+1保安", "no spreadsheet takes a title for a formula"
    assert row[5] == "某物业"


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ShortlistError, match="is none of"):
        write_shortlist(tmp_path / "list.pdf", [])


def test_the_command_writes_a_list_for_a_wish(
    committed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.__main__ import app
    from bot.settings import settings

    monkeypatch.setenv("DATABASE_URL", committed)
    settings.cache_clear()
    try:
        with session(committed) as db:
            number = _seeker(db, "210106")
        file = str(tmp_path / "list.csv")
        run = CliRunner().invoke
        wish = ["--occupation", "打更的", "--region", "210106", "--pay", "3000"]
        assert run(app, ["postings", "shortlist", file, *wish]).exit_code == 0
        assert "沈阳市铁西区 · 保安员 · 3000元以上" in Path(file).read_text("utf-8-sig")
        assert run(app, ["postings", "shortlist", file, "--seeker", str(number)]).exit_code == 0
        assert run(app, ["postings", "shortlist", file, "--district", "210100"]).exit_code == 0
        unknown = run(app, ["postings", "shortlist", file, "--seeker", "999"])
        assert unknown.exit_code == 1
        assert "no job preference" in unknown.output
        assert run(app, ["postings", "shortlist", file]).exit_code == 2
    finally:
        settings.cache_clear()


def test_who_named_a_district_as_a_further_place_stands_on_its_list(words: Session) -> None:
    seeker = _seeker(words, "210303")
    kept = words.get_one(Seeker, seeker).preference
    assert kept is not None
    kept.also_regions, kept.welfare = "210200,210106", "lodging"
    words.flush()
    (asked,) = saved_preferences_in(words, "210106")
    assert (asked.seeker, asked.preference.places) == (seeker, ("210303", "210200", "210106"))
    assert asked.preference.welfare == ("lodging",)
    assert [one.seeker for one in saved_preferences_in(words, "210200")] == [seeker]
    assert saved_preferences_in(words, "210102") == []
