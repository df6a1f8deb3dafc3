"""Sentences about venues, their rooms and key points."""

from __future__ import annotations

from domain.base import by_code
from domain.messages import Message, message
from domain.venue import (
    KeyPoint,
    KeyPointAmended,
    KeyPointMarked,
    KeyPointRemoved,
    Room,
    RoomAdded,
    RoomAmended,
    RoomRemoved,
    Venue,
    VenueAmended,
    VenueRegistered,
    VenueReinstated,
    VenueRetired,
)
from planner.history.changes import stated
from planner.history.facts import FACTS
from planner.history.names import Names, named
from planner.history.telling import Tellings, amended, before_it, reinstated, retired, saying


def _registered(event: VenueRegistered, before: Names, after: Names) -> Message:
    facts = saying(event.venue, after)
    venue = message("venue {venue}", venue=named(event.key, event.venue.name))
    return message("registered {thing}: {facts}", thing=venue, facts=facts)


def _amended(event: VenueAmended, before: Names, after: Names) -> Message:
    old = before_it(Venue, before, after).details
    return amended(before.thing(), old, event.venue, before, after)


def _room(room: Room, names: Names) -> Message:
    return message("room {room} of {venue}", room=named(room.code, room.name), venue=names.thing())


def _room_added(event: RoomAdded, before: Names, after: Names) -> Message:
    room = _room(event.room, after)
    if not stated(event.room, after, FACTS):
        return message("added {thing}, not surveyed yet", thing=room)
    return message("added {thing}: {facts}", thing=room, facts=saying(event.room, after))


def _room_amended(event: RoomAmended, before: Names, after: Names) -> Message:
    old = by_code(before_it(Venue, before, after).rooms)[event.room.code]
    return amended(_room(old, before), old, event.room, before, after)


def _room_removed(event: RoomRemoved, before: Names, after: Names) -> Message:
    old = by_code(before_it(Venue, before, after).rooms)[event.room]
    return message("removed {thing}", thing=_room(old, before))


def _point(point: KeyPoint, names: Names) -> Message:
    return message("key point {point} of {venue}", point=named(point.code, point.name), venue=names.thing())


def _point_marked(event: KeyPointMarked, before: Names, after: Names) -> Message:
    facts = saying(event.point, after)
    return message("marked {thing}: {facts}", thing=_point(event.point, after), facts=facts)


def _point_amended(event: KeyPointAmended, before: Names, after: Names) -> Message:
    old = by_code(before_it(Venue, before, after).key_points)[event.point.code]
    return amended(_point(old, before), old, event.point, before, after)


def _point_removed(event: KeyPointRemoved, before: Names, after: Names) -> Message:
    old = by_code(before_it(Venue, before, after).key_points)[event.point]
    return message("removed {thing}", thing=_point(old, before))


TELLINGS: Tellings = {
    VenueRegistered: _registered,
    VenueAmended: _amended,
    VenueRetired: retired,
    VenueReinstated: reinstated,
    RoomAdded: _room_added,
    RoomAmended: _room_amended,
    RoomRemoved: _room_removed,
    KeyPointMarked: _point_marked,
    KeyPointAmended: _point_amended,
    KeyPointRemoved: _point_removed,
}
