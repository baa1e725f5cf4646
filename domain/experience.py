"""What a record shows of its people: how long each task waited, and how much each step was worth.

A task's durations are working days from the moment something was waited for to the act that ended
it, in cases open and closed. What still waits is not among them, so that a young record looks
quicker than it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

from domain import approval, clearance, construction, disbursement, payment, project
from domain import contract as contracts
from domain.calendar import local_day
from domain.inbox import waits
from domain.policy import Policy
from domain.streams import Event, Fact, State, evolve, initial
from domain.values import DossierKind, Extent, PaymentKind, SectionId, StreamId, value
from domain.waits import Task, Wait

CLEAR = "clear-section"
"""From the opening of a section's clearance to the hand-over of all of its site."""
BUILD = "build-section"
"""From a project's last acceptance, or the start of the works it is of, to the next; the first
one of a project is counted apart, as `build-section first`."""
CLAIM = "claim"
"""From what may be paid for to the request; `claim advance` counts from the contract."""

ACCEPTED = "accepted"
"""Share of the contract that one acceptance is worth, basis points."""
CONTRACTED = "contracted"
"""Share of the total investment that the contract is worth, basis points."""
ADVANCED = "advanced"
"""Share of the contract that is asked for in advance, basis points."""
WHOLE = 10_000


Marks: TypeAlias = Mapping[str, datetime]
"""When something began that no wait shows: a clearance, the works of a section, a claim."""


@value
class Experience:
    """Sorted durations in working days, and sorted shares in basis points, by what they are of.

    `marks` are where each stream stands, for who plays on from there.
    """

    durations: Mapping[str, tuple[int, ...]]
    shares: Mapping[str, tuple[int, ...]]
    marks: Mapping[StreamId, Marks]


def names(wait: Wait) -> tuple[str, ...]:
    """What a wait is counted as, the exact name first: a step of approval apart from others."""
    if wait.task in (Task.DECIDE_DOSSIER, Task.SUBMIT_DOSSIER):
        return f"{wait.task} {wait.key}", wait.task
    return (wait.task,)


def experience(histories: Mapping[StreamId, Iterable[Fact]], policy: Policy) -> Experience:
    """What the histories of projects, clearances and payments show, by the calendar of a law."""
    durations: defaultdict[str, list[int]] = defaultdict(list)
    shares: defaultdict[str, list[int]] = defaultdict(list)
    marks: dict[StreamId, Marks] = {}
    for stream, facts in histories.items():
        state: State = initial(stream)
        own: Marks = {}
        for fact in facts:
            after = evolve(state, fact.event, fact.act)
            day = local_day(fact.act.at)
            for name, since in (*_ended(state, after, policy), *_span(own, fact.event)):
                lasted = policy.calendar.working_days_between(local_day(since), day)
                durations[name].append(lasted)
            for name, share in _worth(state, fact.event):
                shares[name].append(share)
            state, own = after, marked(own, fact.event, fact.act.at)
        marks[stream] = own
    return Experience(
        durations={name: tuple(sorted(each)) for name, each in sorted(durations.items())},
        shares={name: tuple(sorted(each)) for name, each in sorted(shares.items())},
        marks=marks,
    )


def marked(marks: Marks, event: Event, at: datetime) -> Marks:
    """The marks after an event."""
    match event:
        case clearance.ClearanceBegun():
            return {**marks, CLEAR: at}
        case construction.WorksStarted(section=section):
            return {**marks, f"{BUILD} {section}": at}
        case construction.WorksAccepted():
            return {**marks, claim(PaymentKind.VOLUME): at}
        case contracts.ContractSigned():
            return {**marks, claim(PaymentKind.ADVANCE): at}
        case project.ClearancePlanNoted():
            return {**marks, claim(PaymentKind.COMPENSATION): at}
        case approval.DossierApproved(dossier=DossierKind.SETTLEMENT):
            return {**marks, claim(PaymentKind.FINAL): at}
        case _:
            return marks


def claim(kind: PaymentKind) -> str:
    """What a request is counted as."""
    return f"{CLAIM} {kind}"


def building(marks: Marks) -> tuple[str, ...]:
    """What the next acceptance of a project is counted as, the exact name first."""
    first = claim(PaymentKind.VOLUME) not in marks
    return f"{BUILD} {'first' if first else 'next'}", BUILD


def building_since(marks: Marks, section: SectionId) -> datetime:
    """Since when works have gone towards the next acceptance."""
    started = marks[f"{BUILD} {section}"]
    return max(started, marks.get(claim(PaymentKind.VOLUME), started))


def _span(marks: Marks, event: Event) -> Iterator[tuple[str, datetime]]:
    """What an event ended that was marked, and since when it had been under way."""
    match event:
        case clearance.SiteHandedOver(extent=Extent.FULL):
            yield CLEAR, marks[CLEAR]
        case construction.WorksAccepted(section=section):
            yield from ((name, building_since(marks, section)) for name in building(marks))
        case disbursement.PaymentRequested(payment_kind=kind) if claim(kind) in marks:
            yield claim(kind), marks[claim(kind)]
        case _:
            return


def _ended(before: State, after: State, policy: Policy) -> Iterator[tuple[str, datetime]]:
    """Waits of projects and payments that are over; a section's clearance is one span."""
    if isinstance(before, project.Registered | payment.Submitted):
        still = {(wait.key, wait.since) for wait in waits(after, policy)}
        for wait in waits(before, policy):
            if (wait.key, wait.since) not in still:
                yield from ((name, wait.since) for name in names(wait))


def _worth(state: State, event: Event) -> Iterator[tuple[str, int]]:
    """What a step was worth, in basis points of what it is a part of."""
    if not isinstance(state, project.Registered):
        return
    contract = state.building.contract
    match event:
        case contracts.ContractSigned(worth=worth):
            yield CONTRACTED, WHOLE * worth // state.ceiling
        case construction.WorksAccepted(volume=volume) if contract:
            yield ACCEPTED, WHOLE * volume // contract.worth
        case disbursement.PaymentRequested(payment_kind=PaymentKind.ADVANCE, worth=worth) if (
            contract
        ):
            yield ADVANCED, WHOLE * worth // contract.worth
        case _:
            return
