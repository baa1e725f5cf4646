"""The registry of officials: persons, their posts, keys and delegations, and who may act.

A post is held by whoever is appointed to it. A post whose unit is no more is held by whoever holds
its heir: an appointment to the abolished unit moves nobody anywhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Literal, TypeAlias, assert_never

from domain.calendar import local_day
from domain.delegations import Delegation, Matter
from domain.keys import Fingerprint, Key
from domain.official_forms import (
    AppointmentEnded,
    AppointmentProposed,
    DelegationEnded,
    EnrolmentProposed,
    Event,
    KeyEnrolled,
    KeyRevoked,
    KeyRotated,
    OfficialAppointed,
    OfficialEnrolled,
    PostDelegated,
    ProposalDeclined,
    RegistryFounded,
)
from domain.people import Appointment, Enrolment, Nomination, Official, Proposal, nomination
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import Act, DelegationId, OfficialId, Post, value


@value
class Stand:
    """Somebody who can act for a post, and in whose name, where it is a delegate."""

    official: OfficialId
    on_behalf_of: OfficialId | None = None


Power: TypeAlias = tuple[Stand, Delegation | None]


@value
class Unfounded:
    """No registry yet: posts are named, and nobody proves that they are theirs."""

    kind: Literal["Unfounded"] = "Unfounded"

    @property
    def demands_proof(self) -> bool:
        return False

    def giver(self, _delegation: DelegationId | None) -> None:
        """Nobody has lent anything."""


@value
class Registry:
    """Everybody who may decide. `record` names this record for ever, so that what was signed for
    it counts nowhere else. `registrar` is the post of those who keep the registry.
    """

    record: str
    registrar: Post
    founded_at: datetime
    officials: Mapping[OfficialId, Official]
    proposals: Mapping[str, Proposal]
    delegations: Mapping[DelegationId, Delegation]
    kind: Literal["Registry"] = "Registry"

    @property
    def demands_proof(self) -> bool:
        """Whether a person's command counts only with that person's signature."""
        return True

    def key(self, fingerprint: Fingerprint) -> Key | None:
        """The key of that name, whoever's it is and whether or not it is still valid."""
        every = (key for one in self.officials.values() for key in one.keys)
        return next((key for key in every if key.fingerprint == fingerprint), None)

    def is_appointed(self, official: OfficialId, post: Post, on: date, policy: Policy) -> bool:
        """Whether a person holds a post on a day, or the post that has inherited its duties."""
        one = self.officials.get(official)
        heir = policy.successor(post, on)
        return one is not None and one.holds(heir, on)

    def holders(self, post: Post, on: date, policy: Policy) -> tuple[OfficialId, ...]:
        """Who is appointed to a post on a day, or to the one that has inherited its duties."""
        heir = policy.successor(post, on)
        every = self.officials.values()
        return tuple(one.official for one in every if one.holds(heir, on))

    def lent(self, post: Post, on: date, policy: Policy) -> Iterator[Delegation]:
        """The delegations of a post that are in force on a day."""
        heir = policy.successor(post, on)
        for one in self.delegations.values():
            lends = one.runs(on) and policy.successor(one.post, on) == heir
            if lends and self.is_appointed(one.giver, post, on, policy):
                yield one

    def able(self, post: Post, at: datetime, policy: Policy) -> tuple[OfficialId, ...]:
        """Every person who can act for a post at a moment: appointed or standing in, with a key."""
        return tuple(dict.fromkeys(one.official for one, _ in self.powers(post, at, policy)))

    def powers(self, post: Post, at: datetime, policy: Policy) -> tuple[Power, ...]:
        """The same, each with the grant by which a delegate does; one person may have several."""
        on = local_day(at)
        own = ((Stand(official=name), None) for name in self.holders(post, on, policy))
        lent = (
            (Stand(official=one.holder, on_behalf_of=one.giver), one)
            for one in self.lent(post, on, policy)
        )
        every: tuple[Power, ...] = (*own, *lent)
        return tuple(one for one in every if self.officials[one[0].official].can_sign(at))

    def giver(self, delegation: DelegationId | None) -> OfficialId | None:
        """Whose power a delegation lends."""
        found = self.delegations.get(delegation) if delegation else None
        return found.giver if found else None

    def may_act(self, act: Act, matter: Matter, policy: Policy, now: datetime) -> None:
        """Raise `Refused` unless the person holds the post that acts, or stands in for it.

        It has to be so on the day of the act and on the day when it is recorded: nobody decides
        for a time before the appointment, or after its end by dating the act back.
        """
        if act.official is None:
            raise Refused(
                "unproved",
                f"official: who acts for {act.by}? since the registry of"
                " officials was founded, every command is a person's",
            )
        if act.official not in self.officials:
            raise Refused("authority", f"official: {act.official} is not enrolled")
        for day in dict.fromkeys((local_day(act.at), local_day(now))):
            if act.delegation is None:
                self._must_hold(act.official, act.by, day, policy)
            else:
                self._must_stand_in(act.official, act.delegation, act.by, matter, day, policy)

    def _must_hold(self, official: OfficialId, post: Post, day: date, policy: Policy) -> None:
        if self.is_appointed(official, post, day, policy):
            return
        heir = policy.successor(post, day)
        if not self.holders(post, day, policy):
            raise Refused("vacant_post", f"nobody is appointed to {heir} on {day}")
        raise Refused("authority", f"{official} is not appointed to {heir} on {day}")

    def _must_stand_in(
        self,
        official: OfficialId,
        name: DelegationId,
        post: Post,
        matter: Matter,
        day: date,
        policy: Policy,
    ) -> None:
        lent = self.delegations.get(name)
        if lent is None:
            raise Refused("not_delegated", f"delegation: there is no {name}")
        if lent.holder != official:
            raise Refused("not_delegated", f"{name} is not {official}'s")
        if policy.successor(lent.post, day) != policy.successor(post, day):
            raise Refused("not_delegated", f"{name} is for {lent.post}, not for {post}")
        if not lent.runs(day):
            last = lent.last if lent.ended_on is None else lent.ended_on
            raise Refused("not_delegated", f"{name} runs from {lent.first} to {last}; asked {day}")
        if not self.is_appointed(lent.giver, post, day, policy):
            raise Refused("not_delegated", f"{lent.giver}, who gave {name}, does not hold {post}")
        outside = lent.scope.excludes(matter)
        if outside is not None:
            raise Refused("not_delegated", f"{name} is limited to {outside}")


Standing: TypeAlias = Unfounded | Registry


def evolve(state: Standing, event: Event, act: Act) -> Standing:
    """Apply one event to the registry."""
    if isinstance(event, RegistryFounded):
        return _begun(event, act)
    assert isinstance(state, Registry)
    match event:
        case EnrolmentProposed() | AppointmentProposed():
            name, proposal = _proposal(event, act)
            return replace(state, proposals={**state.proposals, name: proposal})
        case ProposalDeclined(proposal=name):
            return replace(state, proposals=_without(state.proposals, name))
        case OfficialEnrolled(official=official):
            person = Official(official=official, name=event.name, keys=(_key(event),))
            return _settled(state, event.key.fingerprint, person)
        case KeyEnrolled(official=official):
            one = state.officials[official]
            return _settled(state, event.key.fingerprint, _with_key(one, _key(event)))
        case OfficialAppointed(official=official, post=post):
            one = state.officials[official]
            held = Appointment(
                post=post, first=event.first, last=event.last, document=event.document
            )
            person = replace(one, appointments=(*one.appointments, held))
            return _settled(state, nomination(official, post), person)
        case AppointmentEnded(official=official, post=post, last=last):
            one = state.officials[official]
            kept = tuple(
                replace(held, last=last) if held.post == post and held.is_open(last) else held
                for held in one.appointments
            )
            return _changed(state, replace(one, appointments=kept))
        case KeyRotated(official=official, old=old, overlap=overlap):
            one = _bounded(state.officials[official], old, overlap)
            return _changed(state, _with_key(one, _key(event)))
        case KeyRevoked(official=official, fingerprint=fingerprint, reason=reason):
            one = state.officials[official]
            return _changed(state, _without_trust(one, fingerprint, heard(act), reason))
        case PostDelegated(delegation=lent):
            return replace(state, delegations={**state.delegations, lent.delegation: lent})
        case DelegationEnded(delegation=name, on=day):
            ended = replace(state.delegations[name], ended_on=day)
            return replace(state, delegations={**state.delegations, name: ended})
        case _:
            assert_never(event)


def heard(act: Act) -> datetime:
    """When the record learned of it: power is given and taken then, however the act is dated."""
    return act.known_at or act.at


def _begun(event: RegistryFounded, act: Act) -> Registry:
    assert act.document is not None
    today = local_day(heard(act))
    held = Appointment(post=event.registrar, first=today, last=None, document=act.document)
    people = (
        Official(
            official=one.official,
            name=one.name,
            keys=(Key(official=one.official, public=one.key, valid_from=today),),
            appointments=(held,),
        )
        for one in event.registrars
    )
    return Registry(
        record=event.record,
        registrar=event.registrar,
        founded_at=heard(act),
        officials={one.official: one for one in people},
        proposals={},
        delegations={},
    )


def _proposal(event: EnrolmentProposed | AppointmentProposed, act: Act) -> tuple[str, Proposal]:
    assert act.official is not None
    match event:
        case EnrolmentProposed(official=official, name=name, key=key, valid_to=valid_to):
            enrolment = Enrolment(
                official=official, name=name, key=key, valid_to=valid_to,
                by=act.official, at=act.at,
            )  # fmt: skip
            return key.fingerprint, enrolment
        case AppointmentProposed(official=official, post=post, document=document):
            nominated = Nomination(
                official=official, post=post, first=event.first, last=event.last,
                document=document, by=act.official, at=act.at,
            )  # fmt: skip
            return nomination(official, post), nominated
        case _:
            assert_never(event)


def _key(event: OfficialEnrolled | KeyEnrolled | KeyRotated) -> Key:
    return Key(
        official=event.official,
        public=event.key,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
    )


def _with_key(one: Official, key: Key) -> Official:
    return replace(one, keys=(*one.keys, key))


def _settled(state: Registry, proposal: str, one: Official) -> Registry:
    return replace(_changed(state, one), proposals=_without(state.proposals, proposal))


def _changed(state: Registry, one: Official) -> Registry:
    return replace(state, officials={**state.officials, one.official: one})


def _bounded(one: Official, fingerprint: Fingerprint, last: date) -> Official:
    keys = (replace(k, valid_to=last) if k.fingerprint == fingerprint else k for k in one.keys)
    return replace(one, keys=tuple(keys))


def _without_trust(one: Official, fingerprint: Fingerprint, at: datetime, why: str) -> Official:
    return replace(
        one,
        keys=tuple(
            replace(key, revoked_at=at, revoked_because=why)
            if key.fingerprint == fingerprint
            else key
            for key in one.keys
        ),
    )


def _without(proposals: Mapping[str, Proposal], name: str) -> dict[str, Proposal]:
    return {other: proposal for other, proposal in proposals.items() if other != name}
