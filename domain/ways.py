"""How long it takes between the places of a visit's posts, as the router measured it on a map.

Kept with the visit as an event, so that the rules find the same in every history and need no router. The times are
found by place, not by post: where a post or a venue moves, nothing measured is left of it, and the rules fall back on
an estimate that says so until somebody measures anew.
"""

from __future__ import annotations

import base64
import binascii
import sys
from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, StringConstraints

from domain.base import Act, Decision, Entity, Event, OptionalLine, entity, value
from domain.values import Coordinates

Number = Annotated[int, Field(ge=0)]
#: The seconds of a table as one text: two bytes each, the smaller first, in Base64. Little more than half of what
#: numbers in JSON take in the log, a twelfth of their memory, and nothing to read before somebody asks for a pair.
Packed = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]*={0,2}$")]
#: Stands for a pair between which no way leads, and the longest that is told of one: eighteen hours.
NO_WAY, LONGEST = 0xFFFF, 0xFFFE
#: Places of one visit between which ways are measured at most: the square of it is kept in one event.
MOST_PLACES = 1000


def packed(seconds: Iterable[int | None]) -> Packed:
    """The seconds of a table, row by row, None where no way leads."""
    numbers = array("H", (NO_WAY if one is None else min(one, LONGEST) for one in seconds))
    if sys.byteorder == "big":
        numbers.byteswap()
    return base64.b64encode(numbers).decode()


def unpacked(table: Packed) -> bytes:
    """The seconds of all pairs, two bytes each, the smaller first; ``NO_WAY`` where no way leads."""
    return base64.b64decode(table)


def _at(table: Packed, pair: int) -> timedelta | None:
    """How long one pair takes, read without the others: three bytes are four signs."""
    group, rest = divmod(2 * pair, 3)
    seconds = int.from_bytes(base64.b64decode(table[4 * group : 4 * group + 8])[rest : rest + 2], "little")
    return None if seconds == NO_WAY else timedelta(seconds=seconds)


@value
class Inside:
    """Ways on foot between the places of one venue, by their numbers: from each (row) to each other (column)."""

    places: tuple[Number, ...]
    walking: Packed

    def __post_init__(self) -> None:
        if len(set(self.places)) != len(self.places) or not _holds(self.walking, len(self.places)):
            raise ValueError("Inside a venue it is measured from each place to each other")

    @staticmethod
    def of(places: Sequence[int], walking: Sequence[Sequence[int | None]]) -> Inside:
        """From rows of seconds."""
        return Inside(places=tuple(places), walking=packed(one for row in walking for one in row))

    def walk(self, origin: int, destination: int) -> timedelta | None:
        """On foot from one place of the visit to another; None where either is not inside, or no way leads."""
        if origin in self.places and destination in self.places:
            row, column = self.places.index(origin), self.places.index(destination)
            return _at(self.walking, row * len(self.places) + column)
        return None


@value
class Roads:
    """Seconds by car from each place (row) to each other (column), without traffic.

    ``inside`` are the ways on foot inside venues; ``pack`` is the hash of the map that was measured on.
    """

    places: Annotated[tuple[Coordinates, ...], Field(max_length=MOST_PLACES)] = ()
    driving: Packed = ""
    inside: tuple[Inside, ...] = ()
    pack: OptionalLine = ""

    def __post_init__(self) -> None:
        count = len(self.places)
        if len(set(self.places)) != count:
            raise ValueError("Each place is measured once")
        if not _holds(self.driving, count):
            raise ValueError("Ways are measured from each place to each other")
        if any(max(one.places, default=-1) >= count for one in self.inside):
            raise ValueError("A walk is between two of the places")

    @staticmethod
    def of(
        places: Sequence[Coordinates],
        driving: Sequence[Sequence[int | None]],
        inside: Sequence[Inside] = (),
        pack: str = "",
    ) -> Roads:
        """From rows of seconds."""
        return Roads(
            places=tuple(places),
            driving=packed(one for row in driving for one in row),
            inside=tuple(inside),
            pack=pack,
        )

    def drive(self, origin: int, destination: int) -> timedelta | None:
        """By car from one place to another, by their numbers; None where no street leads."""
        return _at(self.driving, origin * len(self.places) + destination)


def _holds(table: Packed, places: int) -> bool:
    """Whether a table tells of each pair of so many places."""
    try:
        return len(base64.b64decode(table, validate=True)) == 2 * places * places
    except binascii.Error:
        return False


@value
class WaysMeasured(Event):
    """The ways between the places of a visit were measured on a map. Version 2: in seconds, packed."""

    schema_version: ClassVar[int] = 2

    roads: Roads

    @classmethod
    def upcast_v1_v2(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """Minutes become seconds, and all walks one table: nothing said which venue they were in."""
        roads = fields["roads"]
        number = {at: row for row, at in enumerate(sorted({w[end] for w in roads["walks"] for end in _ENDS}))}
        walking: list[int | None] = [None] * len(number) ** 2
        for walk in roads["walks"]:
            walking[number[walk["origin"]] * len(number) + number[walk["destination"]]] = _seconds(walk["minutes"])
        driving = packed(_seconds(minutes) for row in roads["driving"] for minutes in row)
        inside = [{"places": list(number), "walking": packed(walking)}] if number else []
        told = {"places": roads["places"], "driving": driving, "inside": inside, "pack": roads["pack"]}
        return fields | {"roads": told}


_ENDS = ("origin", "destination")


def _seconds(minutes: float | None) -> int | None:
    return None if minutes is None else round(60 * minutes)


@entity
class Ways(Entity):
    """The ways of a visit as they were last measured; ``measured_at`` is None where nobody has."""

    kind: ClassVar[str] = "ways"
    CODE: ClassVar[str] = "roads"

    roads: Roads = Roads()
    measured_at: datetime | None = None

    # Decisions

    def measure(self, roads: Roads, act: Act) -> Decision:
        if roads == self.roads:
            return ()
        return (WaysMeasured(**act.on(self), roads=roads),)

    # Evolution

    @staticmethod
    def founded(event: WaysMeasured) -> Ways:
        return Ways(key=event.key, version=0).evolve(event)

    def evolve(self, event: Event) -> Self:
        match event:
            case WaysMeasured(roads=roads, occurred_at=moment):
                return self.with_(event, roads=roads, measured_at=moment if roads.places else None)
        return self.with_(event)
