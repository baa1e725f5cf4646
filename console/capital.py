"""`ntm capital`: the year's plan, project by project."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from console import plan
from console.failures import wrong
from console.groups import group
from console.helping import example
from console.options import amount, calendar_day, code, refuse, written
from console.plan import Programme, Year
from console.portrait import registered
from console.sending import Find, Wanted, deciding
from domain.capital import AllocateCapital
from domain.ceilings import ALL, SetCeilings
from domain.curve import month_of
from domain.disbursement_plan import Milestone, PlanDisbursement
from domain.positions import Allocation, Ceiling
from domain.programme_forms import Running
from domain.replanning import (
    AddCapital,
    AdjustCapital,
    CarryOver,
    CarryOverCapital,
    Cut,
    ExpireCapital,
    Ground,
)
from domain.streams import capital_stream, programme_stream
from domain.values import CohortId, CommuneId, Post, ProgrammeId, ProjectId, Vnd, value
from language.catalogue import tr

if TYPE_CHECKING:
    from office.session import Session

app = group("The year's capital plan.")


@value
class Share:
    """What one project is to have, đồng."""

    project: ProjectId
    amount: Vnd


def _share(text: str) -> Share:
    project, equals, worth = text.partition("=")
    if not equals:
        raise refuse(text, written("PROJECT=ĐỒNG: AD01-GT=5000000000"))
    return Share(project=ProjectId(code(project)), amount=amount(worth))


def _ceiling(text: str) -> Ceiling:
    place, equals, worth = text.partition("=")
    cohort, slash, commune = place.partition("/")
    if not equals or not cohort or (cohort == ALL and slash):
        form = "all=ĐỒNG, COHORT=ĐỒNG, COHORT/COMMUNE=ĐỒNG: 2024=455000000000"
        raise refuse(text, written(form))
    return Ceiling(
        amount=amount(worth),
        cohort=None if place == ALL else CohortId(code(cohort)),
        commune=CommuneId(code(commune)) if slash else None,
    )


Shares = Annotated[
    list[Share],
    typer.Argument(
        parser=_share, metavar="PROJECT=ĐỒNG...", help="Projects, and what each is to have."
    ),
]


@app.command(
    epilog=example(
        "ntm capital allocate NTM-HP 2024 AD01-GT=5000000000"
        " --document '01/KH-UBND;2024-01-05;UBND thành phố' --as chair@hai-phong"
    )
)
@deciding
def allocate(
    programme: Programme,
    year: Year,
    shares: Shares,
) -> Find:
    """Allocate capital to projects; needs --document."""

    def find(session: "Session", _by: Post, _id: str | None) -> Wanted:
        name = ProgrammeId(programme)
        lines = tuple(_line(session, share) for share in shares)
        command = AllocateCapital(programme=name, year=year, lines=lines)
        return Wanted(stream=capital_stream(name, year), command=command)

    return find


@app.command(
    epilog=example(
        "ntm capital add NTM-HP 2024 AD01-GT=2000000000"
        " --document '77/QĐ-UBND;2024-06-03;UBND thành phố' --as chair@hai-phong"
    )
)
@deciding
def add(programme: Programme, year: Year, shares: Shares) -> Find:
    """Assign more capital in the course of the year; needs --document."""

    def find(session: "Session", _by: Post, _id: str | None) -> Wanted:
        lines = tuple(_line(session, share) for share in shares)
        stream = capital_stream(ProgrammeId(programme), year)
        return Wanted(stream=stream, command=AddCapital(lines=lines))

    return find


@app.command(
    epilog=example(
        "ntm capital adjust NTM-HP 2024 --from AD01-GT=2000000000 --to AD02-GT=2000000000"
        " --document '91/QĐ-UBND;2024-09-12;UBND thành phố' --as chair@hai-phong"
    )
)
@deciding
def adjust(
    programme: Programme,
    year: Year,
    cuts: Annotated[
        list[Share],
        typer.Option(
            "--from", parser=_share, metavar="PROJECT=ĐỒNG", help="A project that gives, and what."
        ),
    ],
    raises: Annotated[
        list[Share],
        typer.Option(
            "--to", parser=_share, metavar="PROJECT=ĐỒNG", help="A project that is given, and what."
        ),
    ],
) -> Find:
    """Move capital between projects: what some lose, others gain; needs --document."""

    def find(session: "Session", _by: Post, _id: str | None) -> Wanted:
        command = AdjustCapital(
            cuts=tuple(Cut(project=share.project, amount=share.amount) for share in cuts),
            raises=tuple(_line(session, share) for share in raises),
        )
        return Wanted(stream=capital_stream(ProgrammeId(programme), year), command=command)

    return find


@app.command(
    "carry-over",
    epilog=example(
        "ntm capital carry-over NTM-HP 2024 AD01-GT=500000000 --ground clearance-project"
        " --document '05/NQ-HĐND;2025-01-20;HĐND thành phố' --as chair@hai-phong"
    ),
)
@deciding
def carry_over(
    programme: Programme,
    year: Year,
    shares: Shares,
    ground: Annotated[
        Ground,
        typer.Option(
            metavar="GROUND", help="Why it may be carried over: " + ", ".join(Ground) + "."
        ),
    ],
) -> Wanted:
    """Let unspent capital be paid out in the next year; needs --document."""
    lines = tuple(
        CarryOver(project=share.project, amount=share.amount, ground=ground) for share in shares
    )
    stream = capital_stream(ProgrammeId(programme), year)
    return Wanted(stream=stream, command=CarryOverCapital(lines=lines))


@app.command(epilog=example("ntm capital expire NTM-HP 2024 --as finance@hai-phong"))
@deciding
def expire(programme: Programme, year: Year) -> Wanted:
    """Write off what was not paid out in time."""
    return Wanted(stream=capital_stream(ProgrammeId(programme), year), command=ExpireCapital())


@app.command(
    epilog=example(
        "ntm capital ceiling NTM-HP 2024 all=2047000000000 2024=455000000000 2024/ad-01=40000000000"
        " --document '60/NQ-HĐND;2023-12-08;HĐND thành phố' --as council@hai-phong"
    )
)
@deciding
def ceiling(
    programme: Programme,
    year: Year,
    ceilings: Annotated[
        list[Ceiling],
        typer.Argument(
            parser=_ceiling,
            metavar="PLACE=ĐỒNG...",
            help="The most for the year (all), a COHORT or a COHORT/COMMUNE.",
        ),
    ],
) -> Find:
    """Bound what may be allocated above the projects; needs --document."""

    def find(session: "Session", _by: Post, _id: str | None) -> Wanted:
        name = ProgrammeId(programme)
        for one in ceilings:
            _check_place(session, name, one)
        command = SetCeilings(programme=name, year=year, ceilings=tuple(ceilings))
        return Wanted(stream=capital_stream(name, year), command=command)

    return find


def _milestone(text: str) -> Milestone:
    """`YYYY-MM:ĐỒNG`, in all by the end of that month."""
    month, _, worth = text.partition(":")
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month) or not worth:
        raise refuse(text, written("YYYY-MM:ĐỒNG: 2024-06:930000000000"))
    return Milestone(by=month_of(calendar_day(f"{month}-01")), amount=amount(worth))


@app.command(
    "plan",
    epilog=example(
        "ntm capital plan NTM-HP 2024 2024-06:930000000000 2024-12:1945000000000"
        " --document '01/KH-UBND;2024-01-05;UBND thành phố' --as chair@hai-phong"
    ),
)
@deciding
def months(
    programme: Programme,
    year: Year,
    milestones: Annotated[
        list[Milestone],
        typer.Argument(
            parser=_milestone,
            metavar="YYYY-MM:ĐỒNG...",
            help="Months, and what is to be paid out in all by the end of each.",
        ),
    ],
) -> Wanted:
    """Plan what is to be paid out by the end of each month; needs --document."""
    command = PlanDisbursement(milestones=tuple(milestones))
    return Wanted(stream=capital_stream(ProgrammeId(programme), year), command=command)


app.command()(plan.show)


def _line(session: "Session", share: Share) -> Allocation:
    _, state = registered(session.picture(), share.project)
    return Allocation(
        project=share.project,
        commune=state.charter.commune,
        cohort=state.charter.cohort,
        amount=share.amount,
        synthetic=state.charter.synthetic,
    )


def _check_place(session: "Session", programme: ProgrammeId, ceiling: Ceiling) -> None:
    """A cohort or a commune that the programme does not know is a slip of the pen."""
    standing = session.picture().standing(programme_stream(programme))
    if ceiling.cohort is None or standing is None or not isinstance(standing.state, Running):
        return
    cohorts = standing.state.cohorts
    if ceiling.cohort not in cohorts:
        known = ", ".join(cohorts) or "–"
        raise wrong("PLACE", ceiling.cohort, tr("the cohorts are: {cohorts}", cohorts=known))
    communes = cohorts[ceiling.cohort].communes
    if ceiling.commune and communes and ceiling.commune not in communes:
        some = ", ".join([*communes][:8])
        raise wrong("PLACE", ceiling.commune, tr("the communes are: {communes}, …", communes=some))
