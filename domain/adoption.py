"""A running case adopts another version of the law: explicit, on a paper, and on record."""

from dataclasses import replace
from typing import Literal, TypeAlias

from domain import clearance, payment, project, question, review
from domain.grounds import Ground
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import Act, Extent, value


@value
class AdoptPolicy:
    """Judge this case from now on by the version of the law named `policy`.

    The record, which keeps every version, hands the rules of that one to whoever decides.
    """

    policy: str
    kind: Literal["AdoptPolicy"] = "AdoptPolicy"


@value
class PolicyAdopted:
    """The case was judged by `before`, and is judged by `policy` from here on."""

    before: str
    policy: str
    kind: Literal["PolicyAdopted"] = "PolicyAdopted"


Pinning: TypeAlias = project.Registered | clearance.Clearing | payment.Submitted | question.Asked
"""What is judged by one version of the law from its beginning on, until it adopts another."""


def decide(
    state: object, command: AdoptPolicy, act: Act, adopted: Policy
) -> tuple[PolicyAdopted, ...]:
    """Answer with the event, or raise `Refused`; `adopted` is the law that the command names.

    A case has to be able to go on under it: an open step that its chain does not know, or whose
    lanes could no more reach their quorum, would wait for ever.
    """
    match state:
        case project.Registered(closed_at=None):
            review.check_chains(
                state.dossiers, Ground(act=act, subject=state.subject, policy=adopted)
            )
        case clearance.Clearing(released=None | Extent.PARTIAL):
            pass
        case payment.Submitted(open=True) | question.Asked(stage="report" | "decide"):
            pass
        case _:
            raise Refused("out_of_turn", "policy: only a case under way adopts another law")
    if adopted.version != command.policy:
        raise Refused("not_found", f"policy: no version {command.policy} is on record")
    if state.policy == command.policy:
        raise Refused("nothing_to_do", f"policy: the case is judged by {state.policy} already")
    if act.document is None:
        raise Refused("input", "document: another law is adopted by a decision with a symbol")
    return (PolicyAdopted(before=state.policy, policy=command.policy),)


def evolve(state: Pinning, event: PolicyAdopted) -> Pinning:
    """The same case under the other law. Limits that were given to a step stay as given."""
    return replace(state, policy=event.policy)
