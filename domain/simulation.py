"""A year played forward many times over: what is likely to be paid, and who will not finish.

A play begins with the cases as they stand and asks the same deciders for everything that is
decided, with authority, ceilings and cut-offs as the record has them. How long each move takes is
drawn from what the record shows of such moves (`experience`); a wait that has lasted longer than
any on record starts anew. What officials will ask for is assumed in `moves`. Nothing is
recorded, and chance is an argument: a function from a name to a number, the same for the same
name, so that two plays that differ in one thing share all the rest of their luck.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import takewhile

from domain.charter import Charter
from domain.clearance import Clearing
from domain.play import PLAYED, Case, Chance, Numbering, Opening, Outcome, Play, WhatIf
from domain.positions import Capital
from domain.streams import State
from domain.values import CommuneId, Extent, ProjectId, StreamId, Vnd, value


@value
class Band:
    """Of all plays, what a tenth, a half and nine tenths stayed at or below, đồng."""

    p10: Vnd
    p50: Vnd
    p90: Vnd


def simulate(
    opening: Opening, wanted: WhatIf, runs: int, chance: Chance
) -> Iterator[tuple[Outcome, Outcome]]:
    """Each run as things are, and as they would be with the slips.

    Projects do not meet: each has its own capital in the plan. So each is played by itself, and
    with the slips only those that have one are played again.
    """
    cases = tuple(_cases(opening))
    idle = Vnd(_capital(opening).disbursed - sum(_disbursed(case) for case in cases))
    begun = {case.charter.commune for case in cases}
    never = frozenset(opening.chosen - begun)
    numbering = Numbering(days=working_days(opening, wanted), known={})
    for run in range(runs):

        def luck(name: str, run: int = run) -> float:
            return chance(f"{run} {name}")

        late = slipping(opening, wanted, luck)
        base = [Play(opening, wanted, case, numbering, luck, {}).outcome() for case in cases]
        slipped = [
            Play(opening, wanted, case, numbering, luck, late).outcome()
            if late.keys() & case.states
            else outcome
            for case, outcome in zip(cases, base, strict=True)
        ]
        yield _together(base, idle, never, wanted), _together(slipped, idle, never, wanted)


def _cases(opening: Opening) -> Iterator[Case]:
    """Every project with its sections, its payments, and its own part of the year's plan."""
    plan = _capital(opening)
    parts: dict[ProjectId, dict[StreamId, State]] = {}
    charters: dict[ProjectId, Charter] = {}
    for stream, state in opening.states.items():
        if isinstance(state, PLAYED):
            name = state.charter.project
            parts.setdefault(name, {})[stream] = state
            charters[name] = state.charter
    for name, states in parts.items():
        own = replace(
            plan,
            positions={each: row for each, row in plan.positions.items() if each == name},
            reservations={
                each: held for each, held in plan.reservations.items() if held.project == name
            },
        )
        yield Case(charter=charters[name], states={**states, opening.plan: own})


def _capital(opening: Opening) -> Capital:
    plan = opening.states[opening.plan]
    assert isinstance(plan, Capital)
    return plan


def _disbursed(case: Case) -> Vnd:
    return Vnd(sum(s.disbursed for s in case.states.values() if isinstance(s, Capital)))


def _together(
    outcomes: list[Outcome], idle: Vnd, never: frozenset[CommuneId], wanted: WhatIf
) -> Outcome:
    """All projects of one run, with what is disbursed of those that are not played."""
    disbursed = tuple(
        Vnd(idle + sum(one.disbursed[nth] for one in outcomes)) for nth in range(len(wanted.at))
    )
    refused: Counter[str] = Counter()
    for one in outcomes:
        refused.update(one.refused)
    missed = never.union(*(one.missed for one in outcomes))
    assumed = frozenset[str]().union(*(one.assumed for one in outcomes))
    return Outcome(disbursed=disbursed, missed=missed, refused=dict(refused), assumed=assumed)


def slipping(opening: Opening, wanted: WhatIf, chance: Chance) -> Mapping[StreamId, int]:
    """The clearances that slip in a run, and by how many working days."""
    under_way = sorted(clearings(opening), key=lambda stream: (chance(f"slip {stream}"), stream))
    return dict.fromkeys(under_way[: wanted.slips], wanted.by)


def clearings(opening: Opening) -> tuple[StreamId, ...]:
    """Sections whose site is not all handed over."""
    return tuple(
        stream
        for stream, state in opening.states.items()
        if isinstance(state, Clearing) and state.released is not Extent.FULL
    )


def band(amounts: Iterable[Vnd]) -> Band:
    """Nearest rank: each is an amount that was played."""
    ordered = sorted(amounts)

    def rank(percent: int) -> Vnd:
        return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]

    return Band(p10=rank(10), p50=rank(50), p90=rank(90))


def working_days(opening: Opening, wanted: WhatIf) -> tuple[date, ...]:
    """The working days of a play, in order."""
    end = max(wanted.until, *wanted.at, date(wanted.target_year, 12, 31))
    days = opening.law.calendar.working_days_after(opening.day)
    return tuple(takewhile(lambda day: day <= end, days))
