"""`ntm export`: the record in the forms of the field's standards; never a household."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console import show
from console.exports.told import Form, Told
from console.failures import REFUSED, Failure
from console.groups import group
from console.helping import example
from console.looking import looking, mention
from console.options import refuse
from console.sending import open_session
from domain.clearance import Clearing
from domain.positions import Capital
from domain.project import Registered
from domain.travel import View
from language.catalogue import plural, tr

if TYPE_CHECKING:
    from storage.travel import Picture

app = group("Data in the forms of the field's standards, never a household.")

_PREFIX = re.compile(r"oc4ids-[a-z0-9]{6}")


def _prefix(text: str) -> str:
    if not _PREFIX.fullmatch(text):
        raise refuse(text, tr("write {form}, as it was given out", form="oc4ids-abc123"))
    return text


File = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write it to a file."),
]


@app.callback()
def exports() -> None:
    """Data in the forms of the field's standards, never a household."""


@app.command(epilog=example("ntm export oc4ids --out du-an.json"))
@looking
def oc4ids(
    *,
    view: View,
    prefix: Annotated[
        str | None,
        typer.Option(
            parser=_prefix,
            envvar="NTM_OC4IDS_PREFIX",
            metavar="PREFIX",
            help="The registered prefix, such as oc4ids-abc123.",
        ),
    ] = None,
    publisher: Annotated[
        str,
        typer.Option(metavar="TEXT", envvar="NTM_PUBLISHER", help="Who publishes it."),
    ] = "UBND thành phố Hải Phòng",
    uri: Annotated[
        str, typer.Option(metavar="URI", help="The package's own address.")
    ] = "urn:ntm:oc4ids",
    out: File = None,
) -> None:
    """Write the projects in the Open Contracting for Infrastructure form, OC4IDS 0.9.5."""
    from console.exports import oc4ids as standard

    with open_session() as session:
        picture = session.picture(view)
        found = standard.package(
            _projects(picture),
            prefix=prefix or standard.UNREGISTERED,
            publisher=publisher,
            uri=uri,
            published=picture.now,
        )
    mention(picture)
    if not found["projects"] and not view.is_now:
        # The standard has no form for no project.
        typer.echo("null")
        return
    if not found["projects"]:
        raise Failure(tr("there is no project yet"), "ntm project register", REFUSED)
    if prefix is None:
        typer.echo(
            "ntm: "
            + tr(
                "the prefix is nobody's: ask data@open-contracting.org for one, then set"
                " NTM_OC4IDS_PREFIX"
            ),
            err=True,
        )
    _write(found, out)


@app.command(epilog=example("ntm export ocel --as-of 2024-06-30 --out quy-trinh.jsonocel"))
@looking
def ocel(view: View, out: File = None) -> None:
    """Write the event log for process mining, in the JSON of OCEL 2.0."""
    from console.exports import ocel as standard
    from storage.travel import by_stream

    with open_session() as session:
        picture = session.picture(view)
        kept = picture.entries_under("project/", "clearance/", "payment/", "question/")
    streams = {
        stream: [entry.fact for entry in entries] for stream, entries in by_stream(kept).items()
    }
    found = standard.log(streams)
    if flaws := standard.flaws(found):
        told = plural(
            "{n} flaw: {first}", "{n} flaws: {first}", len(flaws), first=show.plain(flaws[0])
        )
        raise Failure(told, tr("a defect of the program: report it"), REFUSED)
    _write(found, out)


def _projects(picture: "Picture") -> Iterator[Told]:
    """Every registered project with its sections, its payments and its years."""
    from storage.travel import by_stream

    kept = by_stream(picture.entries_under("project/", "clearance/", "payment/"))
    clearings = {
        standing.stream: standing.state
        for standing in picture.standings("clearance")
        if isinstance(standing.state, Clearing)
    }
    plans = [
        standing.state
        for standing in picture.standings("capital")
        if isinstance(standing.state, Capital)
    ]
    for standing in picture.standings("project"):
        state = standing.state
        if not isinstance(state, Registered):
            continue
        name = state.charter.project
        own = (stream for stream in kept if stream.split("/")[1] == name)
        yield Told(
            state=state,
            facts=tuple(entry.fact for stream in own for entry in kept[stream]),
            sections={
                clearing.section: clearing
                for stream, clearing in clearings.items()
                if stream.split("/")[1] == name
            },
            plans={plan.year: plan for plan in plans if plan.year is not None},
        )


def _write(found: Form, out: Path | None) -> None:
    from console import sheets

    text = show.escaped(json.dumps(found, ensure_ascii=False, indent=1))
    if out is None:
        typer.echo(text)
        return
    with sheets.into(out):
        typer.echo(text)
