"""Commands of early warning's daily work: levels, cases, measures, the month's list, reports."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.settings import settings

Staff = Annotated[str, typer.Option("--staff", help="Who does it.")]
Month = Annotated[str, typer.Argument(help="2026-11")]
Region = Annotated[str, typer.Option("--region", help="GB/T 2260 code; default: JIUYE_REGION.")]
Audience = Annotated[str, typer.Option("--audience", help="inside or outside.")]
Folder = Annotated[Path, typer.Option("--folder", help="Where the report's files lie.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to `python -m bot warning`."""
    app.command("run")(run)
    app.command("list")(show_list)
    app.command("case")(step)
    app.command("enter")(enter)
    app.command("measures")(measures)
    app.command("done")(done)
    app.command("freeze")(freeze)
    app.command("recompute")(recompute)
    app.command("report")(report)
    app.command("approve")(approve)


def run(month: Month, region: Region = "") -> None:
    """Work out the levels of a month, open and close alerts, and take new candidates as cases."""
    from bot.db.one_import import importing
    from bot.warning.levels import NAMES
    from bot.warning.month_run import run_month

    place, month_start = region or settings().home_region, read_month(month)
    with importing(settings().database_url.reveal()) as db:
        done = run_month(db, place, month_start)
        made = done.alerts
        counts: dict[str, int] = {}
        for _, reading in made.readings:
            counts[NAMES[reading.level]] = counts.get(NAMES[reading.level], 0) + 1
        typer.echo("，".join(f"{name}{count}" for name, count in sorted(counts.items())))
        for alert in made.opened:
            typer.echo(f"新预警{alert.id}：{alert.evidence}")
        for alert in made.closed:
            typer.echo(f"解除预警{alert.id}：{alert.indicator} {alert.region}")
        typer.echo(f"新待核企业{len(done.cases)}家")


def show_list(month: Month, region: Region = "") -> None:
    """Show the candidates of a month with their arithmetic: for the analyst's eyes."""
    from bot import clock
    from bot.db.session import session
    from bot.vocabulary.vocabulary import vocabulary
    from bot.warning.candidates import arithmetic, marks
    from bot.warning.lists import current_form, frozen, month_list
    from bot.warning.months import months_before

    place, month_start = region or settings().home_region, read_month(month)
    with session() as db:
        previous = frozen(db, place, months_before(month_start, 1))
        form = current_form(place, month_start, previous.frozen_at if previous else None)
        result = month_list(db, place, month_start, form, clock.now())
    for entry in result.entries:
        item = entry.candidate
        remarks = [text for text, holds in (("补报", entry.late), ("集团", entry.group)) if holds]
        all_marks = "、".join([*marks(item), *remarks])
        grade = "强信号" if item.strong else "按文件"
        typer.echo(
            f"{item.day} {grade} {item.name}（{vocabulary().full_name(item.district)}） {all_marks}"
        )
        typer.echo(f"  {arithmetic(item, form.rule)}")
    for title, codes in (("派遣单位，比例不示", result.dispatch), ("失联企业", result.silent)):
        if codes:
            typer.echo(f"{title}：{'、'.join(codes)}")
    if result.missing:
        names = "、".join(vocabulary().full_name(item) for item in result.missing)
        typer.echo(f"缺数（没有报备案）：{names}")


def step(
    case: Annotated[int, typer.Argument(help="The case's number.")],
    state: Annotated[
        str, typer.Argument(help="verified, rejected, listed, served, worse or resolved.")
    ],
    staff: Staff,
    why: Annotated[str, typer.Option("--why", help="Of a rejection.")] = "",
) -> None:
    """Bring a firm's case to its next state; who lists it is not who verified it."""
    from bot.db.session import session
    from bot.warning import cases

    with session() as db:
        row = cases.step(db, case, state, staff, why)
        typer.echo(f"{row.name}：{cases.STATES[row.state]}")


def enter(
    uscc: Annotated[str, typer.Argument(help="统一社会信用代码.")],
    name: Annotated[str, typer.Argument(help="The firm's name.")],
    district: Annotated[str, typer.Argument(help="Its district, by code or name.")],
    grade: Annotated[str, typer.Option("--kind", help="policy or feedback.")],
    why: Annotated[str, typer.Option("--why", help="Which policy, or which office reports what.")],
    staff: Staff,
) -> None:
    """Enter a firm that policy hits or another office reports, as a candidate."""
    from bot.db.session import session
    from bot.warning import cases
    from bot.warning.identity import credit_code
    from bot.warning.sheet_rows import district as district_code

    try:
        code, place = credit_code(uscc), district_code(district)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from wrong
    with session() as db:
        row = cases.enter(db, code, name, place, grade, why, staff)
        typer.echo(f"{row.id} {row.name}：{cases.STATES[row.state]}")


def measures(region: Region = "") -> None:
    """Show what is to be done, the earliest first."""
    from bot.db.session import session
    from bot.warning.measures import pending_measures

    with session() as db:
        for item in pending_measures(db, region or settings().home_region):
            due = f"{item.due_on}" if item.due_on else "未设"
            late = " 逾期" if item.overdue else ""
            typer.echo(f"{item.id} {due}{late} {item.office} {item.measure}（{item.about}）")


def done(
    measure: Annotated[int, typer.Argument(help="The measure's number.")],
    result: Annotated[str, typer.Option("--result", help="What came of it.")],
    skipped: Annotated[
        bool, typer.Option("--skipped", help="It is not done; why: --result.")
    ] = False,
) -> None:
    """Close a measure with its result."""
    from bot.db.session import session
    from bot.warning.measures import close_measure

    with session() as db:
        close_measure(db, measure, "skipped" if skipped else "done", result)


def freeze(month: Month, staff: Staff, region: Region = "") -> None:
    """Freeze the list of a month that is over; what becomes known later goes to the next."""
    from bot.db.one_import import importing
    from bot.warning.lists import freeze as freeze_list

    with importing(settings().database_url.reveal()) as db:
        row = freeze_list(db, region or settings().home_region, read_month(month), staff)
        typer.echo(f"{month} 的名单已定：{row.sha256[:12]}")


def recompute(month: Month, region: Region = "") -> None:
    """Compute a frozen list again from what was known then; fails when it differs."""
    from bot.db.session import session
    from bot.warning.lists import frozen
    from bot.warning.lists import recompute as again

    with session() as db:
        row = frozen(db, region or settings().home_region, read_month(month))
        if row is None:
            raise typer.BadParameter(f"the list of {month} is not frozen")
        result = again(db, row)
        typer.echo(f"{month}：{len(result.entries)}条，和定的时候一样")


def report(
    month: Month, staff: Staff, folder: Folder, region: Region = "", audience: Audience = "inside"
) -> None:
    """Prepare the report of a month (Word, a page to print, a workbook), audited before."""
    from bot.db.one_import import importing
    from bot.monthly_reports.publish import prepare

    place = region or settings().home_region
    with importing(settings().database_url.reveal()) as db:
        made = prepare(db, place, read_month(month), _audience(audience), staff, folder)
        hidden = made.report.figures.printed.hidden()
        typer.echo(f"月报{made.publication.id}，待第二人批准；{hidden}个数不示")
    for file in made.files:
        typer.echo(str(file))


def approve(
    publication: Annotated[int, typer.Argument(help="The report's number.")],
    staff: Staff,
    folder: Folder,
) -> None:
    """Publish a report that another person prepared."""
    from bot.db.one_import import importing
    from bot.db.tables import Publication
    from bot.monthly_reports.publish import approve as publish
    from bot.monthly_reports.publish import file_names

    with importing(settings().database_url.reveal()) as db:
        row = db.get(Publication, publication)
        if row is None:
            raise typer.BadParameter(f"there is no report {publication}")
        names = file_names(row.region, row.month, _audience(row.audience))
        publish(db, publication, staff, tuple(folder / name for name in names))
        typer.echo(f"{row.month:%Y-%m} 的月报已发布（编制{row.prepared_by}，批准{staff}）")


def read_month(text: str) -> date:
    """Return the month that is written as 2026-11."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no month like 2026-11") from None


def _audience(text: str) -> Literal["inside", "outside"]:
    if text == "inside":
        return "inside"
    if text == "outside":
        return "outside"
    raise typer.BadParameter(f"{text}: inside or outside")
