"""An office in memory: the whole record as dictionaries, and a clock that jumps."""

import asyncio
import heapq
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from domain.alarms import Alarm, alarm
from domain.authority import authorise
from domain.entailment import entails
from domain.policy import Policy
from domain.streams import (
    Command,
    Entailed,
    Envelope,
    Fact,
    State,
    decide,
    evolve,
    initial,
)
from domain.values import SYSTEM, Act, StreamId

_ROUNDS = 5
"""Turns of the event loop after which every woken coroutine waits again."""


class MemoryOffice:
    """Decides as the record does; raises the alarms that the workflows would.

    Its clock wakes the sleepers `late` after their moments, as a slow machine does.
    """

    def __init__(self, policy: Policy, now: datetime, late: timedelta = timedelta()) -> None:
        self._late = late
        self.now = now
        self.facts: list[Fact] = []
        self.asked: list[Envelope] = []
        self._policy = policy
        self._states: dict[StreamId, State] = {}
        self._alarms: dict[StreamId, tuple[State, Alarm | None]] = {}
        self._versions: defaultdict[StreamId, int] = defaultdict(int)
        self._done: set[str] = set()
        self._sleeping: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._watching: list[tuple[StreamId, Callable[[State], bool], asyncio.Future[State]]] = []
        self._order = count()

    def state(self, stream: StreamId) -> State:
        return self._states.get(stream) or initial(stream)

    def streams(self) -> dict[StreamId, State]:
        return dict(self._states)

    async def until(self, moment: datetime) -> None:
        if moment <= self.now:
            return
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleeping, (moment, next(self._order), woken))
        await woken

    async def ask(self, envelope: Envelope) -> None:
        assert envelope.act.at <= self.now, f"{envelope} is in the future"
        self.asked.append(envelope)
        self.record(envelope)

    async def seen(self, stream: StreamId, holds: Callable[[State], bool]) -> State:
        if holds(self.state(stream)):
            return self.state(stream)
        woken: asyncio.Future[State] = asyncio.get_running_loop().create_future()
        self._watching.append((stream, holds, woken))
        return await woken

    def record(self, envelope: Envelope) -> None:
        """Decide and keep one decision, with all that it entails."""
        if envelope.decision_id in self._done:
            return
        authorise(envelope.command, envelope.act, self.state(envelope.stream), self._policy)
        self._done.add(envelope.decision_id)
        self._apply(envelope.stream, envelope.command, envelope.act, envelope.decision_id)

    async def run(self, story: asyncio.Task[None], end: datetime) -> None:
        """Let the clock jump from one awaited moment to the next, to the end of the year."""
        while True:
            for _ in range(_ROUNDS):
                await asyncio.sleep(0)
            if story.done():
                story.result()
            alarms = sorted(
                (found.at, stream)
                for stream, state in self._states.items()
                if (found := self._alarm(stream, state)) is not None
            )
            moment = min(
                [at for at, *_ in self._sleeping[:1]] + [at for at, _ in alarms[:1]], default=end
            )
            if moment >= end or self.now >= end:
                self.now = end
                return
            self.now = min(end, max(self.now, moment) + self._late)
            self._ring([stream for at, stream in alarms if at <= self.now])
            while self._sleeping and self._sleeping[0][0] <= self.now:
                heapq.heappop(self._sleeping)[2].set_result(None)

    def _alarm(self, stream: StreamId, state: State) -> Alarm | None:
        """The next deadline of a case, which moves when its state does."""
        asked = self._alarms.get(stream)
        if asked is None or asked[0] is not state:
            asked = self._alarms[stream] = state, alarm(state, self._policy)
        return asked[1]

    def _ring(self, streams: list[StreamId]) -> None:
        for stream in streams:
            found = self._alarm(stream, self.state(stream))
            assert found is not None
            act = Act(by=SYSTEM, at=self.now)
            authorise(found.command, act, self.state(stream), self._policy)
            self._apply(stream, found.command, act, f"{stream}@{self.now.isoformat()}")

    def _apply(self, stream: StreamId, command: Command | Entailed, act: Act, name: str) -> None:
        for event in decide(self.state(stream), command, act, self._policy):
            state = evolve(self.state(stream), event, act)
            self._states[stream] = state
            self._versions[stream] += 1
            self.facts.append(
                Fact(
                    stream=stream,
                    version=self._versions[stream],
                    decision_id=name,
                    act=act,
                    event=event,
                )
            )
            for other, entailed in entails(state, event):
                self._apply(other, entailed, act, name)
        self._wake(stream)

    def _wake(self, stream: StreamId) -> None:
        waiting, self._watching = self._watching, []
        for watched, holds, woken in waiting:
            if watched == stream and holds(self.state(stream)):
                woken.set_result(self.state(stream))
            else:
                self._watching.append((watched, holds, woken))
