"""The Merkle tree over stored events, as RFC 6962 (section 2.1) defines it: SHA-256, leaves and nodes told apart.

A leaf is one row of the log: its label, originator id, version, topic and state as stored, each after its length.
The state is the sealed one, so destroying a key that opens it never changes the tree. The leaf of the event at a
position has the index position - 1. Hashes are 32 bytes everywhere; proofs are lists of hashes, lowest first.

Proofs come from others: whatever is wrong with an argument of ``verify_…`` is a ``ProofError``.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from domain.refusals import PlanningError
from planner.store.mapper import Row

#: Says what is hashed and in which form: first field of every leaf.
LABEL = b"delegation-planner/event/1"
HASH = 32
#: The root of the tree without leaves.
EMPTY_ROOT = sha256(b"").digest()
#: The largest tree that a note can speak of: its index fits eight bytes.
LARGEST = 2**63 - 1

_LENGTH = struct.Struct(">I").pack
_VERSION = struct.Struct(">Iq").pack
_HEAD = _LENGTH(len(LABEL)) + LABEL


class ProofError(PlanningError):
    """Something that should prove the history and does not."""


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf with that content."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two others."""
    return sha256(b"\x01" + left + right).digest()


def leaf_content(row: Row) -> bytes:
    """What the leaf of a stored row holds."""
    _, subject_text, version, topic_text, state = row
    subject, topic = subject_text.encode(), topic_text.encode()
    lengths = _LENGTH(len(subject)), _VERSION(8, version), _LENGTH(len(topic)), _LENGTH(len(state))
    return b"%b%b%b%b%b%b%b%b" % (_HEAD, lengths[0], subject, lengths[1], lengths[2], topic, lengths[3], state)


def row_hashes(rows: Iterable[Row]) -> list[bytes]:
    """The leaf hashes of stored rows, in their order.

    ``ProofError`` where a column holds what this program never writes there.
    """
    hashes = []
    row: Row | None = None
    try:
        for row in rows:
            hashes.append(sha256(b"\x00" + leaf_content(row)).digest())
    except (TypeError, AttributeError, ValueError, struct.error) as error:
        raise ProofError.because(
            "Event {position} holds what this program never writes.", position=row[0] if row else "?"
        ) from error
    return hashes


# Roots and proofs of a list of leaf hashes


def root_hash(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root of the tree over these leaves."""
    return CompactRange().extended(_checked(leaf_hashes)).root


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """What proves that the leaf at ``index`` stands in the tree over these leaves."""
    return Tree(leaf_hashes).inclusion_proof(index)


def consistency_proof(leaf_hashes: Sequence[bytes], size1: int) -> list[bytes]:
    """What proves that the tree over the first ``size1`` of these leaves only grew into the tree over all."""
    return Tree(leaf_hashes).consistency_proof(size1)


@dataclasses.dataclass(frozen=True, slots=True)
class CompactRange:
    """What is needed of a tree to append to it: the roots of its full subtrees, by their height, lowest first.

    ``roots[height]`` is None where ``size`` has no such power of two in it.
    """

    size: int = 0
    roots: tuple[bytes | None, ...] = ()

    def extended(self, leaf_hashes: Sequence[bytes]) -> CompactRange:
        """The range with further leaves at its end."""
        nodes, roots, height = list(leaf_hashes), list(self.roots), 0
        while nodes:
            if height == len(roots):
                roots.append(None)
            waiting = roots[height]
            if waiting is not None:
                nodes.insert(0, waiting)
            roots[height] = nodes.pop() if len(nodes) % 2 else None
            pairs = iter(nodes)
            nodes = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
            height += 1
        return CompactRange(self.size + len(leaf_hashes), tuple(roots))

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        root = b""
        for subtree in self.roots:
            if subtree is not None:
                root = node_hash(subtree, root) if root else subtree
        return root or EMPTY_ROOT

    def packed(self) -> bytes:
        """The range as bytes."""
        return self.size.to_bytes(8, "big") + b"".join(root for root in self.roots if root is not None)

    @classmethod
    def unpacked(cls, packed: bytes) -> CompactRange:
        """The range that ``packed`` gave. ``ProofError`` where it is none."""
        size, hashes = int.from_bytes(packed[:8], "big"), packed[8:]
        if len(packed) < 8 or len(hashes) != HASH * size.bit_count():
            raise ProofError.because("This is no tree head.")
        each = iter([hashes[start : start + HASH] for start in range(0, len(hashes), HASH)])
        return cls(size, tuple(next(each) if size >> height & 1 else None for height in range(size.bit_length())))


class Tree:
    """All nodes of a tree, for many proofs: 64 bytes a leaf."""

    def __init__(self, leaf_hashes: Sequence[bytes]) -> None:
        nodes = _checked(leaf_hashes)
        self.size = len(nodes)
        self._levels = [b"".join(nodes)]
        while len(nodes) > 1:
            nodes = list(map(node_hash, nodes[0::2], nodes[1::2]))
            self._levels.append(b"".join(nodes))

    def root(self, size: int | None = None) -> bytes:
        """The root over the first ``size`` leaves, all of them unless given."""
        upto = self._size(size)
        return self._root(0, upto) if upto else EMPTY_ROOT

    def leaf(self, index: int) -> bytes:
        """The hash of one leaf."""
        _index(index, self.size)
        return self._node(0, index)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """What proves that the leaf at ``index`` stands in the tree over the first ``size`` leaves."""
        start, end, proof = 0, self._size(size), []
        _index(index, end)
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                proof.append(self._root(middle, end))
                end = middle
            else:
                proof.append(self._root(start, middle))
                start = middle
        return proof[::-1]

    def consistency_proof(self, size1: int, size2: int | None = None) -> list[bytes]:
        """What proves that the tree of ``size1`` leaves only grew into the one of ``size2``."""
        start, end, proof = 0, self._size(size2), []
        _sizes(size1, end)
        if size1 in (0, end):
            return []
        while size1 != end:
            middle = start + _split(end - start)
            if size1 <= middle:
                proof.append(self._root(middle, end))
                end = middle
            else:
                proof.append(self._root(start, middle))
                start = middle
        if start:
            proof.append(self._root(start, end))
        return proof[::-1]

    def _size(self, size: int | None) -> int:
        if size is None:
            return self.size
        _sizes(size, self.size)
        return size

    def _root(self, start: int, end: int) -> bytes:
        """The root over leaves that begin at a multiple of the next power of two."""
        size = end - start
        if size & (size - 1) == 0:
            height = size.bit_length() - 1
            return self._node(height, start >> height)
        middle = start + _split(size)
        return node_hash(self._root(start, middle), self._root(middle, end))

    def _node(self, height: int, number: int) -> bytes:
        return self._levels[height][number * HASH : (number + 1) * HASH]


# Verifying


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Refuses, with ``ProofError``, a proof that does not lead from the leaf at ``index`` to the root of ``size``."""
    _index(index, size)
    found, wanted = _checked((leaf_hash, root))
    for left, one in _climbed(index, size - 1, _checked(proof)):
        found = node_hash(one, found) if left else node_hash(found, one)
    if found != wanted:
        raise _not_proved()


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> None:
    """Refuses, with ``ProofError``, a proof that the tree of ``size1`` only grew into the one of ``size2``."""
    _sizes(size1, size2)
    hashes, _ = _checked(proof), _checked((root1, root2))
    for size, root in ((size1, root1), (size2, root2)):
        if size == 0 and root != EMPTY_ROOT:
            raise _not_proved()
    if size1 in (0, size2):
        if hashes or (size1 == size2 and root1 != root2):
            raise _not_proved()
        return
    # The largest full subtree at the end of the old tree stands in both; where that is all of it, it is not sent.
    start, *hashes = [root1, *hashes] if size1.bit_count() == 1 else hashes or [b""]
    height = (size1 & -size1).bit_length() - 1
    first = second = start
    for left, one in _climbed((size1 - 1) >> height, (size2 - 1) >> height, hashes):
        first, second = (node_hash(one, first), node_hash(one, second)) if left else (first, node_hash(second, one))
    if (first, second) != (root1, root2):
        raise _not_proved()


def _climbed(place: int, last: int, proof: list[bytes]) -> Iterator[tuple[bool, bytes]]:
    """The hashes of a proof on the way from a node to the root (RFC 9162, 2.1.3.2), and whether each stands left."""
    for one in proof:
        if last == 0:
            raise _not_proved()
        left = place & 1 == 1 or place == last
        yield left, one
        while left and not place & 1 and place:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    if last:
        raise _not_proved()


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _not_proved() -> PlanningError:
    return ProofError.because("The proof does not hold.")


def _index(index: Any, size: Any) -> None:
    if type(index) is not int or type(size) is not int or not 0 <= index < size <= LARGEST:
        raise ProofError.because("There is no leaf {index} in a tree of {size}.", index=str(index), size=str(size))


def _sizes(size1: Any, size2: Any) -> None:
    if type(size1) is not int or type(size2) is not int or not 0 <= size1 <= size2 <= LARGEST:
        raise ProofError.because("A tree of {first} cannot grow to {last}.", first=str(size1), last=str(size2))


def _checked(hashes: Any) -> list[bytes]:
    """The hashes, if they are hashes."""
    if isinstance(hashes, bytes | str) or not isinstance(hashes, Sequence):
        raise ProofError.because("A hash has 32 bytes.")
    for one in hashes:
        if not isinstance(one, bytes) or len(one) != HASH:
            raise ProofError.because("A hash has 32 bytes.")
    return list(hashes)
