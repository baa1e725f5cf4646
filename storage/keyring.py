"""Keys that follow one another: the old one names the new one, and the new one agrees.

A statement is a signed note, as checkpoints are, with a signature of each:

    ntm-record/key
    1234
    the old key as `ntm audit key` spells it
    the new key

    — ntm-record …
    — ntm-record …

The old key's checkpoints count up to that size of the log, so that whoever finds it later can sign
nothing new with it.

Where the old key is lost, the first line is `ntm-record/key-lost`, and only the new key signs. That
leads those who trust the new key back to the old one, and nobody who trusts the old one anywhere.
"""

from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.values import value
from storage import notes
from storage.notes import Checkpoint

_FORM = f"{notes.NAME}/key"
_LOST = f"{_FORM}-lost"


@value
class Succession:
    """From so many events on, one key signs in the place of another; the text says so for both."""

    size: int
    old: str
    new: str
    text: str
    is_lost: bool = False


@value
class Keyring:
    """A trusted key and those that statements join to it, each with the last size it may sign."""

    keys: tuple[tuple[Ed25519PublicKey, int | None], ...]

    def read(self, note: str) -> Checkpoint:
        """The checkpoint of a note that one of the keys signed. Raises ValueError otherwise."""
        unknown = ValueError("is not signed by this key")
        for key, last in self.keys:
            try:
                found = notes.read(key, note)
            except ValueError as error:
                unknown = error if str(unknown) == "is not signed by this key" else unknown
                continue
            if last is not None and found.size > last:
                raise ValueError(f"is signed by a key that was replaced at {last} events")
            return found
        raise unknown

    def signer(self, note: str) -> Ed25519PublicKey:
        """The key that signed a checkpoint. Raises ValueError if none of these did."""
        self.read(note)
        for key, _ in self.keys:
            try:
                notes.read(key, note)
            except ValueError:
                continue
            return key
        raise ValueError("is not signed by this key")

    def knows(self, spelled: str) -> bool:
        return any(notes.spelled(key) == spelled for key, _ in self.keys)


def state(old: Ed25519PrivateKey, new: Ed25519PrivateKey, size: int) -> Succession:
    """Have the old key name the new one, from a size of the log on."""
    names = tuple(notes.spelled(key.public_key()) for key in (old, new))
    text = f"{_FORM}\n{size}\n{names[0]}\n{names[1]}\n"
    both = notes.signed(old, text) + notes.signed(new, text).rpartition("\n\n")[2]
    return read(both)


def lost(old: Ed25519PublicKey, new: Ed25519PrivateKey, size: int) -> Succession:
    """Have a new key say that the old one is lost, after it signed so many events."""
    names = (notes.spelled(old), notes.spelled(new.public_key()))
    return read(notes.signed(new, f"{_LOST}\n{size}\n{names[0]}\n{names[1]}\n"))


def read(text: str) -> Succession:
    """A statement that its keys signed. Raises ValueError if it is none."""
    lines = text.split("\n")
    if len(lines) < 5 or lines[0] not in (_FORM, _LOST):
        raise ValueError("is no statement of one key about another")
    size, old, new = notes.number(lines[1]), lines[2], lines[3]
    is_lost = lines[0] == _LOST
    for spelled in (new,) if is_lost else (old, new):
        notes.opened(notes.public_key(spelled), text)
    notes.public_key(old)
    return Succession(size=size, old=old, new=new, text=text, is_lost=is_lost)


def joined(trusted: Ed25519PublicKey, statements: Iterable[Succession] = ()) -> Keyring:
    """The keys that a trusted one leads to, forwards by its word and backwards by its consent.

    Raises ValueError when one of them names two others: one of the two was forged by a thief.
    """
    known, said = {notes.spelled(trusted)}, tuple(statements)
    for _ in said:
        for one in said:
            if one.new in known or (one.old in known and not one.is_lost):
                known |= {one.old, one.new}
    named: dict[str, str] = {}
    last: dict[str, int] = {}
    for one in said:
        if not {one.old, one.new} <= known:
            continue
        if not one.is_lost and named.setdefault(one.old, one.new) != one.new:
            raise ValueError("a key names two that follow it")
        last[one.old] = min(one.size, last.get(one.old, one.size))
    names = [notes.spelled(trusted), *sorted(known - {notes.spelled(trusted)})]
    return Keyring(keys=tuple((notes.public_key(name), last.get(name)) for name in names))
