"""One transaction of the record.

It folds the streams, checks authority, decides, appends, and brings read models and outbox along.
Whoever hands a command in is believed about nothing else.
"""

from dataclasses import replace

from sqlalchemy import Connection

from domain import restore
from domain.authority import authorise
from domain.citing import check_citation
from domain.notices import notices
from domain.recording import Accepted, Ask, Batch, Denied, Outcome, check_moment, consequences
from domain.refusal import Refused
from domain.streams import (
    DecisionRefused,
    Envelope,
    Event,
    Fact,
    State,
    check_address,
    evolve,
)
from domain.text import check_text
from domain.values import Act, StreamId
from storage import codec, decisions, guard, journey, log, read_models
from storage.decisions import Decision
from storage.failpoints import FailPoint, reach
from storage.folds import Fold, Folds
from storage.guard import Guard
from storage.journey import Call
from storage.pinned import Law

_ALL_QUESTIONS = StreamId("question/")
"""The lock under which decisions on questions are made, one at a time."""


class Sitting:
    """One transaction: the streams it holds, and what it has decided on them so far."""

    def __init__(
        self, connection: Connection, shelf: Folds, watch: Guard, law: Law, batch: Batch
    ) -> None:
        self._connection = connection
        self._shelf = shelf
        self._guard = watch
        self._law = law
        self._batch = batch
        self._facts: list[Fact] = []
        self._decisions: dict[str, Decision] = {}
        self._calls: list[Call] = []
        self._standing: restore.Standing = restore.Trusted()
        self.folds: dict[StreamId, Fold] = {}
        self.notices = 0

    def hear_all(self) -> tuple[tuple[Outcome, ...], tuple[Fact, ...]]:
        """Decide each ask on top of those before it, then write everything at once.

        Returns an outcome per ask, and every fact of the stream that the asker has not seen.
        """
        reach(FailPoint.BEFORE_LOCK)
        self._hold(self._batch.stream, self.folds)
        missed = self._missed()
        unfit = [_unfit(ask.envelope) for ask in self._batch.asks]
        # What the database cannot keep, it cannot look up either.
        fit = [
            ask.envelope.decision_id
            for ask, refused in zip(self._batch.asks, unfit, strict=True)
            if refused is None
        ]
        self._look_around(fit)
        outcomes = [
            self._hear(ask) if refused is None else _denied(ask.envelope, refused)
            for ask, refused in zip(self._batch.asks, unfit, strict=True)
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
    def timeline(self) -> int:
        return self._standing.timeline

    def _look_around(self, ids: list[str]) -> None:
        """What was decided before, and whether this is still the record that was signed.

        The record says nothing of itself until this turn has ended.
        """
        *_, own, rows = journey.send(self._connection, *guard.HOLD_STILL, decisions.earlier(ids))
        self._decisions = decisions.known(rows)
        self._standing = self._guard.standing(self._connection, self._batch, guard.version(own))
        held = self.folds[self._batch.stream].version
        self._guard.check_seen(self._connection, self._standing, self._batch, held)

    def _missed(self) -> tuple[Fact, ...]:
        """What others had recorded when we took the stream; seldom anything."""
        if self.folds[self._batch.stream].version == self._batch.after:
            return ()
        entries = log.read(self._connection, self._batch.stream, self._batch.after)
        return tuple(entry.fact for entry in entries)

    def _hear(self, ask: Ask) -> Outcome:
        envelope = ask.envelope
        earlier = self._earlier(envelope)
        if earlier is not None:
            return earlier
        if isinstance(self._standing, restore.Restored) and self._batch.stream != restore.STREAM:
            return _denied(envelope, guard.refusal(self._standing))
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
        check_moment(envelope.act, self._batch.now)
        folds = dict(self.folds)
        state = folds[envelope.stream].state
        law = self._law.over(envelope.command, state)
        authorise(envelope.command, envelope.act, state, law)
        check_citation(envelope.command, envelope.act, law)
        act = self._known_now(envelope)

        def hold(stream: StreamId) -> State:
            self._hold(stream, folds)
            return folds[stream].state

        facts = [
            self._add(folds, stream, envelope.decision_id, act, event)
            for stream, event in consequences(envelope, act, hold, self._law.judging)
        ]
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
        """Lock a stream and fold it, once. Questions come first, clearance and payments before
        their project, and capital last, so that two sittings never wait for each other.
        """
        if stream in folds:
            return
        if stream not in self.folds:
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

    def _earlier(self, envelope: Envelope) -> Outcome | None:
        """What was decided on this decision id before; another body under it is refused."""
        found = self._decisions.get(envelope.decision_id)
        if found is None:
            return None
        if found.envelope_hash != codec.envelope_hash(envelope):
            return Denied(
                decision_id=envelope.decision_id,
                rule="already_exists",
                because="decision_id: was used for a different decision",
            )
        if found.refused_as is not None:
            return Denied(
                decision_id=envelope.decision_id,
                rule=found.refused_as,
                because=found.refused_because or "",
            )
        return Accepted(
            decision_id=envelope.decision_id, version=found.version, position=found.position
        )

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
        check_text(envelope)
    except Refused as refused:
        return refused
    return None


def _denied(envelope: Envelope, refused: Refused) -> Denied:
    return Denied(decision_id=envelope.decision_id, rule=refused.rule, because=refused.because)
