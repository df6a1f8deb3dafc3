"""The activities of a visit, so kept that none has to be looked at to find one, or to know where they all are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, overload

from rpds import HashTrieMap


class Placed(Protocol):
    """What has a code and takes place somewhere, or nobody knows where yet."""

    @property
    def code(self) -> str: ...
    @property
    def venue(self) -> str | None: ...


class Activities[A: Placed](Sequence[A]):
    """Activities in the order in which they came; immutable, and equal to a tuple of the same.

    A copy with one more costs the same for a programme of ten and of ten thousand. Who walks them pays for that once.
    """

    __slots__ = ("_at_venue", "_listed", "_order", "_places")

    def __init__(self, activities: Iterable[A] = ()) -> None:
        given = tuple(activities)
        counts: dict[str, int] = {}
        for activity in given:
            if activity.venue is not None:
                counts[activity.venue] = counts.get(activity.venue, 0) + 1
        self._listed: tuple[A, ...] | None = given
        self._order: HashTrieMap[int, A] = HashTrieMap(dict(enumerate(given)))
        self._places: HashTrieMap[str, int] = HashTrieMap({one.code: place for place, one in enumerate(given)})
        self._at_venue: HashTrieMap[str, int] = HashTrieMap(counts)

    def find(self, code: str) -> A | None:
        """The activity of that code; None where there is none."""
        place = self._places.get(code)
        return None if place is None else self._order[place]

    @property
    def venues(self) -> tuple[str, ...]:
        """The codes of all venues where one of them is, in order."""
        return tuple(sorted(self._at_venue))

    def holding(self, activity: A) -> Activities[A]:
        """The same with this activity in the place of the one of its code, or at the end where there is none."""
        copy: Activities[A] = object.__new__(Activities)
        place, counts, copy._places = self._places.get(activity.code), self._at_venue, self._places
        if place is None:
            place = len(self)
            copy._places = self._places.insert(activity.code, place)
        else:
            counts = _counted(counts, self._order[place].venue, -1)
        copy._listed, copy._order = None, self._order.insert(place, activity)
        copy._at_venue = _counted(counts, activity.venue, 1)
        return copy

    def _tuple(self) -> tuple[A, ...]:
        if self._listed is None:
            order = self._order
            self._listed = tuple(order[place] for place in range(len(order)))
        return self._listed

    @overload
    def __getitem__(self, place: int, /) -> A: ...
    @overload
    def __getitem__(self, places: slice, /) -> tuple[A, ...]: ...
    def __getitem__(self, asked: int | slice, /) -> A | tuple[A, ...]:
        return self._tuple()[asked]

    def __iter__(self) -> Iterator[A]:
        return iter(self._tuple())

    def __len__(self) -> int:
        return len(self._order)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Activities):
            return self._tuple() == other._tuple()
        return self._tuple() == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._tuple())

    def __repr__(self) -> str:
        return f"Activities({self._tuple()!r})"


def _counted(counts: HashTrieMap[str, int], venue: str | None, more: int) -> HashTrieMap[str, int]:
    if venue is None:
        return counts
    count = counts.get(venue, 0) + more
    return counts.insert(venue, count) if count else counts.remove(venue)
