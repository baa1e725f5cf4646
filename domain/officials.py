"""The registry of officials: founded once, kept by registrars, two of them for each power.

Nobody gets a key or a post by one registrar's word, nor by a word of their own. What takes power
away takes one. A delegation is given by whoever holds the power.
"""

import re
from datetime import date
from typing import assert_never

from domain.keys import Fingerprint, check_key
from domain.official_forms import (
    AppointmentEnded,
    AppointmentProposed,
    AppointOfficial,
    Command,
    ConfirmAppointment,
    ConfirmEnrolment,
    DeclineProposal,
    Delegate,
    EndAppointment,
    EndDelegation,
    EnrolKey,
    EnrolmentProposed,
    EnrolOfficial,
    Event,
    FoundRegistry,
    KeyEnrolled,
    OfficialAppointed,
    OfficialEnrolled,
    ProposalDeclined,
    Registrar,
    RegistryFounded,
    RevokeKey,
    RotateKey,
)
from domain.own_power import (
    CODE,
    check_end,
    check_new,
    delegated,
    delegation_ended,
    known,
    papered,
    revoked,
    rotated,
    said,
    today_of,
)
from domain.people import Appointment, Enrolment, Nomination, Proposal, nomination
from domain.policy import Policy
from domain.refusal import Refused
from domain.registry import Registry, Standing, Unfounded
from domain.values import Act, OfficialId, Post, Role, StreamId

STREAM = StreamId("officials/ntm")
"""The one stream that says who may decide."""

_REGISTRARS = 2
"""How many have to be left: one proposes, another confirms."""

_RECORD = re.compile(r"[0-9a-f]{32}")


def decide(state: Standing, command: Command, act: Act, policy: Policy) -> tuple[Event, ...]:
    """Answer a command with the events it causes, or raise `Refused`."""
    if isinstance(state, Unfounded):
        if not isinstance(command, FoundRegistry):
            raise Refused("not_found", "the registry of officials has not been founded")
        return (_founded(command, act, policy),)
    actor = _actor(act)
    match command:
        case FoundRegistry():
            raise Refused("already_exists", f"the registry of record {state.record} is founded")
        case EnrolOfficial() | EnrolKey():
            return (_enrolment(state, command, act, actor),)
        case ConfirmEnrolment(official=official, fingerprint=fingerprint):
            return (_enrolled(state, official, fingerprint, act, actor),)
        case AppointOfficial():
            return (_nomination(state, command, act, actor, policy),)
        case ConfirmAppointment():
            return (_appointed(state, command, actor),)
        case DeclineProposal(proposal=name, reason=reason):
            if name not in state.proposals:
                raise Refused("not_found", f"proposal: nothing is proposed as {name}")
            return (ProposalDeclined(proposal=name, reason=said("reason", reason)),)
        case EndAppointment(official=official, post=post, last=last):
            return (_appointment_ended(state, official, post, last, act),)
        case RotateKey():
            return (rotated(state, command, act, actor),)
        case RevokeKey(fingerprint=fingerprint, reason=reason):
            return (revoked(state, fingerprint, reason, act, actor),)
        case Delegate():
            return (delegated(state, command, act, actor, policy),)
        case EndDelegation():
            return (delegation_ended(state, command, act, actor),)
        case _:
            assert_never(command)


def _founded(command: FoundRegistry, act: Act, policy: Policy) -> RegistryFounded:
    if not _RECORD.fullmatch(command.record):
        raise Refused("input", "record: is not 32 hexadecimal digits")
    people = {one.official for one in command.registrars}
    keys = {one.key.blob for one in command.registrars}
    if min(len(people), len(keys)) < max(_REGISTRARS, len(command.registrars)):
        raise Refused("input", "registrars: two or more different people, each with a key")
    for one in command.registrars:
        _check_person(one)
        check_key(one.key)
    papered(act, "founding the registry")
    return RegistryFounded(
        record=command.record,
        registrar=Post(role=Role.REGISTRAR, unit=policy.seat),
        registrars=command.registrars,
    )


def _enrolment(
    state: Registry, command: EnrolOfficial | EnrolKey, act: Act, actor: OfficialId
) -> EnrolmentProposed:
    official = command.official
    if isinstance(command, EnrolOfficial):
        _check_person(command)
        if official in state.officials:
            raise Refused("already_exists", f"official: {official} is enrolled; propose a key")
    elif official not in state.officials:
        raise Refused("not_found", f"official: {official} is not enrolled")
    _not_oneself(official, actor)
    check_new(state, command.key)
    check_end(command.valid_to, act)
    if command.key.fingerprint in state.proposals:
        raise Refused("already_exists", f"key: {command.key.fingerprint} is proposed already")
    return EnrolmentProposed(
        official=official,
        name=command.name if isinstance(command, EnrolOfficial) else None,
        key=command.key,
        valid_to=command.valid_to,
    )


def _enrolled(
    state: Registry, official: OfficialId, fingerprint: Fingerprint, act: Act, actor: OfficialId
) -> OfficialEnrolled | KeyEnrolled:
    found = state.proposals.get(fingerprint)
    if not isinstance(found, Enrolment) or found.official != official:
        raise Refused(
            "not_found",
            f"fingerprint: {fingerprint} is not proposed for {official}; have it read aloud again",
        )
    _four_eyes(found, actor)
    check_new(state, found.key)
    check_end(found.valid_to, act)
    today = today_of(act)
    if official in state.officials:
        return KeyEnrolled(
            official=official, key=found.key, valid_from=today, valid_to=found.valid_to
        )
    if found.name is None:
        raise Refused("not_found", f"official: {official} is not enrolled")
    return OfficialEnrolled(
        official=official,
        name=found.name,
        key=found.key,
        valid_from=today,
        valid_to=found.valid_to,
    )


def _nomination(
    state: Registry, command: AppointOfficial, act: Act, actor: OfficialId, policy: Policy
) -> AppointmentProposed:
    official, post = command.official, command.post
    one = known(state, official)
    _not_oneself(official, actor)
    if post.role is Role.SYSTEM:
        raise Refused("input", f"post: {post} is the clock's")
    if command.last is not None and command.last < command.first:
        raise Refused("input", f"last: {command.last} is before {command.first}")
    heir = policy.successor(post, command.first)
    if heir != post:
        raise Refused("input", f"post: {post.unit} is no more on {command.first}; {heir} holds it")
    if any(held.post == post and _meets(held, command) for held in one.appointments):
        raise Refused("already_exists", f"official: {official} holds {post} on those days")
    if nomination(official, post) in state.proposals:
        raise Refused("already_exists", f"official: {official} is proposed for {post} already")
    return AppointmentProposed(
        official=official,
        post=post,
        first=command.first,
        last=command.last,
        document=papered(act, "an appointment"),
    )


def _appointed(
    state: Registry, command: ConfirmAppointment, actor: OfficialId
) -> OfficialAppointed:
    official, post = command.official, command.post
    found = state.proposals.get(nomination(official, post))
    if not isinstance(found, Nomination):
        raise Refused("not_found", f"official: {official} is not proposed for {post}")
    if (found.first, found.last) != (command.first, command.last):
        raise Refused(
            "other_body",
            f"first, last: {official} is proposed from {found.first} to {found.last or 'no end'}",
        )
    _four_eyes(found, actor)
    return OfficialAppointed(
        official=official, post=post, first=found.first, last=found.last, document=found.document
    )


def _appointment_ended(
    state: Registry, official: OfficialId, post: Post, last: date, act: Act
) -> AppointmentEnded:
    one = known(state, official)
    if not any(held.post == post and held.is_open(last) for held in one.appointments):
        raise Refused("not_found", f"official: {official} does not hold {post} after {last}")
    if last < today_of(act):
        raise Refused("input", f"last: {last} is past; what was decided until today stays decided")
    others = state.officials.values() if post == state.registrar else ()
    left = [
        other.official
        for other in others
        if other.official != official
        and any(held.post == post and held.last is None for held in other.appointments)
    ]
    if post == state.registrar and len(left) < _REGISTRARS:
        raise Refused("out_of_turn", f"only {len(left)} would be left at {post}, two have to be")
    return AppointmentEnded(official=official, post=post, last=last)


def _actor(act: Act) -> OfficialId:
    """The person who asks; nobody does so for another, so that delegations make no chains."""
    if act.official is None:
        raise Refused("unproved", "official: the registry takes commands from persons only")
    if act.delegation is not None:
        raise Refused("not_delegated", "delegation: what concerns the registry is not delegated")
    return act.official


def _check_person(one: Registrar | EnrolOfficial) -> None:
    if not CODE.fullmatch(one.official):
        raise Refused("input", "official: letters, digits, '.', '_' and '-', at most 40")
    said("name", one.name)


def _not_oneself(official: OfficialId, actor: OfficialId) -> None:
    if official == actor:
        raise Refused("separation_of_duties", f"{actor} gives no power to themselves")


def _four_eyes(proposal: Proposal, actor: OfficialId) -> None:
    _not_oneself(proposal.official, actor)
    if proposal.by == actor:
        raise Refused("separation_of_duties", f"{actor} proposed it; another registrar confirms")


def _meets(held: Appointment, command: AppointOfficial) -> bool:
    ends_before = command.last is not None and command.last < held.first
    begins_after = held.last is not None and held.last < command.first
    return not ends_before and not begins_after
