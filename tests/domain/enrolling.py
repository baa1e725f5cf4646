"""The people behind the posts of the story: registrars, officials, their keys and delegations."""

from base64 import b64encode
from dataclasses import replace
from datetime import date
from hashlib import sha256

from domain.delegations import Scope
from domain.keys import PublicKey
from domain.official_forms import (
    AppointOfficial,
    ConfirmAppointment,
    ConfirmEnrolment,
    Delegate,
    EnrolOfficial,
    FoundRegistry,
    Registrar,
)
from domain.officials import STREAM
from domain.registry import Registry
from domain.streams import decide, evolve, initial
from domain.values import Act, DelegationId, OfficialId, Post, StreamId
from tests.domain.story import CHAIR, CITY_CHAIR, POLICY, REGISTRAR, Asked, act

FOUNDED = "2024-01-02"
RECORD = "0123456789abcdef0123456789abcdef"
AN, BINH, CHI = OfficialId("CB-0001"), OfficialId("CB-0002"), OfficialId("CB-0003")
"""The registrars."""
LAN, MINH = OfficialId("CB-0017"), OfficialId("CB-0018")
"""The chair of the district, and whoever stands in."""
GRANT = DelegationId("UQ-01")


def key(name: str) -> PublicKey:
    """A key as somebody of that name would have it; nobody holds its other half."""
    head = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20"
    blob = b64encode(head + sha256(name.encode()).digest()).decode()
    return PublicKey(algorithm="ssh-ed25519", blob=blob)


def person(official: OfficialId, post: Post, day: str = FOUNDED) -> Act:
    """A person's act for a post."""
    return replace(act(post, day), official=official)


FOUND: tuple[StreamId, FoundRegistry, Act] = (
    STREAM,
    FoundRegistry(
        record=RECORD,
        registrars=tuple(
            Registrar(official=one, name=f"Người giữ sổ {one}", key=key(one))
            for one in (AN, BINH, CHI)
        ),
    ),
    act(CITY_CHAIR, FOUNDED),
)


def enrolled(official: OfficialId, day: str = FOUNDED) -> tuple[Asked, ...]:
    """A person with a key, by two registrars."""
    new = EnrolOfficial(official=official, name=f"Cán bộ {official}", key=key(official))
    yes = ConfirmEnrolment(official=official, fingerprint=key(official).fingerprint)
    return (
        (STREAM, new, person(AN, REGISTRAR, day)),
        (STREAM, yes, person(BINH, REGISTRAR, day)),
    )


def appointed(
    official: OfficialId, post: Post, day: str = FOUNDED, last: date | None = None
) -> tuple[Asked, ...]:
    """A person in a post from a day on, by two registrars."""
    wanted = AppointOfficial(official=official, post=post, first=date.fromisoformat(day), last=last)
    yes = ConfirmAppointment(official=official, post=post, first=date.fromisoformat(day), last=last)
    return (
        (STREAM, wanted, person(AN, REGISTRAR, day)),
        (STREAM, yes, person(BINH, REGISTRAR, day)),
    )


def lent(
    scope: Scope | None = None, first: str = FOUNDED, last: str = "2024-12-31", day: str = FOUNDED
) -> tuple[StreamId, Delegate, Act]:
    """The chair of the district lets another act for the post."""
    grant = Delegate(
        delegation=GRANT,
        to=MINH,
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
        scope=scope or Scope(),
    )
    return STREAM, grant, person(LAN, CHAIR, day)


PEOPLE: tuple[Asked, ...] = (
    FOUND,
    *enrolled(LAN),
    *appointed(LAN, CHAIR),
    *enrolled(MINH),
)


def registry(*story: Asked) -> Registry:
    """The registry after a story; every step of it must be accepted."""
    state = initial(STREAM)
    for _, command, by in story:
        for event in decide(state, command, by, POLICY):
            state = evolve(state, event, by)
    assert isinstance(state, Registry)
    return state


def standing(by: Act) -> Act:
    """The same act, by whoever stands in for the chair of the district, as the record has it."""
    return replace(by, official=MINH, delegation=GRANT, on_behalf_of=LAN)
