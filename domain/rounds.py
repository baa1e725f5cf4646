"""How a dossier stands after each event: its fold."""

from dataclasses import replace
from typing import assert_never

from domain import second_opinion
from domain.approval import (
    Approval,
    Approved,
    DecisionRecalled,
    Dossier,
    DossierApproved,
    DossierRejected,
    DossierReturned,
    Dossiers,
    DossierSubmitted,
    Event,
    Recallable,
    Rejected,
    Returned,
    StepApproved,
    StepOpened,
    StepOverdue,
    UnderReview,
    VoteCast,
)
from domain.deadlines import Due
from domain.opinion_forms import OpinionAsked, OpinionGiven
from domain.quorum import Ballot, Say
from domain.values import Act


def evolve(dossiers: Dossiers, event: Event, act: Act) -> Dossiers:
    """Apply one event to the project's dossiers."""
    return {**dossiers, event.dossier: _evolve(dossiers.get(event.dossier), event, act)}


def _evolve(dossier: Dossier | None, event: Event, act: Act) -> Dossier:
    match event:
        case DossierSubmitted():
            return _submitted(dossier, event, act)
        case DossierApproved(round=number, amount=amount):
            assert isinstance(dossier, UnderReview)
            return Approved(
                round=number, amount=amount, at=act.at, submitted_at=dossier.submitted_at
            )
        case DossierRejected(reason=reason):
            return Rejected(at=act.at, reason=reason)
        case DecisionRecalled(reason=reason):
            assert isinstance(dossier, UnderReview | Returned)
            return _as_before(dossier, reason, act)
        case _:
            assert isinstance(dossier, UnderReview)
    match event:
        case StepOpened():
            return replace(
                dossier,
                round=event.round,
                step=event.step,
                post=event.post,
                panel=event.panel,
                since=act.at,
                due=event.due,
                overdue=False,
                ballots=(),
                minutes=None,
            )
        case VoteCast(lane=lane, by=by, say=say, minutes=minutes):
            ballot = Ballot(lane=lane, by=by, say=say, at=act.at)
            return replace(
                dossier,
                ballots=(*dossier.ballots, ballot),
                minutes=dossier.minutes or minutes,
                last=_recallable(dossier, act),
            )
        case StepApproved(round=number, step=step):
            yes = tuple(one.by for one in dossier.ballots if one.say is Say.APPROVE)
            approval = Approval(step=step, round=number, by=yes or (act.hand,), at=act.at)
            return replace(
                dossier,
                approved_by=(*dossier.approved_by, *approval.by),
                approvals=(*dossier.approvals, approval),
                last=_recallable(dossier, act),
            )
        case DossierReturned():
            return _returned(dossier, event, act)
        case StepOverdue():
            return replace(dossier, overdue=True)
        case OpinionAsked() | OpinionGiven():
            return second_opinion.evolve(dossier, event, act)
        case _:
            assert_never(event)


def _submitted(dossier: Dossier | None, event: DossierSubmitted, act: Act) -> UnderReview:
    earlier = dossier if isinstance(dossier, Returned) else None
    kept = tuple(one for one in earlier.approvals if one.step in event.kept) if earlier else ()
    # Held by nobody until the StepOpened of the same act says by whom.
    return UnderReview(
        round=event.round,
        amount=event.amount,
        submitted_by=act.hand,
        approved_by=tuple(hand for one in kept for hand in one.by),
        step="",
        post=act.by,
        since=act.at,
        due=Due(at=act.at, rule="", calendar=""),
        submitted_at=act.at,
        approvals=kept,
        opinions=earlier.opinions if earlier else (),
        last=Recallable(by=act.hand, at=act.at, before=None),
    )


def _returned(dossier: UnderReview, event: DossierReturned, act: Act) -> Dossier:
    standing = tuple(one for one in dossier.approvals if one.step not in event.voided)
    void = {hand for one in dossier.approvals if one not in standing for hand in one.by}
    last = _recallable(dossier, act)
    if event.to is not None:
        return replace(
            dossier,
            approvals=standing,
            approved_by=tuple(hand for hand in dossier.approved_by if hand not in void),
            last=last,
        )
    return Returned(
        round=event.round,
        since=act.at,
        submitted_by=dossier.submitted_by,
        reason=event.reason,
        amount=dossier.amount,
        approvals=standing,
        opinions=dossier.opinions,
        last=last,
    )


def _recallable(dossier: UnderReview, act: Act) -> Recallable:
    """One act may cause several events; it is taken back as one."""
    last = dossier.last
    if last is not None and (last.by, last.at) == (act.hand, act.at) and last.before is not None:
        return last
    return Recallable(by=act.hand, at=act.at, before=replace(dossier, last=None))


def _as_before(dossier: UnderReview | Returned, reason: str, act: Act) -> Dossier:
    assert dossier.last is not None
    before = dossier.last.before
    if before is None:
        assert isinstance(dossier, UnderReview)
        return Returned(
            round=dossier.round,
            since=act.at,
            submitted_by=dossier.submitted_by,
            reason=reason,
            amount=dossier.amount,
            approvals=dossier.approvals,
            opinions=dossier.opinions,
        )
    # A number that a round once had is not given to another.
    return replace(before, round=max(before.round, dossier.round))
