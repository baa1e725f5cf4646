"""Somebody who asks at random: decides as the record does, in memory and on no stored law."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.authority import authorise
from domain.calendar import HANOI
from domain.entailment import entails
from domain.policy import Policy
from domain.project import (
    NoteClearancePlan,
    ReleaseSection,
)
from domain.refusal import Refused
from domain.streams import (
    Command,
    Entailed,
    Fact,
    State,
    decide,
    evolve,
    initial,
)
from domain.values import (
    Act,
    Document,
    Post,
    StreamId,
)

_PAPER = Document(symbol="1/QĐ", issued_on=date(2024, 1, 2), issuer="UBND")
BEGINS = datetime(2024, 1, 3, 8, tzinfo=HANOI)


@dataclass(frozen=True, slots=True)
class Asked:
    """A command on its way to a stream, and by whom."""

    stream: StreamId
    by: Post
    command: Command | Entailed


@dataclass(slots=True)
class Wanderer:
    """Asks for what may be asked, and for a good deal that may not."""

    policy: Policy
    chance: random.Random
    now: datetime = BEGINS
    states: dict[StreamId, State] = field(default_factory=dict)
    decisions: int = 0
    numbers: int = 0

    def ask(self, asked: Asked) -> tuple[Fact, ...] | None:
        """One decision with all it entails; None when it was refused, and nothing happened."""
        self.decisions += 1
        act = Act(by=asked.by, at=self.now, document=_PAPER)
        states, facts = dict(self.states), list[Fact]()
        todo: list[tuple[StreamId, Command | Entailed]] = [(asked.stream, asked.command)]
        try:
            state = states.get(asked.stream) or initial(asked.stream)
            if not isinstance(asked.command, NoteClearancePlan | ReleaseSection):
                # What streams ask of one another was left out just above.
                authorise(asked.command, act, state, self.policy)  # type: ignore[arg-type]  # not of commands alone, as said above
            for stream, command in todo:
                state = states.get(stream) or initial(stream)
                for event in decide(state, command, act, self.policy):
                    state = states[stream] = evolve(state, event, act)
                    name = f"{self.decisions}"
                    facts.append(
                        Fact(stream=stream, version=1, decision_id=name, act=act, event=event)
                    )
                    todo.extend(entails(state, event))
        except Refused:
            return None
        self.states = states
        return tuple(facts)
