"""A dossier on its way through a chain of approval, in rounds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeAlias, assert_never

from domain.calendar import local_day
from domain.deadlines import Due
from domain.law import Step
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import Act, DossierKind, Post, Units, Vnd, value

# Commands


@value
class SubmitDossier:
    """Put a dossier before its chain; `amount`, đồng: total investment or settled value."""

    dossier: DossierKind
    amount: Vnd
    kind: Literal["SubmitDossier"] = "SubmitDossier"


@value
class ApproveStep:
    """Say yes at the open step."""

    dossier: DossierKind
    step: str
    kind: Literal["ApproveStep"] = "ApproveStep"


@value
class ReturnDossier:
    """Send the dossier back to its submitter for revision; a new round begins when it returns."""

    dossier: DossierKind
    step: str
    reason: str
    kind: Literal["ReturnDossier"] = "ReturnDossier"


@value
class RejectDossier:
    """Say no for good."""

    dossier: DossierKind
    step: str
    reason: str
    kind: Literal["RejectDossier"] = "RejectDossier"


# Events


@value
class DossierSubmitted:
    dossier: DossierKind
    round: int
    amount: Vnd
    kind: Literal["DossierSubmitted"] = "DossierSubmitted"


@value
class StepOpened:
    """A post now holds the dossier, until `due`."""

    dossier: DossierKind
    round: int
    step: str
    post: Post
    due: Due
    kind: Literal["StepOpened"] = "StepOpened"


@value
class StepApproved:
    dossier: DossierKind
    round: int
    step: str
    kind: Literal["StepApproved"] = "StepApproved"


@value
class DossierApproved:
    dossier: DossierKind
    round: int
    amount: Vnd
    kind: Literal["DossierApproved"] = "DossierApproved"


@value
class DossierReturned:
    dossier: DossierKind
    round: int
    step: str
    reason: str
    kind: Literal["DossierReturned"] = "DossierReturned"


@value
class DossierRejected:
    dossier: DossierKind
    round: int
    step: str
    reason: str
    kind: Literal["DossierRejected"] = "DossierRejected"


@value
class StepOverdue:
    """The open step passed its deadline: never an approval, always a notice."""

    dossier: DossierKind
    round: int
    step: str
    post: Post
    due: Due
    kind: Literal["StepOverdue"] = "StepOverdue"


# State


@value
class UnderReview:
    """Somebody holds the dossier."""

    round: int
    amount: Vnd
    submitted_by: Post
    approved_by: tuple[Post, ...]
    step: str
    post: Post
    since: datetime
    due: Due
    overdue: bool = False
    kind: Literal["UnderReview"] = "UnderReview"


@value
class Returned:
    round: int
    since: datetime
    submitted_by: Post
    reason: str
    kind: Literal["Returned"] = "Returned"


@value
class Approved:
    round: int
    amount: Vnd
    at: datetime
    kind: Literal["Approved"] = "Approved"


@value
class Rejected:
    at: datetime
    reason: str
    kind: Literal["Rejected"] = "Rejected"


Command: TypeAlias = SubmitDossier | ApproveStep | ReturnDossier | RejectDossier
Event: TypeAlias = (
    DossierSubmitted
    | StepOpened
    | StepApproved
    | DossierApproved
    | DossierReturned
    | DossierRejected
    | StepOverdue
)
Dossier: TypeAlias = UnderReview | Returned | Approved | Rejected
Dossiers: TypeAlias = Mapping[DossierKind, Dossier]


def decide(
    dossiers: Dossiers, command: Command, act: Act, units: Units, policy: Policy
) -> tuple[Event, ...]:
    """Answer a command on one of a project's dossiers, or raise `Refused`."""
    match command:
        case SubmitDossier(dossier=kind, amount=amount):
            return _submit(dossiers.get(kind), kind, amount, act, units, policy)
        case ApproveStep(dossier=kind, step=step):
            held = _held_by(dossiers.get(kind), kind, step, act, policy)
            approved = StepApproved(dossier=kind, round=held.round, step=step)
            following = _after(step, policy.chain(kind, local_day(act.at)))
            if following is None:
                done = DossierApproved(dossier=kind, round=held.round, amount=held.amount)
                return (approved, done)
            return (approved, _open(kind, held.round, following, act, units, policy))
        case ReturnDossier(dossier=kind, step=step, reason=reason):
            held = _held_by(dossiers.get(kind), kind, step, act, policy)
            _need_reason(reason)
            return (DossierReturned(dossier=kind, round=held.round, step=step, reason=reason),)
        case RejectDossier(dossier=kind, step=step, reason=reason):
            held = _held_by(dossiers.get(kind), kind, step, act, policy)
            _need_reason(reason)
            return (DossierRejected(dossier=kind, round=held.round, step=step, reason=reason),)
        case _:
            assert_never(command)


def check_chains(dossiers: Dossiers, act: Act, policy: Policy) -> None:
    """Raise `Refused` when a law has no chain in which an open step could go on."""
    for kind, dossier in dossiers.items():
        if isinstance(dossier, UnderReview):
            _after(dossier.step, policy.chain(kind, local_day(act.at)))


def overdue(dossiers: Dossiers, at: datetime) -> tuple[StepOverdue, ...]:
    """The notices that are due at a moment: one for each open step past its deadline."""
    return tuple(
        StepOverdue(dossier=kind, round=held.round, step=held.step, post=held.post, due=held.due)
        for kind, held in dossiers.items()
        if isinstance(held, UnderReview) and not held.overdue and held.due.at <= at
    )


def evolve(dossiers: Dossiers, event: Event, act: Act) -> Dossiers:
    """Apply one event to the project's dossiers."""
    return {**dossiers, event.dossier: _evolve(dossiers.get(event.dossier), event, act)}


def _evolve(dossier: Dossier | None, event: Event, act: Act) -> Dossier:
    match event:
        case DossierSubmitted(round=number, amount=amount):
            # Held by nobody until the StepOpened of the same act says by whom.
            return UnderReview(
                round=number,
                amount=amount,
                submitted_by=act.by,
                approved_by=(),
                step="",
                post=act.by,
                since=act.at,
                due=Due(at=act.at, rule="", calendar=""),
            )
        case StepOpened(step=step, post=post, due=due):
            assert isinstance(dossier, UnderReview)
            return replace(dossier, step=step, post=post, since=act.at, due=due, overdue=False)
        case StepApproved():
            assert isinstance(dossier, UnderReview)
            return replace(dossier, approved_by=(*dossier.approved_by, act.by))
        case DossierApproved(round=number, amount=amount):
            return Approved(round=number, amount=amount, at=act.at)
        case DossierReturned(round=number, reason=reason):
            assert isinstance(dossier, UnderReview)
            return Returned(
                round=number, since=act.at, submitted_by=dossier.submitted_by, reason=reason
            )
        case DossierRejected(reason=reason):
            return Rejected(at=act.at, reason=reason)
        case StepOverdue():
            assert isinstance(dossier, UnderReview)
            return replace(dossier, overdue=True)
        case _:
            assert_never(event)


def _submit(
    dossier: Dossier | None,
    kind: DossierKind,
    amount: Vnd,
    act: Act,
    units: Units,
    policy: Policy,
) -> tuple[Event, ...]:
    match dossier:
        case None:
            number = 1
        case Returned(round=last):
            number = last + 1
        case UnderReview() | Approved() | Rejected():
            raise Refused("out_of_turn", f"the {kind} dossier is {dossier.kind}")
        case _:
            assert_never(dossier)
    first = policy.chain(kind, local_day(act.at))[0]
    submitted = DossierSubmitted(dossier=kind, round=number, amount=amount)
    return (submitted, _open(kind, number, first, act, units, policy))


def _open(
    kind: DossierKind, number: int, step: Step, act: Act, units: Units, policy: Policy
) -> StepOpened:
    return StepOpened(
        dossier=kind,
        round=number,
        step=step.key,
        post=Post(role=step.role, unit=units.at(step.level)),
        due=policy.due(step.limit, act.at),
    )


def _after(key: str, chain: tuple[Step, ...]) -> Step | None:
    keys = [step.key for step in chain]
    if key not in keys:
        raise Refused("no_authority_rule", f"step {key} is not in the chain in force: {keys}")
    rest = chain[keys.index(key) + 1 :]
    return rest[0] if rest else None


def _held_by(
    dossier: Dossier | None, kind: DossierKind, step: str, act: Act, policy: Policy
) -> UnderReview:
    if not isinstance(dossier, UnderReview):
        state = "not submitted" if dossier is None else dossier.kind
        raise Refused("out_of_turn", f"the {kind} dossier is {state}, there is nothing to decide")
    if dossier.step != step:
        raise Refused("out_of_turn", f"the open step of {kind} is {dossier.step}, not {step}")
    if act.by == dossier.submitted_by or act.by in dossier.approved_by:
        raise Refused("separation_of_duties", f"{act.by} has already acted on this {kind} dossier")
    if not policy.holds(act.by, dossier.post, local_day(act.at)):
        raise Refused("authority", f"{kind}/{step} waits for {dossier.post}, not for {act.by}")
    return dossier


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("input", "reason: is empty; say why, so that the submitter can act on it")
