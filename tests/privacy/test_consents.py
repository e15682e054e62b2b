from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot import clock
from bot.db.session import session
from bot.db.tables import Consent, Delivery
from bot.delivery.quiet_hours import QuietHours
from bot.matching.shortlist import saved_preference
from bot.notifications.renewal import ask_again_all
from bot.postings.errors import ShortlistError
from bot.privacy import consents
from bot.privacy.consents import faults, purposes
from bot.privacy.errors import RegisterErrors
from bot.seekers.identity import seeker_of
from bot.subscriptions.service import agreed_to_push, save_preference, subscribe
from tests.days import TUESDAY
from tests.handlers.conftest import Dialogue
from tests.subscriptions.conftest import GUARD_IN_SHENYANG, WORDS


@pytest.fixture
def reworded(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Raise the version of every purpose, as an edit of consents.yml does."""

    def change() -> None:
        raised = {name: replace(one, version="2") for name, one in purposes().items()}
        monkeypatch.setattr(consents, "purposes", lambda: raised)

    return change


def subscribed(url: str) -> int:
    with clock.frozen(TUESDAY), session(url) as db:
        return subscribe(db, "web", "anna", GUARD_IN_SHENYANG, "daily", WORDS).seeker_id


def test_the_wordings_are_those_whose_versions_are_recorded() -> None:
    assert faults() == []


def test_a_yes_bears_the_version_of_its_wording(here: str) -> None:
    subscribed(here)
    with session(here) as db:
        given = {(one.purpose, one.version) for one in db.query(Consent)}
    assert given == {("push", "1"), ("keep_preference", "1")}


def test_a_changed_wording_is_asked_again_once_and_nothing_is_pushed_before(
    here: str, reworded
) -> None:  # type: ignore[no-untyped-def]
    seeker, hours = subscribed(here), QuietHours()
    assert ask_again_all(here, TUESDAY, hours) == 0
    reworded()
    with session(here) as db:
        assert not agreed_to_push(db, seeker, "web")
    assert [ask_again_all(here, TUESDAY, hours) for _ in range(2)] == [1, 0]
    with session(here) as db:
        asked = db.query(Delivery).one()
    assert "说法改了" in asked.body
    assert "沈阳市 · 保安员" in asked.body


def test_the_yes_to_it_holds_again(here: str, reworded) -> None:  # type: ignore[no-untyped-def]
    import json

    seeker = subscribed(here)
    reworded()
    ask_again_all(here, TUESDAY, QuietHours())
    with session(here) as db:
        sent = json.loads(db.query(Delivery).one().slots)
    anna = Dialogue()
    anna.slots |= sent  # as the worker puts it into the conversation
    assert "订好了" in anna.say("好", "affirm").text
    with session(here) as db:
        assert agreed_to_push(db, seeker, "web")
        given = db.execute(select(Consent.version).where(Consent.purpose == "push")).scalars()
        assert sorted(given) == ["1", "2"]
    assert ask_again_all(here, TUESDAY, QuietHours()) == 0


def test_who_subscribes_again_after_a_change_is_asked_and_not_told_that_it_runs(
    here: str, reworded
) -> None:  # type: ignore[no-untyped-def]
    anna = Dialogue()
    anna.say("以后有丹东的护士岗位告诉我一声", "subscribe")
    anna.say("好", "affirm")
    again = "以后有丹东的护士岗位告诉我一声"
    assert anna.say(again, "subscribe").type == "text"
    reworded()
    assert anna.say(again, "subscribe").type == "form"


def test_counsellors_see_the_wish_of_those_alone_who_agreed_to_that(here: str) -> None:
    subscriber = subscribed(here)
    with clock.frozen(TUESDAY), session(here) as db:
        save_preference(
            db, "sms", "+8613800000000", GUARD_IN_SHENYANG, "就业服务的工作人员也能看到"
        )
        registered = seeker_of(db, "sms", "+8613800000000").id
        assert saved_preference(db, registered).preference.occupations == ("保安员",)
        with pytest.raises(ShortlistError, match="for counsellors to see"):
            saved_preference(db, subscriber)


def test_the_same_words_are_recorded_anew_after_a_year(here: str) -> None:
    subscribed(here)
    with clock.frozen(TUESDAY.replace(year=2028)), session(here) as db:
        subscribe(db, "web", "anna", GUARD_IN_SHENYANG, "daily", WORDS)
    with session(here) as db:
        assert db.query(Consent).count() == 4


def test_a_wording_that_changed_without_its_entry_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.__main__ import app

    monkeypatch.setattr(consents, "digest", lambda name: "0" * 16)
    done = CliRunner().invoke(app, ["privacy", "check"])
    assert done.exit_code == 1
    assert "push.push_consent: the wording was changed: raise the version" in done.output


def test_a_purpose_without_a_version_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "consents.yml"
    file.write_text('# why\npush:\n  wordings: {push_consent: "0"}\n', encoding="utf-8")
    with pytest.raises(RegisterErrors, match=r"consents.yml:2: push.version: is missing"):
        consents._read(file)
