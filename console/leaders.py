"""`ntm report portfolio`: the whole programme for those who lead it, in short or as a page."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console import budget, money_words, progress, show, words
from console.budget import Programme, RankedBy, Year, heading, planned
from console.looking import looking, mention_all
from console.options import Output, instant
from console.sending import open_session
from domain.difference import Figure
from domain.league import Grouping
from domain.travel import View
from language.catalogue import plural, tr
from language.numerals import grouped, of_english

if TYPE_CHECKING:
    from console.page.reading import Report

_SHORT, _NAMED = 3, 5
_SUMMED = (Figure.ALLOCATED, Figure.DISBURSED, Figure.OBSTACLES, Figure.ESCALATIONS)
"""Figures whose parts add up to something."""


@looking
def report(
    *,
    view: View,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write it as one page."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            parser=instant,
            metavar="DATE|TIME",
            help="What changed since then; a week unless it is given.",
        ),
    ] = None,
    by: RankedBy = Grouping.DISTRICT,
    year: Year = None,
    programme: Programme = None,
    output: Output = "table",
) -> None:
    """Show the whole programme to those who lead it, in short or as a page."""
    from console.page import reading

    with open_session() as session:
        picture = session.picture(view)
        if since is not None and since > picture.now:
            raise typer.BadParameter(tr("must not be after --as-of"), param_hint="--since")
        found = reading.read(
            picture, planned(picture, budget.read(picture, programme, year), output), by, since
        )
    mention_all(found.left_out)
    if html is not None:
        _write(found, html)
    elif output == "json":
        show.json(found)
    else:
        heading(picture)
        show.screen().print(show.facts(*_short(found)))


def _write(found: "Report", file: Path) -> None:
    from console import sheets
    from console.page import writing

    page = writing.write(found)
    with sheets.into(file, "--html"):
        typer.echo(page)
    typer.echo(tr("written: {file}", file=show.plain(file)), err=True)


def _short(found: "Report") -> Iterator[tuple[str, str]]:
    yield from _money(found)
    yield from _ground(found)
    yield tr("Longest wait"), "\n".join(_waits(found))
    yield tr("Changed since {day}", day=show.day(found.since)), "\n".join(_changes(found))
    yield tr("As a page"), "--html FILE"


def _money(found: "Report") -> Iterator[tuple[str, str]]:
    figures, told = found.portfolio, found.foreseen
    of = f"{show.money(figures.rate.disbursed)} / {show.money(figures.rate.of)}"
    yield tr("Disbursed"), f"[bold]{of_english(found.rate_percent_cut)} %[/] = {of}"
    span = f"{told.cautious_percent_cut} – {told.hopeful_percent_cut} %"
    yield (
        tr("Forecast to {last}", last=f"{told.forecast.last:%d/%m/%Y}"),
        f"≈ {of_english(told.likely_percent_cut)} % ({of_english(span)})",
    )
    if figures.chosen:
        yield (
            tr("Communes chosen"),
            f"{grouped(figures.chosen)} / {grouped(figures.chosen + figures.deferred)}",
        )
        each = show.money(int(figures.investment_per_commune))
        yield tr("Investment per commune"), f"{'' if _whole(found) else '≈ '}{each}"
    behind = [place.unit for place in found.ranking.places if place.below_average]
    names = ", ".join(f"{unit.name} {of_english(unit.rate.cut(1))} %" for unit in behind[-_NAMED:])
    names = f"{grouped(len(behind))}: … {names}" if len(behind) > _NAMED else names
    yield tr("Below average"), show.clean(names) or tr("none")


def _ground(found: "Report") -> Iterator[tuple[str, str]]:
    yield tr("Site clearance"), show.clean(progress.sentence(found.clearance))
    yield (
        tr("Sections"),
        tr(
            "cleared {cleared} of {all}; stalled {stalled}",
            cleared=grouped(found.find(Figure.CLEARED).sum),
            all=grouped(found.sections),
            stalled=grouped(found.find(Figure.STALLED).sum),
        ),
    )
    held = ", ".join(
        f"{words.said(words.CAUSES, one.cause)} {grouped(one.standing)}"
        for one in found.obstacles[:_SHORT]
    )
    standing = sum(one.standing for one in found.obstacles)
    yield tr("Obstacles"), f"{grouped(standing)}: {held}" if held else tr("none")
    yield (
        tr("Escalations"),
        tr(
            "raised {raised}; answer awaited {waiting}, overdue {overdue}",
            raised=grouped(sum(one.raised for one in found.escalations)),
            waiting=grouped(sum(one.waiting for one in found.escalations)),
            overdue=grouped(sum(one.overdue for one in found.escalations)),
        ),
    )


def _whole(found: "Report") -> bool:
    return found.portfolio.investment_per_commune.denominator == 1


def _waits(found: "Report") -> Iterator[str]:
    for one in found.longest[:_SHORT]:
        waited = one.waited
        yield show.clean(
            plural(
                "{n} working day, {post}: {task} ({case})",
                "{n} working days, {post}: {task} ({case})",
                waited.working_days,
                post=waited.post,
                task=words.said(words.TASKS, waited.task),
                case=waited.stream.partition("/")[2],
            )
        )


def _changes(found: "Report") -> Iterator[str]:
    """Each figure by its name once, however many parts of it changed."""
    from console.page.notes import signed

    moved: dict[Figure, int] = {}
    for one in found.changed:
        if one.measure.figure in _SUMMED:
            moved[one.measure.figure] = moved.get(one.measure.figure, 0) + one.by
    for figure, by in moved.items():
        yield show.clean(f"{words.said(money_words.FIGURES, figure)} {signed(figure, by)}")
    more = sum(one.measure.figure not in _SUMMED for one in found.changed)
    yield (
        plural("and {n} other figure", "and {n} other figures", more, n=grouped(more))
        if more
        else ""
    )
