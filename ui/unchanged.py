"""What was made of things that have not changed since: at a shift change many readers look at the same plan at once.

A plan is made of the same entities as the one before it, but for the few that an event changed. So what is drawn of
some of them stays as it is until one of these is another object.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from operator import is_
from typing import Any

_every: weakref.WeakSet[Unchanged[Any]] = weakref.WeakSet()


def forget() -> None:
    """Drops everything: somebody was erased, and what was drawn may still name this person."""
    for one in tuple(_every):
        one.clear()


class Unchanged[V]:
    """Results by key, ``most`` of them, each with the things that it was made of. Safe for several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[tuple[object, ...], V]] = OrderedDict()
        self._lock = threading.Lock()
        _every.add(self)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def of(self, key: Hashable, things: Sequence[object], made: Callable[[], V]) -> V:
        """What is kept under ``key`` where it was made of the very same ``things``, else what ``made`` makes now.

        ``key`` names everything else that the result depends on, such as language and zone.
        """
        asked = tuple(things)
        with self._lock:
            held = self._kept.get(key)
            if held is not None and len(held[0]) == len(asked) and all(map(is_, held[0], asked)):
                self._kept.move_to_end(key)
                return held[1]
        found = made()
        with self._lock:
            self._kept[key] = (asked, found)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found
