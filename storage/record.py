"""The record: where decisions are made, because it is where they are kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from domain import restore
from domain.policy import Policy
from domain.recording import Ask, Batch, Recorded
from domain.refusal import Refused
from domain.streams import Fact, State
from domain.values import StreamId
from storage import guard, journey, log, people, pinned
from storage.folds import Fold, Folds
from storage.guard import Found, Guard
from storage.outside import Outside
from storage.sitting import Sitting
from storage.spans import span

_TRIES = 20


class Record:
    """The record in one database. `policy` is the law for what begins from now on.

    `outside` are the checkpoints that are kept elsewhere, for the database cannot vouch for itself.
    `told` hears of facts once they are on the disk.
    """

    def __init__(
        self,
        engine: Engine,
        policy: Policy,
        outside: Outside | None = None,
        told: Callable[[Sequence[Fact]], None] | None = None,
    ) -> None:
        self.engine = engine
        self.policy = policy
        self.guard = Guard(outside)
        self._told = told
        self._folds = Folds()
        self._law = pinned.Law(engine, policy)
        pinned.save(engine, policy)

    def decide(self, batch: Batch) -> Recorded:
        """Decide a batch in one transaction, durable on return; an empty batch only reads on."""
        barred = None
        for _ in range(_TRIES):
            try:
                return self._decide(batch, barred) if batch.asks else self._read_on(batch)
            except log.Conflict as conflict:
                # Somebody wrote past our locks: fold again and decide again on what is true now.
                last = conflict
            except log.Overdrawn as overdrawn:
                # Decided again, it would be forbidden again: it is refused, and the rest is not.
                if len(batch.asks) > 1:
                    return self._one_by_one(batch)
                barred = _guarded(overdrawn)
                last = log.Conflict(str(overdrawn))
            except Found as found:
                # The one thing that is put on record until two officials have accepted it.
                asks = (Ask(envelope=guard.envelope(found.report, batch.now)),)
                self.decide(Batch(stream=restore.STREAM, after=0, now=batch.now, asks=asks))
                self.guard.forget()
                last = log.Conflict(str(found))
        raise last

    def fold(self, stream: StreamId) -> Fold:
        """A stream as it stands."""
        with log.look(self.engine) as connection:
            return self._folds.read(connection, stream)

    def opened(self, stream: StreamId) -> tuple[Fold, int]:
        """A stream as the disk has it, and its timeline: what a workflow may build on."""
        with log.turn(self.engine) as connection:
            fold = self._folds.read(connection, stream)
            _, standing = guard.read(connection)
        return fold, standing.timeline

    def examine(self, now: datetime) -> restore.Standing:
        """Whether the record is trusted; that it was restored is put on record, if it is news."""
        self.guard.forget()
        self.decide(Batch(stream=restore.STREAM, after=0, now=now))
        with log.look(self.engine) as connection:
            return guard.read(connection)[1]

    def policy_of(self, state: State) -> Policy:
        """The law of a case: what it pinned when it began, or the current one before that."""
        return self._law.of(state)

    def _read_on(self, batch: Batch) -> Recorded:
        # A turn: what a crash could still take back must not be known outside of the database.
        with log.turn(self.engine) as connection:
            _, own, last = journey.send(connection, *guard.HOLD_STILL, people.LAST)
            standing = self.guard.standing(connection, batch, guard.version(own))
            entries = log.read(connection, batch.stream, batch.after)
            version = self._folds.read(connection, batch.stream).version
            told = self.guard.told(batch, founded=bool(last))
            if told:
                self.guard.check_seen(connection, standing, batch, version)
        facts = tuple(entry.fact for entry in entries if entry.fact.version <= version)
        return Recorded(
            outcomes=(),
            facts=facts,
            version=version,
            notices=0,
            timeline=standing.timeline if told else 0,
            voucher=self.guard.voucher(batch.stream, version, standing.timeline),
        )

    def _one_by_one(self, batch: Batch) -> Recorded:
        """A batch as so many transactions as it has asks."""
        first, *others = batch.asks
        done = self.decide(replace(batch, asks=(first,)))
        for ask in others:
            one = self.decide(replace(batch, after=max(batch.after, done.version), asks=(ask,)))
            done = replace(
                one,
                outcomes=(*done.outcomes, *one.outcomes),
                facts=(*done.facts, *one.facts),
                notices=done.notices + one.notices,
            )
        return done

    def _decide(self, batch: Batch, barred: Refused | None = None) -> Recorded:
        about: dict[str, str | int] = {"ntm.stream": batch.stream, "ntm.asks": len(batch.asks)}
        with span("decide", **about), log.turn(self.engine) as connection:
            sitting = Sitting(connection, self._folds, self.guard, self._law, batch, barred)
            outcomes, facts = sitting.hear_all()
        self._folds.keep(sitting.folds)
        if self._told is not None:
            self._told(sitting.facts)
        version = sitting.folds[batch.stream].version
        return Recorded(
            outcomes=outcomes,
            facts=facts,
            version=version,
            notices=sitting.notices,
            timeline=sitting.timeline if sitting.told else 0,
            voucher=self.guard.voucher(batch.stream, version, sitting.timeline),
        )


def _guarded(overdrawn: log.Overdrawn) -> Refused:
    return Refused(
        "capital_guard",
        f"the database's own count of the plan forbids it ({overdrawn}); the rules had allowed it,"
        " so one of the two is wrong: see `ntm store verify`",
    )
