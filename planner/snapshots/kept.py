"""What a snapshot holds, as the foundation of a plan: entities revived one by one when somebody asks.

A line of a snapshot is the indexes of an entity and then its state, separated by tabs.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from rpds import HashTrieSet

from domain.base import Entity
from domain.plan import index_keys
from planner.snapshots.packing import pack, revive


def line_of(entity: Entity) -> bytes:
    """The line of an entity."""
    return b"\t".join((*(index.encode() for index in index_keys(entity)), pack(entity)))


def _revived(key: str, line: bytes) -> Entity:
    return revive(key, line[line.rindex(b"\t") + 1 :])


class KeptEntities(Mapping[str, Entity]):
    """Entities by originator id, each a line of a snapshot until it is asked for, and itself from then on."""

    __slots__ = ("_kept",)

    def __init__(self, kept: dict[str, bytes | Entity]) -> None:
        self._kept = kept

    def get(self, key: str, /, default: Any = None) -> Any:
        found = self._kept.get(key)
        if type(found) is bytes:
            found = self._kept[key] = _revived(key, found)
        return default if found is None else found

    def __getitem__(self, key: str) -> Entity:
        found = self._kept[key]
        if isinstance(found, bytes):
            found = self._kept[key] = _revived(key, found)
        return found

    def line(self, key: str) -> bytes | None:
        """The line of an entity that nobody has asked for yet."""
        found = self._kept.get(key)
        return found if isinstance(found, bytes) else None

    def __contains__(self, key: object) -> bool:
        return key in self._kept

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


class KeptIndexes(Mapping[str, "HashTrieSet[str]"]):
    """Originator ids by index, gathered from the same lines when the first index is asked for."""

    __slots__ = ("_gathering", "_indexes", "_kept")

    def __init__(self, kept: dict[str, bytes | Entity]) -> None:
        self._kept = kept
        self._gathering = threading.Lock()
        self._indexes: dict[str, list[str] | HashTrieSet[str]] | None = None

    def _gathered(self) -> dict[str, list[str] | HashTrieSet[str]]:
        if self._indexes is None:
            with self._gathering:
                if self._indexes is None:
                    self._indexes = _members(self._kept)
                    self._kept = {}
        return self._indexes

    def __getitem__(self, index: str) -> HashTrieSet[str]:
        indexes = self._gathered()
        found = indexes[index]
        if isinstance(found, list):
            found = indexes[index] = HashTrieSet(found)
        return found

    def get(self, index: str, /, default: Any = None) -> Any:
        return self[index] if index in self._gathered() else default

    def __contains__(self, index: object) -> bool:
        return index in self._gathered()

    def __iter__(self) -> Iterator[str]:
        return iter(self._gathered())

    def __len__(self) -> int:
        return len(self._gathered())


def _members(kept: dict[str, bytes | Entity]) -> dict[str, list[str] | HashTrieSet[str]]:
    members: dict[bytes, list[str]] = {}
    for key, found in list(kept.items()):
        line = found if isinstance(found, bytes) else line_of(found)
        for index in line.split(b"\t")[:-1]:
            if index in members:
                members[index].append(key)
            else:
                members[index] = [key]
    return {index.decode(): keys for index, keys in members.items()}
