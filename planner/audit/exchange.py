"""What log, witness and auditor hand each other, in the forms of C2SP: plain text, one hash in a line.

A request to a witness (``tlog-witness``) says from which size the proof starts, then the hashes, then, after an
empty line, the checkpoint. A proof of one event (``tlog-proof``) says its index, then the same. Whatever is not
exactly so is a ``ProofError``.
"""

from __future__ import annotations

import dataclasses
from base64 import b64encode
from collections.abc import Sequence

from domain.refusals import PlanningError
from planner.audit.checkpoint import LONGEST_NOTE, read_hash, whole_number
from planner.audit.tree import ProofError

#: More hashes than any proof has.
MOST_HASHES = 64
#: A request may be that long, in bytes.
LONGEST = LONGEST_NOTE + MOST_HASHES * 50

_EVENT = b"c2sp.org/tlog-proof@v1\n"


@dataclasses.dataclass(frozen=True, slots=True)
class Growth:
    """A checkpoint, and what proves that the tree of ``old`` leaves only grew into it."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    def __bytes__(self) -> bytes:
        return _written(b"old", self.old, self.proof, self.note)

    @classmethod
    def read(cls, text: bytes) -> Growth:
        """What a witness is asked."""
        return cls(*_read(b"old", text))


@dataclasses.dataclass(frozen=True, slots=True)
class EventProof:
    """A checkpoint, and what proves that the leaf at ``index`` stands in its tree."""

    index: int
    proof: tuple[bytes, ...]
    note: bytes

    def __bytes__(self) -> bytes:
        return _EVENT + _written(b"index", self.index, self.proof, self.note)

    @classmethod
    def read(cls, text: bytes) -> EventProof:
        """What proves one event."""
        if not text.startswith(_EVENT):
            raise _unreadable()
        return cls(*_read(b"index", text.removeprefix(_EVENT)))


def _written(word: bytes, number: int, proof: Sequence[bytes], note: bytes) -> bytes:
    return b"".join((b"%b %d\n" % (word, number), *(b64encode(one) + b"\n" for one in proof), b"\n", note))


def _read(word: bytes, text: bytes) -> tuple[int, tuple[bytes, ...], bytes]:
    head, between, note = text.partition(b"\n\n")
    first, *hashes = head.split(b"\n")
    if len(text) > LONGEST or not between or not first.startswith(word + b" ") or len(hashes) > MOST_HASHES:
        raise _unreadable()
    return whole_number(first.removeprefix(word + b" ")), tuple(map(read_hash, hashes)), note


def _unreadable() -> PlanningError:
    return ProofError.because("This is no proof: it is damaged, or not what it should be.")
