"""The registry of officials: founded once, kept by registrars, two of them for each power.

Nobody gets a key or a post by one registrar's word, nor by a word of their own. What takes power
away takes one. A delegation is given by whoever holds the power.
"""

import re
from datetime import date
from typing import assert_never

from domain.calendar import local_day
from domain.delegations import Delegation
from domain.keys import Fingerprint, PublicKey, check_key
from domain.official_forms import (
    AppointmentEnded,
    AppointmentProposed,
    AppointOfficial,
    Command,
    ConfirmAppointment,
    ConfirmEnrolment,
    DeclineProposal,
    Delegate,
    DelegationEnded,
    EndAppointment,
    EndDelegation,
    EnrolKey,
    EnrolmentProposed,
    EnrolOfficial,
    Event,
    FoundRegistry,
    KeyEnrolled,
    KeyRevoked,
    KeyRotated,
    OfficialAppointed,
    OfficialEnrolled,
    PostDelegated,
    ProposalDeclined,
    Registrar,
    RegistryFounded,
    RevokeKey,
    RotateKey,
)
from domain.people import Appointment, Enrolment, Nomination, Official, Proposal, nomination
from domain.policy import Policy
from domain.refusal import Refused
from domain.registry import Registry, Standing, Unfounded, heard
from domain.values import Act, Document, OfficialId, Post, Role, StreamId

STREAM = StreamId("officials/ntm")
"""The one stream that says who may decide."""

_REGISTRARS = 2
"""How many have to be left: one proposes, another confirms."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
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
            return (_nomination(state, command, act, actor),)
        case ConfirmAppointment(official=official, post=post):
            return (_appointed(state, official, post, actor),)
        case DeclineProposal(proposal=name, reason=reason):
            if name not in state.proposals:
                raise Refused("not_found", f"proposal: nothing is proposed as {name}")
            return (ProposalDeclined(proposal=name, reason=_said("reason", reason)),)
        case EndAppointment(official=official, post=post, last=last):
            return (_appointment_ended(state, official, post, last, act),)
        case RotateKey():
            return (_rotated(state, command, act, actor),)
        case RevokeKey(fingerprint=fingerprint, reason=reason):
            return (_revoked(state, fingerprint, reason, act, actor),)
        case Delegate():
            return (_delegated(state, command, act, actor, policy),)
        case EndDelegation(delegation=name, reason=reason):
            lent = state.delegations.get(name)
            if lent is None:
                raise Refused("not_found", f"delegation: there is no {name}")
            if not lent.is_open(_today(act)):
                raise Refused("nothing_to_do", f"delegation {name} has ended already")
            _own_or_registrar(state, lent.giver, act, actor)
            day = _today(act)
            return (DelegationEnded(delegation=name, on=day, reason=_said("reason", reason)),)
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
    _papered(act, "founding the registry")
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
    _check_new(state, command.key)
    _check_end(command.valid_to, act)
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
    _check_new(state, found.key)
    _check_end(found.valid_to, act)
    today = _today(act)
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
    state: Registry, command: AppointOfficial, act: Act, actor: OfficialId
) -> AppointmentProposed:
    official, post = command.official, command.post
    one = _known(state, official)
    _not_oneself(official, actor)
    if post.role is Role.SYSTEM:
        raise Refused("input", f"post: {post} is the clock's")
    if command.last is not None and command.last < command.first:
        raise Refused("input", f"last: {command.last} is before {command.first}")
    if any(held.post == post and _meets(held, command) for held in one.appointments):
        raise Refused("already_exists", f"official: {official} holds {post} on those days")
    if nomination(official, post) in state.proposals:
        raise Refused("already_exists", f"official: {official} is proposed for {post} already")
    return AppointmentProposed(
        official=official,
        post=post,
        first=command.first,
        last=command.last,
        document=_papered(act, "an appointment"),
    )


def _appointed(
    state: Registry, official: OfficialId, post: Post, actor: OfficialId
) -> OfficialAppointed:
    found = state.proposals.get(nomination(official, post))
    if not isinstance(found, Nomination):
        raise Refused("not_found", f"official: {official} is not proposed for {post}")
    _four_eyes(found, actor)
    return OfficialAppointed(
        official=official,
        post=post,
        first=found.first,
        last=found.last,
        document=found.document,
    )


def _appointment_ended(
    state: Registry, official: OfficialId, post: Post, last: date, act: Act
) -> AppointmentEnded:
    one = _known(state, official)
    if not any(held.post == post and held.is_open(last) for held in one.appointments):
        raise Refused("not_found", f"official: {official} does not hold {post} after {last}")
    if last < _today(act):
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


def _rotated(state: Registry, command: RotateKey, act: Act, actor: OfficialId) -> KeyRotated:
    old, today = state.key(command.old), _today(act)
    if old is None or old.official != actor:
        raise Refused("not_found", f"old: {command.old} is not a key of {actor}")
    flaw = old.flaw(heard(act))
    if flaw is not None:
        raise Refused("out_of_turn", f"old: {command.old} {flaw}; two registrars enrol another")
    _check_new(state, command.key)
    _check_end(command.valid_to, act)
    latest = old.valid_to or command.overlap
    if not today <= command.overlap <= latest:
        raise Refused("input", f"overlap: {command.overlap} is not from {today} to {latest}")
    return KeyRotated(
        official=actor,
        old=command.old,
        overlap=command.overlap,
        key=command.key,
        valid_from=today,
        valid_to=command.valid_to,
    )


def _revoked(
    state: Registry, fingerprint: Fingerprint, reason: str, act: Act, actor: OfficialId
) -> KeyRevoked:
    key = state.key(fingerprint)
    if key is None:
        raise Refused("not_found", f"fingerprint: no key is called {fingerprint}")
    if key.revoked_at is not None:
        raise Refused("nothing_to_do", f"{fingerprint} {key.flaw(key.revoked_at)}, for good")
    _own_or_registrar(state, key.official, act, actor)
    return KeyRevoked(
        official=key.official, fingerprint=fingerprint, reason=_said("reason", reason)
    )


def _delegated(
    state: Registry, command: Delegate, act: Act, actor: OfficialId, policy: Policy
) -> PostDelegated:
    name, to, post = command.delegation, command.to, act.by
    if not _CODE.fullmatch(name):
        raise Refused("input", "delegation: letters, digits, '.', '_' and '-', at most 40")
    if name in state.delegations:
        raise Refused("already_exists", f"delegation: {name} was given already")
    _known(state, to)
    if to == actor:
        raise Refused("input", f"to: {to} would delegate to themselves")
    if post == state.registrar:
        raise Refused("input", f"{post} cannot be delegated: registrars are appointed by two")
    if not _today(act) <= command.first <= command.last:
        raise Refused("input", f"first, last: {command.first} to {command.last} is not to come")
    if state.is_appointed(to, post, command.first, policy):
        raise Refused("nothing_to_do", f"to: {to} holds {post} already")
    return PostDelegated(
        delegation=Delegation(
            delegation=name,
            post=post,
            giver=actor,
            holder=to,
            first=command.first,
            last=command.last,
            scope=command.scope,
            document=_papered(act, "a delegation"),
        )
    )


def _actor(act: Act) -> OfficialId:
    """The person who asks; nobody does so for another, so that delegations make no chains."""
    if act.official is None:
        raise Refused("unproved", "official: the registry takes commands from persons only")
    if act.delegation is not None:
        raise Refused("not_delegated", "delegation: what concerns the registry is not delegated")
    return act.official


def _check_person(one: Registrar | EnrolOfficial) -> None:
    if not _CODE.fullmatch(one.official):
        raise Refused("input", "official: letters, digits, '.', '_' and '-', at most 40")
    _said("name", one.name)


def _check_new(state: Registry, key: PublicKey) -> None:
    check_key(key)
    if state.key(key.fingerprint) is not None:
        # A key that two persons could use, or that was once revoked, proves nothing.
        raise Refused("already_exists", f"key: {key.fingerprint} was enrolled before")


def _check_end(valid_to: date | None, act: Act) -> None:
    if valid_to is not None and valid_to < _today(act):
        raise Refused("input", f"valid_to: {valid_to} is past")


def _known(state: Registry, official: OfficialId) -> Official:
    if official not in state.officials:
        raise Refused("not_found", f"official: {official} is not enrolled")
    return state.officials[official]


def _not_oneself(official: OfficialId, actor: OfficialId) -> None:
    if official == actor:
        raise Refused("separation_of_duties", f"{actor} gives no power to themselves")


def _four_eyes(proposal: Proposal, actor: OfficialId) -> None:
    _not_oneself(proposal.official, actor)
    if proposal.by == actor:
        raise Refused("separation_of_duties", f"{actor} proposed it; another registrar confirms")


def _own_or_registrar(state: Registry, owner: OfficialId, act: Act, actor: OfficialId) -> None:
    if actor != owner and act.by != state.registrar:
        raise Refused("authority", f"only {owner} or {state.registrar} may do this; {act.by} asked")


def _papered(act: Act, what: str) -> Document:
    if act.document is None:
        raise Refused("input", f"document: {what} needs its decision")
    return act.document


def _said(field: str, text: str) -> str:
    if not text.strip():
        raise Refused("input", f"{field}: is empty")
    return text


def _meets(held: Appointment, command: AppointOfficial) -> bool:
    ends_before = command.last is not None and command.last < held.first
    begins_after = held.last is not None and held.last < command.first
    return not ends_before and not begins_after


def _today(act: Act) -> date:
    return local_day(heard(act))
