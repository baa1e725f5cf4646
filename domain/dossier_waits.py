"""What a dossier under review waits for: its open lanes, and the opinions that were asked."""

from collections.abc import Iterator
from dataclasses import replace

from domain.approval import UnderReview
from domain.separation import persons
from domain.values import DossierKind, StreamId
from domain.waits import IfIgnored, Task, Wait


def dossier_waits(stream: StreamId, kind: DossierKind, held: UnderReview) -> Iterator[Wait]:
    """Each lane that may vote, and each opinion that was asked."""
    panel, about = held.deciding, f"{kind}, round {held.round}"
    if not panel.is_one:
        about = (
            f"{kind}, round {held.round}, {len(held.ballots)} of {len(panel.lanes)} have voted;"
            f" needs {panel.needs()}"
        )
    decide = Wait(
        stream=stream,
        key=f"{kind}/{held.step}",
        post=held.post,
        task=Task.DECIDE_DOSSIER,
        since=held.ballots[-1].at if panel.in_turn and held.ballots else held.since,
        due=held.due.at,
        if_ignored=IfIgnored.ESCALATES if panel.escalates_to else IfIgnored.OVERDUE_NOTICE,
        amount=held.amount,
        about=about,
        barred=persons(held.submitted_by, *held.approved_by, *(one.by for one in held.ballots)),
        round=held.round,
    )
    for lane in panel.open_lanes(held.ballots):
        key = decide.key if panel.is_one else f"{decide.key}/{lane.key}"
        yield replace(decide, key=key, post=lane.post)
    for one in held.awaited_opinions():
        yield replace(
            decide,
            key=f"{decide.key}/opinion/{one.number}",
            post=one.of,
            task=Task.GIVE_OPINION,
            since=one.since,
            due=one.due.at,
            if_ignored=IfIgnored.DECIDED_WITHOUT,
            about=f"{kind}, round {held.round}, asked by {one.asked_by}",
        )


def step_of(wait: Wait) -> tuple[DossierKind, str]:
    """The dossier that a wait is about, and its step or `submit`."""
    # Behind them may stand the lane or the opinion.
    dossier, step = wait.key.split("/")[:2]
    return DossierKind(dossier), step
