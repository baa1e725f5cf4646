"""Checkpoints taken: the log signed, stored with it, and kept outside of the database.

The first of a timeline looks at everything. Those that a schedule takes go on from the last note
outside: they look at its last event and at all that came since, and at nothing before.
"""

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, select

from domain import chain
from domain.merkle import Frontier, leaf_hash
from domain.restore import Restored
from domain.values import value
from storage import audit, guard, keys, links, log, tables
from storage.audit import Report
from storage.breaks import Break, Wrong
from storage.keyring import Keyring
from storage.notes import Checkpoint
from storage.outside import Edge, Kept, Outside


class Broken(Exception):
    """The log is not what it was, or not trusted: nothing is signed."""

    def __init__(self, because: str) -> None:
        super().__init__(f"no checkpoint is taken: {because}")


@value
class Taken:
    """A signed checkpoint, how many events were looked at for it, and folders that failed."""

    checkpoint: Checkpoint
    note: str
    looked_at: int
    failed: tuple[str, ...] = ()


def key(engine: Engine, outside: Outside) -> Ed25519PrivateKey:
    """The home's key, made if nothing was ever signed. Raises `Broken` where another key signs."""
    own = keys.find(outside.home)
    if own is None and audit.has_checkpoints(engine):
        raise Broken("this home has no audit-key, and another one has signed before")
    return own or keys.own(outside.home)


def take(engine: Engine, outside: Outside) -> Taken | None:
    """A checkpoint of what the log has now; None if it has not grown since the last one.

    Raises `Broken`.
    """
    own = key(engine, outside)
    with log.look(engine) as connection, connection.begin():
        _, standing = guard.read(connection)
        if isinstance(standing, Restored):
            raise Broken("the record was restored, and that is not accepted yet")
        kept = outside.newest()
        known = kept and (kept.checkpoint.timeline, guard.agrees(connection, kept))
        if kept is not None and known == (standing.timeline, True):
            if guard.size(connection) == kept.checkpoint.size:
                return None
            grown = _grown(connection, kept)
            looked_at = grown.before.size + 1 - kept.checkpoint.size
            return _sign(engine, outside, own, grown, standing.timeline, looked_at)
        lost = guard.contradiction(connection, standing, outside)
    if lost is not None:
        raise Broken("the log is not the one that was signed")
    report, edge = whole(engine, outside, lambda _done: None)
    if report.breaks:
        one = report.breaks[0]
        raise Broken(f"{one.wrong} at position {one.position} {one.detail}".rstrip())
    if edge is None:
        return None
    return _sign(engine, outside, own, edge, report.timeline, report.events)


def whole(
    engine: Engine,
    outside: Outside,
    progress: Callable[[int], None],
    known: Keyring | None = None,
) -> tuple[Report, Edge | None]:
    """Everything looked at, and the edge of its tree; None for an empty log.

    `known` are the keys that signed so far, where the home has not got one of them any more.
    """
    known = known or outside.keyring()
    kept = outside.newest(known)
    given = (audit.Note(text=kept.text, kept_in=str(kept.file)),) if kept else ()
    report, tree = audit.passed(engine, known, given, progress)
    if not tree.size:
        return report, None
    last = tree.size - 1
    return report, Edge(before=tree.frontier(last), last=tree.leaf(last))


def sign(engine: Engine, outside: Outside, report: Report, edge: Edge | None) -> Taken:
    """Sign what was looked at whole, and found well."""
    own = key(engine, outside)
    return _sign(engine, outside, own, edge, report.timeline, report.events)


def _sign(
    engine: Engine,
    outside: Outside,
    own: Ed25519PrivateKey,
    edge: Edge | None,
    timeline: int,
    looked_at: int,
) -> Taken:
    tree = edge.whole() if edge else Frontier()
    checkpoint = Checkpoint(size=tree.size, root=tree.root(), timeline=timeline)
    # In the database first, which waits for its disk: what a crash could still take back must
    # not be known outside.
    note = audit.keep(engine, own, checkpoint)
    failed = outside.keep(checkpoint, note, edge)
    return Taken(
        checkpoint=checkpoint, note=note, looked_at=looked_at, failed=tuple(map(str, failed))
    )


def _grown(connection: Connection, kept: Kept) -> Edge:
    """The edge of the tree after every event since a checkpoint. Raises `Broken`."""
    assert kept.edge is not None
    tree, last = kept.edge.whole(), kept.edge.last
    before = tree
    heads: dict[str, tuple[int, bytes]] = {}
    for one in links.every(connection, kept.checkpoint.size):
        link = one.link
        before_it = link.version - 1
        if link.stream in heads:
            version, known = heads[link.stream]
            head = known if version == before_it else None
        else:
            head = _head(connection, link.stream, before_it)
        wrong = _wrong(one, tree.size + 1, head)
        if wrong is not None:
            raise Broken(f"{wrong.wrong} at position {wrong.position}, {wrong.stream}")
        heads[link.stream] = link.version, bytes.fromhex(link.hash)
        before = Frontier(tree.size, tree.peaks)
        last = leaf_hash(chain.leaf(link, chain.record_of(link)))
        tree.add_hash(last)
    return Edge(before=before, last=last)


def _wrong(one: links.Kept, position: int, head: bytes | None) -> Break | None:
    """What is wrong with an event that follows others which were looked at before."""
    link = one.link
    wrong: Wrong | None = None
    try:
        written = chain.record_of(link)
    except (ValueError, RecursionError):
        wrong, written = "form", b""
    if link.position != position:
        wrong = "position"
    elif head is None:
        wrong = "version"
    elif wrong is None and chain.chained(head, written).hex() != link.hash:
        wrong = "hash"
    elif not one.is_decided:
        wrong = "undecided"
    if wrong is None:
        return None
    return Break(wrong=wrong, position=link.position, stream=link.stream, version=link.version)


def _head(connection: Connection, stream: str, version: int) -> bytes | None:
    """The hash of an event that was looked at before; None where it is missing."""
    if version == 0:
        return chain.ORIGIN
    events = tables.events.c
    query = select(events.hash).where(events.stream == stream, events.version == version)
    found: bytes | None = connection.execute(query).scalar_one_or_none()
    return found
