"""The tree: the published vectors of RFC 6962, and what must hold of every tree and proof."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.merkle import EMPTY_ROOT, Frontier, Tree, extends, includes, leaf_hash

# The reference vectors of the Certificate Transparency project (its merkle tree tests).
LEAVES = tuple(
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)  # fmt: skip
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
INCLUSION = {
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
}
CONSISTENCY: dict[tuple[int, int], tuple[str, ...]] = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}

SIZES = some.integers(min_value=1, max_value=70)


def tree_of(leaves: tuple[bytes, ...]) -> Tree:
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree


def numbered(count: int) -> Tree:
    return tree_of(tuple(b"%d" % number for number in range(count)))


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    left, right = by_definition(leaves[:half]), by_definition(leaves[half:])
    return sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_the_published_ones(size: int) -> None:
    assert tree_of(LEAVES).root(size).hex() == ROOTS[size]
    assert tree_of(LEAVES[:size]).root(size).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_inclusion_proofs_are_the_published_ones(index: int, size: int) -> None:
    proof = tree_of(LEAVES).inclusion(index, size)

    assert tuple(step.hex() for step in proof) == INCLUSION[index, size]
    assert includes(bytes.fromhex(ROOTS[size]), size, index, LEAVES[index], proof)


@pytest.mark.parametrize(("earlier", "later"), CONSISTENCY)
def test_the_consistency_proofs_are_the_published_ones(earlier: int, later: int) -> None:
    proof = tree_of(LEAVES).consistency(earlier, later)
    roots = bytes.fromhex(ROOTS[earlier]), bytes.fromhex(ROOTS[later])

    assert tuple(step.hex() for step in proof) == CONSISTENCY[earlier, later]
    assert extends(earlier, roots[0], later, roots[1], proof)


@given(some.lists(some.binary(max_size=4), max_size=40))
def test_a_root_is_what_the_definition_says(leaves: list[bytes]) -> None:
    assert tree_of(tuple(leaves)).root(len(leaves)) == by_definition(leaves)


def test_every_leaf_of_every_small_tree_is_shown_and_no_other_is() -> None:
    tree = numbered(40)

    for size in range(1, 41):
        root = tree.root(size)
        for index in range(size):
            proof = tree.inclusion(index, size)
            assert includes(root, size, index, b"%d" % index, proof)
            assert not includes(root, size, index, b"another", proof)
            assert not includes(root, size, size, b"%d" % index, proof)


def test_every_small_tree_is_shown_to_begin_every_later_one() -> None:
    tree = numbered(40)

    for later in range(41):
        for earlier in range(later + 1):
            proof = tree.consistency(earlier, later)
            assert extends(earlier, tree.root(earlier), later, tree.root(later), proof)


@settings(max_examples=200)
@given(SIZES, some.data())
def test_a_proof_altered_anywhere_shows_nothing(size: int, data: some.DataObject) -> None:
    # given
    tree = numbered(size)
    index = data.draw(some.integers(min_value=0, max_value=size - 1))
    earlier = data.draw(some.integers(min_value=1, max_value=size))
    inclusion, consistency = tree.inclusion(index, size), tree.consistency(earlier, size)
    root, first = tree.root(size), tree.root(earlier)

    # then
    for altered in alterations(inclusion, data):
        assert not includes(root, size, index, b"%d" % index, altered)
    for altered in alterations(consistency, data):
        assert not extends(earlier, first, size, root, altered)


@given(SIZES, some.data())
def test_a_proof_is_of_one_place_and_one_root(size: int, data: some.DataObject) -> None:
    tree = numbered(size)
    index = data.draw(some.integers(min_value=0, max_value=size - 1))
    elsewhere = data.draw(some.integers(min_value=-1, max_value=size + 1).filter(index.__ne__))
    proof, leaf = tree.inclusion(index, size), b"%d" % index

    assert not includes(tree.root(size), size, elsewhere, leaf, proof)
    assert not includes(bytes(32), size, index, leaf, proof)


@given(SIZES, some.data())
def test_a_rewritten_past_is_no_beginning(size: int, data: some.DataObject) -> None:
    # given: a log that has the same length, and one leaf of its past is another
    earlier = data.draw(some.integers(min_value=1, max_value=size))
    place = data.draw(some.integers(min_value=0, max_value=earlier - 1))
    true = numbered(size)
    other = tree_of(tuple(b"x" if n == place else b"%d" % n for n in range(size)))

    # then: neither proof convinces whoever kept the earlier root
    for proof in (true.consistency(earlier, size), other.consistency(earlier, size)):
        assert not extends(earlier, true.root(earlier), size, other.root(size), proof)


def alterations(proof: tuple[bytes, ...], data: some.DataObject) -> list[tuple[bytes, ...]]:
    """A bit turned, a step dropped, one added in front and behind."""
    longer = [(*proof, bytes(32)), (bytes(32), *proof)]
    if not proof:
        return longer
    place = data.draw(some.integers(min_value=0, max_value=len(proof) - 1))
    step = proof[place]
    turned = bytes([step[0] ^ 1]) + step[1:]
    return [
        *longer,
        (*proof[:place], turned, *proof[place + 1 :]),
        (*proof[:place], *proof[place + 1 :]),
    ]


def test_what_cannot_be_shown_is_an_error() -> None:
    tree = numbered(3)

    for index, size in ((3, 3), (-1, 3), (0, 4), (0, 0)):
        with pytest.raises(ValueError, match=r"leaf|leaves"):
            tree.inclusion(index, size)
    for earlier, later in ((2, 1), (-1, 2), (1, 4)):
        with pytest.raises(ValueError, match="leaves"):
            tree.consistency(earlier, later)


def test_nothing_begins_with_what_is_longer_and_everything_with_nothing() -> None:
    tree = numbered(5)

    assert extends(0, EMPTY_ROOT, 5, tree.root(5), ())
    assert not extends(0, bytes(32), 5, tree.root(5), ())
    assert not extends(5, tree.root(5), 3, tree.root(3), ())
    assert not extends(3, tree.root(3), 5, tree.root(5), ())


@given(some.lists(some.binary(max_size=8), max_size=70), some.integers(0, 70))
def test_a_frontier_that_goes_on_from_anywhere_has_the_roots_of_the_whole_tree(
    leaves: list[bytes], start: int
) -> None:
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    start = min(start, tree.size)
    frontier = tree.frontier(start)
    assert frontier.root() == tree.root(start)

    for leaf in leaves[start:]:
        frontier.add(leaf)
        assert frontier.root() == tree.root(frontier.size)
    assert frontier.peaks == tree.frontier(tree.size).peaks


def test_a_frontier_has_as_many_peaks_as_its_size_has_ones() -> None:
    with pytest.raises(ValueError, match="2 peaks"):
        Frontier(5, (bytes(32),))
