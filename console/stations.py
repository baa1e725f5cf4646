"""The chain of a dossier under review, step by step and lane by lane, for `ntm project show`."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from console import show, words
from console.field_words import CHAIN_STEPS
from domain.approval import Approval, Returned, UnderReview
from domain.calendar import local_day
from domain.law import Signing, Step
from domain.panel import convened
from domain.policy import Policy
from domain.project import Registered
from domain.quorum import Say
from domain.refusal import Refused
from domain.values import DossierKind, Post, value
from language.catalogue import tr
from language.sentences import in_their_language

if TYPE_CHECKING:
    from rich.table import Table

StationState = Literal["approved", "open", "to-come"]


@value
class LaneSeen:
    """A post of a step and what it has said; None: nothing yet."""

    post: Post
    say: Say | None


@value
class Station:
    """One step of a chain: where the dossier has been, is, or has still to go."""

    dossier: DossierKind
    step: str
    state: StationState
    round: int | None
    lanes: tuple[LaneSeen, ...]
    needs: str
    mode: Signing | None
    due: datetime | None


def stations(state: Registered, policy: Policy, now: datetime) -> tuple[Station, ...]:
    """Every step of the chains that a project's dossiers are in, under the law it pinned."""
    return tuple(
        station
        for kind, held in state.dossiers.items()
        if isinstance(held, UnderReview)
        for station in _of(kind, held, state, policy, now)
    )


def _of(
    kind: DossierKind, held: UnderReview, state: Registered, policy: Policy, now: datetime
) -> Iterator[Station]:
    approved = {one.step: one for one in held.approvals}
    chain = _chain(kind, held, state, policy, now)
    if held.step not in {step.key for step in chain}:
        yield from (_approved(kind, one) for one in held.approvals)
        yield _open(kind, held)
        return
    for step in chain:
        if step.key == held.step:
            yield _open(kind, held)
        elif step.key in approved:
            yield _approved(kind, approved[step.key])
        else:
            panel = convened(step, state.charter.units, local_day(now), policy)
            yield Station(
                dossier=kind,
                step=step.key,
                state="to-come",
                round=None,
                lanes=tuple(LaneSeen(post=lane.post, say=None) for lane in panel.lanes),
                needs=panel.needs(),
                mode=panel.mode,
                due=None,
            )


def _chain(
    kind: DossierKind, held: UnderReview, state: Registered, policy: Policy, now: datetime
) -> tuple[Step, ...]:
    """What the law of today has it pass; nothing where that law has ended."""
    try:
        return policy.chain(kind, local_day(now), held.amount, state.subject)
    except Refused:
        return ()


def _open(kind: DossierKind, held: UnderReview) -> Station:
    said = {one.lane: one.say for one in held.ballots}
    return Station(
        dossier=kind,
        step=held.step,
        state="open",
        round=held.round,
        lanes=tuple(
            LaneSeen(post=lane.post, say=said.get(lane.key)) for lane in held.deciding.lanes
        ),
        needs=held.deciding.needs(),
        mode=held.deciding.mode,
        due=held.due.at,
    )


def _approved(kind: DossierKind, approval: Approval) -> Station:
    return Station(
        dossier=kind,
        step=approval.step,
        state="approved",
        round=approval.round,
        lanes=tuple(LaneSeen(post=hand.post, say=Say.APPROVE) for hand in approval.by),
        needs="",
        mode=None,
        due=None,
    )


def table(found: tuple[Station, ...]) -> "Table":
    """A row for each lane; a step and what it needs are said once."""
    built = show.table(
        tr("Step"),
        tr("State"),
        tr("Who"),
        tr("Says"),
        tr("Needs"),
        tr("Due"),
        title=tr("Chain of approval"),
        whole=[2, 3, 5],
    )
    for one in found:
        number = tr("round {n}", n=one.round) if one.round else ""
        state = show.under(show.word(words.STATION_STATES, one.state), number)
        step = show.under(show.word(CHAIN_STEPS, one.step), show.word(words.DOSSIERS, one.dossier))
        for nth, lane in enumerate(one.lanes):
            built.add_row(
                step if nth == 0 else "",
                state if nth == 0 else "",
                show.post(lane.post),
                _said(lane, one.state),
                _needs(one) if nth == 0 else "",
                show.last_day(one.due) if nth == 0 else "",
            )
    return built


def _needs(one: Station) -> str:
    signed = words.said(words.SIGNINGS, one.mode) if one.mode else ""
    return show.under(show.clean(in_their_language(one.needs)), signed)


def _said(lane: LaneSeen, state: StationState) -> str:
    if lane.say is not None:
        return show.word(words.SAYS, lane.say)
    return tr("not yet") if state == "open" else "[dim]–[/]"


def opinions(state: Registered) -> "Table":
    """What was asked beside the dossiers that are under review, and what was answered."""
    table = show.table(tr("Opinion of"), tr("Asked"), tr("Answer"), title=tr("Second opinions"))
    for kind, dossier in state.dossiers.items():
        for one in dossier.opinions if isinstance(dossier, UnderReview | Returned) else ():
            step = words.said(CHAIN_STEPS, one.step)
            table.add_row(
                show.under(
                    show.clean(one.of),
                    show.clean(f"{words.said(words.DOSSIERS, kind)}, {step}"),
                ),
                show.under(
                    show.clean(one.question),
                    show.clean(f"{one.asked_by}, {show.last_day(one.due.at)}"),
                ),
                show.clean(one.given or "–"),
            )
    return table
