"""Tamper evidence: what the log is held against, and where it is first not what it was."""

import json
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.dialects.postgresql import insert

from domain import chain, restore
from domain.chain import Link
from domain.merkle import Frontier, Tree, extends
from domain.restore import Restore, Restored, Trusted
from domain.values import value
from storage import (
    beside,
    codec,
    links,
    log,
    notes,
    signatures,
    tables,
    upcasts,
)
from storage.breaks import Break, Wrong
from storage.keyring import Keyring
from storage.notes import Checkpoint


@value
class Note:
    """A signed checkpoint, and where it was kept."""

    text: str
    kept_in: str


@value
class Report:
    """What was looked at, and every break; the first of them first.

    `restores` are breaks that two officials accepted, and `abandoned` counts the checkpoints of
    what was lost by them. `signed` is the size of the largest checkpoint, `proved` the number of
    decisions whose officials' signatures were checked.
    """

    events: int
    streams: int
    checkpoints: int
    root: str
    breaks: tuple[Break, ...]
    restores: tuple[Restore, ...] = ()
    abandoned: int = 0
    signed: int = 0
    proved: int = 0

    @property
    def timeline(self) -> int:
        return Trusted(restores=self.restores).timeline


Progress = Callable[[int], None]


class Audit:
    """One passage over the log."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.breaks: list[Break] = []
        self.heads: dict[str, tuple[int, bytes]] = {}
        self.places: list[tuple[str, int]] = []
        self.own: list[Link] = []
        self.abandoned = 0
        self._position = 0
        self._decision = ""
        self._decisions: set[str] = set()

    def take(self, kept: links.Kept) -> None:
        """The next event by position: hold it against those before it."""
        link = kept.link
        if link.position != self._position + 1:
            self._broken("position", link, f"{self._position + 1}")
        self._position = link.position
        version, head = self.heads.get(link.stream, (0, chain.ORIGIN))
        if link.version != version + 1:
            self._broken("version", link, f"{version + 1}")
        written = self._written(link)
        if written is not None and chain.chained(head, written).hex() != link.hash:
            self._broken("hash", link)
        self._take_decision(kept)
        # Go on from what is kept: an altered event is one break, not one and all after it.
        self.heads[link.stream] = (link.version, bytes.fromhex(link.hash))
        self.places.append((link.stream, link.version))
        self.tree.add(chain.leaf(link, written or b""))
        if link.stream == restore.STREAM:
            self.own.append(link)

    def _written(self, link: Link) -> bytes | None:
        try:
            return chain.record_of(link)
        except (ValueError, RecursionError):
            self._broken("form", link)
            return None

    def _take_decision(self, kept: links.Kept) -> None:
        """A decision is one run of events, and the record knows it by its id."""
        link = kept.link
        if not kept.is_decided:
            self._broken("undecided", link, link.decision_id)
        if link.decision_id == self._decision:
            return
        if link.decision_id in self._decisions:
            self._broken("decided-twice", link, link.decision_id)
        self._decisions.add(link.decision_id)
        self._decision = link.decision_id

    def hold_against(
        self, checkpoints: list[tuple[Checkpoint, str]], restores: tuple[Restore, ...] = ()
    ) -> None:
        """Compare with what was true once; the smallest checkpoint that differs is nearest.

        What was signed of events that an accepted restore lost is counted, and no break.
        """
        good, size = Checkpoint(size=0, root=self.tree.root(0)), self.tree.size
        for checkpoint, kept_in in sorted(checkpoints, key=lambda pair: pair[0].size):
            if restore.is_abandoned(restores, checkpoint.timeline, checkpoint.size):
                self.abandoned += 1
            elif checkpoint.size > size:
                self._gone("cut", size, checkpoint.size, kept_in)
            elif checkpoint.root != self.tree.root(checkpoint.size):
                self._gone("root", good.size, checkpoint.size, kept_in)
            else:
                proof = self.tree.consistency(good.size, checkpoint.size)
                # Shown as an outsider would be shown it, who has the two checkpoints only.
                if not extends(good.size, good.root, checkpoint.size, checkpoint.root, proof):
                    self._gone("contradiction", good.size, checkpoint.size, kept_in)
                good = checkpoint

    def _gone(self, wrong: Wrong, after: int, until: int, kept_in: str) -> None:
        if any((one.wrong, one.until) == (wrong, until) for one in self.breaks):
            # The same checkpoint, kept in two places.
            return
        stream, version = self.places[after] if after < len(self.places) else ("", 0)
        self.breaks.append(
            Break(
                wrong=wrong, position=after + 1, stream=stream, version=version, until=until,
                detail=kept_in,
            )
        )  # fmt: skip

    def _broken(self, wrong: Wrong, link: Link, detail: str = "") -> None:
        self.breaks.append(
            Break(
                wrong=wrong, position=link.position, stream=link.stream, version=link.version,
                detail=detail,
            )
        )  # fmt: skip


def verify(
    engine: Engine, known: Keyring | None, given: tuple[Note, ...], progress: Progress
) -> Report:
    """Recompute everything, and hold it against every checkpoint, stored and given."""
    return passed(engine, known, given, progress)[0]


def passed(
    engine: Engine, known: Keyring | None, given: tuple[Note, ...], progress: Progress
) -> tuple[Report, Tree]:
    """The same, with the tree that was computed."""
    with log.look(engine) as connection, connection.begin():
        checkpoints, breaks = _opened(connection, known, given)
        audit = _passed(connection, progress)
        breaks += beside.found(connection)
        breaks += signatures.found(connection)
        proved = signatures.count(connection)
    standing = _standing(audit.own)
    audit.hold_against(checkpoints, standing.restores)
    if isinstance(standing, Restored):
        found = standing.found
        breaks.append(Break(wrong="restored", position=found.left + 1, stream=restore.STREAM))
    report = Report(
        events=audit.tree.size,
        streams=len(audit.heads),
        checkpoints=len(checkpoints),
        root=audit.tree.root(audit.tree.size).hex(),
        # What is wrong with a single event says more than what is wrong with many.
        breaks=(*audit.breaks, *breaks),
        restores=standing.restores,
        abandoned=audit.abandoned,
        signed=max((one.size for one, _ in checkpoints), default=0),
        proved=proved,
    )
    return report, audit.tree


def root(connection: Connection, size: int) -> bytes:
    """The root over the first events, computed anew."""
    tree = Frontier()
    for kept in links.every(connection):
        if tree.size == size:
            break
        try:
            tree.add(chain.leaf(kept.link, chain.record_of(kept.link)))
        except (ValueError, RecursionError):
            tree.add(b"")
    return tree.root()


def size(engine: Engine) -> int:
    """How many events there are to look at."""
    with log.look(engine) as connection:
        return connection.execute(select(func.count()).select_from(tables.events)).scalar_one()


def has_checkpoints(engine: Engine) -> bool:
    with log.look(engine) as connection:
        return connection.execute(select(tables.checkpoints.c.size).limit(1)).first() is not None


def keep(engine: Engine, key: Ed25519PrivateKey, checkpoint: Checkpoint) -> str:
    """Sign a checkpoint and store it; return the note. Storing it again changes nothing."""
    note = notes.sign(key, checkpoint)
    row = {
        "size": checkpoint.size,
        "root": checkpoint.root,
        "note": note,
        "taken_at": func.clock_timestamp(),
    }
    with log.look(engine) as connection, connection.begin():
        connection.execute(insert(tables.checkpoints).values(row).on_conflict_do_nothing())
    return note


def _passed(connection: Connection, progress: Progress) -> Audit:
    audit = Audit()
    for number, kept in enumerate(links.every(connection), 1):
        audit.take(kept)
        progress(number)
    return audit


def _opened(
    connection: Connection, known: Keyring | None, given: tuple[Note, ...]
) -> tuple[list[tuple[Checkpoint, str]], list[Break]]:
    """Every checkpoint that a known key signed; a break for each that none did."""
    table = tables.checkpoints
    stored = connection.execute(select(table).order_by(table.c.size)).all()
    found: list[tuple[Checkpoint, str]] = []
    breaks: list[Break] = []
    if known is None:
        return found, breaks
    for row in stored:
        where = f"checkpoints.{row.size}"
        _open(known, Note(text=row.note, kept_in=where), found, breaks)
        named = (row.size, row.root)
        if found and found[-1][1] == where and (found[-1][0].size, found[-1][0].root) != named:
            breaks.append(Break(wrong="replaced", until=row.size, detail=where))
    for note in given:
        _open(known, note, found, breaks)
    return found, breaks


def _open(
    known: Keyring, note: Note, found: list[tuple[Checkpoint, str]], breaks: list[Break]
) -> None:
    try:
        found.append((known.read(note.text), note.kept_in))
    except ValueError as error:
        breaks.append(Break(wrong="signature", detail=f"{note.kept_in} {error}"))


def _standing(own: list[Link]) -> restore.Standing:
    """What the record said of itself, as far as that can be read; breaks are told elsewhere."""
    state: restore.Standing = Trusted()
    for link in own:
        try:
            event = codec.event(link.kind, link.schema_version, json.dumps(link.body))
            act = codec.ACT.validate_json(json.dumps(link.act))
            assert isinstance(event, restore.Event)
            state = restore.evolve(state, event, act)
        except (ValueError, AssertionError, LookupError, upcasts.Unknown):
            return Trusted()
    return state
