"""`ntm programme`: a programme, its cohorts of communes, and which are chosen."""

from typing import TYPE_CHECKING, Annotated

import typer

from console import places, selection, starting, words
from console import show as on_screen
from console.failures import absent
from console.groups import group
from console.helping import example
from console.looking import head, looking, mention, missing, spread
from console.options import Listing, code, refuse, written
from console.selection import InCohort, Programme
from console.sending import Find, Wanted, deciding, open_session
from domain.programme_forms import (
    Cohort,
    Command,
    Commune,
    RegisterCohort,
    RegisterProgramme,
    Running,
)
from domain.project import Registered
from domain.recognition import RecogniseCommune, RecordRecognitionStage, Stage
from domain.streams import programme_stream
from domain.travel import NOW, View
from domain.values import CohortId, CommuneId, Post, ProgrammeId, UnitCode, value
from language.catalogue import tr

if TYPE_CHECKING:
    from office.session import Session

app = group("Programmes, cohorts and communes.")
OfCommune = Annotated[str, typer.Argument(parser=code, metavar="COMMUNE", help="The commune.")]
Reached = Annotated[
    Stage,
    typer.Argument(
        metavar="STAGE", help="How far it has come: self-assessed, verified or appraised."
    ),
]


@value
class Line:
    """One cohort, for a spreadsheet."""

    cohort: CohortId
    row: Cohort


def _commune(text: str) -> Commune:
    """`CODE;NAME;DISTRICT`."""
    parts = [part.strip() for part in text.split(";")]
    if len(parts) != 3 or not parts[1]:
        raise refuse(text, written("'CODE;NAME;DISTRICT'"))
    return Commune(
        commune=CommuneId(code(parts[0])),
        name=parts[1],
        district=UnitCode(code(parts[2])),
        synthetic=False,
    )


@app.command()
@deciding
def register(
    programme: Programme,
    name: Annotated[str, typer.Option(metavar="TEXT", help="Its name.")],
    base_communes: Annotated[int, typer.Option(min=1, help="How many communes it begins with.")],
) -> Wanted:
    """Register a programme."""
    code_ = ProgrammeId(programme)
    return _for(
        programme, RegisterProgramme(programme=code_, name=name, base_communes=base_communes)
    )


@app.command(
    epilog=example(
        "ntm programme cohort NTM-HP 2024 --year 2024 --size 45 --commune 'ad-01;Xã A;an-duong'"
        " --as agriculture@hai-phong"
    )
)
@deciding
def cohort(
    programme: Programme,
    name: InCohort,
    year: Annotated[int, typer.Option(min=2000, max=2100, help="Its year.")],
    size: Annotated[int, typer.Option(min=1, help="How many communes it has.")],
    commune: Annotated[
        list[Commune] | None,
        typer.Option(
            parser=_commune,
            metavar="'CODE;NAME;DISTRICT'",
            help="One of its communes; may be repeated.",
        ),
    ] = None,
    deferred_from: Annotated[
        str | None,
        typer.Option(
            parser=code,
            metavar="COHORT",
            help="And the communes that this cohort deferred.",
        ),
    ] = None,
) -> Find:
    """Register a cohort; communes that were deferred may stand again."""

    def find(session: "Session", _by: Post, _id: str | None) -> Wanted:
        communes = tuple(commune or ())
        if deferred_from is not None:
            state = selection.running(session, programme)
            earlier = selection.cohort_of(state, CohortId(deferred_from))
            communes += tuple(
                row for code_, row in earlier.communes.items() if earlier.has_deferred(code_)
            )
        command = RegisterCohort(cohort=CohortId(name), year=year, size=size, communes=communes)
        return _for(programme, command)

    return find


app.command(
    epilog=example(
        "ntm programme propose NTM-HP 2024"
        " --candidate 'ad-01;115000000000;becoming-urban=100,land-ready=80'"
        " --as agriculture@hai-phong"
    )
)(selection.propose)
app.command(
    epilog=example(
        "ntm programme prepare NTM-HP 2024 AD01-GT --name 'Đường xã' --commune ad-01"
        " --units xa-ad-01,an-duong,hai-phong --works 'T1;Đường trục xã;road;clear'"
        " --as agriculture@hai-phong"
    )
)(selection.prepare)
app.command(epilog=example("ntm programme rank NTM-HP 2024 --ceiling 1495000000000"))(
    selection.rank
)
app.command(
    epilog=example(
        "ntm programme select NTM-HP 2024 --ceiling 1495000000000 --preview"
        " --why-deferred 'Chưa cân đối được vốn' --as chair@hai-phong"
    )
)(selection.select)
app.command(epilog=example("ntm programme start NTM-HP 2024 --as investor@an-duong"))(
    starting.start
)


@app.command(
    epilog=example(
        "ntm programme assess NTM-HP ad-01 verified --document '5/BC-UBND;2024-10-10;UBND huyện'"
        " --as agriculture@hai-phong"
    )
)
@deciding
def assess(programme: Programme, commune: OfCommune, stage: Reached) -> Wanted:
    """Record a step that comes before a commune is recognised."""
    return _for(programme, RecordRecognitionStage(commune=CommuneId(commune), stage=stage))


@app.command(
    epilog=example(
        "ntm programme recognise NTM-HP ad-01 --document '88/QĐ-UBND;2024-12-20;UBND thành phố'"
        " --as chair@hai-phong"
    )
)
@deciding
def recognise(programme: Programme, commune: OfCommune) -> Find:
    """Recognise a commune: all its works are in use, and nobody is owed."""

    def wanted(session: "Session", _by: Post, _name: str | None) -> Wanted:
        states = (one.state for one in session.picture(NOW).standings("project"))
        projects = tuple(
            sorted(
                state.charter.project
                for state in states
                if isinstance(state, Registered)
                and (state.charter.programme, state.charter.commune) == (programme, commune)
            )
        )
        return _for(programme, RecogniseCommune(commune=CommuneId(commune), projects=projects))

    return wanted


@app.command()
@looking
def show(view: View, programme: Programme, output: Listing = "table") -> None:
    """Show one programme and its cohorts."""
    stream = programme_stream(ProgrammeId(programme))
    with open_session() as session:
        picture = session.picture(view)
        standing = picture.standing(stream)
        if standing is None or not isinstance(standing.state, Running):
            advice = tr("register it: `ntm programme register`")
            missing(picture, stream, output, absent("PROGRAMME", programme, advice))
    state = standing.state
    mention(picture)
    if output == "json":
        on_screen.json(state)
        return
    if output != "table":
        lines = (Line(cohort=name, row=row) for name, row in state.cohorts.items())
        spread(picture, lines, Line, output)
        return
    head(picture)
    table = on_screen.table(
        tr("Cohort"), tr("Year"), tr("Communes"), tr("Chosen"), tr("Deferred"), tr("Total cost"),
        numbers=[2, 3, 4, 5], title=on_screen.clean(f"{state.programme}: {state.name}"),
    )  # fmt: skip
    for name, row in state.cohorts.items():
        table.add_row(
            on_screen.clean(name),
            str(row.year),
            str(row.size),
            str(len(row.chosen) or ""),
            str(row.deferred or ""),
            on_screen.money(row.total_investment or None),
        )
    on_screen.screen().print(table)
    for name, row in state.cohorts.items():
        _tell_deferred(name, row)
    if state.recognised:
        found = on_screen.table(tr("Commune"), tr("Recognition"))
        for commune, stage in sorted(state.recognised.items()):
            found.add_row(on_screen.clean(commune), words.said(words.RECOGNITIONS, stage))
        on_screen.screen().print(found)


def _tell_deferred(name: CohortId, cohort: Cohort) -> None:
    """Who waits, why, and by which act."""
    waiting = tuple(place for place in cohort.places if not place.chosen)
    if not waiting or cohort.basis is None:
        return
    paper = cohort.basis.document
    basis = f"{paper.symbol}, {paper.issued_on:%d/%m/%Y}, {paper.issuer}" if paper else ""
    title = tr("{cohort}: deferred for lack of capital ({basis})", cohort=name, basis=basis)
    on_screen.screen().print(places.table(cohort, waiting, on_screen.clean(title)))


def _for(programme: str, command: Command) -> Wanted:
    return Wanted(stream=programme_stream(ProgrammeId(programme)), command=command)
