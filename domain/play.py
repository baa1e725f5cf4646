"""One play of a project: its moves in the order of their days, each decided by the deciders."""

import heapq
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from itertools import count
from typing import TypeAlias

from domain import clearance, payment, project
from domain.authority import authorise
from domain.calendar import HANOI, local_day
from domain.charter import Charter
from domain.entailment import entails
from domain.experience import CLEAR, Experience, marked
from domain.moves import Day, Move, moves
from domain.policy import Policy
from domain.positions import Capital
from domain.refusal import Refused
from domain.streams import Entailed, Event, State, decide, evolve, initial
from domain.values import Act, CommuneId, Extent, StreamId, Vnd, value

Chance: TypeAlias = Callable[[str], float]
"""A number of at least 0 and below 1 for a name."""

ASSUMED_DAYS = 20
"""Working days of a move of which the record shows none."""

_NOON = time(12)
_OPENING = -1
"""The number of the day on which a play begins."""

_Moves: TypeAlias = dict[tuple[str, datetime], Move]
_Asked: TypeAlias = tuple[State | None, tuple[Vnd, int, int], _Moves]


@value
class Opening:
    """Where every play begins: the cases at the end of `day`, and what their record shows.

    `plan` is the capital stream of the budget `year`; `chosen` are communes that are to finish.
    """

    day: date
    year: int
    plan: StreamId
    states: Mapping[StreamId, State]
    experience: Experience
    laws: Mapping[str, Policy]
    law: Policy
    chosen: frozenset[CommuneId]


@value
class WhatIf:
    """Money is asked for until `until`, works go on to the end of `target_year`.

    So many clearances, drawn anew in each run among those under way, end so many working days
    later. Disbursement is read at the end of each day of `at`.
    """

    until: date
    target_year: int
    at: tuple[date, ...]
    slips: int = 0
    by: int = 0


@value
class Case:
    """A project with everything that is played of it."""

    charter: Charter
    states: Mapping[StreamId, State]


@value
class Numbering:
    """The working days of a play by their numbers; `known` keeps those that were looked up."""

    days: tuple[date, ...]
    known: dict[date, int]


@value
class Outcome:
    """One play: đồng disbursed at each of the days asked for, communes that did not finish in
    time, moves that the deciders refused, by rule, and those whose duration nothing showed.
    """

    disbursed: tuple[Vnd, ...]
    missed: frozenset[CommuneId]
    refused: Mapping[str, int]
    assumed: frozenset[str]


PLAYED = (project.Registered, payment.Submitted, clearance.Clearing)
_NEVER: _Asked = (None, (Vnd(0), 0, 0), {})


class Play:
    """One play. Its days are working days, numbered from the first after the opening."""

    def __init__(
        self,
        opening: Opening,
        wanted: WhatIf,
        case: Case,
        numbering: Numbering,
        chance: Chance,
        late: Mapping[StreamId, int],
    ) -> None:
        self._opening = opening
        self._wanted = wanted
        self._chance = chance
        self._late = late
        self._days = numbering.days
        self._numbers = numbering.known
        self._world = dict(case.states)
        self._marks = dict(opening.experience.marks)
        self._queue: list[tuple[int, int, StreamId, str, datetime]] = []
        self._order = count()
        self._asked: dict[StreamId, _Asked] = {}
        self._known: set[tuple[StreamId, str, datetime]] = set()
        self._drawn: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._assumed: set[str] = set()

    def outcome(self) -> Outcome:
        """Play to the end."""
        for stream in tuple(self._world):
            self._await(stream, _OPENING)
        disbursed: list[Vnd] = []
        while self._queue:
            day, _, stream, key, since = heapq.heappop(self._queue)
            self._read(disbursed, self._days[day])
            self._known.discard((stream, key, since))
            move = self._moves(stream, day).get((key, since))
            if move is not None:
                self._make(stream, move, day)
        self._read(disbursed, date.max)
        return Outcome(
            disbursed=tuple(disbursed),
            missed=self._missed(),
            refused=dict(self._refused),
            assumed=frozenset(self._assumed),
        )

    def _read(self, disbursed: list[Vnd], before: date) -> None:
        """Read off the days that are over before another begins."""
        over = sum(at < before for at in self._wanted.at)
        if over > len(disbursed):
            disbursed += [self._plan.disbursed] * (over - len(disbursed))

    @property
    def _plan(self) -> Capital:
        plan = self._world[self._opening.plan]
        assert isinstance(plan, Capital)
        return plan

    def _moves(self, stream: StreamId, day: int) -> _Moves:
        """What a case waits for; asked anew when it moved, its money did, or another month began.

        (What law and budget calendar change, they change at the turn of a month.)
        """
        state = self._world[stream]
        if not isinstance(state, PLAYED):
            return {}
        today = self._today(state, day)
        about = (today.left, today.day.year, today.day.month)
        of, then, known = self._asked.get(stream, _NEVER)
        if of is not state or then != about:
            shares, marks = self._opening.experience.shares, self._marks.get(stream, {})

            def share(name: str, of: str) -> int | None:
                return self._pick(shares.get(name, ()), f"{stream} {of} {name}")

            found = moves(state, marks, share, self._law(state), today)
            known = {(move.key, move.since): move for move in found}
            self._asked[stream] = state, about, known
        return known

    def _today(
        self, state: project.Registered | payment.Submitted | clearance.Clearing, day: int
    ) -> Day:
        on = self._days[max(day, 0)]
        row = self._plan.positions.get(state.charter.project)
        left = row.payable(on) if row and on <= self._wanted.until else Vnd(0)
        return Day(day=on, year=self._opening.year, left=left)

    def _await(self, stream: StreamId, today: int) -> None:
        """Draw a day for every move of a stream that has none yet."""
        for key, move in self._moves(stream, today).items():
            if (stream, *key) in self._known:
                continue
            day = self._drawn_day(stream, move, today)
            if day < len(self._days):
                self._known.add((stream, *key))
                heapq.heappush(self._queue, (day, next(self._order), stream, *key))

    def _drawn_day(self, stream: StreamId, move: Move, today: int) -> int:
        durations = self._opening.experience.durations
        seen: tuple[int, ...] = next(
            (durations[name] for name in move.names if name in durations), ()
        )
        if not seen:
            self._assumed.add(move.names[-1])
            seen = (ASSUMED_DAYS,)
        began = self._number(move.since)
        # What still waits when its day is over has lasted longer than it had.
        lasted = today - began + (today == _OPENING)
        longer = seen[bisect_left(seen, lasted) :]
        label = f"{stream} {move.key}"
        self._drawn[label] += 1
        days = self._pick(longer or seen, f"{label} {self._drawn[label]}")
        assert days is not None
        late = self._late.get(stream, 0) if move.names == (CLEAR,) else 0
        return max(today, 0, (began if longer else today) + days) + late

    def _number(self, moment: datetime) -> int:
        """Of the day of a moment; before the opening it is below zero."""
        day = local_day(moment)
        if day not in self._numbers:
            calendar = self._opening.law.calendar
            before = calendar.working_days_between(day, self._opening.day)
            self._numbers[day] = (
                bisect_right(self._days, day) - 1 if day > self._opening.day else -1 - before
            )
        return self._numbers[day]

    def _pick(self, choices: Sequence[int], name: str) -> int | None:
        return choices[int(self._chance(name) * len(choices))] if choices else None

    def _make(self, stream: StreamId, move: Move, day: int) -> None:
        act = Act(by=move.by, at=datetime.combine(self._days[day], _NOON, HANOI))
        touched: dict[StreamId, None] = {}
        try:
            if move.key == CLEAR:
                # Households are not played: that the site is free is given; the rest is decided.
                free = clearance.SiteHandedOver(extent=Extent.FULL)
                touched |= self._follow(stream, (free,), act)
            for command in move.commands:
                state = self._world[stream]
                authorise(command, act, state, self._law(state))
                events = decide(state, command, act, self._law(state))
                touched |= self._follow(stream, events, act)
        except Refused as refused:
            self._refused[refused.rule] += 1
        for name in touched:
            self._await(name, day)

    def _follow(
        self, stream: StreamId, events: tuple[Event, ...], act: Act
    ) -> dict[StreamId, None]:
        """Let events happen with all that they entail, on the streams returned; or `Refused`."""
        after: dict[StreamId, State] = {}
        told: list[tuple[StreamId, Event]] = []
        todo: list[tuple[StreamId, Entailed]] = []

        def take(name: StreamId, state: State, found: tuple[Event, ...]) -> None:
            for event in found:
                state = evolve(state, event, act)
                told.append((name, event))
                todo.extend(entails(state, event))
            after[name] = state

        take(stream, self._world[stream], events)
        for name, command in todo:
            state = after.get(name) or self._world.get(name) or initial(name)
            take(name, state, decide(state, command, act, self._law(state)))
        for name, event in told:
            self._marks[name] = marked(self._marks.get(name, {}), event, act.at)
        self._world |= after
        return dict.fromkeys(after)

    def _law(self, state: State) -> Policy:
        version: str | None = getattr(state, "policy", None)
        return self._opening.law if version is None else self._opening.laws[version]

    def _missed(self) -> frozenset[CommuneId]:
        """The project's commune, if it is not in use in time."""
        last = date(self._wanted.target_year, 12, 31)
        return frozenset(
            state.charter.commune
            for state in self._world.values()
            if isinstance(state, project.Registered)
            and (
                state.building.in_use_since is None or local_day(state.building.in_use_since) > last
            )
        )
