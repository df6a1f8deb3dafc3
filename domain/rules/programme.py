"""Rooms, across all visits: R07 how many persons they hold, R08 who else uses them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice, pairwise
from typing import NamedTuple

from domain.base import by_code
from domain.finding import Finding, Scope, Severity
from domain.messages import Message, message
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.references import party_size
from domain.rules.naming import titled
from domain.rules.scope import keys_of, within
from domain.values import TimeWindow
from domain.venue import Room, Venue
from domain.visit import Activity, Visit


def venue_capacity(plan: Plan, numbers: PolicyNumbers, as_of: datetime, scope: Scope) -> tuple[Finding, ...]:
    """R07: more persons in a room than it holds (blocks), or nearly so (warns), or nobody knows (warns).

    A room holds the smaller of its capacity in the layout and the fire limit; of several layouts at once, the
    smallest. Left out, because the product has no such things yet: parking slots for motorcades; hosts, press,
    staff and security are counted where the activity's headcount states them.
    """
    return within((f for use in _rooms_in(plan, scope) for f in _crowding(plan, numbers, use)), scope)


def venue_double_use(plan: Plan, numbers: PolicyNumbers, as_of: datetime, scope: Scope) -> tuple[Finding, ...]:
    """R08: two activities occupy one room at once, set-up and teardown included, and are not joint. Blocks.

    Left out, because the product has no such things yet: sweeps, seals, and bookings of others.
    """
    return within((finding for use in _rooms_in(plan, scope) for finding in _double_uses(use)), scope)


class Slot(NamedTuple):
    """An activity of a visit."""

    visit: str
    activity: Activity

    @property
    def id(self) -> str:
        return f"activity/{self.visit}/{self.activity.code}"

    @property
    def occupancy(self) -> TimeWindow:
        """When it keeps its room busy."""
        before, after = self.activity.setup_minutes, self.activity.teardown_minutes
        return self.activity.window.padded(timedelta(minutes=before), timedelta(minutes=after))


class RoomUse(NamedTuple):
    """All activities that use one room of a venue; ``room`` is missing where the venue has no such room."""

    venue: Venue
    code: str
    room: Room | None
    slots: tuple[Slot, ...]

    @property
    def id(self) -> str:
        return f"room/{self.venue.key}/{self.code}"

    @property
    def named(self) -> dict[str, str]:
        """Room and venue, as findings say them."""
        room = self.code if self.room is None else titled(self.code, self.room.name)
        return {"room": room, "venue": titled(self.venue.key, self.venue.details.name)}


# R07


def _crowding(plan: Plan, numbers: PolicyNumbers, use: RoomUse) -> Iterator[Finding]:
    sized = [(slot, party_size(plan, slot.visit, slot.activity)) for slot in use.slots]
    for slot, persons in sized:
        if _limit(use, slot) is None:
            yield _not_surveyed(use, slot, persons)
    known = [(slot, persons) for slot, persons in sized if persons]
    moments = sorted({m for slot, _ in known for m in (slot.activity.window.start, slot.activity.window.end)})
    crowds: list[Crowd] = []
    for start, end in pairwise(moments):
        present = [(slot, persons) for slot, persons in known if slot.activity.window.contains(start)]
        limits = [limit for slot, _ in present if (limit := _limit(use, slot)) is not None]
        if not limits:
            continue
        crowd = _crowd(numbers, TimeWindow(start=start, end=end), present, min(limits))
        if crowd is None:
            continue
        if crowds and crowds[-1].continued_by(crowd):
            crowds[-1] = crowds[-1].with_(crowd)
        else:
            crowds.append(crowd)
    for crowd in crowds:
        yield _crowded(use, crowd)


class Crowd(NamedTuple):
    """A time during which a room is too full, or nearly so, with its worst moment's numbers."""

    window: TimeWindow
    severity: Severity
    persons: int
    limit: int
    activities: tuple[str, ...]

    def continued_by(self, later: Crowd) -> bool:
        return self.window.end == later.window.start and self.severity is later.severity

    def with_(self, later: Crowd) -> Crowd:
        worst = max(self, later, key=lambda crowd: crowd.persons - crowd.limit)
        together = TimeWindow(start=self.window.start, end=later.window.end)
        activities = tuple(sorted({*self.activities, *later.activities}))
        return worst._replace(window=together, activities=activities)


def _crowd(numbers: PolicyNumbers, window: TimeWindow, present: list[tuple[Slot, int]], limit: int) -> Crowd | None:
    persons = sum(number for _, number in present)
    if persons > limit:
        severity = Severity.BLOCK
    elif persons > limit * numbers.capacity_warn_share:
        severity = Severity.WARN
    else:
        return None
    return Crowd(window, severity, persons, limit, tuple(sorted(slot.id for slot, _ in present)))


def _limit(use: RoomUse, slot: Slot) -> int | None:
    return None if use.room is None else use.room.capacity(slot.activity.layout)


def _crowded(use: RoomUse, crowd: Crowd) -> Finding:
    values = {
        **use.named,
        "persons": crowd.persons,
        "limit": crowd.limit,
        "window": crowd.window,
    }
    if crowd.severity is Severity.BLOCK:
        said = message("Room {room} of {venue} holds {limit} persons; {persons} are planned {window}.", **values)
    else:
        said = message("Room {room} of {venue} is nearly full: {persons} of {limit} persons {window}.", **values)
    return Finding(
        rule="R07",
        severity=crowd.severity,
        subjects=(*crowd.activities, use.id),
        window=crowd.window,
        message=said,
    )


def _not_surveyed(use: RoomUse, slot: Slot, persons: int) -> Finding:
    values = {
        "activity": titled(slot.activity.code, slot.activity.title),
        "visit": slot.visit,
        **use.named,
        "persons": persons,
    }
    if use.room is None:
        said = message("Activity {activity} of visit {visit} is in room {room}, which {venue} does not have.", **values)
    else:
        said = message(
            "Room {room} of {venue} is not surveyed for {layout}: nobody knows whether it holds the {persons} persons "
            "of activity {activity} of visit {visit}.",
            layout=slot.activity.layout,
            **values,
        )
    return Finding(
        rule="R07", severity=Severity.WARN, subjects=(slot.id, use.id), window=slot.activity.window, message=said
    )


# R08


def _double_uses(use: RoomUse) -> Iterator[Finding]:
    slots = sorted(use.slots, key=lambda slot: (slot.occupancy.start, slot.id))
    for index, earlier in enumerate(slots):
        for later in islice(slots, index + 1, None):
            if later.occupancy.start >= earlier.occupancy.end:
                break
            if earlier.visit != later.visit or not earlier.activity.held_with(later.activity):
                yield _double_use(use, earlier, later)


def _double_use(use: RoomUse, one: Slot, other: Slot) -> Finding:
    return Finding(
        rule="R08",
        severity=Severity.BLOCK,
        subjects=(*sorted((one.id, other.id)), use.id),
        window=one.occupancy.intersection(other.occupancy),
        message=message(
            "Room {room} of {venue} is needed twice for {length}: for {one} and for {other}, with set-up and teardown.",
            **use.named,
            length=one.occupancy.overlap(other.occupancy),
            one=_busy_for(one),
            other=_busy_for(other),
        ),
    )


def _busy_for(slot: Slot) -> Message:
    return message(
        "activity {activity} of visit {visit} ({window})",
        activity=titled(slot.activity.code, slot.activity.title),
        visit=slot.visit,
        window=slot.occupancy,
    )


# Which rooms


def _rooms_in(plan: Plan, scope: Scope) -> Iterator[RoomUse]:
    """The uses of all rooms whose findings a scope may ask for, in order of venue and room."""
    for code in _venues_in(plan, scope):
        yield from plan.remembered(("rooms used", code), partial(_rooms_used, plan, code))


def _rooms_used(plan: Plan, code: str) -> tuple[RoomUse, ...]:
    venue = plan.venue(code)
    rooms: dict[str, list[Slot]] = {}
    for visit in plan.visits_at(code):
        if visit.cancelled:
            continue
        for activity in plan.remembered(("programme", visit.key), partial(getattr, visit, "programme")):
            if activity.venue == code and activity.room is not None:
                rooms.setdefault(activity.room, []).append(Slot(visit.key, activity))
    known = by_code(venue.rooms)
    return tuple(RoomUse(venue, room, known.get(room), tuple(slots)) for room, slots in sorted(rooms.items()))


def _venues_in(plan: Plan, scope: Scope) -> Iterable[str]:
    if scope is None:
        return [venue.key for venue in plan.venues]
    found = {code for code in keys_of(scope, "venue") if plan.has(Venue, code)}
    for key in keys_of(scope, "visit"):
        visit = plan.entities.get(f"visit/{key}")
        if isinstance(visit, Visit):
            found |= {activity.venue for activity in visit.activities if activity.venue is not None}
    for key in keys_of(scope, "activity"):
        visit, code = plan.entities.get(f"visit/{key.partition('/')[0]}"), key.partition("/")[2]
        if isinstance(visit, Visit):
            found |= {a.venue for a in visit.activities if a.code == code and a.venue is not None}
    return sorted(found)
