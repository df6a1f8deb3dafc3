"""What snapshots hold, as the foundation of a plan: entities revived one by one when somebody asks."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from rpds import HashTrieSet

from domain.base import Entity
from domain.layered import Foundation
from planner.snapshots.content import PORTION, Content, Places
from planner.snapshots.packing import revive

#: Where an entity stands that nobody has asked for: the number of its snapshot so many times, and its place in it.
_FAR = 1 << 32
#: What an entity is kept as until it is revived: where it stands, then its line.
_UNREVIVED = frozenset((int, bytes))


class KeptEntities(Foundation[Entity]):
    """Entities by originator id, as a full snapshot and the later ones over it tell them.

    Each is a place in one of them; once anybody asks for one of its portion, a line; once it is asked for, itself.
    """

    __slots__ = ("_contents", "_kept")

    def __init__(self, contents: Sequence[Content], kept: dict[str, int | bytes | Entity] | None = None) -> None:
        self._contents = contents
        self._kept: dict[str, int | bytes | Entity] = {} if kept is None else kept
        if kept is None:
            for number, content in enumerate(contents):
                self._kept.update(zip(content.keys, itertools.count(number * _FAR), strict=False))

    def get(self, key: str, /, default: Any = None) -> Any:
        found = self._kept.get(key)
        if type(found) in _UNREVIVED:
            return self._revived(key)
        return default if found is None else found

    def __getitem__(self, key: str) -> Entity:
        found: Any = self._kept[key]
        return self._revived(key) if type(found) in _UNREVIVED else found

    def _revived(self, key: str) -> Entity:
        found = self._kept[key]
        while isinstance(found, int):
            self._open(*_place(found))
            found = self._kept[key]
        if isinstance(found, bytes):
            found = self._kept[key] = revive(key, found)
        return found

    def _open(self, number: int, portion: int) -> None:
        """The lines of a portion in the place of where they stand. Two who open it at once do it twice."""
        content, kept, first = self._contents[number], self._kept, portion * PORTION
        lines = zip(content.keys[first : first + PORTION], content.lines(portion), strict=True)
        for place, (key, line) in enumerate(lines, number * _FAR + first):
            if kept.get(key) == place:
                kept[key] = line

    def reading(self) -> Callable[[str], bytes | None]:
        """Tells the line of an entity that nobody has asked for yet; quickly for whoever asks in the order of ids."""
        opened: dict[int, tuple[int, list[bytes]]] = {}

        def line(key: str) -> bytes | None:
            found = self._kept.get(key)
            if not isinstance(found, int):
                return found if isinstance(found, bytes) else None
            number, portion = _place(found)
            if opened.get(number, (-1,))[0] != portion:
                opened[number] = portion, self._contents[number].lines(portion)
            return opened[number][1][found % _FAR % PORTION]

        return line

    def without(self, keys: Collection[str]) -> KeptEntities:
        gone, contents = frozenset(keys), list(self._contents)
        for number, content in enumerate(contents):
            portions = {place // PORTION for place, key in enumerate(content.keys) if key in gone}
            for portion in portions:
                self._open(number, portion)
            contents[number] = content.without(portions)
        return KeptEntities(contents, {key: kept for key, kept in self._kept.items() if key not in gone})

    def __contains__(self, key: object) -> bool:
        return key in self._kept

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def _place(found: int) -> tuple[int, int]:
    """The number of a snapshot and of a portion in it."""
    number, place = divmod(found, _FAR)
    return number, place // PORTION


class KeptIndexes(Mapping[str, "HashTrieSet[str]"]):
    """Originator ids by index, gathered when asked for.

    Of a full snapshot and the later ones over it: an entity stands where the last that speaks of it says.
    """

    __slots__ = ("_found", "_gathering", "_last", "_layers", "_standings")

    def __init__(self, contents: Sequence[Content]) -> None:
        # Not the contents, which hold what is said of persons.
        self._standings = [(content.keys, content.standing) for content in contents]
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
