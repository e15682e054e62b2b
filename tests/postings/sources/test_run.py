"""Feeds as they come: good ones, and what the last good state must survive."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import func, select

from bot.db.session import session
from bot.db.tables import GatherRun, Posting, PostingOrigin
from bot.postings.sources.config import Source
from bot.postings.sources.run import Run, run_sources
from tests.feed_server import Answer, Feed, sends
from tests.postings.sources.conftest import open_employers


def _job(number: int, **given: str) -> dict[str, str]:
    return {
        "id": str(number), "title": "电工", "company": f"第{number}厂", "city": "沈阳", "salary": "5-6千", **given,
    }  # fmt: skip


def _run(url: str, source: Source, believe_shrink: bool = False) -> Run:
    return next(iter(list(run_sources(url, [source], believe_shrink))))


def _counts(run: Run) -> tuple[int, int, int, int]:
    return run.report.new, run.report.changed, run.report.unchanged, run.expired


def test_a_feed_comes_in_changes_and_leaves(committed: str, feed: Feed) -> None:
    source = feed.source(complete=True, max_shrink=1.0)
    feed.gives(
        sends([_job(1), _job(2)]),
        sends([_job(1, salary="7-8千"), _job(3)]),
        sends([_job(1, salary="7-8千"), _job(2), _job(3)]),
    )
    assert _counts(_run(committed, source)) == (2, 0, 0, 0)
    assert _counts(_run(committed, source)) == (1, 1, 0, 1)
    assert open_employers(committed) == ["第1厂", "第3厂"]
    # What comes back is the posting that it was.
    assert _counts(_run(committed, source)) == (0, 1, 2, 0)
    assert open_employers(committed) == ["第1厂", "第2厂", "第3厂"]


def test_a_feed_that_did_not_change_is_not_sent_again(committed: str, feed: Feed) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.headers.get("If-None-Match") == '"a"':
            return web.Response(status=304)
        return web.json_response([_job(1)], headers={"ETag": '"a"'})

    feed.gives(answer)
    first, second = _run(committed, feed.source()), _run(committed, feed.source())
    assert (first.has_stored, second.has_stored, second.error) == (True, False, None)
    assert open_employers(committed) == ["第1厂"]


def test_the_same_body_without_validators_is_read_once(committed: str, feed: Feed) -> None:
    feed.gives(sends([_job(1)]))
    assert [_run(committed, feed.source()).has_stored for _ in range(2)] == [True, False]


def test_own_field_names_and_secrets_are_used(
    committed: str, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEED_TOKEN", "geheim")
    feed.gives(
        sends({"data": {"list": [{"n": "焊工", "corp": {"full": "甲厂"}, "where": ["大连"]}]}})
    )
    fields = {"title": "n", "employer": "corp.full", "place": "where"}
    source = feed.source(items="data.list", fields=fields, headers={"X-Token": "env:FEED_TOKEN"})
    assert _run(committed, source).report.new == 1
    assert feed.asked[0]["X-Token"] == "geheim"
    with session(committed) as db:
        posting = db.scalars(select(Posting)).one()
    assert (posting.title, posting.city_code, posting.source) == ("焊工", "210200", "供稿")


def test_a_secret_that_is_not_set_is_named(committed: str, feed: Feed) -> None:
    run = _run(committed, feed.source(headers={"X-Token": "env:NO_SUCH_TOKEN"}))
    assert run.error == "the environment has no NO_SUCH_TOKEN"
    assert feed.asked == []


XML = """<?xml version="1.0"?><feed xmlns="urn:x"><job nr="7"><title>保洁员</title>
<company>乙物业</company><city>鞍山</city><tags><tag>五险</tag><tag>双休</tag></tags></job></feed>"""


def test_xml_is_read_with_attributes_and_repeated_tags(committed: str, feed: Feed) -> None:
    feed.gives(sends(XML, kind="application/xml"))
    fields = {"id": "@nr", "tags": "tags.tag"}
    assert _run(committed, feed.source(format="xml", items="job", fields=fields)).report.new == 1
    with session(committed) as db:
        posting = db.scalars(select(Posting)).one()
    assert (posting.source_key, posting.tags, posting.city_code) == ("id:7", "五险,双休", "210300")
    assert posting.welfare == "five_insurances,weekends_off"


def test_json_lines_are_read(committed: str, feed: Feed) -> None:
    feed.gives(sends('{"title": "电工", "company": "甲"}\n\n{"title": "焊工", "company": "甲"}\n'))
    assert _run(committed, feed.source(format="jsonl")).report.new == 2


async def _endless(request: web.Request) -> web.StreamResponse:
    """Ten gigabytes, if anybody would take them."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    piece = b'[{"title": "' + b"x" * 2**20
    for _ in range(10 * 1024):
        await response.write(piece)
    return response


async def _announced(request: web.Request) -> web.StreamResponse:
    headers = {"Content-Type": "application/json", "Content-Length": str(10 * 2**30)}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    return response


async def _bomb(request: web.Request) -> web.StreamResponse:
    import gzip

    body = gzip.compress(b" " * (40 * 2**20))
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    return web.Response(body=body, headers=headers)


async def _half(request: web.Request) -> web.StreamResponse:
    """Half of what was announced, then the connection breaks."""
    body = b'[{"title": "\xe7\x94\xb5'
    headers = {"Content-Type": "application/json", "Content-Length": str(2 * len(body))}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    await response.write(body)
    assert request.transport is not None
    request.transport.close()
    return response


async def _silent(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(5)
    return web.Response()


BAD: list[tuple[str, Answer, dict[str, Any], str]] = [
    ("half", _half, {}, "cut off"),
    ("half a JSON", sends('[{"title": "电工", "comp'), {}, "is no whole JSON"),
    ("half an XML", sends(XML[:90], kind="text/xml"), {"format": "xml", "items": "job"}, "no whole XML"),
    ("10 GB", _endless, {"max_mb": 1}, "sends more than 1 MB"),
    ("10 GB announced", _announced, {"max_mb": 1}, "announces more than 1 MB"),
    ("10 GB packed", _bomb, {"max_mb": 1}, "sends more than 1 MB"),
    ("HTML", sends("<html>登录</html>", kind="text/html"), {}, "content type text/html"),
    ("HTML called JSON", sends("<html>登录</html>"), {}, "is no whole JSON"),
    ("another shape", sends({"code": 500, "msg": "系统繁忙"}), {"items": "data.list"}, "has no data.list"),
    ("an object", sends({"a": 1}), {}, "is no list of objects"),
    ("not UTF-8", sends('[{"title": "电工"}]'.encode("gb18030")), {}, "is not UTF-8"),
    ("nested", sends("[" * 100_000), {}, "nested too deep"),
    ("entities", sends('<!DOCTYPE a [<!ENTITY b "c">]><a/>', kind="text/xml"),
     {"format": "xml", "items": "a"}, "entities"),
    ("an error", sends("no", status=404), {}, "status 404"),
    ("down", sends("no", status=503), {}, "status 503"),
    ("silent", _silent, {"timeout_s": 0.2, "tries": 1}, "no whole answer within 0.2 s"),
    ("without titles", sends([{"a": "1"}, {"a": "2"}]), {}, "2 of 2 rows are unusable"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "settings", "reason"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD]
)
def test_what_is_no_feed_is_refused_and_the_last_good_state_stays(
    committed: str, feed: Feed, answer: Answer, settings: dict[str, Any], reason: str
) -> None:
    feed.gives(sends([_job(n) for n in range(20)]))
    _run(committed, feed.source(complete=True))
    before = open_employers(committed)
    feed.gives(answer)
    run = _run(committed, feed.source(complete=True, **settings))
    assert not run.has_stored
    assert reason in (run.error or "")
    assert len(before) == 20
    assert open_employers(committed) == before
    with session(committed) as db:
        kept = db.scalars(select(GatherRun).order_by(GatherRun.id)).all()
    assert [(one.new, one.error is None) for one in kept] == [(20, True), (0, False)]


def test_a_passing_failure_is_tried_again(committed: str, feed: Feed) -> None:
    feed.gives(sends("no", status=503), _half, sends([_job(1)]))
    assert _run(committed, feed.source(tries=3)).report.new == 1
    assert len(feed.asked) == 3


def test_a_lasting_failure_is_not(committed: str, feed: Feed) -> None:
    feed.gives(sends("no", status=403))
    assert _run(committed, feed.source(tries=3)).error == "status 403"
    assert len(feed.asked) == 1


def test_one_source_that_fails_stops_no_other(committed: str, feed: Feed) -> None:
    feed.gives(sends("no", status=404), sends([_job(1)]))
    runs = list(run_sources(committed, [feed.source(name="甲"), feed.source(name="乙")]))
    assert [(run.source, run.has_stored) for run in runs] == [("甲", False), ("乙", True)]


def test_the_same_posting_a_thousand_times_is_one_posting(committed: str, feed: Feed) -> None:
    same_ids = [_job(1)] * 1000
    other_ids = [{**_job(1), "id": str(n)} for n in range(1000)]
    without = [{k: v for k, v in _job(1).items() if k != "id"}] * 1000
    feed.gives(sends(same_ids), sends(other_ids), sends(without))
    for _ in range(3):
        assert _run(committed, feed.source()).report.read == 1000
        assert len(open_employers(committed)) == 1


def test_a_feed_that_suddenly_shrinks_is_not_believed(committed: str, feed: Feed) -> None:
    feed.gives(sends([_job(n) for n in range(20)]), sends([_job(1), _job(30)]))
    source = feed.source(complete=True)
    _run(committed, source)
    doubted = _run(committed, source)
    assert "19 of 20 postings are missing at once" in (doubted.error or "")
    assert (doubted.report.new, doubted.expired, len(open_employers(committed))) == (1, 0, 21)
    believed = _run(committed, source, believe_shrink=True)
    assert (believed.error, believed.expired, len(open_employers(committed))) == (None, 19, 2)


def test_a_posting_stays_while_another_source_has_it(committed: str, feed: Feed) -> None:
    one = feed.source(name="省网", complete=True, max_shrink=1.0)
    other = feed.source(name="市网", complete=True, max_shrink=1.0)
    there = {
        "id": "b7",
        "title": "【急招】电工",
        "company": "沈阳第１厂有限责任公司",
        "city": "沈阳·铁西区",
    }
    here = _job(1, company="沈阳第1厂有限公司")
    feed.gives(sends([here]))
    _run(committed, one)
    feed.gives(sends([{**there, "salary": "5000-6000元/月"}]))
    run = _run(committed, other)
    assert (run.report.new, run.report.duplicates) == (1, 1)
    with session(committed) as db:
        assert db.scalar(select(func.count()).select_from(Posting)) == 1
        assert db.scalar(select(func.count()).select_from(PostingOrigin)) == 2
    feed.gives(sends([]))
    assert _run(committed, one).expired == 0
    with session(committed) as db:
        posting = db.scalars(select(Posting)).one()
        assert (posting.status, posting.source) == ("open", "市网")
    assert _run(committed, other).expired == 1
    assert open_employers(committed) == []


def test_a_source_that_changes_a_shared_job_makes_it_two(committed: str, feed: Feed) -> None:
    one, other = feed.source(name="省网"), feed.source(name="市网")
    feed.gives(sends([_job(1)]), sends([_job(1)]), sends([_job(1, salary="9-10千")]))
    _run(committed, one)
    _run(committed, other)
    _run(committed, one)
    with session(committed) as db:
        found = db.scalars(select(Posting).order_by(Posting.salary_min)).all()
        assert [(p.source, p.salary_min) for p in found] == [("市网", 5000), ("省网", 9000)]


def test_a_posting_past_its_day_expires(committed: str, feed: Feed) -> None:
    from datetime import date

    from bot import clock

    feed.gives(
        sends([_job(1, published="2026-10-01"), _job(2, published="2026-11-01"), _job(3),
               _job(4, validThrough="2026-11-10"), _job(5, validThrough="2026-11-30")])
    )  # fmt: skip
    source = feed.source(max_age_days=30)
    with clock.frozen(date(2026, 11, 15)):
        run = _run(committed, source)
        assert run.report.new == 5
        assert open_employers(committed) == ["第2厂", "第3厂", "第5厂"]
    with clock.frozen(date(2026, 12, 2)):
        # Nothing new came, and still what is over is over.
        assert not _run(committed, source).has_stored
        assert open_employers(committed) == ["第3厂"]


def test_a_run_leaves_no_file_behind(
    committed: str, feed: Feed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    feed.gives(_endless)
    _run(committed, feed.source(max_mb=1))
    assert list(tmp_path.iterdir()) == []


def _sends_on(to: str, status: int = 302) -> Answer:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": to})

    return answer


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_feed_is_not_followed_to_another_host(
    committed: str, feed: Feed, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setenv("FEED_TOKEN", "geheim")
    other = Feed()
    other.start()
    try:
        other.gives(sends([_job(1)]))
        feed.gives(_sends_on(other.url, status))
        run = _run(committed, feed.source(headers={"X-Token": "env:FEED_TOKEN"}))
    finally:
        other.stop()
    assert "another host" in (run.error or "")
    assert other.asked == []
    assert open_employers(committed) == []


def test_a_feed_is_followed_on_its_own_host_but_not_for_ever(committed: str, feed: Feed) -> None:
    feed.gives(_sends_on("/feed?page=1"), sends([_job(1)]))
    assert _run(committed, feed.source()).report.new == 1
    feed.gives(_sends_on("/feed"))
    assert "sent on too often" in (_run(committed, feed.source()).error or "")


@pytest.mark.parametrize(
    ("body", "new"),
    [
        ({"@graph": [{"@type": "Organization", "@id": "#o", "name": "甲厂"},
                     {"@type": "JobPosting", "title": "电工", "hiringOrganization": {"@id": "#o"}}]}, 1),
        ({"@type": "ItemList", "itemListElement": [
            {"@type": "ListItem", "item": {"@type": "JobPosting", "title": "电工", "hiringOrganization": "甲厂"}},
            {"@type": "ListItem", "item": {"@type": "JobPosting", "title": "焊工", "hiringOrganization": "甲厂"}}]}, 2),
        ({"@type": "JobPosting", "title": "电工", "hiringOrganization": "甲厂"}, 1),
        ([{"@type": ["JobPosting"], "title": "电工", "hiringOrganization": "甲厂"}], 1),
    ],
)  # fmt: skip
def test_postings_of_a_graph_or_a_list_are_read(
    committed: str, feed: Feed, body: Any, new: int
) -> None:
    feed.gives(sends(body))
    assert _run(committed, feed.source()).report.new == new
    assert set(open_employers(committed)) == {"甲厂"}


def test_ids_of_a_graph_are_unique_within_their_name(committed: str, feed: Feed) -> None:
    def one(scope: str, title: str) -> dict[str, Any]:
        return {
            "title": title,
            "hiringOrganization": "某派遣公司",
            "identifier": {"name": scope, "value": "1"},
        }

    feed.gives(
        sends([one("甲", "电工"), one("乙", "焊工")]),
        sends([one("乙", "焊工"), one("甲", "氩弧焊工")]),
    )
    assert _run(committed, feed.source(complete=True)).report.new == 2
    second = _run(committed, feed.source(complete=True))
    assert _counts(second) == (0, 1, 1, 0)


@pytest.mark.parametrize(
    "absurd",
    ['[{"title": ' + "9" * 6000 + "}]", "[" * 50_000 + "]" * 50_000, '[{"title": "电工", "company": "甲", "salary": 1e999}]',
     '[{"title": "电工", "company": "甲", "tags": ' + "[" * 800 + "]" * 800 + "}]"],
)  # fmt: skip
def test_an_absurd_value_of_one_source_ends_no_gather(
    committed: str, feed: Feed, absurd: str
) -> None:
    feed.gives(sends(absurd), sends([_job(1)]))
    runs = list(run_sources(committed, [feed.source(name="甲"), feed.source(name="乙")]))
    assert runs[1].report.new == 1


def test_a_register_may_rename_what_a_number_means(committed: str, feed: Feed) -> None:
    feed.gives(sends([_job(1)]), sends([_job(1, title="保洁员", company="另一厂")]))
    assert _run(committed, feed.source()).report.new == 1
    assert _run(committed, feed.source()).report.changed == 1
    assert open_employers(committed) == ["另一厂"]
