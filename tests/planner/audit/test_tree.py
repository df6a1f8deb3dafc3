"""The tree agrees with RFC 6962 and its published vectors, and no proof but the right one holds."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.audit.tree import (
    EMPTY_ROOT,
    CompactRange,
    ProofError,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_content,
    leaf_hash,
    node_hash,
    root_hash,
    row_hashes,
    verify_consistency,
    verify_inclusion,
)

#: The eight leaves of Certificate Transparency's reference tests, and the roots of the trees over the first n.
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
CONSISTENCY = {
    (2, 8): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
PUBLISHED = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
MOST = 130
LEAVES = [leaf_hash(number.to_bytes(2, "big")) for number in range(MOST)]


def by_definition(leaves: list[bytes]) -> bytes:
    """The root as section 2.1 of RFC 6962 writes it down."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(by_definition(leaves[:half]), by_definition(leaves[half:]))


# Published vectors


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert root_hash(PUBLISHED[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int) -> None:
    proof = inclusion_proof(PUBLISHED[:size], index)

    assert [one.hex() for one in proof] == INCLUSION[index, size]


@pytest.mark.parametrize(("size1", "size2"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(size1: int, size2: int) -> None:
    proof = consistency_proof(PUBLISHED[:size2], size1)

    assert [one.hex() for one in proof] == CONSISTENCY[size1, size2]


# Every size


def test_roots_of_all_sizes_are_those_of_the_definition() -> None:
    tree = Tree(LEAVES)

    for size in range(MOST + 1):
        wanted = by_definition(LEAVES[:size])
        assert (root_hash(LEAVES[:size]), tree.root(size)) == (wanted, wanted)


def test_every_leaf_is_proved_in_trees_of_all_sizes() -> None:
    tree = Tree(LEAVES)

    for size in range(1, MOST + 1):
        root = tree.root(size)
        for index in range(size):
            proof = tree.inclusion_proof(index, size)
            verify_inclusion(LEAVES[index], index, size, proof, root)
            assert len(proof) <= size.bit_length()


def test_every_growth_is_proved_between_all_sizes() -> None:
    tree = Tree(LEAVES)

    for size1, size2 in itertools.combinations_with_replacement(range(MOST + 1), 2):
        proof = tree.consistency_proof(size1, size2)
        verify_consistency(size1, size2, tree.root(size1), tree.root(size2), proof)
        assert len(proof) <= size2.bit_length() + 1


@given(st.lists(st.integers(0, 40), max_size=12))
def test_a_tree_that_grows_in_pieces_is_the_same_tree(pieces: list[int]) -> None:
    grown, size = CompactRange(), 0
    for piece in pieces:
        grown = CompactRange.unpacked(grown.packed()).extended(LEAVES[size : size + piece])
        size = min(size + piece, MOST)

    assert (grown.size, grown.root) == (size, by_definition(LEAVES[:size]))


# What does not hold


def changed_proofs(proof: list[bytes]) -> Iterator[list[bytes]]:
    """Every proof that differs in one bit of one hash, one hash less, one more, or two exchanged."""
    for number, one in enumerate(proof):
        yield proof[:number] + proof[number + 1 :]
        yield [*proof[:number], one, *proof[number:]]
        yield [*proof[:number], bytes([one[0] ^ 1, *one[1:]]), *proof[number + 1 :]]
        yield [*proof[:number], bytes([*one[:-1], one[-1] ^ 0x80]), *proof[number + 1 :]]
    yield [*proof, EMPTY_ROOT]
    yield [EMPTY_ROOT, *proof]
    for left, right in itertools.pairwise(range(len(proof))):
        swapped = list(proof)
        swapped[left], swapped[right] = swapped[right], swapped[left]
        yield swapped


def refused(verify: Callable[..., object], *arguments: Any) -> bool:
    try:
        verify(*arguments)
    except ProofError:
        return True
    return False


@settings(deadline=None)
@given(st.data())
def test_no_other_inclusion_proof_holds(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, MOST))
    index = data.draw(st.integers(0, size - 1))
    tree = Tree(LEAVES[:size])
    root, proof = tree.root(), tree.inclusion_proof(index)

    held = [
        changed
        for changed in changed_proofs(proof)
        if not refused(verify_inclusion, LEAVES[index], index, size, changed, root)
    ]
    elsewhere = [
        other
        for other in range(size)
        if other != index and not refused(verify_inclusion, LEAVES[index], other, size, proof, root)
    ]

    assert (held, elsewhere) == ([], [])
    assert refused(verify_inclusion, LEAVES[index - 1], index, size, proof, root)
    assert refused(verify_inclusion, LEAVES[index], index, size, proof, EMPTY_ROOT)


@settings(deadline=None)
@given(st.data())
def test_no_other_consistency_proof_holds(data: st.DataObject) -> None:
    size2 = data.draw(st.integers(1, MOST))
    size1 = data.draw(st.integers(0, size2))
    tree = Tree(LEAVES[:size2])
    old, new, proof = tree.root(size1), tree.root(), tree.consistency_proof(size1)
    other = node_hash(new, old)

    held = [
        changed for changed in changed_proofs(proof) if not refused(verify_consistency, size1, size2, old, new, changed)
    ]

    assert held == []
    assert refused(verify_consistency, size1, size2, other, new, proof)
    assert refused(verify_consistency, size1, size2, old, other, proof) == (size1 > 0)


@pytest.mark.parametrize(
    ("index", "size"),
    [(-1, 8), (8, 8), (9, 8), (0, 0), (0, -1), (2**63, 2**64), (1.0, 8), ("1", 8), (None, 8), (True, 8)],
)
def test_a_leaf_that_cannot_be_there_is_refused(index: Any, size: Any) -> None:
    assert refused(verify_inclusion, PUBLISHED[0], index, size, [], PUBLISHED[0])


@pytest.mark.parametrize("index", [-1, 8, 2**70, "0", None])
def test_no_proof_is_made_of_a_leaf_that_is_not_there(index: Any) -> None:
    with pytest.raises(ProofError):
        inclusion_proof(PUBLISHED, index)


@pytest.mark.parametrize("sizes", [(9, 8), (-1, 8), (0, -1), (-2, -1), (2**63, 2**64), (1.0, 8), (None, 8)])
def test_a_tree_that_shrinks_is_refused(sizes: tuple[Any, Any]) -> None:
    assert refused(verify_consistency, *sizes, EMPTY_ROOT, EMPTY_ROOT, [])
    if sizes[1] == 8:
        with pytest.raises(ProofError):
            consistency_proof(PUBLISHED, sizes[0])


@pytest.mark.parametrize("wrong", [b"", b"x" * 31, b"x" * 33, "x" * 32, None, 5, bytearray(32)])
def test_what_is_no_hash_is_refused_everywhere(wrong: Any) -> None:
    right = PUBLISHED[0]

    assert refused(verify_inclusion, wrong, 0, 1, [], right)
    assert refused(verify_inclusion, right, 0, 1, [], wrong)
    assert refused(verify_inclusion, right, 0, 2, [wrong], right)
    assert refused(verify_inclusion, right, 0, 2, wrong, right)
    assert refused(verify_consistency, 1, 2, wrong, right, [right])
    assert refused(verify_consistency, 1, 2, right, wrong, [right])
    assert refused(verify_consistency, 1, 2, right, right, [wrong])
    assert refused(root_hash, [wrong])


def test_nothing_grows_from_the_empty_tree_but_from_its_root_alone() -> None:
    verify_consistency(0, 8, EMPTY_ROOT, root_hash(PUBLISHED), [])

    assert refused(verify_consistency, 0, 8, PUBLISHED[0], root_hash(PUBLISHED), [])
    assert refused(verify_consistency, 0, 0, EMPTY_ROOT, PUBLISHED[0], [])


@pytest.mark.parametrize(
    "packed", [b"", b"\0" * 7, b"\0" * 7 + b"\1", b"\0" * 8 + b"x" * 32, b"\0" * 7 + b"\2" + b"x" * 31]
)
def test_a_kept_head_that_is_mangled_is_refused(packed: bytes) -> None:
    with pytest.raises(ProofError):
        CompactRange.unpacked(packed)


# Leaves of rows

ROW = (7, "post/LA-2026-01/P-07", 3, "PostAmended", b"\x01\x00\x01sealed")


def test_the_leaf_of_a_row_is_the_hash_of_its_fields_with_their_lengths() -> None:
    content = (
        b"\0\0\0\x1adelegation-planner/event/1"
        b"\0\0\0\x14post/LA-2026-01/P-07"
        b"\0\0\0\x08\0\0\0\0\0\0\0\x03"
        b"\0\0\0\x0bPostAmended"
        b"\0\0\0\x09\x01\x00\x01sealed"
    )

    assert leaf_content(ROW) == content
    assert row_hashes([ROW]) == [hashlib.sha256(b"\0" + content).digest()]


def test_bytes_that_move_from_one_field_to_the_next_make_another_leaf() -> None:
    rows = [(1, "ab", 1, "c", b"d"), (1, "a", 1, "bc", b"d"), (1, "ab", 1, "cd", b""), (1, "ab", 2, "c", b"d")]

    assert len(set(row_hashes(rows))) == len(rows)


@pytest.mark.parametrize(
    "row",
    [
        (1, None, 1, "t", b""),
        (1, "s", "1", "t", b""),
        (1, "s", 2**64, "t", b""),
        (1, "s", 1, b"t", b""),
        (1, "s", 1, "t", "text"),
        (1, "\ud800", 1, "t", b""),
    ],
)
def test_a_row_of_other_types_is_refused(row: Any) -> None:
    with pytest.raises(ProofError):
        row_hashes([row])
