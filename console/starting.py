"""`ntm programme start`: the prepared projects of the chosen communes begin."""

from uuid import NAMESPACE_URL, uuid5

import typer

from console import show as on_screen
from console.options import As, At, Key, Output, Under, Yes
from console.selection import InCohort, Programme, cohort_of, running
from console.sending import Wanted, check_post, hand_in, made, open_session
from console.signing import With
from domain.project import RegisterProject
from domain.streams import programme_stream, project_stream
from domain.values import CohortId, CommuneId, Post, ProgrammeId, ProjectId, Role, value
from language.catalogue import mark, tr

_STARTS = uuid5(NAMESPACE_URL, "ntm:programme/start")
_SAID = {
    "started": mark("begun now"),
    "before": mark("registered before"),
    "left": mark("left to its investor"),
}


@value
class Started:
    """A prepared project: begun now, begun before, or to be begun by somebody else."""

    project: ProjectId
    commune: CommuneId
    by: Post
    outcome: str


def start(  # noqa: PLR0913  # Typer reads the options from them
    *,
    programme: Programme,
    cohort: InCohort,
    by: As,
    at: At = None,
    key: Key = None,
    under: Under = None,
    yes: Yes = False,
    output: Output = "table",
) -> None:
    """Register what was prepared for the chosen communes. Safe to repeat."""
    from storage import queries

    name, stream = CohortId(cohort), programme_stream(ProgrammeId(programme))
    told, how = [], With(key=key, under=under, yes=yes)
    with open_session() as session:
        check_post(session, by)
        found = cohort_of(running(session, programme), name)
        for project, ready in found.prepared.items():
            if ready.charter.commune not in found.chosen:
                continue
            of = project_stream(project)
            its = Post(role=Role.INVESTOR, unit=ready.charter.units.district)
            decision = str(uuid5(_STARTS, f"{stream}/{name}/{project}"))
            again = queries.is_decided(session.engine, decision)
            is_there = queries.standing(session.engine, of) is not None
            outcome = "left" if by != its else "before" if is_there else "started"
            if by == its and (again or not is_there):
                # Again, too: its workflow may never have begun.
                register = RegisterProject(charter=ready.charter, works=ready.works)
                basis = found.basis.document if found.basis else None
                sent = Wanted(stream=of, command=register)
                hand_in(session, made(session, sent, by, at, basis, decision, how))
            told.append(
                Started(project=project, commune=ready.charter.commune, by=its, outcome=outcome)
            )
    _tell_started(tuple(told), output)


def _tell_started(told: tuple[Started, ...], output: str) -> None:
    if output == "json":
        on_screen.json(told, tuple[Started, ...])
        return
    table = on_screen.table(tr("Project"), tr("Commune"), tr("Who"), tr("Outcome"))
    for one in told:
        table.add_row(
            on_screen.clean(one.project),
            on_screen.clean(one.commune),
            on_screen.post(one.by),
            tr(_SAID[one.outcome]),
        )
    on_screen.screen().print(table)
    if not told:
        typer.echo(tr("nothing is prepared for a chosen commune"))
