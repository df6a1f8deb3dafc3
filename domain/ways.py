"""How long it takes between the places of a visit's posts, as the router measured it on a map.

Kept with the visit as an event, so that the rules find the same in every history and need no router. The times are
found by place, not by post: where a post or a venue moves, nothing measured is left of it, and the rules fall back on
an estimate that says so until somebody measures anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field

from domain.base import Act, Decision, Entity, Event, OptionalLine, entity, value
from domain.values import Coordinates

Minutes = Annotated[float, Field(ge=0, le=7 * 24 * 60)]
Number = Annotated[int, Field(ge=0)]
#: Places of one visit between which ways are measured at most: the square of it is kept in one event.
MOST_PLACES = 200


@value
class Walk:
    """A way on foot between two places, by their numbers."""

    origin: Number
    destination: Number
    minutes: Minutes


@value
class Roads:
    """Minutes by car from each place (row) to each other (column), None where no street leads; without traffic.

    ``walks`` are the ways on foot inside a venue; ``pack`` is the hash of the map that was measured on.
    """

    places: Annotated[tuple[Coordinates, ...], Field(max_length=MOST_PLACES)] = ()
    driving: tuple[tuple[Minutes | None, ...], ...] = ()
    walks: tuple[Walk, ...] = ()
    pack: OptionalLine = ""

    def __post_init__(self) -> None:
        count = len(self.places)
        if len(set(self.places)) != count:
            raise ValueError("Each place is measured once")
        if len(self.driving) != count or any(len(row) != count for row in self.driving):
            raise ValueError("Ways are measured from each place to each other")
        if any(max(walk.origin, walk.destination) >= count for walk in self.walks):
            raise ValueError("A walk is between two of the places")


@value
class WaysMeasured(Event):
    """The ways between the places of a visit were measured on a map."""

    roads: Roads


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
