"""The record: where decisions are made, because it is where they are kept.

One transaction folds the streams, checks authority, decides, appends, and brings read models
and outbox along. Whoever hands a command in is believed about nothing else.
"""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, Engine

from domain.authority import authorise
from domain.notices import notices
from domain.policy import Policy
from domain.recording import Accepted, Ask, Batch, Denied, Outcome, Recorded
from domain.refusal import Refused
from domain.streams import (
    Command,
    DecisionRefused,
    Entailed,
    Envelope,
    Event,
    Fact,
    State,
    check_address,
    decide,
    entails,
    evolve,
)
from domain.text import check_text
from domain.values import Act, StreamId
from storage import codec, log, pinned, read_models
from storage.failpoints import FailPoint, reach
from storage.folds import Fold, Folds

_CLOCK_SKEW = timedelta(minutes=5)
"""How far a sender's clock may run ahead before an act counts as in the future."""

_TRIES = 20

_EARLIER = """
    SELECT envelope_hash, refused_as, refused_because, version, events.position
    FROM decisions LEFT JOIN events USING (stream, version)
    WHERE decisions.decision_id = %s
"""

_REMEMBER = """
    INSERT INTO decisions (decision_id, stream, envelope_hash, refused_as, refused_because, version)
    VALUES (%s, %s, %s, %s, %s, %s)
"""


class Record:
    """The record in one database. `policy` is the law for what begins from now on."""

    def __init__(self, engine: Engine, policy: Policy) -> None:
        self.engine = engine
        self.policy = policy
        self._folds = Folds()
        self._law = pinned.Law(engine, policy)
        pinned.save(engine, policy)

    def decide(self, batch: Batch) -> Recorded:
        """Decide a batch in one transaction, durable on return; an empty batch only reads on."""
        if not batch.asks:
            with log.look(self.engine) as connection:
                entries = log.read(connection, batch.stream, batch.after)
                version = self._folds.read(connection, batch.stream).version
            facts = tuple(entry.fact for entry in entries if entry.fact.version <= version)
            return Recorded(outcomes=(), facts=facts, version=version, notices=0)
        for _ in range(_TRIES):
            try:
                return self._decide(batch)
            except log.Conflict as conflict:
                # Somebody wrote past our locks: fold again and decide again on what is true now.
                last = conflict
        raise last

    def fold(self, stream: StreamId) -> Fold:
        """A stream as it stands."""
        with log.look(self.engine) as connection:
            return self._folds.read(connection, stream)

    def policy_of(self, state: State) -> Policy:
        """The law of a case: what it pinned when it began, or the current one before that."""
        return self._law.of(state)

    def _decide(self, batch: Batch) -> Recorded:
        with log.turn(self.engine) as connection:
            sitting = _Sitting(self, connection, self._folds, batch)
            outcomes = sitting.hear_all()
            facts = sitting.facts_since(batch.after)
        self._folds.keep(sitting.folds)
        return Recorded(
            outcomes=outcomes,
            facts=facts,
            version=sitting.folds[batch.stream].version,
            notices=sitting.notices,
        )


class _Sitting:
    """One transaction: the streams it holds, and what it has decided on them so far."""

    def __init__(self, record: Record, connection: Connection, shelf: Folds, batch: Batch) -> None:
        self._record = record
        self._connection = connection
        self._shelf = shelf
        self._batch = batch
        self._facts: list[Fact] = []
        self.folds: dict[StreamId, Fold] = {}
        self.notices = 0

    def hear_all(self) -> tuple[Outcome, ...]:
        """Decide each ask on top of those before it, then write everything at once."""
        reach(FailPoint.BEFORE_LOCK)
        outcomes = [self._hear(ask) for ask in self._batch.asks]
        reach(FailPoint.DECIDED)
        if not self._facts:
            return tuple(outcomes)
        self._write_read_models()
        reach(FailPoint.SHOWN)
        heads = {stream: fold.hash for stream, fold in self.folds.items()}
        appended = log.append(self._connection, tuple(self._facts), heads)
        for stream, head in appended.heads.items():
            self.folds[stream] = replace(self.folds[stream], hash=head)
        first = appended.last - len(self._facts) + 1
        positions = {
            fact.decision_id: first + index
            for index, fact in enumerate(self._facts)
            if fact.stream == self._batch.stream
        }
        return tuple(
            replace(outcome, position=positions.get(outcome.decision_id, outcome.position))
            if isinstance(outcome, Accepted)
            else outcome
            for outcome in outcomes
        )

    def facts_since(self, version: int) -> tuple[Fact, ...]:
        """The stream's facts after a version; read only if others than ours are among them."""
        ours = tuple(fact for fact in self._facts if fact.stream == self._batch.stream)
        if version == self.folds[self._batch.stream].version - len(ours):
            return ours
        entries = log.read(self._connection, self._batch.stream, version)
        return tuple(entry.fact for entry in entries)

    def _hear(self, ask: Ask) -> Outcome:
        envelope = ask.envelope
        self._hold(self._batch.stream, self.folds)
        try:
            # First of all: what the database cannot keep, it cannot look up either.
            check_text(envelope)
        except Refused as refused:
            return _denied(envelope, refused)
        earlier = self._earlier(envelope)
        if earlier is not None:
            return earlier
        try:
            facts, folds = self._judge(envelope)
        except Refused as refused:
            if ask.keep_refusal:
                self._keep_refusal(envelope, refused)
            return _denied(envelope, refused)
        self._facts.extend(facts)
        self.folds.update(folds)
        version = self.folds[envelope.stream].version
        if facts:
            self._remember(envelope, version, refused=None)
        return Accepted(decision_id=envelope.decision_id, version=version, position=0)

    def _judge(self, envelope: Envelope) -> tuple[list[Fact], dict[StreamId, Fold]]:
        """The facts of one decision on every stream it touches; all of them, or `Refused`."""
        if envelope.stream != self._batch.stream:
            raise Refused("other_body", f"{envelope.stream} is not {self._batch.stream}")
        check_address(envelope)
        if envelope.act.known_at is not None:
            raise Refused("input", "known_at: is set by the record")
        if envelope.act.at > self._batch.now + _CLOCK_SKEW:
            raise Refused(
                "in_the_future", f"at: {envelope.act.at} is later than now, {self._batch.now}"
            )
        folds = dict(self.folds)
        state = folds[envelope.stream].state
        authorise(envelope.command, envelope.act, state, self._record.policy_of(state))
        act = self._known_now(envelope)
        facts: list[Fact] = []
        todo: list[tuple[StreamId, Command | Entailed]] = [(envelope.stream, envelope.command)]
        for stream, command in todo:
            self._hold(stream, folds)
            state = folds[stream].state
            policy = self._record.policy_of(state)
            for event in decide(state, command, act, policy):
                fact = self._add(folds, stream, envelope.decision_id, act, event)
                facts.append(fact)
                todo.extend(entails(folds[stream].state, event))
        return facts, folds

    def _known_now(self, envelope: Envelope) -> Act:
        return replace(envelope.act, known_at=self._batch.now)

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
        """Lock a stream and fold it, once. Clearance and payments come before their project,
        and capital comes last, so that two sittings never wait for each other.
        """
        if stream in folds:
            return
        if stream not in self.folds:
            log.lock(self._connection, stream)
            self.folds[stream] = self._shelf.read(self._connection, stream)
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

    def _earlier(self, envelope: Envelope) -> Outcome | None:
        """What was decided on this decision id before; another body under it is refused."""
        cursor = log.driver(self._connection)
        row = cursor.execute(_EARLIER, (envelope.decision_id,)).fetchone()
        if row is None:
            return None
        envelope_hash, refused_as, refused_because, version, position = row
        if envelope_hash != codec.envelope_hash(envelope):
            return Denied(
                decision_id=envelope.decision_id,
                rule="already_exists",
                because="decision_id: was used for a different decision",
            )
        if refused_as is not None:
            return Denied(
                decision_id=envelope.decision_id, rule=refused_as, because=refused_because
            )
        return Accepted(
            decision_id=envelope.decision_id,
            version=version,
            # Decided a moment ago in this very sitting: not appended yet.
            position=position or 0,
        )

    def _remember(self, envelope: Envelope, version: int, refused: Refused | None) -> None:
        row = (
            envelope.decision_id,
            envelope.stream,
            codec.envelope_hash(envelope),
            refused.rule if refused else None,
            refused.because if refused else None,
            version,
        )
        log.driver(self._connection).execute(_REMEMBER, row)

    def _write_read_models(self) -> None:
        touched = {fact.stream for fact in self._facts}
        for stream in sorted(touched):
            fold = self.folds[stream]
            policy = self._record.policy_of(fold.state)
            read_models.write(self._connection, stream, fold, policy)
        owed = tuple(
            notice
            for fact in self._facts
            for notice in notices(fact, self.folds[fact.stream].state)
        )
        read_models.owe(self._connection, owed, self._batch.now)
        self.notices = len(owed)


def _denied(envelope: Envelope, refused: Refused) -> Denied:
    return Denied(decision_id=envelope.decision_id, rule=refused.rule, because=refused.because)
