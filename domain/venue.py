"""A place where activities happen: its rooms and the typed key points that people must find."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from domain.base import (
    Act,
    Code,
    Decision,
    Entity,
    Event,
    Line,
    OptionalLine,
    Prose,
    by_code,
    entity,
    replaced,
    value,
    without,
)
from domain.personal import Personal
from domain.refusals import CodeTaken, NotFound, NotPossible
from domain.values import Contact, Coordinates, SecrecyLevel
from domain.visit import Layout, Persons


class KeyPointKind(StrEnum):
    """What a marked point at a venue is for."""

    ENTRANCE = "entrance"
    ARRIVAL_POINT = "arrival_point"
    DEPARTURE_POINT = "departure_point"
    HOLDING_ROOM = "holding_room"
    SAFE_HAVEN = "safe_haven"
    COMMAND_POST = "command_post"
    ASSEMBLY = "assembly"
    EVACUATION_EXIT = "evacuation_exit"
    DESIGNATED_HOSPITAL = "designated_hospital"


@value
class VenueDetails:
    """What is known of a venue as a whole; ``district`` is its administrative unit."""

    name: Line
    name_en: OptionalLine = ""
    coordinates: Coordinates
    address: OptionalLine = ""
    district: OptionalLine = ""
    contacts: Annotated[tuple[Contact, ...], Personal()] = ()
    surveyed_on: date | None = None
    secrecy: SecrecyLevel = SecrecyLevel.NONE
    notes: Prose = ""

    def named(self, language: str) -> str:
        """The name in a language where it is known, else the name."""
        return self.name_en if language == "en" and self.name_en else self.name


@value
class Capacity:
    """How many persons a room holds in one layout."""

    layout: Layout
    persons: Persons


@value
class Room:
    """A room of a venue; without capacities it counts as not surveyed."""

    code: Code
    name: Line
    floor: OptionalLine = ""
    capacities: tuple[Capacity, ...] = ()
    fire_limit: Persons | None = None

    def capacity(self, layout: Layout) -> int | None:
        """Persons allowed in a layout: the smaller of its capacity and the fire limit, None if unknown."""
        known = [c.persons for c in self.capacities if c.layout is layout]
        limits = known + ([] if self.fire_limit is None else [self.fire_limit])
        return min(limits) if limits else None


@value
class KeyPoint:
    """A point at a venue that people must find."""

    code: Code
    kind: KeyPointKind
    name: Line
    coordinates: Coordinates
    phone: OptionalLine = ""
    notes: Prose = ""


@value
class VenueRegistered(Event):
    """A venue entered the registry."""

    venue: VenueDetails


@value
class VenueAmended(Event):
    """What is known of a venue changed."""

    venue: VenueDetails


@value
class VenueRetired(Event):
    """A venue is no longer to be used."""


@value
class VenueReinstated(Event):
    """A retired venue may be used again."""


@value
class RoomAdded(Event):
    """A room of the venue was entered."""

    room: Room


@value
class RoomAmended(Event):
    """What is known of a room changed."""

    room: Room


@value
class RoomRemoved(Event):
    """A room is no longer to be used."""

    room: Code


@value
class KeyPointMarked(Event):
    """A key point was marked."""

    point: KeyPoint


@value
class KeyPointAmended(Event):
    """A key point moved or its facts changed."""

    point: KeyPoint


@value
class KeyPointRemoved(Event):
    """A key point is no longer to be used."""

    point: Code


@entity
class Venue(Entity):
    """A venue with its present rooms and key points; shared by all visits."""

    kind: ClassVar[str] = "venue"

    details: VenueDetails
    retired: bool = False
    rooms: tuple[Room, ...] = ()
    key_points: tuple[KeyPoint, ...] = ()

    def room(self, code: str) -> Room:
        found = by_code(self.rooms).get(code)
        if found is None:
            raise NotFound.because("Venue {venue} has no room {code}.", venue=self.key, code=code)
        return found

    def key_point(self, code: str) -> KeyPoint:
        found = by_code(self.key_points).get(code)
        if found is None:
            raise NotFound.because("Venue {venue} has no key point {code}.", venue=self.key, code=code)
        return found

    def points_of(self, kind: KeyPointKind) -> tuple[KeyPoint, ...]:
        return tuple(point for point in self.key_points if point.kind is kind)

    # Decisions

    @staticmethod
    def register(code: str, details: VenueDetails, act: Act) -> Decision:
        return (VenueRegistered(**act.founds(Venue, code), venue=details),)

    def amend(self, details: VenueDetails, act: Act) -> Decision:
        self._in_use()
        if details == self.details:
            return ()
        return (VenueAmended(**act.on(self), venue=details),)

    def retire(self, act: Act) -> Decision:
        self._in_use()
        act.needs_reason()
        return (VenueRetired(**act.on(self)),)

    def reinstate(self, act: Act) -> Decision:
        if not self.retired:
            raise NotPossible.because("Venue {code} is not retired.", code=self.key)
        return (VenueReinstated(**act.on(self)),)

    def add_room(self, room: Room, act: Act) -> Decision:
        self._in_use()
        if room.code in by_code(self.rooms):
            raise CodeTaken.because(
                "Venue {venue} already has a room {code}; choose another code.",
                venue=self.key,
                code=room.code,
            )
        return (RoomAdded(**act.on(self), room=room),)

    def amend_room(self, room: Room, act: Act) -> Decision:
        self._in_use()
        if self.room(room.code) == room:
            return ()
        return (RoomAmended(**act.on(self), room=room),)

    def remove_room(self, code: str, act: Act) -> Decision:
        self._in_use()
        self.room(code)
        act.needs_reason()
        return (RoomRemoved(**act.on(self), room=code),)

    def mark_key_point(self, point: KeyPoint, act: Act) -> Decision:
        self._in_use()
        if point.code in by_code(self.key_points):
            raise CodeTaken.because(
                "Venue {venue} already has a key point {code}; choose another code.",
                venue=self.key,
                code=point.code,
            )
        return (KeyPointMarked(**act.on(self), point=point),)

    def amend_key_point(self, point: KeyPoint, act: Act) -> Decision:
        self._in_use()
        if self.key_point(point.code) == point:
            return ()
        return (KeyPointAmended(**act.on(self), point=point),)

    def remove_key_point(self, code: str, act: Act) -> Decision:
        self._in_use()
        self.key_point(code)
        act.needs_reason()
        return (KeyPointRemoved(**act.on(self), point=code),)

    def _in_use(self) -> None:
        if self.retired:
            raise NotPossible.because("Venue {code} is retired; reinstate it first.", code=self.key)

    # Evolution

    @staticmethod
    def founded(event: VenueRegistered) -> Venue:
        return Venue(key=event.key, version=event.originator_version, details=event.venue)

    def evolve(self, event: Event) -> Self:
        match event:
            case VenueAmended(venue=details):
                return self.with_(event, details=details)
            case VenueRetired():
                return self.with_(event, retired=True)
            case VenueReinstated():
                return self.with_(event, retired=False)
            case RoomAdded(room=room) | RoomAmended(room=room):
                return self.with_(event, rooms=replaced(self.rooms, room))
            case RoomRemoved(room=code):
                return self.with_(event, rooms=without(self.rooms, code))
            case KeyPointMarked(point=point) | KeyPointAmended(point=point):
                return self.with_(event, key_points=replaced(self.key_points, point))
            case KeyPointRemoved(point=code):
                return self.with_(event, key_points=without(self.key_points, code))
        return self.with_(event)
