"""How a project came to where it stands: the phases it went through, and since when."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from domain.phase import Phase, phase
from domain.project import Registered
from domain.streams import Fact
from domain.travel import told
from domain.values import StreamId, value


@value
class Leg:
    """A phase, from the act that led into it to the one that led out; None while it lasts."""

    phase: Phase
    since: datetime
    until: datetime | None = None


def course(stream: StreamId, facts: Iterable[Fact]) -> tuple[Leg, ...]:
    """A project's phases in the order in which it came to them; a phase may come back."""
    legs: list[Leg] = []
    for fact, state in told(stream, facts):
        if not isinstance(state, Registered):
            continue
        now, at = phase(state), fact.act.at
        if legs and legs[-1].phase is now:
            continue
        if legs:
            legs[-1] = replace(legs[-1], until=at)
        legs.append(Leg(phase=now, since=at))
    return tuple(legs)
