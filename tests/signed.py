"""A record whose registry of officials is founded, and people whose keys lie at hand."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from demo import hands
from demo.hands import Hands
from domain.approval import ApproveStep, RejectDossier, ReturnDossier, UnderReview
from domain.clock import Clock
from domain.officials import STREAM
from domain.payment import CheckPayment, ConfirmPaid, RefusePayment
from domain.recording import Accepted, Ask, Batch, Outcome
from domain.registry import Registry
from domain.streams import Command, Envelope, initial, replay
from domain.values import SYSTEM, Act, DelegationId, OfficialId, Post, ProjectId
from office import sealing, signer
from office.sealing import Sight
from office.signer import Signer
from signing.payload import Payload
from storage import queries
from storage.record import Record
from tests.conftest import envelope
from tests.domain.story import CHARTER, POSTS, TOTAL, Asked, at

TODAY = at("2024-12-01")
Change = Callable[[Payload], Payload]
"""What somebody signs instead of what they should."""


def stranger() -> Signer:
    """A key that nobody enrolled."""
    return signer.of_private(Ed25519PrivateKey.generate())


@dataclass
class People:
    """Everybody of the story, each with a post and a key; the record's clock shows `today`."""

    record: Record
    home: Path
    project: ProjectId = CHARTER.project
    today: datetime = TODAY
    hands: Hands = field(init=False)

    def __post_init__(self) -> None:
        self.turn(self.today)
        posts = [post for post in POSTS if post != SYSTEM]
        day = at("2020-01-01")
        self.hands = hands.found(self.record, self.home, posts, day, day.date())

    def turn(self, today: datetime) -> None:
        """Let the record's clock show a day."""
        self.today = today
        clock = Clock(origin=today, started_at=datetime.now(UTC), rate=1.0, until=today)
        queries.set_clock(self.record.engine, clock)

    @property
    def registry(self) -> tuple[Registry, int]:
        fold = self.record.fold(STREAM)
        assert isinstance(fold.state, Registry)
        return fold.state, fold.version

    def key(self, post: Post) -> Signer:
        return self.hands.keys[post]

    def official(self, post: Post) -> OfficialId:
        return sealing.whose(self.registry[0], self.key(post))

    def registrar(self, number: int) -> Signer:
        """One of the two who keep the registry; their post is the same."""
        post = self.registry[0].registrar
        return signer.make_rehearsal(self.home, str(post) + (f".{number}" if number > 1 else ""))

    def sign(
        self,
        wanted: Envelope,
        *,
        key: Signer | None = None,
        official: OfficialId | None = None,
        under: DelegationId | None = None,
        change: Change = lambda told: told,
    ) -> Envelope:
        """A decision signed as it should be, but for what is said otherwise."""
        own = key or self.key(wanted.act.by)
        registry, version = self.registry
        shown = replace(wanted, command=self.shown(wanted))
        said = official or sealing.whose(registry, own)
        end = queries.head(self.record.engine, wanted.stream)
        sight = Sight(registry=registry, registry_version=version, version=end[0], hash=end[1])
        told = sealing.by(shown, said, under)
        offered = sealing.offer(told, sight, datetime.now(UTC), timedelta(hours=1))
        return sealing.sealed(change(offered), own)

    def shown(self, wanted: Envelope) -> Command:
        """The command with what a person sees before deciding."""
        facts = [e.fact for e in queries.entries(self.record.engine, wanted.stream)]
        state: Any = replay(facts, initial(wanted.stream))
        match wanted.command:
            case ApproveStep() | ReturnDossier() | RejectDossier() as verdict:
                held = state.dossiers[verdict.dossier]
                amount = held.amount if isinstance(held, UnderReview) else TOTAL
                return replace(verdict, round=held.round, amount=amount)
            case CheckPayment() | ConfirmPaid() | RefusePayment() as answer:
                return replace(answer, amount=state.cash)
            case command:
                return command

    def hand_in(self, wanted: Envelope, *, keep_refusal: bool = False) -> Outcome:
        """One envelope in a batch of its own, as of today."""
        asks = (Ask(envelope=wanted, keep_refusal=keep_refusal),)
        batch = Batch(stream=wanted.stream, after=0, now=self.today, asks=asks)
        (outcome,) = self.record.decide(batch).outcomes
        return outcome

    def tell(self, *story: Asked) -> None:
        """A story, signed step by step; every step must be accepted."""
        for asked in story:
            outcome = self.hand_in(self.sign(envelope(asked, project=self.project)))
            assert isinstance(outcome, Accepted), f"{asked}: {outcome}"

    def register(self, decision_id: str, by: Post, command: Command, number: int = 1) -> Envelope:
        """A command on the registry itself, signed by one of its registrars or by a post."""
        own = self.registrar(number) if by == self.registry[0].registrar else self.key(by)
        told = Envelope(
            decision_id=decision_id,
            stream=STREAM,
            act=Act(by=by, at=self.today, document=hands.PAPER),
            command=command,
        )
        return self.sign(told, key=own)


def altered(wanted: Envelope, text: str) -> Envelope:
    """An envelope whose signed text is another, under the signature of the first."""
    assert wanted.proof is not None
    return replace(wanted, proof=replace(wanted.proof, signed=text))
