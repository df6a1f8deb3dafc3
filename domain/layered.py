"""A persistent map in two layers: what changed since a foundation was laid, and the foundation."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping
from typing import Any, overload

from rpds import HashTrieMap


class Foundation[V](Mapping[str, V]):
    """What a map may stand on besides nothing."""

    @abstractmethod
    def without(self, keys: Collection[str]) -> Foundation[V]:
        """The same without some keys."""


_EMPTY: Mapping[str, Any] = {}


class Layered[V](Mapping[str, V]):
    """An immutable map whose copies with changes cost only the changes; keys are taken out where a visit is erased.

    The foundation is shared by all copies and must not change what it answers. It may work its answers out when
    asked, as a snapshot does that revives its entities one by one.
    """

    __slots__ = ("_changed", "_foundation")

    def __init__(self, foundation: Mapping[str, V] | None = None, changed: HashTrieMap[str, V] | None = None) -> None:
        self._foundation: Mapping[str, V] = _EMPTY if foundation is None else foundation
        self._changed: HashTrieMap[str, V] = HashTrieMap() if changed is None else changed

    def update(self, changes: Mapping[str, V]) -> Layered[V]:
        """The map with these keys changed or added."""
        return Layered(self._foundation, self._changed.update(changes))

    def replacing(self, changes: Mapping[str, V]) -> Layered[V]:
        """As ``update``, and what these keys were is not kept in the foundation either."""
        foundation = self._foundation
        if any(key in foundation for key in changes):
            foundation = foundation.without(changes) if isinstance(foundation, Foundation) else _EMPTY
        return Layered(foundation, self._changed.update(changes))

    def without(self, keys: Collection[str]) -> Layered[V]:
        """The map without these keys, which its foundation does not keep either."""
        foundation, changed = self._foundation, self._changed
        if isinstance(foundation, Foundation):
            foundation = foundation.without(keys)
        for key in keys:
            changed = changed.discard(key)
        return Layered(foundation, changed)

    @property
    def foundation(self) -> Mapping[str, V]:
        return self._foundation

    def changed_since_foundation(self, key: str) -> bool:
        return key in self._changed

    def differing(self, other: Layered[V]) -> Iterator[tuple[str, V | None, V | None]]:
        """Keys with the values here and there that are not the same object, None where a key is missing.

        Where both share a foundation, only what changed since is looked at.
        """
        mine: Mapping[str, V] = self
        theirs: Mapping[str, V] = other
        if self._foundation is other._foundation:
            mine, theirs = self._changed, other._changed
        both = 0
        for key, value in mine.items():
            there = theirs.get(key)
            both += there is not None
            if there is not value:
                there = other.get(key) if there is None else there
                if there is not value:
                    yield key, value, there
        if both < len(theirs):
            for key, there in theirs.items():
                if key not in mine and (here := self.get(key)) is not there:
                    yield key, here, there

    @overload
    def get(self, key: str, /) -> V | None: ...

    @overload
    def get[D](self, key: str, /, default: V | D) -> V | D: ...

    def get(self, key: str, /, default: Any = None) -> Any:
        found = self._changed.get(key)
        return self._foundation.get(key, default) if found is None else found

    def __getitem__(self, key: str) -> V:
        found = self._changed.get(key)
        return self._foundation[key] if found is None else found

    def __contains__(self, key: object) -> bool:
        return key in self._changed or key in self._foundation

    def __iter__(self) -> Iterator[str]:
        yield from self._changed
        yield from (key for key in self._foundation if key not in self._changed)

    def __len__(self) -> int:
        return len(self._foundation) + sum(key not in self._foundation for key in self._changed)

    def __repr__(self) -> str:
        return f"Layered({len(self)} keys, {len(self._changed)} changed)"
