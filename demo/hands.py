"""The officials of the rehearsal: one person for each post, whose keys lie in its home.

In earnest every key is with its owner, and registrars see people before they enrol them. Here one
program holds all keys, which proves nothing about persons: it shows that everything is signed.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from domain.official_forms import (
    AppointOfficial,
    Command,
    ConfirmAppointment,
    ConfirmEnrolment,
    EnrolOfficial,
    FoundRegistry,
    Registrar,
)
from domain.officials import STREAM
from domain.recording import Ask, Batch, Denied
from domain.refusal import Refused
from domain.registry import Registry
from domain.streams import Envelope
from domain.values import Act, Document, OfficialId, Post, Role, UnitCode, value
from office import sealing, signer
from office.sealing import COUNTS_FOR, Sight
from office.signer import Signer
from storage.record import Record

PAPER = Document(
    symbol="01/QĐ-DT (tổng hợp)", issued_on=date(2024, 1, 1), issuer="Diễn tập · rehearsal"
)
"""On which everybody of the rehearsal is enrolled and appointed."""

_STORY = uuid5(NAMESPACE_URL, "ntm:demo/hai-phong-2024/officials")


@value
class Hands:
    """Every key of the rehearsal by its post, and the registry that knows them."""

    registry: Registry
    version: int
    keys: dict[Post, Signer]

    def sign(self, envelope: Envelope, seen: tuple[int, str]) -> Envelope:
        """A decision signed by whoever holds its post, having seen its stream up to a version."""
        own = self.keys[envelope.act.by]
        version, end = seen
        sight = Sight(
            registry=self.registry, registry_version=self.version, version=version, hash=end
        )
        return _signed(envelope, own, sealing.whose(self.registry, own), sight)


@value
class _Founding:
    """Two registrars, who enrol and appoint everybody else, each checked by the other."""

    home: Path
    seat: UnitCode
    at: datetime
    first: date

    @property
    def registrar(self) -> Post:
        return Post(role=Role.REGISTRAR, unit=self.seat)

    def key(self, number: int) -> Signer:
        name = str(self.registrar) if number == 1 else f"{self.registrar}.{number}"
        return signer.make_rehearsal(self.home, name)

    def envelope(self, name: str, by: Post, command: Command) -> Envelope:
        return Envelope(
            decision_id=str(uuid5(_STORY, name)),
            stream=STREAM,
            act=Act(by=by, at=self.at, document=PAPER),
            command=command,
        )


def found(record: Record, home: Path, posts: Iterable[Post], at: datetime, first: date) -> Hands:
    """Found the registry, and enrol somebody for each post, appointed from `first` on.

    Done again it changes nothing, and finds the same keys.
    """
    founding = _Founding(home=home, seat=record.policy.seat, at=at, first=first)
    every = sorted(set(posts) - {founding.registrar}, key=str)
    founder = Post(role=Role.CHAIR, unit=founding.seat)
    registrars = tuple(
        Registrar(official=_registrar(number), name=f"Diễn tập · registrar {number}", key=one.key)
        for number in (1, 2)
        for one in (founding.key(number),)
    )
    name = sha256(registrars[0].key.blob.encode()).hexdigest()[:32]
    command = FoundRegistry(record=name, registrars=registrars)
    _tell(record, at, (founding.envelope("found", founder, command),))
    begun, _ = _registry(record)
    sight = Sight(registry=begun, registry_version=1)
    told = [
        _signed(envelope, founding.key(number), _registrar(number), sight)
        for number, envelope in _enrolled(founding, every)
    ]
    _tell(record, at, tuple(told))
    registry, version = _registry(record)
    keys = {post: signer.make_rehearsal(home, str(post)) for post in every}
    return Hands(registry=registry, version=version, keys=keys)


def _enrolled(founding: _Founding, posts: list[Post]) -> Iterator[tuple[int, Envelope]]:
    """Which registrar says what, for each post: one proposes, the other confirms."""
    for number, post in enumerate(posts, 1):
        official = OfficialId(f"DT-{number:03d}")
        key = signer.make_rehearsal(founding.home, str(post)).key
        told: tuple[tuple[int, Command], ...] = (
            (1, EnrolOfficial(official=official, name=f"Diễn tập · {post}", key=key)),
            (2, ConfirmEnrolment(official=official, fingerprint=key.fingerprint)),
            (2, AppointOfficial(official=official, post=post, first=founding.first)),
            (1, ConfirmAppointment(official=official, post=post, first=founding.first)),
        )
        for registrar, command in told:
            name = f"{command.kind} {post}"
            yield registrar, founding.envelope(name, founding.registrar, command)


def _signed(envelope: Envelope, own: Signer, official: OfficialId, sight: Sight) -> Envelope:
    offered = sealing.offer(sealing.by(envelope, official), sight, datetime.now(UTC), COUNTS_FOR)
    return sealing.sealed(offered, own)


def _tell(record: Record, now: datetime, envelopes: tuple[Envelope, ...]) -> None:
    asks = tuple(Ask(envelope=envelope) for envelope in envelopes)
    for outcome in record.decide(Batch(stream=STREAM, after=0, now=now, asks=asks)).outcomes:
        if isinstance(outcome, Denied):
            raise Refused(outcome.rule, f"{STREAM}: {outcome.because}")


def _registry(record: Record) -> tuple[Registry, int]:
    fold = record.fold(STREAM)
    assert isinstance(fold.state, Registry)
    return fold.state, fold.version


def _registrar(number: int) -> OfficialId:
    return OfficialId(f"DT-R{number}")
