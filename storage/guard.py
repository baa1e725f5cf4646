"""Finds a database that was restored to an earlier point, and what the record says of it since.

It is looked for once on each new connection, because nobody can restore a database under a
connection; afterwards the answer costs a comparison.
"""

from datetime import datetime

from sqlalchemy import Connection, func, select

from domain import chain, restore
from domain.merkle import leaf_hash
from domain.recording import Batch
from domain.refusal import Refused
from domain.restore import LostCheckpoint, LostVersions, ReportRestore, Restored, Trusted
from domain.streams import Envelope
from domain.values import SYSTEM, Act, StreamId
from storage import links, log, tables
from storage.journey import Call, Row, Statement
from storage.notes import Checkpoint
from storage.outside import Kept, Outside
from storage.vouchers import Vouchers

HOLD_STILL: tuple[Call, Call] = (
    (
        Statement(
            name="ntm_hold_still",
            sql="SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))",
        ),
        (restore.STREAM,),
    ),
    (
        Statement(
            name="ntm_own_version",
            sql="SELECT coalesce(max(version), 0) FROM events WHERE stream = $1",
        ),
        (restore.STREAM,),
    ),
)
"""What keeps the record from speaking of itself until a turn ends, and asks how far it has."""


class Found(Exception):
    """The log is not the one that was signed, or that a workflow has seen."""

    def __init__(self, report: ReportRestore) -> None:
        super().__init__(f"the record was restored to an earlier point: {report.left} events left")
        self.report = report


class Guard:
    """What one process knows of the record's own stream."""

    def __init__(self, outside: Outside | None) -> None:
        self._outside = outside
        self._vouchers = None if outside is None else Vouchers(outside.home)
        self._known: tuple[int, restore.Standing] = (-1, Trusted())

    def forget(self) -> None:
        """Ask again: the record has spoken of itself."""
        self._known = (-1, Trusted())

    def standing(self, connection: Connection, batch: Batch, version: int) -> restore.Standing:
        """What the record says of itself, in so many events of its own.

        Raises `Found` when nobody has noticed yet.
        """
        at, known = self._known
        if version == at and self in connection.info and isinstance(known, Trusted):
            return known
        at, known = read(connection)
        reports = any(isinstance(ask.envelope.command, ReportRestore) for ask in batch.asks)
        if isinstance(known, Trusted) and not reports:
            self._hold_against_outside(connection, known)
        connection.info[self] = True
        self._known = at, known
        return known

    def _hold_against_outside(self, connection: Connection, known: Trusted) -> None:
        if self._outside is None:
            return
        try:
            lost = contradiction(connection, known, self._outside)
        except (OSError, ValueError):
            # Keys or folders that cannot be read are told by the doctor and by whoever signs;
            # they prove nothing, and must not stop every decision.
            return
        if lost is not None:
            raise Found(lost)

    def voucher(self, stream: StreamId, version: int, timeline: int) -> str:
        """What shows later that the record told a stream up to a version."""
        if self._vouchers is None:
            return ""
        try:
            return self._vouchers.give(stream, version, timeline)
        except OSError:
            # A home that cannot be written proves nothing, and must not stop every decision.
            return ""

    def told(self, batch: Batch, *, founded: bool) -> bool:
        """Whether it was this record that told the asker what they say to have seen.

        Where commands are not proved yet, everybody is believed.
        """
        if self._vouchers is None or not founded:
            return True
        try:
            return self._vouchers.hold(batch)
        except OSError:
            return True

    def check_seen(
        self, connection: Connection, standing: restore.Standing, batch: Batch, held: int
    ) -> None:
        """Raise `Found` when whoever asks has seen what the record does not hold any more."""
        is_known = isinstance(standing, Restored) or batch.timeline != standing.timeline
        if batch.after <= held or is_known:
            return
        lost = LostVersions(stream=batch.stream, seen=batch.after, held=held)
        left = size(connection)
        raise Found(ReportRestore(timeline=standing.timeline, left=left, evidence=lost))


def version(rows: list[Row]) -> int:
    """The answer to the second call of `HOLD_STILL`."""
    ((found,),) = rows
    return int(found)


def envelope(report: ReportRestore, now: datetime) -> Envelope:
    """What the record tells itself; the same finding is the same decision, whoever makes it."""
    match report.evidence:
        case LostCheckpoint(size=signed):
            what = f"{signed}"
        case LostVersions(stream=stream, seen=seen):
            what = f"{stream}:{seen}"
    return Envelope(
        decision_id=f"restored:{report.timeline}:{report.left}:{what}",
        stream=restore.STREAM,
        act=Act(by=SYSTEM, at=now),
        command=report,
    )


def read(connection: Connection) -> tuple[int, restore.Standing]:
    """The record's own stream, folded."""
    entries = log.read(connection, restore.STREAM)
    state: restore.Standing = Trusted()
    for entry in entries:
        if isinstance(entry.fact.event, restore.Event):
            state = restore.evolve(state, entry.fact.event, entry.fact.act)
    return len(entries), state


def contradiction(
    connection: Connection, standing: restore.Standing, outside: Outside
) -> ReportRestore | None:
    """What the newest note outside says that the log does not; None if they agree."""
    kept = outside.newest()
    if kept is None or kept.checkpoint.size == 0:
        return None
    signed = kept.checkpoint
    if restore.is_abandoned(standing.restores, signed.timeline, signed.size):
        return None
    if _agrees(connection, kept):
        return None
    note = tuple(kept.text.split("\n"))
    lost = LostCheckpoint(size=signed.size, root=signed.root.hex(), note=note)
    return ReportRestore(
        timeline=max(signed.timeline, standing.timeline),
        left=_left(connection, signed, outside),
        evidence=lost,
    )


def size(connection: Connection) -> int:
    """The last position of the log."""
    last: int | None = connection.execute(select(func.max(tables.events.c.position))).scalar()
    return last or 0


def refusal(standing: Restored) -> Refused:
    """What everybody is told until two officials have accepted."""
    return Refused(
        "restored",
        f"the record was restored to an earlier point ({standing.found.left} events left):"
        " no decision is taken until two officials accept it; see `ntm reconcile`",
    )


def agrees(connection: Connection, kept: Kept) -> bool | None:
    """Whether the last event under a note is the one that was signed; None if nobody can tell."""
    if kept.edge is None:
        return None
    found = links.at(connection, kept.checkpoint.size)
    if found is None:
        return False
    try:
        leaf = chain.leaf(found.link, chain.record_of(found.link))
    except (ValueError, RecursionError):
        return False
    return leaf_hash(leaf) == kept.edge.last


def _agrees(connection: Connection, kept: Kept) -> bool:
    quick = agrees(connection, kept)
    if quick is not None:
        return quick
    from storage import audit

    if size(connection) < kept.checkpoint.size:
        return False
    # A note that was copied here by hand, without its tree: all of it is computed again.
    return audit.root(connection, kept.checkpoint.size) == kept.checkpoint.root


def _left(connection: Connection, signed: Checkpoint, outside: Outside) -> int:
    """How many events are certainly those that were signed: all, of a log that is only shorter.

    If it went on differently, those under the last checkpoint that log and folder have in common.
    """
    last = size(connection)
    if last < signed.size:
        return last
    table = tables.checkpoints.c
    query = select(table.size, table.root, table.note).where(table.size < signed.size)
    for row in connection.execute(query.order_by(table.size.desc())):
        for timeline in range(signed.timeline, 0, -1):
            one = Checkpoint(size=row.size, root=row.root, timeline=timeline)
            if outside.holds(one, row.note):
                return one.size
    return 0
