"""`ntm simulate`: what the year would come to, played many times over from the record."""

from collections import Counter
from datetime import date, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Annotated

import typer

from console import budget, show
from console.budget import Programme, Year
from console.failures import REFUSED, Failure
from console.fan import WIDE, Line, Missing, Proof, Reached, Simulated, draw, lines
from console.looking import LeftOut, left_out, looking, mention_all, spread, times
from console.options import Listing, calendar_day
from console.sending import open_session
from console.ticking import bar
from domain.calendar import local_day
from domain.clearance import Clearing
from domain.experience import experience
from domain.payment import Submitted
from domain.play import Chance, Opening, Outcome, WhatIf
from domain.positions import Capital
from domain.programme_forms import Running
from domain.project import Registered
from domain.simulation import (
    band,
    clearings,
)
from domain.simulation import (
    simulate as played,
)
from domain.streams import Fact, capital_stream
from domain.travel import Past, View, past
from domain.values import CommuneId, ProgrammeId, value
from language.catalogue import tr
from storage.head import head, still_holds

if TYPE_CHECKING:
    from storage.travel import Picture


@value
class _Start:
    """A view of the record, folded for playing."""

    opening: Opening
    programme: Running
    left_out: tuple[LeftOut, ...]

    @property
    def capital(self) -> Capital:
        plan = self.opening.states[self.opening.plan]
        assert isinstance(plan, Capital)
        return plan


@looking
def simulate(  # noqa: PLR0913  # the options of one question
    *,
    view: View,
    slips: Annotated[
        int,
        typer.Option(
            "--slip-clearances", min=0, max=10_000, help="How many clearances slip, drawn by lot."
        ),
    ] = 0,
    by: Annotated[
        int, typer.Option("--by", min=0, max=1_000, help="By how many working days they slip.")
    ] = 0,
    until: Annotated[
        date | None,
        typer.Option(
            parser=calendar_day,
            metavar="DATE",
            help="To which day the year is played; default the year's last.",
        ),
    ] = None,
    target_year: Annotated[
        int | None,
        typer.Option(
            min=2000, max=2100, help="In which year works should be in use; default the next."
        ),
    ] = None,
    runs: Annotated[
        int, typer.Option(min=1, max=10_000, help="How many times it is played.")
    ] = 200,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same answer.")] = 1,
    year: Year = None,
    programme: Programme = None,
    output: Listing = "table",
) -> None:
    """What if: play the year many times over; the record is only read."""
    with open_session() as session:
        before = head(session.engine)
        picture = session.picture(view)
        start = _start(picture, programme, year)
        wanted = _wanted(start, slips, by, until, target_year)
        outcomes = _run(start.opening, wanted, runs, chance(seed))
        proof = Proof(
            before=before,
            after=head(session.engine),
            unchanged=still_holds(session.engine, before),
        )
        report = _report(picture, start, wanted, outcomes, seed, proof)
    mention_all(report.left_out)
    if output == "json":
        show.json(report)
    elif output != "table":
        spread(picture, lines(report), Line, output)
    else:
        show.screen().print(f"[dim]{times(view, picture.asked_at)}[/]")
        draw(report)
    if not proof.unchanged:
        raise typer.Exit(REFUSED)


def chance(seed: int) -> Chance:
    """Numbers by name, the same on every machine: 52 bits of a hash, which a float holds."""

    def draw(name: str) -> float:
        digest = blake2b(f"{seed} {name}".encode(), digest_size=8).digest()
        return (int.from_bytes(digest) >> 12) / 2**52

    return draw


def _start(picture: "Picture", programme: str | None, year: int | None) -> _Start:
    """Everything that is played with, from one query, and so from one snapshot."""
    from storage import policies
    from storage.travel import by_stream

    law = policies.load()
    stream = budget.the_one(picture, programme)
    entries = picture.entries_under("programme/", "capital/", "project/", "clearance/", "payment/")
    pasts = {
        name: (past(name, facts), facts)
        for name, of_one in by_stream(entries).items()
        if (facts := [entry.fact for entry in of_one])
    }
    running = pasts[stream][0].state if stream in pasts else None
    day = local_day(picture.now)
    name = ProgrammeId(stream.partition("/")[2])
    years = [int(each.rpartition("/")[2]) for each in pasts if each.startswith(f"capital/{name}/")]
    of_year = year or max((each for each in years if each <= day.year), default=day.year)
    plan = capital_stream(name, of_year)
    if not isinstance(running, Running) or plan not in pasts:
        raise Failure(
            tr("{plan}: there is no capital plan to play with [not_found]", plan=plan),
            tr("allocate capital: see `ntm capital allocate --help`"),
            REFUSED,
        )
    mine = {each: found for each, found in pasts.items() if _is_of(found[0], name) or each == plan}
    picture.left_out.update({each: found[0] for each, found in mine.items() if found[0].left_out})
    folding = {each: _folded(*found) for each, found in mine.items()}
    played_rooms = ("project/", "clearance/", "payment/")
    shown = experience({e: f for e, f in folding.items() if e.startswith(played_rooms)}, law)
    states = {each: found[0].state for each, found in mine.items()}
    versions = {version for state in states.values() if (version := getattr(state, "policy", None))}
    opening = Opening(
        day=day,
        year=of_year,
        plan=plan,
        states=states,
        experience=shown,
        laws={version: picture.law(version) for version in versions},
        law=law,
        chosen=_chosen(running),
    )
    return _Start(
        opening=opening,
        programme=running,
        left_out=left_out(picture.left_out.values()),
    )


def _is_of(found: Past, programme: ProgrammeId) -> bool:
    match found.state:
        case Registered(charter=charter) | Clearing(charter=charter) | Submitted(charter=charter):
            return charter.programme == programme
        case _:
            return False


def _folded(found: Past, facts: list[Fact]) -> list[Fact]:
    lost = {fact.version for fact in found.left_out}
    return [fact for fact in facts if fact.version not in lost]


def _chosen(running: Running) -> frozenset[CommuneId]:
    return frozenset(name for cohort in running.cohorts.values() for name in cohort.chosen)


def _wanted(
    start: _Start, slips: int, by: int, until: date | None, target_year: int | None
) -> WhatIf:
    opening = start.opening
    last = until or date(opening.year, 12, 31)
    if until is None and last <= opening.day:
        last = opening.law.cutoff("plan.payable-until", opening.year, opening.day)
    if bool(slips) != bool(by):
        raise typer.BadParameter(
            tr("both are needed: {both}", both="--slip-clearances 5 --by 30"),
            param_hint="--slip-clearances, --by",
        )
    if last <= opening.day:
        raise typer.BadParameter(
            tr(
                "{last} must be after the day from which it is played, {day}; see --as-of",
                last=last,
                day=opening.day,
            ),
            param_hint="--until",
        )
    target = target_year or opening.year + 1
    end = max(last, date(target, 12, 31))
    if end > opening.law.calendar.last:
        raise typer.BadParameter(
            tr("the calendar ends on {last}", last=opening.law.calendar.last),
            param_hint="--until, --target-year",
        )
    step = max(7, -(-(last - opening.day).days // WIDE))
    weeks = range(step, (last - opening.day).days, step)
    at = (*(opening.day + timedelta(days=each) for each in weeks), last)
    return WhatIf(until=last, target_year=target, at=at, slips=slips, by=by)


def _run(
    opening: Opening, wanted: WhatIf, runs: int, luck: Chance
) -> list[tuple[Outcome, Outcome]]:
    found = []
    with bar(tr("plays")) as tell:
        for outcome in played(opening, wanted, runs, luck):
            found.append(outcome)
            tell(len(found), runs)
    return found


def _report(
    picture: "Picture",
    start: _Start,
    wanted: WhatIf,
    outcomes: list[tuple[Outcome, Outcome]],
    seed: int,
    proof: Proof,
) -> Simulated:
    opening = start.opening
    refused = sum((Counter(slipped.refused) for _, slipped in outcomes), Counter[str]())
    return Simulated(
        as_of=picture.view.as_of or picture.asked_at,
        known_at=picture.view.known_at or picture.asked_at,
        left_out=start.left_out,
        year=opening.year,
        allocated=start.capital.allocated,
        disbursed=start.capital.disbursed,
        runs=len(outcomes),
        seed=seed,
        slips=wanted.slips,
        by_working_days=wanted.by,
        clearances_under_way=len(clearings(opening)),
        target_year=wanted.target_year,
        reached=tuple(
            Reached(
                by=by,
                base=band(base.disbursed[nth] for base, _ in outcomes),
                slipped=band(slipped.disbursed[nth] for _, slipped in outcomes),
            )
            for nth, by in enumerate(wanted.at)
        ),
        missing=_missing(start.programme, outcomes),
        refused=dict(sorted(refused.items())),
        assumed=tuple(sorted({name for _, one in outcomes for name in one.assumed})),
        proof=proof,
    )


def _missing(programme: Running, outcomes: list[tuple[Outcome, Outcome]]) -> tuple[Missing, ...]:
    """Communes that missed the year at least once, the surest first."""
    names = {
        name: row.name
        for cohort in programme.cohorts.values()
        for name, row in cohort.communes.items()
    }
    base = Counter(name for one, _ in outcomes for name in one.missed)
    slipped = Counter(name for _, one in outcomes for name in one.missed)
    rows = [
        Missing(commune=name, name=names.get(name, ""), base=base[name], slipped=slipped[name])
        for name in {*base, *slipped}
    ]
    return tuple(sorted(rows, key=lambda row: (-row.slipped, -row.base, row.commune)))
