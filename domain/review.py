"""A dossier's review: who may decide a step, and what a decision causes."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from domain import second_opinion
from domain.approval import (
    AbstainFromStep,
    Approved,
    ApproveStep,
    Command,
    Dossier,
    DossierApproved,
    DossierRejected,
    DossierReturned,
    Dossiers,
    DossierSubmitted,
    Event,
    RecallDecision,
    RejectDossier,
    Rejected,
    ReturnDossier,
    Returned,
    StepApproved,
    StepOpened,
    StepOverdue,
    SubmitDossier,
    UnderReview,
    Vote,
    VoteCast,
)
from domain.calendar import local_day
from domain.grounds import Ground, check_seen
from domain.law import Step
from domain.opinion_forms import AskOpinion, GiveOpinion
from domain.panel import Lane, convened
from domain.quorum import Ballot, Say, check_possible
from domain.recall import recall
from domain.refusal import Refused, Rule
from domain.separation import check_apart
from domain.values import Document, DossierKind, Hand, Vnd


def decide(dossiers: Dossiers, command: Command, ground: Ground) -> tuple[Event, ...]:
    """Answer a command on one of a project's dossiers, or raise `Refused`."""
    dossier = dossiers.get(command.dossier)
    match command:
        case SubmitDossier(dossier=kind, amount=amount):
            return _submit(dossier, kind, amount, ground)
        case ApproveStep() | AbstainFromStep() | RejectDossier():
            held, lane = _lane_of(dossier, command, ground)
            return _vote(held, lane, command, ground)
        case ReturnDossier():
            held, lane = _lane_of(dossier, command, ground)
            return _send_back(held, lane, command, ground)
        case RecallDecision():
            return (recall(dossier, command, ground),)
        case AskOpinion(dossier=kind, step=step):
            held = _at_step(dossier, kind, step)
            _open_lane(held, kind, ground)
            return (second_opinion.ask(held, command, ground),)
        case GiveOpinion(dossier=kind):
            return (second_opinion.give(_held(dossier, kind), command, ground),)
        case _:
            assert_never(command)


def overdue(dossiers: Dossiers, at: datetime) -> tuple[StepOverdue, ...]:
    """The notices that are due at a moment: one for each open step past its deadline."""
    return tuple(
        StepOverdue(
            dossier=kind,
            round=held.round,
            step=held.step,
            post=held.post,
            due=held.due,
            waited_for=tuple(lane.post for lane in held.deciding.open_lanes(held.ballots)),
            escalated_to=held.deciding.escalates_to,
        )
        for kind, held in dossiers.items()
        if isinstance(held, UnderReview) and not held.overdue and held.due.at <= at
    )


def check_chains(dossiers: Dossiers, ground: Ground) -> None:
    """Raise `Refused` when a law has no chain in which an open step could go on.

    Its panel stays as it was when it opened; but by the law's heirs two lanes may become one voter.
    """
    for kind, held in dossiers.items():
        if isinstance(held, UnderReview):
            _place(held.step, ground.chain(kind, held.amount))
            panel, day = held.deciding, local_day(ground.act.at)
            voted = tuple(one.by.post for one in held.ballots)
            left = {one.key for one in panel.lanes} - {one.lane for one in held.ballots}
            lanes = (one.post for one in panel.lanes if one.key in left)
            heirs = (ground.policy.successor(post, day) for post in lanes)
            check_possible(panel.quorum, (*voted, *heirs))


def _submit(
    dossier: Dossier | None, kind: DossierKind, amount: Vnd, ground: Ground
) -> tuple[Event, ...]:
    kept: tuple[str, ...] = ()
    match dossier:
        case None:
            number = 1
        case Returned(round=last):
            number = last + 1
            if dossier.amount == amount:
                kept = tuple(one.step for one in dossier.approvals)
        case UnderReview() | Approved() | Rejected():
            raise Refused("out_of_turn", f"the {kind} dossier is {dossier.kind}")
        case _:
            assert_never(dossier)
    chain = ground.chain(kind, amount)
    first = next((step for step in chain if step.key not in kept), chain[0])
    submitted = DossierSubmitted(dossier=kind, round=number, amount=amount, kept=kept)
    return (submitted, _open(kind, number, first, ground))


def _open(
    kind: DossierKind,
    number: int,
    step: Step,
    ground: Ground,
    submitted_at: datetime | None = None,
) -> StepOpened:
    # A settlement is judged to its end by the decree under which it was submitted
    # (254/2025/NĐ-CP Art. 54.3, 193/2026/NĐ-CP Art. 29.1).
    begun = local_day(submitted_at or ground.act.at)
    law_of = begun if kind is DossierKind.SETTLEMENT else None
    panel = convened(step, ground.subject.units, local_day(ground.act.at), ground.policy)
    panel.check_possible()
    return StepOpened(
        dossier=kind,
        round=number,
        step=step.key,
        post=panel.lanes[0].post,
        due=ground.policy.due(step.limit, ground.act.at, ground.subject.group, law_of),
        panel=panel,
    )


def _vote(held: UnderReview, lane: Lane, command: Vote, ground: Ground) -> tuple[Event, ...]:
    panel, kind = held.deciding, command.dossier
    say, reason = _said(command)
    if say is Say.ABSTAIN and not panel.abstain:
        raise Refused("input", f"{kind}/{held.step}: nobody abstains here; approve, return, reject")
    if say is Say.REJECT and panel.is_one and kind is DossierKind.SETTLEMENT:
        raise Refused("out_of_turn", "a settlement is returned for revision, never rejected")
    by = _counted(ground)
    ballots = (*held.ballots, Ballot(lane=lane.key, by=by, say=say, at=ground.act.at))
    ended = panel.outcome(ballots)
    minutes = command.minutes or held.minutes
    if panel.minutes and minutes is None and ended != "open":
        raise Refused(
            "minutes_missing",
            f"minutes: a body decides {kind}/{held.step}; name its minutes, SYMBOL;DATE;ISSUER",
        )
    rest = panel.open_lanes(ballots) if panel.in_turn and ended == "open" else ()
    cast = VoteCast(
        dossier=kind,
        round=held.round,
        step=held.step,
        lane=lane.key,
        by=by,
        say=say,
        reason=reason,
        minutes=command.minutes,
        turn_of=rest[0].post if rest else None,
        due=held.due,
    )
    votes: tuple[Event, ...] = () if panel.is_one else (cast,)
    match ended:
        case "open":
            return votes
        case "carried":
            return (*votes, *_approved(held, kind, minutes, ground))
        case "failed":
            return (*votes, _failed(held, kind, say, reason, minutes))
        case _:
            assert_never(ended)


def _said(command: Vote) -> tuple[Say, str]:
    match command:
        case ApproveStep():
            return Say.APPROVE, ""
        case AbstainFromStep(reason=reason):
            say = Say.ABSTAIN
        case RejectDossier(reason=reason):
            say = Say.REJECT
        case _:
            assert_never(command)
    _need_reason(reason)
    return say, reason


def _approved(
    held: UnderReview, kind: DossierKind, minutes: Document | None, ground: Ground
) -> tuple[Event, ...]:
    approved = StepApproved(dossier=kind, round=held.round, step=held.step, minutes=minutes)
    chain = ground.chain(kind, held.amount)
    standing = {one.step for one in held.approvals}
    rest = chain[_place(held.step, chain) + 1 :]
    following = next((step for step in rest if step.key not in standing), None)
    if following is None:
        return (approved, DossierApproved(dossier=kind, round=held.round, amount=held.amount))
    opened = _open(kind, held.round, following, ground, held.submitted_at)
    return (approved, opened)


def _failed(
    held: UnderReview, kind: DossierKind, say: Say, reason: str, minutes: Document | None
) -> Event:
    """A no that no other vote outweighs ends a dossier; an abstention only gives it back.

    So does the no to a settlement.
    """
    if say is Say.REJECT and kind is not DossierKind.SETTLEMENT:
        return DossierRejected(
            dossier=kind, round=held.round, step=held.step, reason=reason, minutes=minutes
        )
    voided = () if held.deciding.keeps_approvals else tuple(one.step for one in held.approvals)
    return DossierReturned(
        dossier=kind, round=held.round, step=held.step, reason=reason, voided=voided
    )


def _send_back(
    held: UnderReview, lane: Lane, command: ReturnDossier, ground: Ground
) -> tuple[Event, ...]:
    kind, panel = command.dossier, held.deciding
    if not panel.may_send_back(lane):
        speakers = ", ".join(str(one.post) for one in panel.lanes if panel.may_send_back(one))
        raise Refused(
            "authority", f"{kind}/{held.step} is sent back by {speakers}; {lane.post} has a vote"
        )
    _need_reason(command.reason)
    standing = tuple(one.step for one in held.approvals)
    if command.to is None:
        voided = () if panel.keeps_approvals else standing
        return (_back(held, command, voided),)
    chain = ground.chain(kind, held.amount)
    target = _earlier(command.to, held, chain)
    later = {step.key for step in chain[_place(target.key, chain) :]}
    voided = (target.key,) if panel.keeps_approvals else tuple(s for s in standing if s in later)
    opened = _open(kind, held.round + 1, target, ground, held.submitted_at)
    return (_back(held, command, voided), opened)


def _back(held: UnderReview, command: ReturnDossier, voided: tuple[str, ...]) -> DossierReturned:
    return DossierReturned(
        dossier=command.dossier,
        round=held.round,
        step=held.step,
        reason=command.reason,
        to=command.to,
        voided=voided,
    )


def _earlier(key: str, held: UnderReview, chain: tuple[Step, ...]) -> Step:
    before = chain[: _place(held.step, chain)]
    allowed = [step for step in before if step.key in held.deciding.returns_to]
    found = next((step for step in allowed if step.key == key), None)
    if found is None:
        names = ", ".join(["its submitter", *(step.key for step in allowed)])
        raise Refused("input", f"to: {held.step} sends back to {names}; not to {key}")
    return found


def _place(key: str, chain: tuple[Step, ...]) -> int:
    keys = [step.key for step in chain]
    if key not in keys:
        raise Refused(
            "no_authority_rule", f"step {key} is not in the chain in force: {', '.join(keys)}"
        )
    return keys.index(key)


def _lane_of(
    dossier: Dossier | None, command: Vote | ReturnDossier, ground: Ground
) -> tuple[UnderReview, Lane]:
    """The open step and the actor's lane in it, once everything lets that lane decide."""
    held = _at_step(dossier, command.dossier, command.step)
    lane = _open_lane(held, command.dossier, ground)
    check_seen(command, held)
    second_opinion.must_not_be_awaited(held, ground.act.at)
    return held, lane


def _held(dossier: Dossier | None, kind: DossierKind) -> UnderReview:
    if not isinstance(dossier, UnderReview):
        state = "not submitted" if dossier is None else dossier.kind
        raise Refused("out_of_turn", f"the {kind} dossier is {state}, there is nothing to decide")
    return dossier


def _at_step(dossier: Dossier | None, kind: DossierKind, step: str) -> UnderReview:
    held = _held(dossier, kind)
    if held.step != step:
        raise Refused("out_of_turn", f"the open step of {kind} is {held.step}, not {step}")
    return held


def _open_lane(held: UnderReview, kind: DossierKind, ground: Ground) -> Lane:
    """The lane in which the actor may speak now; the same post never speaks twice."""
    act, panel = ground.act, held.deciding
    check_apart(act.hand, f"this {kind} dossier", held.submitted_by, *held.approved_by)
    check_apart(_counted(ground), f"{kind}/{held.step}", *(one.by for one in held.ballots))
    open_lanes = panel.open_lanes(held.ballots)
    mine = panel.held_by(act.by, local_day(act.at), ground.policy)
    speaking = [lane for lane in mine if lane in open_lanes]
    if not speaking:
        names = ", ".join(str(lane.post) for lane in open_lanes)
        rule: Rule = "out_of_turn" if mine else "authority"
        raise Refused(rule, f"{kind}/{held.step} waits for {names}, not for {act.by}")
    return speaking[0]


def _counted(ground: Ground) -> Hand:
    """The actor's hand at the post that holds its duties now: two names of one desk count once."""
    post = ground.policy.successor(ground.act.by, local_day(ground.act.at))
    return replace(ground.act.hand, role=post.role, unit=post.unit)


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("input", "reason: is empty; say why, so that the submitter can act on it")
