"""`python -m bot postings shortlist`: 人岗匹配清单 for one seeker or a whole district."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.settings import settings


def shortlist(
    file: Annotated[Path, typer.Argument(help="Where to: .xlsx or .csv.")],
    seeker: Annotated[int | None, typer.Option(help="Number of a seeker with a kept wish.")] = None,
    district: Annotated[
        str | None, typer.Option(help="Code of a region: all wishes kept there.")
    ] = None,
    occupation: Annotated[list[str] | None, typer.Option(help="A trade, may be repeated.")] = None,
    region: Annotated[str | None, typer.Option(help="Code of the place wished for.")] = None,
    pay: Annotated[int | None, typer.Option(help="Least pay, yuan a month.")] = None,
    work_time: Annotated[str | None, typer.Option(help="full_time, part_time, gig…")] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="What is ruled out.")] = None,
    age: Annotated[int | None, typer.Option(help="The seeker's age.")] = None,
    education: Annotated[str | None, typer.Option(help="none, junior, senior, college…")] = None,
    experience: Annotated[int | None, typer.Option(help="Years of experience.")] = None,
    group: Annotated[str | None, typer.Option(help="age_4050, disabled, graduate…")] = None,
    each: Annotated[int, typer.Option(min=1, max=50, help="Postings for one seeker.")] = 5,
    why: Annotated[str, typer.Option(help="Why, for the log of looks.")] = "人岗匹配推荐",
) -> None:
    """Write a list of matching postings with reasons for counsellors, as XLSX or CSV.

    For one seeker whose wish is kept, for all whose wishes are kept in a district, or for a wish
    given here.
    """
    from bot.audit.chain import Action, append, operator
    from bot.bootstrap import prepare_vocabulary
    from bot.db.session import session
    from bot.matching.job_preference import JobPreference
    from bot.matching.shortlist import (
        ShortlistRequest,
        saved_preference,
        saved_preferences_in,
        shortlist_rows,
        write_shortlist,
    )
    from bot.postings.errors import ShortlistError
    from bot.private_files import make_file

    preference = JobPreference(
        occupations=_occupations(occupation or []),
        any_occupation=not occupation,
        region_code=_region(region),
        salary_min=pay,
        work_time=work_time,
        excluded=tuple(exclude or ()),
        education=_level(education),
        experience_years=experience,
        age=age,
        group=group,
    )
    has_preference = preference != JobPreference(any_occupation=True)
    if sum((seeker is not None, district is not None, has_preference)) != 1:
        raise typer.BadParameter("give one of: --seeker, --district, or a wish")
    prepare_vocabulary(settings())
    try:
        with session() as db:
            if seeker is not None:
                requests = [saved_preference(db, seeker)]
            else:
                requests = (
                    saved_preferences_in(db, district)
                    if district
                    else [ShortlistRequest(None, preference)]
                )
            make_file(file)  # what people wish for is for those alone who talk it over
            count = write_shortlist(file, shortlist_rows(db, requests, each))
            if seeker is not None or district:
                number = "" if seeker is None else str(seeker)
                actor = operator()
                append(db, Action(actor, "shortlist", "seeker", why, number, scope=district or ""))
    except ShortlistError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong
    typer.echo(f"{len(requests)} seekers, {count} rows written to {file}")


def _occupations(names: list[str]) -> tuple[str, ...]:
    """Return the vocabulary's names for trades as people name them."""
    from bot.text.normalise import normalise
    from bot.understanding.extractors.occupations import OccupationReader
    from bot.vocabulary.vocabulary import vocabulary

    reader, occupations = OccupationReader(vocabulary()), list[str]()
    for name in names:
        spans = reader.read(normalise(name).text)
        if not spans:
            raise typer.BadParameter(f"{name}: is no known trade")
        occupations += [occupation for hit in spans for occupation in hit.value[:1]]
    return tuple(dict.fromkeys(occupations))


def _region(code: str | None) -> str | None:
    from bot.vocabulary.vocabulary import vocabulary

    if code is not None and code not in vocabulary().regions:
        raise typer.BadParameter(f"{code}: is no code of a region")
    return code


def _level(name: str | None) -> str | None:
    from bot.understanding.extractors.education import LEVELS

    if name is not None and name not in LEVELS:
        raise typer.BadParameter(f"{name}: one of {', '.join(LEVELS)}")
    return name
