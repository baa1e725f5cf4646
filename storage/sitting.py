"""One transaction of the record.

It folds the streams, checks authority, decides, appends, and brings read models and outbox along.
Whoever hands a command in is believed about nothing else.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from domain import officials, restore
from domain.addresses import check_address
from domain.keys import PublicKey
from domain.notices import notices
from domain.recording import (
    AHEAD,
    Accepted,
    Ask,
    Batch,
    Denied,
    Outcome,
    admit,
    check_said,
    consequences,
    known_now,
)
from domain.refusal import Refused
from domain.registry import Standing
from domain.streams import (
    DecisionRefused,
    Envelope,
    Event,
    Fact,
    State,
    evolve,
)
from domain.text import check_text
from domain.values import Act, StreamId
from storage import codec, decisions, guard, journey, log, people, proofs, proving, read_models
from storage.decisions import Decision
from storage.failpoints import FailPoint, reach
from storage.folds import Fold, Folds
from storage.guard import Guard
from storage.journey import Call
from storage.pinned import Law
from storage.proving import Signed

_ALL_QUESTIONS = StreamId("question/")
"""The lock under which decisions on questions are made, one at a time."""


class Sitting:
    """One transaction: the streams it holds, and what it has decided on them so far.

    What is `barred` was decided before, and the database would not take it: it is refused.
    """

    def __init__(
        self,
        connection: Connection,
        shelf: Folds,
        watch: Guard,
        law: Law,
        batch: Batch,
        barred: Refused | None = None,
    ) -> None:
        self._connection = connection
        self._shelf = shelf
        self._guard = watch
        self._law = law
        self._batch = batch
        self._barred = barred
        self._facts: list[Fact] = []
        self._decisions: dict[str, Decision] = {}
        self._calls: list[Call] = []
        self._standing: restore.Standing = restore.Trusted()
        self._keys: dict[str, PublicKey] = {}
        self.folds: dict[StreamId, Fold] = {}
        self.told = True
        self.notices = 0

    def hear_all(self) -> tuple[tuple[Outcome, ...], tuple[Fact, ...]]:
        """Decide each ask on top of those before it, then write everything at once.

        Returns an outcome per ask, and every fact of the stream that the asker has not seen.
        """
        reach(FailPoint.BEFORE_LOCK)
        asks = self._batch.asks
        unfit = [_unfit(ask.envelope) for ask in asks]
        signed = [proving.signed(ask.envelope) for ask in asks]
        self._hold(self._batch.stream, self.folds)
        missed = self._missed()
        # What the database cannot keep, it cannot look up either.
        fit = [
            ask.envelope.decision_id
            for ask, refused in zip(asks, unfit, strict=True)
            if refused is None
        ]
        self._look_around(fit, signed)
        outcomes = [
            self._hear(ask, proof) if refused is None else _denied(ask.envelope, refused)
            for ask, refused, proof in zip(asks, unfit, signed, strict=True)
        ]
        reach(FailPoint.DECIDED)
        ours = [fact for fact in self._facts if fact.stream == self._batch.stream]
        positions = self._write() if self._facts else {}
        answers = tuple(
            replace(outcome, position=positions.get(outcome.decision_id, outcome.position))
            if isinstance(outcome, Accepted)
            else outcome
            for outcome in outcomes
        )
        return answers, tuple(f for f in (*missed, *ours) if f.version > self._batch.after)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Everything that was put on record, on every stream."""
        return tuple(self._facts)

    @property
    def timeline(self) -> int:
        return self._standing.timeline

    def _look_around(self, ids: list[str], signed: list[Signed | Refused]) -> None:
        """What was decided before, and whether this is still the record that was signed.

        The record says nothing of itself until this turn has ended.
        """
        *_, own, _, last, clocks, hashes, rows = journey.send(
            self._connection,
            *guard.HOLD_STILL,
            *people.HOLD,
            proving.CLOCKS,
            proving.seen(self._batch.stream, signed),
            decisions.earlier(ids),
        )
        self._decisions = decisions.known(rows)
        self._grounds = proving.grounds(clocks, hashes)
        if self._batch.stream != officials.STREAM:
            self.folds[officials.STREAM] = people.registry(self._connection, self._shelf, last)
        self._standing = self._guard.standing(self._connection, self._batch, guard.version(own))
        held = self.folds[self._batch.stream].version
        founded = self.folds[officials.STREAM].version > 0
        self.told = self._guard.told(self._batch, founded=founded)
        if self.told:
            self._guard.check_seen(self._connection, self._standing, self._batch, held)

    def _missed(self) -> tuple[Fact, ...]:
        """What others had recorded when we took the stream; seldom anything."""
        if self.folds[self._batch.stream].version == self._batch.after:
            return ()
        entries = log.read(self._connection, self._batch.stream, self._batch.after)
        return tuple(entry.fact for entry in entries)

    def _hear(self, ask: Ask, signed: Signed | Refused) -> Outcome:
        envelope = ask.envelope
        self._keys.pop(envelope.decision_id, None)
        earlier = self._decisions.get(envelope.decision_id)
        if earlier is not None:
            return decisions.answered(earlier, envelope)
        if isinstance(self._standing, restore.Restored) and self._batch.stream != restore.STREAM:
            return _denied(envelope, guard.refusal(self._standing))
        try:
            facts, folds = self._judge(envelope, signed)
        except Refused as refused:
            # What nobody known has said, nobody waits to hear of; the log is not theirs to fill.
            if ask.keep_refusal and refused.rule != "unproved":
                self._keep_refusal(envelope, refused)
            return _denied(envelope, refused)
        self._facts.extend(facts)
        self.folds.update(folds)
        version = self.folds[envelope.stream].version
        if facts:
            self._remember(envelope, version, refused=None)
        return Accepted(decision_id=envelope.decision_id, version=version, position=0)

    def _judge(
        self, envelope: Envelope, signed: Signed | Refused
    ) -> tuple[list[Fact], dict[StreamId, Fold]]:
        """The facts of one decision on every stream it touches; all of them, or `Refused`."""
        if self._barred:
            raise self._barred
        if envelope.stream != self._batch.stream:
            raise Refused("other_body", f"{envelope.stream} is not {self._batch.stream}")
        check_address(envelope)
        check_said(envelope.act)
        self._prove(envelope, signed)
        folds = dict(self.folds)
        state = folds[envelope.stream].state
        law, registry = self._law.over(envelope.command, state), self._registry(folds)
        today = self._grounds.now if registry.demands_proof else self._now()
        admit(envelope, state, law, registry, now=self._now(), today=today)
        act = self._known_now(envelope)

        def hold(stream: StreamId) -> State:
            self._hold(stream, folds)
            return folds[stream].state

        facts = [
            self._add(folds, stream, envelope.decision_id, act, event)
            for stream, event in consequences(envelope, act, hold, self._law.judging)
        ]
        return facts, folds

    def _registry(self, folds: dict[StreamId, Fold]) -> Standing:
        """Who may decide, after what this sitting has decided so far."""
        state = folds[officials.STREAM].state
        assert isinstance(state, Standing)
        return state

    def _prove(self, envelope: Envelope, signed: Signed | Refused) -> None:
        """Raise `Refused` for what has to be proved, and is not."""
        key = proving.check(envelope, signed, self.folds[officials.STREAM], self._grounds)
        if key is not None:
            assert isinstance(signed, Signed)
            self._keys[envelope.decision_id] = key
            proving.check_hours(signed.payload, self._grounds.wall)

    def _now(self) -> datetime:
        """What the asker's clock shows; where commands are proved, no later than the record's own.

        A workflow that is not ours could say any day, and ring for deadlines to come.
        """
        if not self._registry(self.folds).demands_proof:
            return self._batch.now
        return min(self._batch.now, self._grounds.now + AHEAD)

    def _known_now(self, envelope: Envelope) -> Act:
        act = known_now(envelope.act, self._registry(self.folds), self._now())
        proof = envelope.proof if envelope.decision_id in self._keys else None
        return replace(act, proof=proofs.name(proof) if proof else None)

    def _add(
        self,
        folds: dict[StreamId, Fold],
        stream: StreamId,
        decision_id: str,
        act: Act,
        event: Event,
    ) -> Fact:
        fold = folds[stream]
        state = evolve(fold.state, event, act)
        version = fold.version + 1
        folds[stream] = replace(fold, version=version, decision_id=decision_id, state=state)
        return Fact(
            stream=stream,
            version=version,
            decision_id=decision_id,
            act=act,
            event=event,
        )

    def _hold(self, stream: StreamId, folds: dict[StreamId, Fold]) -> None:
        """Lock a stream and fold it, once. Questions come first, clearance and payments before
        their project, and capital last, so that two sittings never wait for each other.
        """
        if stream in folds:
            return
        if stream not in self.folds:
            if stream == restore.STREAM:
                # Before its own lock, as a sitting of the registry takes them.
                journey.send(self._connection, *people.HOLD)
            if stream.startswith("question/"):
                # Two directives may hold hundreds of sections, and a question takes in others: in
                # one order only if they take turns.
                log.lock(self._connection, _ALL_QUESTIONS)
            self.folds[stream] = self._shelf.read(self._connection, stream, log.take)
        folds[stream] = self.folds[stream]

    def _keep_refusal(self, envelope: Envelope, refused: Refused) -> None:
        event = DecisionRefused(
            command=envelope.command.kind, rule=refused.rule, because=refused.because
        )
        stream = self._batch.stream
        if self.folds[stream].version == 0 or envelope.stream != stream:
            # A stream must not come into being by a refusal, nor a decision be used up by being
            # left at the wrong case.
            return
        act = self._known_now(envelope)
        fact = self._add(self.folds, stream, envelope.decision_id, act, event)
        self._facts.append(fact)
        self._remember(envelope, fact.version, refused=refused)

    def _remember(self, envelope: Envelope, version: int, refused: Refused | None) -> None:
        decision = Decision(
            decision_id=envelope.decision_id,
            stream=envelope.stream,
            envelope_hash=codec.envelope_hash(envelope),
            refused_as=refused.rule if refused else None,
            refused_because=refused.because if refused else None,
            version=version,
        )
        self._decisions[decision.decision_id] = decision
        self._calls.append(decisions.remember(decision))
        key = self._keys.get(envelope.decision_id)
        if key is not None and envelope.proof is not None:
            official = str(envelope.act.official)
            self._calls.append(proofs.keep(envelope.decision_id, envelope.proof, official, key))

    def _write(self) -> dict[str, int]:
        """Write everything in one journey; the position of each decision's event on our stream."""
        owed = self._owed()
        self.notices = len(owed)
        along = (*self._calls, *self._shown(), *owed)
        heads = {stream: fold.hash for stream, fold in self.folds.items()}
        appended = log.append(self._connection, tuple(self._facts), heads, along)
        for stream, head in appended.heads.items():
            self.folds[stream] = replace(self.folds[stream], hash=head)
        first = appended.last - len(self._facts) + 1
        return {
            fact.decision_id: first + index
            for index, fact in enumerate(self._facts)
            if fact.stream == self._batch.stream
        }

    def _shown(self) -> list[Call]:
        """The read models of every stream that moved."""
        return [
            read_models.write(stream, self.folds[stream], self._law.of(self.folds[stream].state))
            for stream in sorted({fact.stream for fact in self._facts})
        ]

    def _owed(self) -> list[Call]:
        """The messages that the facts owe to people."""
        return [
            read_models.owe(notice, self._batch.now)
            for fact in self._facts
            for notice in notices(fact, self.folds[fact.stream].state)
        ]


def _unfit(envelope: Envelope) -> Refused | None:
    """Why the database could not keep this envelope."""
    try:
        # A proof is held against the rest to the letter, and its armor has lines of its own.
        check_text(replace(envelope, proof=None))
    except Refused as refused:
        return refused
    return None


def _denied(envelope: Envelope, refused: Refused) -> Denied:
    return Denied(decision_id=envelope.decision_id, rule=refused.rule, because=refused.because)
