"""A second opinion on a dossier: asked by who decides, given by who was asked; never a vote."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from domain.approval import UnderReview
from domain.calendar import due_day, local_day
from domain.grounds import Ground
from domain.opinion_forms import AskOpinion, GiveOpinion, Opinion, OpinionAsked, OpinionGiven
from domain.refusal import Refused
from domain.separation import check_apart
from domain.values import Act, Post


def ask(held: UnderReview, command: AskOpinion, ground: Ground) -> OpinionAsked:
    """Ask a post that has no part in the decision, within the limit that the step's law sets."""
    panel, day, policy = held.deciding, local_day(ground.act.at), ground.policy
    if panel.opinion is None:
        raise Refused("no_authority_rule", f"{held.step}: no second opinion is asked at this step")
    if not command.question.strip():
        raise Refused("input", "question: is empty; say what is asked")
    of = policy.successor(command.of, day)
    _must_exist(of, ground)
    hands = (held.submitted_by, *held.approved_by)
    parties = (*(hand.post for hand in hands), *(lane.post for lane in panel.lanes))
    if any(policy.successor(party, day) == of for party in parties):
        raise Refused("separation_of_duties", f"of: {of} has a part in this dossier; ask another")
    if any(one.of == of for one in held.awaited_opinions()):
        raise Refused("already_exists", f"of: {of} has been asked, and has not answered yet")
    return OpinionAsked(
        dossier=command.dossier,
        round=held.round,
        step=held.step,
        number=len(held.opinions) + 1,
        of=of,
        question=command.question,
        due=policy.due(panel.opinion, ground.act.at),
        waits=panel.opinion_waits,
    )


def give(held: UnderReview, command: GiveOpinion, ground: Ground) -> OpinionGiven:
    """Answer what was asked, as long as the step that asks is open."""
    awaited = held.awaited_opinions()
    found = next((one for one in awaited if one.number == command.number), None)
    if found is None:
        names = ", ".join(f"{one.number} of {one.of}" for one in awaited) or "none"
        raise Refused("not_found", f"number: {command.number}; opinions awaited are {names}")
    act = ground.act
    if not ground.policy.holds(act.by, found.of, local_day(act.at)):
        raise Refused(
            "authority", f"opinion {found.number} is for {found.of} to give; {act.by} asked"
        )
    acted = (held.submitted_by, *held.approved_by, *(one.by for one in held.ballots))
    check_apart(act.hand, f"this {command.dossier} dossier", *acted)
    if not command.opinion.strip():
        raise Refused("input", "opinion: is empty")
    return OpinionGiven(
        dossier=command.dossier,
        step=found.step,
        number=found.number,
        of=found.of,
        asked_by=found.asked_by,
        opinion=command.opinion,
    )


def must_not_be_awaited(held: UnderReview, at: datetime) -> None:
    """A step that waits for opinions waits until they are there or late, never for good."""
    waiting = [one for one in held.awaited_opinions() if one.waits and at < one.due.at]
    if waiting:
        names = ", ".join(f"{one.of} until {due_day(one.due.at):%d/%m/%Y}" for one in waiting)
        raise Refused("out_of_turn", f"{held.step} waits for the opinion of {names}")


def evolve(held: UnderReview, event: OpinionAsked | OpinionGiven, act: Act) -> UnderReview:
    """Apply what was asked or answered; both are acts, so that nothing before them is recalled."""
    match event:
        case OpinionAsked():
            asked = Opinion(
                number=event.number,
                round=event.round,
                step=event.step,
                of=event.of,
                asked_by=act.by,
                question=event.question,
                since=act.at,
                due=event.due,
                waits=event.waits,
            )
            return replace(held, opinions=(*held.opinions, asked), last=None)
        case OpinionGiven(number=number, opinion=opinion):
            told = tuple(
                replace(one, given=opinion) if one.number == number else one
                for one in held.opinions
            )
            return replace(held, opinions=told, last=None)
        case _:
            assert_never(event)


def _must_exist(of: Post, ground: Ground) -> None:
    """An opinion asked of a unit that nobody knows would wait unseen."""
    units, policy, day = ground.subject.units, ground.policy, local_day(ground.act.at)
    known = {units.commune, units.district, units.city, policy.seat}
    heirs = {policy.successor(Post(role=of.role, unit=unit), day).unit for unit in known}
    if of.unit not in known | heirs:
        raise Refused("input", f"of: {of.unit} is no unit of this case: {', '.join(sorted(known))}")
