"""Taking back one's own last decision on a dossier, until another acts."""

from typing import assert_never

from domain.approval import (
    DecisionRecalled,
    Dossier,
    Recallable,
    RecallDecision,
    Returned,
    UnderReview,
)
from domain.calendar import local_day
from domain.grounds import Ground, check_seen
from domain.refusal import Refused
from domain.values import Hand, Post


def recall(dossier: Dossier | None, command: RecallDecision, ground: Ground) -> DecisionRecalled:
    """Undo the last decision, if it is the actor's own and nobody has acted since."""
    kind, act = command.dossier, ground.act
    if not isinstance(dossier, UnderReview | Returned):
        state = "not submitted" if dossier is None else dossier.kind
        raise Refused("out_of_turn", f"the {kind} dossier is {state}: there is nothing to recall")
    last = dossier.last
    if last is None or not _is_own(last.by, ground):
        whose = f"{last.by} acted last" if last else "another has acted since, or nobody has yet"
        raise Refused("out_of_turn", f"{act.by} has nothing to recall on {kind}: {whose}")
    check_seen(command, dossier)
    if not command.reason.strip():
        raise Refused("input", "reason: is empty; say why it is taken back")
    return DecisionRecalled(
        dossier=kind, round=dossier.round, reason=command.reason, told=_begun(dossier, last)
    )


def _is_own(hand: Hand, ground: Ground) -> bool:
    """Whether the actor is whose hand it was: the same post and, as far as known, person."""
    act = ground.act
    theirs, ours = hand.persons, act.hand.persons
    same = not theirs or not ours or bool(theirs & ours)
    return same and ground.policy.holds(act.by, hand.post, local_day(act.at))


def _begun(dossier: UnderReview | Returned, last: Recallable) -> tuple[Post, ...]:
    """Who has been waited for since a decision, and no longer is without it."""
    match dossier:
        case UnderReview():
            waiting = _waiting(dossier)
            earlier = _waiting(last.before) if last.before else ()
            same = last.before is not None and last.before.since == dossier.since
            return tuple(post for post in waiting if not (same and post in earlier))
        case Returned(submitted_by=submitter):
            return (submitter.post,)
        case _:
            assert_never(dossier)


def _waiting(held: UnderReview) -> tuple[Post, ...]:
    return tuple(lane.post for lane in held.deciding.open_lanes(held.ballots))
