"""What a snapshot holds, as the foundation of a plan: entities revived one by one when somebody asks."""

from __future__ import annotations

import itertools
import sys
import threading
from array import array
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import orjson
from rpds import HashTrieSet

from domain.base import Entity
from domain.indexes import index_keys
from domain.layered import Foundation
from planner.snapshots.packing import revive


class KeptEntities(Foundation[Entity]):
    """Entities by originator id, each a line of a snapshot until it is asked for, and itself from then on."""

    __slots__ = ("_kept",)

    def __init__(self, kept: dict[str, bytes | Entity]) -> None:
        self._kept = kept

    def get(self, key: str, /, default: Any = None) -> Any:
        found = self._kept.get(key)
        if type(found) is bytes:
            found = self._kept[key] = revive(key, found)
        return default if found is None else found

    def __getitem__(self, key: str) -> Entity:
        found = self._kept[key]
        if isinstance(found, bytes):
            found = self._kept[key] = revive(key, found)
        return found

    def without(self, keys: Collection[str]) -> KeptEntities:
        return KeptEntities({key: kept for key, kept in self._kept.items() if key not in keys})

    def line(self, key: str) -> bytes | None:
        """The line of an entity that nobody has asked for yet."""
        found = self._kept.get(key)
        return found if isinstance(found, bytes) else None

    def shared(self, found: dict[str, bytes]) -> dict[str, bytes]:
        """With the lines that are kept here in place of equal ones: two snapshots of a summit differ in little."""
        kept = self._kept.get
        for key, line in found.items():
            mine = kept(key)
            if type(mine) is bytes and mine == line:
                found[key] = mine
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._kept

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


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
    """What ``Standing`` told: the places of an index, in four bytes each.

    As numbers of Python those of a summit take 50 MB while they are read.
    """

    __slots__ = ("_joined", "_numbers", "_starts")

    def __init__(self, told: bytes) -> None:
        header, _, joined = told.partition(b"\n")
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


class KeptIndexes(Mapping[str, "HashTrieSet[str]"]):
    """Originator ids by index, gathered when asked for.

    ``standings`` are those of a full snapshot and the later ones over it, each with the originator ids it speaks of:
    an entity stands where the last that speaks of it says.
    """

    __slots__ = ("_found", "_gathering", "_last", "_layers", "_standings")

    def __init__(self, standings: list[tuple[list[str], bytes]]) -> None:
        self._standings = standings
        self._layers: list[tuple[list[str], Places]] | None = None
        self._last: dict[str, int] = {}
        self._gathering = threading.Lock()
        self._found: dict[str, HashTrieSet[str]] = {}

    def _gathered(self) -> list[tuple[list[str], Places]]:
        """Per snapshot its originator ids and their places by index; ``_last`` is the last that speaks of an id."""
        with self._gathering:
            if self._layers is None:
                for number, (keys, _) in enumerate(self._standings[1:], 1):
                    self._last.update(dict.fromkeys(keys, number))
                self._layers = [(keys, Places(told)) for keys, told in self._standings]
                self._standings = []
            return self._layers

    def __getitem__(self, index: str) -> HashTrieSet[str]:
        found = self._found.get(index)
        if found is None:
            members: list[str] = []
            known, last = False, self._last
            for number, (keys, places) in enumerate(self._gathered()):
                here = places.get(index)
                if here is not None:
                    known = True
                    members += [key for place in here if last.get(key := keys[place], 0) == number]
            if not known:
                raise KeyError(index)
            found = self._found[index] = HashTrieSet(members)
        return found

    def get(self, index: str, /, default: Any = None) -> Any:
        try:
            return self[index]
        except KeyError:
            return default

    def __contains__(self, index: object) -> bool:
        return any(index in places for _, places in self._gathered())

    def __iter__(self) -> Iterator[str]:
        return iter({index: None for _, places in self._gathered() for index in places})

    def __len__(self) -> int:
        return sum(1 for _ in self)
