"""The Merkle tree of RFC 6962: one hash that stands for a whole log, and short proofs under it.

Inclusion: this leaf is in that tree. Consistency: that tree is this one with leaves added at its
end, and nothing else. Both are checked with the roots alone.
"""

from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(leaf: bytes) -> bytes:
    """Leaves and nodes hash under different prefixes, so that neither passes for the other."""
    return sha256(b"\x00" + leaf).digest()


class Tree:
    """A tree that grows at its end. Whole subtrees are kept, so that proofs are cheap."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]

    @property
    def size(self) -> int:
        return len(self._levels[0])

    def add(self, leaf: bytes) -> None:
        """Put a leaf at the end, and finish every subtree that it completes."""
        self._levels[0].append(leaf_hash(leaf))
        level = 0
        while len(self._levels[level]) % 2 == 0:
            if level + 1 == len(self._levels):
                self._levels.append([])
            left, right = self._levels[level][-2:]
            self._levels[level + 1].append(_node(left, right))
            level += 1

    def leaf(self, index: int) -> bytes:
        """The hash of a leaf."""
        return self._levels[0][index]

    def root(self, size: int) -> bytes:
        """The root over the first leaves."""
        self._check(size)
        return self._span(0, size) if size else EMPTY_ROOT

    def frontier(self, size: int) -> "Frontier":
        """The right edge of the tree over the first leaves."""
        self._check(size)
        peaks, start = [], 0
        while start < size:
            whole = 1 << ((size - start).bit_length() - 1)
            peaks.append(self._span(start, start + whole))
            start += whole
        return Frontier(size, tuple(peaks))

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """What has to be known beside a leaf to compute the root over the first `size` leaves."""
        self._check(size)
        if not 0 <= index < size:
            raise ValueError(f"leaf {index} is not among the first {size}")
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._span(middle, end))
                end = middle
            else:
                path.append(self._span(start, middle))
                start = middle
        return tuple(reversed(path))

    def consistency(self, earlier: int, later: int) -> tuple[bytes, ...]:
        """What shows that the tree of `later` leaves begins with the tree of `earlier` ones."""
        self._check(later)
        if not 0 <= earlier <= later:
            raise ValueError(f"a tree of {earlier} leaves is not earlier than one of {later}")
        if earlier in (0, later):
            return ()
        path: list[bytes] = []
        start, end = 0, later
        while end != earlier:
            middle = start + _split(end - start)
            if earlier <= middle:
                path.append(self._span(middle, end))
                end = middle
            else:
                path.append(self._span(start, middle))
                start = middle
        # Whoever checks the proof has the earlier root, which this last subtree is if it is whole.
        own = () if start == 0 else (self._span(start, end),)
        return (*own, *reversed(path))

    def _check(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise ValueError(f"the tree has {self.size} leaves, not {size}")

    def _span(self, start: int, end: int) -> bytes:
        """The root over leaves that begin at a multiple of a power of two not below their count."""
        count = end - start
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            return self._levels[level][start >> level]
        middle = start + _split(count)
        return _node(self._span(start, middle), self._span(middle, end))


class Frontier:
    """The right edge of a tree: as much of it as is needed to grow, and to know the root.

    `peaks` are the roots of the largest whole subtrees, from the left; their sizes are the powers
    of two that `size` is the sum of.
    """

    def __init__(self, size: int = 0, peaks: tuple[bytes, ...] = ()) -> None:
        if size.bit_count() != len(peaks):
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks")
        self.size = size
        self._peaks = list(peaks)

    @property
    def peaks(self) -> tuple[bytes, ...]:
        return tuple(self._peaks)

    def add(self, leaf: bytes) -> None:
        """Put a leaf at the end."""
        self.add_hash(leaf_hash(leaf))

    def add_hash(self, found: bytes) -> None:
        """The same, of a leaf whose hash is known."""
        rest = self.size
        while rest % 2 == 1:
            found = _node(self._peaks.pop(), found)
            rest >>= 1
        self._peaks.append(found)
        self.size += 1

    def root(self) -> bytes:
        """The root over every leaf so far."""
        if not self._peaks:
            return EMPTY_ROOT
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = _node(peak, found)
        return found


def includes(root: bytes, size: int, index: int, leaf: bytes, proof: tuple[bytes, ...]) -> bool:
    """Whether a proof shows that a leaf stands at an index of the tree with this root and size."""
    if not 0 <= index < size:
        return False
    found = leaf_hash(leaf)
    place, last = index, size - 1
    for step in proof:
        if last == 0:
            return False
        if place % 2 == 1 or place == last:
            found = _node(step, found)
            # The last node of a level with nothing beside it goes up as it is.
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            found = _node(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def extends(
    earlier: int, earlier_root: bytes, later: int, later_root: bytes, proof: tuple[bytes, ...]
) -> bool:
    """Whether a proof shows that the later tree is the earlier one with leaves added at its end."""
    if not 0 <= earlier <= later:
        return False
    if earlier == later:
        return proof == () and earlier_root == later_root
    if earlier == 0:
        return proof == () and earlier_root == EMPTY_ROOT
    place, last = earlier - 1, later - 1
    while place % 2 == 1:
        place, last = place >> 1, last >> 1
    steps = proof if place else (earlier_root, *proof)
    if not steps:
        return False
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place % 2 == 1 or place == last:
            before, after = _node(step, before), _node(step, after)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            after = _node(after, step)
        place, last = place >> 1, last >> 1
    return last == 0 and before == earlier_root and after == later_root


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _split(count: int) -> int:
    """The largest power of two below a count of at least two."""
    return 1 << ((count - 1).bit_length() - 1)
