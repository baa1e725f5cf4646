"""`ntm report portfolio`: the whole programme for those who lead it, in short or as a page."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console import budget, money_words, progress, show, words
from console.budget import Programme, Year, heading, planned
from console.looking import looking, mention_all
from console.options import Output, instant
from console.sending import open_session
from domain.difference import Figure
from domain.league import Grouping
from domain.travel import View

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
        typer.Option("--html", metavar="FILE", help="Ghi thành một trang · write it as one page."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            parser=instant,
            metavar="DATE|TIME",
            help="So với lúc này · what changed since; default a week.",
        ),
    ] = None,
    by: Annotated[
        Grouping,
        typer.Option("--by", metavar="|".join(Grouping), help="Xếp hạng theo · what is ranked."),
    ] = Grouping.DISTRICT,
    year: Year = None,
    programme: Programme = None,
    output: Output = "table",
) -> None:
    """Cả chương trình cho lãnh đạo · the whole programme for its leaders, in short or as a page."""
    from console.page import reading

    with open_session() as session:
        picture = session.picture(view)
        if since is not None and since > picture.now:
            raise typer.BadParameter("phải trước · must not be after --as-of", param_hint="--since")
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
    typer.echo(f"đã ghi · written: {show.plain(file)}", err=True)


def _short(found: "Report") -> Iterator[tuple[str, str]]:
    figures, told = found.portfolio, found.foreseen
    of = f"{show.money(figures.rate.disbursed)} / {show.money(figures.rate.of)}"
    yield "Giải ngân · disbursed", f"[bold]{found.rate_percent_cut} %[/] = {of}"
    span = f"{told.cautious_percent_cut} – {told.hopeful_percent_cut} %"
    last = f"{told.forecast.last:%d/%m/%Y}"
    yield f"Dự báo · forecast {last}", f"≈ {told.likely_percent_cut} % ({span})"
    if figures.chosen:
        yield "Xã được chọn · chosen", f"{figures.chosen} / {figures.chosen + figures.deferred}"
        each = show.money(int(figures.investment_per_commune))
        yield "Bình quân một xã · per commune", f"{'' if _whole(found) else '≈ '}{each}"
    behind = [place.unit for place in found.ranking.places if place.below_average]
    names = ", ".join(f"{unit.name} {unit.rate.cut(1)} %" for unit in behind[-_NAMED:])
    names = f"{len(behind)}: … {names}" if len(behind) > _NAMED else names
    yield "Dưới bình quân · below average", show.clean(names) or "không · none"
    yield "Giải phóng mặt bằng · clearance", show.clean(progress.sentence(found.clearance))
    cleared, stalled = found.find(Figure.CLEARED).sum, found.find(Figure.STALLED).sum
    yield (
        "Đoạn · sections",
        f"{cleared} / {found.sections} đủ mặt bằng · cleared; {stalled} chậm · stalled",
    )
    held = ", ".join(
        f"{words.CAUSES[one.cause][0]} {one.standing}" for one in found.obstacles[:_SHORT]
    )
    standing = sum(one.standing for one in found.obstacles)
    yield "Vướng mắc · obstacles", f"{standing}: {held}" if held else "không · none"
    raised = sum(one.raised for one in found.escalations)
    awaited = sum(one.waiting for one in found.escalations)
    overdue = sum(one.overdue for one in found.escalations)
    late = f"chờ trả lời · awaiting an answer {awaited}, quá hạn · overdue {overdue}"
    yield "Đôn đốc · escalations", f"{raised}, {late}"
    yield "Chờ lâu nhất · longest wait", "\n".join(_waits(found))
    yield f"Đổi từ · changed since {show.day(found.since)}", "\n".join(_changes(found))
    yield "Thành trang · as a page", "--html FILE"


def _whole(found: "Report") -> bool:
    return found.portfolio.investment_per_commune.denominator == 1


def _waits(found: "Report") -> Iterator[str]:
    for one in found.longest[:_SHORT]:
        waited = one.waited
        what = words.TASKS[waited.task][0]
        case = waited.stream.partition("/")[2]
        yield show.clean(f"{waited.working_days} ngày, {waited.post}: {what} ({case})")


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
    yield f"còn · and {more} số khác · other figures" if more else ""
