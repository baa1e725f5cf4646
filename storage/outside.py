"""Checkpoints kept outside the database, so that a restored one is found out.

    notes/TIMELINE/SIZE in ten thousands/SIZE.note    the note, for anybody
    notes/TIMELINE/SIZE in ten thousands/SIZE.tree    the edge of its tree, so that it can grow
    notes/keys/…                                      statements of keys that follow one another

Nothing here is ever removed or written over. What a `.tree` says is believed only as far as it
adds up to the root that was signed.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from domain.merkle import Frontier
from domain.values import value
from storage import keyring, keys
from storage.keyring import Keyring, Succession
from storage.notes import Checkpoint

_AT_ONCE = 10_000


@value
class Edge:
    """A tree before its last leaf, and that leaf's hash."""

    before: Frontier
    last: bytes

    def whole(self) -> Frontier:
        """The tree with its last leaf."""
        found = Frontier(self.before.size, self.before.peaks)
        found.add_hash(self.last)
        return found


@value
class Kept:
    """A note that our keys signed, and the edge of its tree if that is kept beside it."""

    checkpoint: Checkpoint
    text: str
    file: Path
    edge: Edge | None


class Outside:
    """The folders of one home: its own, and those on other media that the operator names."""

    def __init__(self, home: Path, others: tuple[Path, ...] = ()) -> None:
        self.home = home
        self.places = (home / "notes", *others)

    def keyring(self) -> Keyring | None:
        """The home's key and those that statements join to it; None while there is none."""
        own = keys.find(self.home)
        return None if own is None else keyring.joined(own.public_key(), self.successions())

    def successions(self) -> tuple[Succession, ...]:
        """Every statement that is kept; what is none is passed over."""
        found: dict[str, Succession] = {}
        for place in self.places:
            for file in sorted((place / "keys").glob("*.note")):
                try:
                    one = keyring.read(file.read_text("utf-8"))
                except (OSError, ValueError):
                    continue
                found[one.text] = one
        return tuple(found.values())

    def newest(self, known: Keyring | None = None) -> Kept | None:
        """The latest note that our keys signed: of the latest timeline, the largest."""
        if known is None and any(place.is_dir() for place in self.places):
            known = self.keyring()
        if known is None:
            return None
        found = [one for place in self.places if (one := _newest(place, known)) is not None]
        order = [(one.checkpoint.timeline, one.checkpoint.size, one.edge is not None)
                 for one in found]  # fmt: skip
        return found[order.index(max(order))] if found else None

    def holds(self, checkpoint: Checkpoint, note: str) -> bool:
        """Whether this very note is kept."""
        for place in self.places:
            try:
                if _file(place, checkpoint).read_text("utf-8") == note:
                    return True
            except OSError:
                continue
        return False

    def keep(self, checkpoint: Checkpoint, note: str, edge: Edge | None) -> tuple[Path, ...]:
        """Write a note to every folder; returns those that could not be written."""
        return self._write_everywhere(
            lambda place: _file(place, checkpoint), note, _edge_text(edge) if edge else None
        )

    def keep_succession(self, one: Succession) -> tuple[Path, ...]:
        """Write a statement of keys to every folder; returns those that could not be written."""
        name = "-".join(spelled.split("+")[1] for spelled in (one.old, one.new))
        return self._write_everywhere(lambda place: place / "keys" / f"{name}.note", one.text, None)

    def _write_everywhere(
        self, where: Callable[[Path], Path], text: str, beside: str | None
    ) -> tuple[Path, ...]:
        failed = []
        for place in self.places:
            file = where(place)
            try:
                file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                if beside is not None:
                    # First: a note is never seen without it.
                    _write(file.with_suffix(".tree"), beside)
                _write(file, text)
            except OSError:
                failed.append(place)
        return tuple(failed)


def _newest(place: Path, known: Keyring) -> Kept | None:
    for file in _latest_first(place):
        try:
            text = file.read_text("utf-8")
            checkpoint = known.read(text)
        except (OSError, ValueError):
            # Whoever may write here could otherwise hide the true ones behind a false one.
            continue
        return Kept(checkpoint=checkpoint, text=text, file=file, edge=_edge(file, checkpoint))
    return None


def _latest_first(place: Path) -> Iterator[Path]:
    """Notes by their names: a folder of ten thousand sizes is read, and no more."""
    for timeline in _numbered(place):
        for thousands in _numbered(timeline):
            for file in _numbered(thousands):
                if file.suffix == ".note":
                    yield file


def _numbered(folder: Path) -> list[Path]:
    try:
        found = [one for one in folder.iterdir() if one.stem.isdecimal()]
    except OSError:
        return []
    return sorted(found, key=lambda one: int(one.stem), reverse=True)


def _file(place: Path, checkpoint: Checkpoint) -> Path:
    size = checkpoint.size
    return place / str(checkpoint.timeline) / f"{size // _AT_ONCE:08}" / f"{size:012}.note"


def _edge_text(edge: Edge) -> str:
    return "".join(f"{one.hex()}\n" for one in (*edge.before.peaks, edge.last))


def _edge(file: Path, checkpoint: Checkpoint) -> Edge | None:
    """What is kept beside a note, if it adds up to what was signed."""
    try:
        lines = file.with_suffix(".tree").read_text("ascii").split()
        *peaks, last = (bytes.fromhex(line) for line in lines)
        edge = Edge(before=Frontier(checkpoint.size - 1, tuple(peaks)), last=last)
    except (OSError, ValueError):
        return None
    return edge if edge.whole().root() == checkpoint.root else None


def _write(file: Path, text: str) -> None:
    """A whole file or none, on the disk before it has its name; what is there stays."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with draft.open("w", encoding="utf-8") as new:
        new.write(text)
        new.flush()
        os.fsync(new.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    except OSError:
        # Some media know no links.
        if not file.exists():
            draft.replace(file)
            return
    draft.unlink()
