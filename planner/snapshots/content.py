"""What one snapshot tells, in bytes: originator ids, which of them stand in which index, and the line of each entity.

Every part is compressed by itself, so that a look at a plan opens only what it asks for: a line of JSON with the
lengths of the parts; the ids; their places in the indexes; and the lines, so many ids at a time.
"""

from __future__ import annotations

import itertools
import sys
import zlib
from array import array
from collections.abc import Collection, Iterable, Iterator

import orjson

from domain.base import Entity
from domain.indexes import index_keys
from domain.plan import Plan
from planner.snapshots.packing import pack, revive

#: Entities whose lines are compressed, and opened, together: those of a visit stand side by side.
PORTION = 128


class Content:
    """The ids of a snapshot, in order, and what is told of them, compressed until somebody asks."""

    __slots__ = ("_portions", "keys", "standing")

    def __init__(self, keys: list[str], standing: bytes, portions: list[bytes]) -> None:
        self.keys = keys
        #: As ``Places`` reads it.
        self.standing = standing
        self._portions = portions

    @classmethod
    def of(cls, told: bytes) -> Content:
        """What ``written`` wrote. ``ValueError`` or ``zlib.error`` where it did not."""
        header, _, parts = told.partition(b"\n")
        ends = [*itertools.accumulate(orjson.loads(header))]
        if not ends or ends[-1] != len(parts):
            raise ValueError("a snapshot is not as long as it says")
        keys, standing, *portions = (parts[start:end] for start, end in itertools.pairwise((0, *ends)))
        ids = zlib.decompress(keys).decode()
        # Interned, since plans of several moments have most of them in common: 10 MB of a summit.
        return cls([*map(sys.intern, ids.split("\n"))] if ids else [], standing, portions)

    def lines(self, portion: int) -> list[bytes]:
        """The lines of the ids from ``portion * PORTION`` on."""
        return zlib.decompress(self._portions[portion]).split(b"\n")

    def without(self, portions: Collection[int]) -> Content:
        """The same, but of some portions nothing is kept."""
        kept = [b"" if number in portions else portion for number, portion in enumerate(self._portions)]
        return Content(self.keys, self.standing, kept)


def written(plan: Plan, subjects: list[str], lines: Iterable[bytes | None]) -> bytes:
    """The content of a snapshot of some entities; ``lines`` are those that are packed already, in the same order.

    Compressed as it grows: a line as it comes from the packer keeps a heap block of 4 kB for its 200 bytes, and all
    lines of a summit at once took 500 MB.
    """
    standing = Standing()
    told = _lines(plan, zip(subjects, lines, strict=True), standing)
    portions = [_compressed(b"\n".join(some)) for some in itertools.batched(told, PORTION)]
    parts = [_compressed("\n".join(subjects).encode()), _compressed(standing.told()), *portions]
    return orjson.dumps([len(part) for part in parts]) + b"\n" + b"".join(parts)


def _lines(plan: Plan, known: Iterable[tuple[str, bytes | None]], standing: Standing) -> Iterator[bytes]:
    for key, line in known:
        entity = plan.entities[key] if line is None else revive(key, line)
        standing.add(entity)
        yield pack(entity) if line is None else line


def _compressed(part: bytes) -> bytes:
    return zlib.compress(part, level=1)


class Standing:
    """Which of the entities of one snapshot stand in which index: by their places in it."""

    def __init__(self) -> None:
        self._places: dict[str, array[int]] = {}
        self._count = 0

    def add(self, entity: Entity) -> None:
        """The next entity of the snapshot."""
        for index in index_keys(entity):
            self._places.setdefault(index, array("I")).append(self._count)
        self._count += 1

    def told(self) -> bytes:
        """One line of JSON, how many places each index has; then all places, four bytes each, the first byte first."""
        counts = {index: len(places) for index, places in self._places.items()}
        joined = array("I", itertools.chain.from_iterable(self._places.values()))
        if sys.byteorder == "big":
            joined.byteswap()
        return orjson.dumps(counts) + b"\n" + joined.tobytes()


class Places:
    """What ``Standing`` told, compressed: the places of an index, in four bytes each.

    As numbers of Python those of a summit take 50 MB while they are read.
    """

    __slots__ = ("_joined", "_numbers", "_starts")

    def __init__(self, standing: bytes) -> None:
        header, _, joined = zlib.decompress(standing).partition(b"\n")
        counts: dict[str, int] = orjson.loads(header)
        self._joined = array("I")
        self._joined.frombytes(joined)
        if sys.byteorder == "big":
            self._joined.byteswap()
        self._starts = array("I", itertools.accumulate(counts.values(), initial=0))
        self._numbers = {index: number for number, index in enumerate(counts)}

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __contains__(self, index: object) -> bool:
        return index in self._numbers

    def get(self, index: str) -> array[int] | None:
        number = self._numbers.get(index)
        return None if number is None else self._joined[self._starts[number] : self._starts[number + 1]]
