"""What may be asked of the registry of officials, and what may happen in it."""

from datetime import date
from typing import Literal, TypeAlias

from domain.delegations import Delegation, Scope
from domain.keys import Fingerprint, PublicKey
from domain.values import DelegationId, Document, OfficialId, Post, value


@value
class Registrar:
    """One of those who found the registry, and the key that proves it from then on."""

    official: OfficialId
    name: str
    key: PublicKey


# Commands


@value
class FoundRegistry:
    """Name the record and its first registrars. From then on every command has to be proved.

    `record` is 32 hexadecimal digits, drawn once, that no other record has.
    """

    record: str
    registrars: tuple[Registrar, ...]
    kind: Literal["FoundRegistry"] = "FoundRegistry"


@value
class EnrolOfficial:
    """Propose a new person with a first key, valid up to and including `valid_to`."""

    official: OfficialId
    name: str
    key: PublicKey
    valid_to: date | None = None
    kind: Literal["EnrolOfficial"] = "EnrolOfficial"


@value
class EnrolKey:
    """Propose another key of a person who is enrolled: the old one is lost, or revoked."""

    official: OfficialId
    key: PublicKey
    valid_to: date | None = None
    kind: Literal["EnrolKey"] = "EnrolKey"


@value
class ConfirmEnrolment:
    """A second registrar has had the fingerprint read aloud by its owner, and it is the same."""

    official: OfficialId
    fingerprint: Fingerprint
    kind: Literal["ConfirmEnrolment"] = "ConfirmEnrolment"


@value
class AppointOfficial:
    """Propose that a person holds a post, on the decision that the act names."""

    official: OfficialId
    post: Post
    first: date
    last: date | None = None
    kind: Literal["AppointOfficial"] = "AppointOfficial"


@value
class ConfirmAppointment:
    """A second registrar has read the decision, and says again from when to when."""

    official: OfficialId
    post: Post
    first: date
    last: date | None = None
    kind: Literal["ConfirmAppointment"] = "ConfirmAppointment"


@value
class DeclineProposal:
    """A registrar does not confirm; `proposal` as the registry names it."""

    proposal: str
    reason: str
    kind: Literal["DeclineProposal"] = "DeclineProposal"


@value
class EndAppointment:
    """A person holds a post no longer than until `last`."""

    official: OfficialId
    post: Post
    last: date
    kind: Literal["EndAppointment"] = "EndAppointment"


@value
class RotateKey:
    """The owner of a key, with it, names the next; the old one signs until `overlap`."""

    old: Fingerprint
    key: PublicKey
    overlap: date
    valid_to: date | None = None
    kind: Literal["RotateKey"] = "RotateKey"


@value
class RevokeKey:
    """By its owner or any registrar: nothing that it signs from now on counts. For good."""

    fingerprint: Fingerprint
    reason: str
    kind: Literal["RevokeKey"] = "RevokeKey"


@value
class Delegate:
    """The actor lets another person act for the actor's post, within a scope and from day to day.

    It cannot be given on, and needs no end: it ends by itself after `last`.
    """

    delegation: DelegationId
    to: OfficialId
    first: date
    last: date
    scope: Scope
    kind: Literal["Delegate"] = "Delegate"


@value
class EndDelegation:
    """By its giver or any registrar: before its time."""

    delegation: DelegationId
    reason: str
    kind: Literal["EndDelegation"] = "EndDelegation"


# Events


@value
class RegistryFounded:
    record: str
    registrar: Post
    registrars: tuple[Registrar, ...]
    kind: Literal["RegistryFounded"] = "RegistryFounded"


@value
class EnrolmentProposed:
    official: OfficialId
    name: str | None
    key: PublicKey
    valid_to: date | None
    kind: Literal["EnrolmentProposed"] = "EnrolmentProposed"


@value
class OfficialEnrolled:
    official: OfficialId
    name: str
    key: PublicKey
    valid_from: date
    valid_to: date | None
    kind: Literal["OfficialEnrolled"] = "OfficialEnrolled"


@value
class KeyEnrolled:
    official: OfficialId
    key: PublicKey
    valid_from: date
    valid_to: date | None
    kind: Literal["KeyEnrolled"] = "KeyEnrolled"


@value
class AppointmentProposed:
    official: OfficialId
    post: Post
    first: date
    last: date | None
    document: Document
    kind: Literal["AppointmentProposed"] = "AppointmentProposed"


@value
class OfficialAppointed:
    official: OfficialId
    post: Post
    first: date
    last: date | None
    document: Document
    kind: Literal["OfficialAppointed"] = "OfficialAppointed"


@value
class ProposalDeclined:
    proposal: str
    reason: str
    kind: Literal["ProposalDeclined"] = "ProposalDeclined"


@value
class AppointmentEnded:
    official: OfficialId
    post: Post
    last: date
    kind: Literal["AppointmentEnded"] = "AppointmentEnded"


@value
class KeyRotated:
    official: OfficialId
    old: Fingerprint
    overlap: date
    key: PublicKey
    valid_from: date
    valid_to: date | None
    kind: Literal["KeyRotated"] = "KeyRotated"


@value
class KeyRevoked:
    official: OfficialId
    fingerprint: Fingerprint
    reason: str
    kind: Literal["KeyRevoked"] = "KeyRevoked"


@value
class PostDelegated:
    delegation: Delegation
    kind: Literal["PostDelegated"] = "PostDelegated"


@value
class DelegationEnded:
    delegation: DelegationId
    on: date
    reason: str
    kind: Literal["DelegationEnded"] = "DelegationEnded"


Command: TypeAlias = (
    FoundRegistry
    | EnrolOfficial
    | EnrolKey
    | ConfirmEnrolment
    | AppointOfficial
    | ConfirmAppointment
    | DeclineProposal
    | EndAppointment
    | RotateKey
    | RevokeKey
    | Delegate
    | EndDelegation
)
Event: TypeAlias = (
    RegistryFounded
    | EnrolmentProposed
    | OfficialEnrolled
    | KeyEnrolled
    | AppointmentProposed
    | OfficialAppointed
    | ProposalDeclined
    | AppointmentEnded
    | KeyRotated
    | KeyRevoked
    | PostDelegated
    | DelegationEnded
)
