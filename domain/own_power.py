"""What officials do with keys and power of their own: rotate, revoke, delegate."""

import re
from datetime import date

from domain.calendar import local_day
from domain.delegations import Delegation
from domain.keys import Fingerprint, PublicKey, check_key
from domain.official_forms import (
    Delegate,
    DelegationEnded,
    EndDelegation,
    KeyRevoked,
    KeyRotated,
    PostDelegated,
    RotateKey,
)
from domain.people import Official
from domain.policy import Policy
from domain.refusal import Refused
from domain.registry import Registry, heard
from domain.values import Act, Document, OfficialId

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def rotated(state: Registry, command: RotateKey, act: Act, actor: OfficialId) -> KeyRotated:
    old, today = state.key(command.old), today_of(act)
    if old is None or old.official != actor:
        raise Refused("not_found", f"old: {command.old} is not a key of {actor}")
    flaw = old.flaw(heard(act))
    if flaw is not None:
        raise Refused("out_of_turn", f"old: {command.old} {flaw}; two registrars enrol another")
    check_new(state, command.key)
    check_end(command.valid_to, act)
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


def revoked(
    state: Registry, fingerprint: Fingerprint, reason: str, act: Act, actor: OfficialId
) -> KeyRevoked:
    key = state.key(fingerprint)
    if key is None:
        raise Refused("not_found", f"fingerprint: no key is called {fingerprint}")
    if key.revoked_at is not None:
        raise Refused("nothing_to_do", f"{fingerprint} {key.flaw(key.revoked_at)}, for good")
    _own_or_registrar(state, key.official, act, actor)
    return KeyRevoked(official=key.official, fingerprint=fingerprint, reason=said("reason", reason))


def delegated(
    state: Registry, command: Delegate, act: Act, actor: OfficialId, policy: Policy
) -> PostDelegated:
    name, to, post = command.delegation, command.to, act.by
    if not CODE.fullmatch(name):
        raise Refused("input", "delegation: letters, digits, '.', '_' and '-', at most 40")
    if name in state.delegations:
        raise Refused("already_exists", f"delegation: {name} was given already")
    known(state, to)
    if to == actor:
        raise Refused("input", f"to: {to} would delegate to themselves")
    if post == state.registrar:
        raise Refused("input", f"{post} cannot be delegated: registrars are appointed by two")
    if not today_of(act) <= command.first <= command.last:
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
            document=papered(act, "a delegation"),
        )
    )


def delegation_ended(
    state: Registry, command: EndDelegation, act: Act, actor: OfficialId
) -> DelegationEnded:
    name, today = command.delegation, today_of(act)
    lent = state.delegations.get(name)
    if lent is None:
        raise Refused("not_found", f"delegation: there is no {name}")
    if not lent.is_open(today):
        raise Refused("nothing_to_do", f"delegation {name} has ended already")
    _own_or_registrar(state, lent.giver, act, actor)
    return DelegationEnded(delegation=name, on=today, reason=said("reason", command.reason))


def check_new(state: Registry, key: PublicKey) -> None:
    check_key(key)
    if state.key(key.fingerprint) is not None:
        # A key that two persons could use, or that was once revoked, proves nothing.
        raise Refused("already_exists", f"key: {key.fingerprint} was enrolled before")


def check_end(valid_to: date | None, act: Act) -> None:
    if valid_to is not None and valid_to < today_of(act):
        raise Refused("input", f"valid_to: {valid_to} is past")


def known(state: Registry, official: OfficialId) -> Official:
    if official not in state.officials:
        raise Refused("not_found", f"official: {official} is not enrolled")
    return state.officials[official]


def papered(act: Act, what: str) -> Document:
    if act.document is None:
        raise Refused("input", f"document: {what} needs its decision")
    return act.document


def said(field: str, text: str) -> str:
    if not text.strip():
        raise Refused("input", f"{field}: is empty")
    return text


def today_of(act: Act) -> date:
    return local_day(heard(act))


def _own_or_registrar(state: Registry, owner: OfficialId, act: Act, actor: OfficialId) -> None:
    if actor != owner and act.by != state.registrar:
        raise Refused("authority", f"only {owner} or {state.registrar} may do this; {act.by} asked")
