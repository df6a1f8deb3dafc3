"""What a snapshot holds, as the foundation of a plan: entities revived one by one when somebody asks."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rpds import HashTrieSet

from domain.base import Entity
from planner.snapshots.packing import revive


class KeptEntities(Mapping[str, Entity]):
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
    """Originator ids by index, gathered when the first index is asked for.

    ``standing`` gives the originator ids, each with its indexes, separated by tabs.
    """

    __slots__ = ("_gathering", "_indexes", "_standing")

    def __init__(self, standing: Iterable[tuple[str, str]]) -> None:
        self._standing: Iterable[tuple[str, str]] = standing
        self._gathering = threading.Lock()
        self._indexes: dict[str, list[str] | HashTrieSet[str]] | None = None

    def _gathered(self) -> dict[str, list[str] | HashTrieSet[str]]:
        if self._indexes is None:
            with self._gathering:
                if self._indexes is None:
                    self._indexes = _members(self._standing)
                    self._standing = ()
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


def _members(standing: Iterable[tuple[str, str]]) -> dict[str, list[str] | HashTrieSet[str]]:
    members: dict[str, list[str]] = {}
    for key, told in standing:
        for index in told.split("\t"):
            if index in members:
                members[index].append(key)
            else:
                members[index] = [key]
    return {**members}
