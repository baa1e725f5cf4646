"""What changed in the leaders' figures between two views, and which facts changed it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import pairwise

from domain.clearance import Clearing
from domain.payment import Submitted
from domain.phase import phase
from domain.portfolio import Use, used
from domain.positions import Capital
from domain.programme_forms import Running
from domain.project import Registered
from domain.streams import Fact, State, evolve
from domain.tally import tally
from domain.travel import CANNOT_FOLLOW, Past, past
from domain.values import Extent, ProjectId, StreamId, value


class Figure(StrEnum):
    """A number that leaders ask for; money is in đồng, the others are counts."""

    ALLOCATED = "allocated"
    DISBURSED = "disbursed"
    ADVANCE = "advance"
    VOLUME = "volume"
    COMPENSATION = "compensation"
    FINAL = "final"
    OTHER = "other"
    RESERVED = "reserved"
    EXPIRED = "expired"
    INVESTMENT = "investment"
    CHOSEN = "chosen"
    DEFERRED = "deferred"
    COMMUNES = "communes"
    BASE = "base"
    PHASE = "phase"
    PAYMENTS = "payments"
    HOUSEHOLDS = "households"
    OBSTACLES = "obstacles"
    CLEARED = "cleared"
    STALLED = "stalled"
    ESCALATIONS = "escalations"
    UNANSWERED = "unanswered"


USES = tuple(Figure(use) for use in Use)
"""What was disbursed, by what it paid for: advances not recovered yet, volume with the advances
that it recovered, compensation, and final payments. Together they are the disbursed."""

MONEY = frozenset(
    {
        Figure.ALLOCATED,
        Figure.DISBURSED,
        *USES,
        Figure.RESERVED,
        Figure.EXPIRED,
        Figure.INVESTMENT,
    }
)


@value
class Measure:
    """A figure and what it is about.

    That is a cohort of a year's plan, a phase, a payment's status, how far households have come,
    an obstacle's cause, or a rung of the ladder.
    """

    figure: Figure
    of: str = ""
    plan: str = ""


@value
class Cause:
    """A fact, and what it did to one figure."""

    measure: Measure
    by: int
    fact: Fact


@value
class Change:
    """One figure at both views. The causes add up to `by`, the largest first."""

    measure: Measure
    before: int
    after: int
    by: int
    kinds: Mapping[str, int]
    causes: tuple[Cause, ...]


@value
class Compared:
    """One stream at both views."""

    before: Past
    after: Past
    causes: tuple[Cause, ...]


def compare(
    stream: StreamId,
    earlier: Sequence[Fact],
    later: Sequence[Fact],
    only: Collection[ProjectId] | None = None,
) -> Compared:
    """A stream at two views, the second of which holds every fact of the first."""
    before, after = past(stream, earlier), past(stream, later)
    held = {fact.version for fact in earlier}
    added = [fact for fact in later if fact.version not in held]
    path = _straight(before.state, added)
    if not path or figures(stream, path[-1], only) != figures(stream, after.state, only):
        path = _one_by_one(stream, earlier, added)
    causes = tuple(
        Cause(measure=measure, by=by, fact=fact)
        for fact, (old, new) in zip(added, pairwise((before.state, *path)), strict=True)
        for measure, by in _step(stream, old, new, only).items()
    )
    return Compared(before=before, after=after, causes=causes)


def changes(
    compared: Iterable[Compared], only: Collection[ProjectId] | None = None
) -> tuple[Change, ...]:
    """All streams together, figure by figure; one that is zero at both views is left out."""
    before: Counter[Measure] = Counter()
    after: Counter[Measure] = Counter()
    causes: dict[Measure, list[Cause]] = {}
    for one in compared:
        before.update(figures(one.before.stream, one.before.state, only))
        after.update(figures(one.after.stream, one.after.state, only))
        for cause in one.causes:
            causes.setdefault(cause.measure, []).append(cause)
    order = list(Figure)
    measures = sorted(
        {*before, *after, *causes}, key=lambda each: (order.index(each.figure), each.plan, each.of)
    )
    return tuple(
        Change(
            measure=measure,
            before=before[measure],
            after=after[measure],
            by=after[measure] - before[measure],
            kinds=Counter(cause.fact.event.kind for cause in causes.get(measure, ())),
            causes=tuple(sorted(causes.get(measure, ()), key=_largest)),
        )
        for measure in measures
    )


def figures(
    stream: StreamId, state: State, only: Collection[ProjectId] | None = None
) -> Counter[Measure]:
    """What one stream adds to the leaders' figures; zeros are not mentioned."""
    return Counter({measure: count for measure, count in _figures(stream, state, only) if count})


def _figures(
    stream: StreamId, state: State, only: Collection[ProjectId] | None
) -> Iterator[tuple[Measure, int]]:
    match state:
        case Capital():
            yield from _capital(stream.partition("/")[2], state, only).items()
        case Registered():
            yield Measure(figure=Figure.PHASE, of=phase(state)), 1
            yield from _uses(state).items()
        case Running():
            yield from _selected(state).items()
        case Submitted(status=status):
            yield Measure(figure=Figure.PAYMENTS, of=status), 1
        case Clearing():
            yield Measure(figure=Figure.CLEARED), int(state.released is Extent.FULL)
            yield Measure(figure=Figure.STALLED), int(state.stall.level > 0)
            yield from _ground(state).items()
        case _:
            return


def _capital(plan: str, state: Capital, only: Collection[ProjectId] | None) -> Counter[Measure]:
    found: Counter[Measure] = Counter()
    for project, row in state.positions.items():
        if only is None or project in only:
            found[Measure(figure=Figure.ALLOCATED, of=row.cohort, plan=plan)] += row.allocated
            found[Measure(figure=Figure.DISBURSED, of=row.cohort, plan=plan)] += row.disbursed
            found[Measure(figure=Figure.RESERVED, of=row.cohort, plan=plan)] += row.reserved
            found[Measure(figure=Figure.EXPIRED, of=row.cohort, plan=plan)] += row.expired
    return found


def _uses(state: Registered) -> Counter[Measure]:
    found: Counter[Measure] = Counter()
    charter = state.charter
    for claim in state.ledger.paid.values():
        plan = f"{charter.programme}/{claim.budget_year}"
        for use, amount in used(claim):
            found[Measure(figure=Figure(use), of=charter.cohort, plan=plan)] += amount
    return found


def _selected(state: Running) -> Counter[Measure]:
    found = Counter({Measure(figure=Figure.BASE, plan=state.programme): state.base_communes})
    for name, cohort in state.cohorts.items():

        def of(figure: Figure, of: str = name) -> Measure:
            return Measure(figure=figure, of=of, plan=state.programme)

        found[of(Figure.COMMUNES)] = cohort.size
        found[of(Figure.DEFERRED)] = cohort.deferred
        found[of(Figure.INVESTMENT)] = cohort.total_investment
        for commune in cohort.chosen:
            found[of(Figure.CHOSEN, cohort.communes[commune].district)] += 1
    return found


def _ground(state: Clearing) -> Counter[Measure]:
    """How far a section's households have come, what stands in its way, and who was pushed."""
    found: Counter[Measure] = Counter()
    if state.cases:
        for stage, count in tally((state,)).stages.items():
            found[Measure(figure=Figure.HOUSEHOLDS, of=stage)] += count.households
    for obstacle in state.ground.obstacles.values():
        if obstacle.removed_at is None:
            found[Measure(figure=Figure.OBSTACLES, of=obstacle.cause)] += 1
    for asked in state.stall.escalations.values():
        rung = str(asked.level)
        found[Measure(figure=Figure.ESCALATIONS, of=rung)] += 1
        found[Measure(figure=Figure.UNANSWERED, of=rung)] += asked.answered_at is None
    return found


def _straight(state: State, added: Sequence[Fact]) -> list[State]:
    """The added facts on top of the first view; empty if they do not all follow it."""
    path: list[State] = []
    for fact in added:
        try:
            state = evolve(state, fact.event, fact.act)
        except CANNOT_FOLLOW:
            return []
        path.append(state)
    return path


def _one_by_one(stream: StreamId, earlier: Sequence[Fact], added: Sequence[Fact]) -> list[State]:
    """Each added fact put where its version belongs: slower, and exact when dates are in disorder.

    The last of these is the second view itself, so the steps add up to the whole difference.
    """
    path: list[State] = []
    for count in range(1, len(added) + 1):
        facts = sorted((*earlier, *added[:count]), key=lambda fact: fact.version)
        path.append(past(stream, facts).state)
    return path


def _step(
    stream: StreamId, before: State, after: State, only: Collection[ProjectId] | None
) -> dict[Measure, int]:
    """What one fact did to the figures."""
    if isinstance(before, Capital) and isinstance(after, Capital):
        # A payment touches one row of a plan that may have thousands; the others are the same
        # objects as before.
        rows = after.positions.items()
        moved = {project for project, row in rows if before.positions.get(project) is not row}
        before, after = _rows(before, moved), _rows(after, moved)
    if isinstance(before, Clearing) and isinstance(after, Clearing) and before.cases is after.cases:
        # Most of what happens in a section of two thousand households leaves them where they were.
        before, after = replace(before, cases={}), replace(after, cases={})
    old, new = figures(stream, before, only), figures(stream, after, only)
    by = {measure: new[measure] - old[measure] for measure in {**old, **new}}
    return {measure: count for measure, count in by.items() if count}


def _rows(plan: Capital, wanted: set[ProjectId]) -> Capital:
    rows = {project: plan.positions[project] for project in wanted if project in plan.positions}
    return replace(plan, positions=rows)


def _largest(cause: Cause) -> tuple[int, object, StreamId, int]:
    return (-abs(cause.by), cause.fact.act.at, cause.fact.stream, cause.fact.version)
