"""Venues from a workbook: one sheet of venues, others of their rooms and key points."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from domain.base import Act, Decision, by_code, replaced
from domain.draft import Draft
from domain.messages import Message, message
from domain.plan import Plan
from domain.values import Coordinates, SecrecyLevel
from domain.venue import Capacity, KeyPoint, KeyPointKind, Room, Venue, VenueDetails
from domain.visit import Layout
from planner.exports.plan_json import VenueEntry, venue_entry
from planner.imports import cells
from planner.imports.preview import Existing, Preview, Progress, Row, built, lost, taken_in, tried, unwatched
from planner.imports.table import Column, Found, Line, Table, demand, find
from planner.imports.workbook import read_workbook

VENUES = Table(
    "Venues",
    (
        Column("code", "Code", cells.code, lambda v: v.key, ("Venue code",), True, width=14),
        Column("name", "Venue name", cells.text, lambda v: v.details.name, ("Name", "Tên"), True, width=36),
        Column("lat", "Latitude", cells.number, lambda v: v.details.coordinates.lat, ("Lat",), True, width=12),
        Column("lon", "Longitude", cells.number, lambda v: v.details.coordinates.lon, ("Lon", "Long"), True, width=12),
        Column("name_en", "English name", cells.text, lambda v: v.details.name_en, width=30),
        Column("address", "Address", cells.text, lambda v: v.details.address, width=34),
        Column("district", "District", cells.text, lambda v: v.details.district, ("Quận huyện", "Phường xã"), width=18),
        Column("surveyed_on", "Surveyed on", cells.day, lambda v: v.details.surveyed_on, form="dd/mm/yyyy", width=13),
        Column(
            "secrecy",
            "Secrecy mark",
            cells.member_of(SecrecyLevel, SecrecyLevel.NONE),
            lambda v: v.details.secrecy,
            ("Secrecy",),
            choices=SecrecyLevel,
        ),
        Column("notes", "Notes", cells.text, lambda v: v.details.notes, width=40),
    ),
)


def _capacity(layout: Layout) -> Callable[[tuple[Venue, Room]], int | None]:
    return lambda pair: next((c.persons for c in pair[1].capacities if c.layout is layout), None)


ROOMS = Table(
    "Rooms",
    (
        Column("venue", "Venue", cells.code, lambda pair: pair[0].key, ("Venue code",), True, width=14),
        Column("code", "Room", cells.code, lambda pair: pair[1].code, ("Room code",), True, width=12),
        Column("name", "Room name", cells.text, lambda pair: pair[1].name, ("Name", "Tên"), True, width=32),
        Column("floor", "Floor", cells.text, lambda pair: pair[1].floor, width=10),
        *(
            Column(layout.value, heading, cells.whole, _capacity(layout), width=12)
            for layout, heading in (
                (Layout.STANDING, "Persons standing"),
                (Layout.THEATRE, "Persons in rows"),
                (Layout.BANQUET, "Persons at banquet tables"),
                (Layout.BOARDROOM, "Persons at one table"),
            )
        ),
        Column("fire_limit", "Fire limit", cells.whole, lambda pair: pair[1].fire_limit, width=10),
    ),
)

KEY_POINTS = Table(
    "Key points",
    (
        Column("venue", "Venue", cells.code, lambda pair: pair[0].key, ("Venue code",), True, width=14),
        Column("code", "Key point", cells.code, lambda pair: pair[1].code, ("Key point code",), True, width=12),
        Column(
            "kind",
            "Kind",
            cells.member_of(KeyPointKind),
            lambda pair: pair[1].kind,
            ("Type",),
            True,
            KeyPointKind,
            width=20,
        ),
        Column("name", "Point name", cells.text, lambda pair: pair[1].name, ("Name", "Tên"), True, width=32),
        Column("lat", "Latitude", cells.number, lambda pair: pair[1].coordinates.lat, ("Lat",), True, width=12),
        Column("lon", "Longitude", cells.number, lambda pair: pair[1].coordinates.lon, ("Lon", "Long"), True, width=12),
        Column("phone", "Telephone", cells.text, lambda pair: pair[1].phone, ("Phone",), width=16),
        Column("notes", "Notes", cells.text, lambda pair: pair[1].notes, width=40),
    ),
)


def preview_venues(
    content: bytes, plan: Plan, existing: Existing = Existing.AMEND, progress: Progress = unwatched
) -> Preview[VenueEntry]:
    """What importing this workbook would do. Raises ``InvalidInput`` for no workbook."""
    sheets = read_workbook(content)
    found = demand(sheets, VENUES)
    rooms, points = _by_venue(find(sheets, ROOMS)), _by_venue(find(sheets, KEY_POINTS))
    seen: set[str] = set()
    rows = []
    for line in found.lines:
        code = str(line.values.get("code"))
        rows.append(_row(line, plan, rooms.pop(code, []), points.pop(code, []), seen))
    return Preview((*tried(rows, plan, take_venue, existing, progress), *_without(rooms, points)), found.ignored)


def imported_venues(plan: Plan, venues: Iterable[VenueEntry], existing: Existing, act: Act) -> Decision:
    """The events that bring these venues into the registry; no venue, room or key point is taken out."""
    return taken_in(plan, venues, act, take_venue, existing)


def take_venue(draft: Draft, entry: VenueEntry, existing: Existing) -> bool:
    """Register or amend one venue, with the rooms and key points that differ."""
    details = VenueDetails(**{f.name: getattr(entry, f.name) for f in dataclasses.fields(VenueDetails)})
    if not draft.plan.has(Venue, entry.code):
        draft.add(Venue.register(entry.code, details, draft.act))
    elif existing is Existing.SKIP:
        return False
    else:
        draft.add(draft.plan.venue(entry.code).amend(details, draft.act))
    for room in entry.rooms:
        venue = draft.plan.venue(entry.code)
        known = room.code in by_code(venue.rooms)
        draft.add(venue.amend_room(room, draft.act) if known else venue.add_room(room, draft.act))
    for point in entry.key_points:
        venue = draft.plan.venue(entry.code)
        known = point.code in by_code(venue.key_points)
        draft.add(venue.amend_key_point(point, draft.act) if known else venue.mark_key_point(point, draft.act))
    return True


def _without(*sheets: Mapping[str, list[Line]]) -> Iterator[Row[VenueEntry]]:
    """Rooms and key points whose venue has no row."""
    for left in sheets:
        for code, lines in left.items():
            yield from (lost(line, _lost(code)) for line in lines)


def _by_venue(found: Found | None) -> dict[str, list[Line]]:
    grouped: dict[str, list[Line]] = {}
    for line in found.lines if found else ():
        grouped.setdefault(str(line.values.get("venue")), []).append(line)
    return grouped


def _row(line: Line, plan: Plan, rooms: list[Line], points: list[Line], seen: set[str]) -> Row[VenueEntry]:
    errors = [*line.errors]
    errors += [
        message("rooms, row {number}: {error}", number=str(one.number), error=e) for one in rooms for e in one.errors
    ]
    errors += [
        message("key points, row {number}: {error}", number=str(one.number), error=e)
        for one in points
        for e in one.errors
    ]
    code = line.values.get("code")
    if code in seen:
        errors.append(message("Code {code} stands in an earlier row too.", code=code))
    if code is not None:
        seen.add(code)
    return built(line, tuple(errors), lambda: _venue(line.values, plan, rooms, points), (*rooms, *points))


def _lost(code: str) -> Message:
    return message("Venue {code} of this row has no row among the venues.", code=code)


def _venue(values: Mapping[str, Any], plan: Plan, rooms: list[Line], points: list[Line]) -> VenueEntry:
    code = values["code"]
    facts: dict[str, Any] = {"code": code}
    if plan.has(Venue, code):
        earlier = venue_entry(plan.venue(code))
        facts = {field.name: getattr(earlier, field.name) for field in dataclasses.fields(earlier)}
    facts |= {name: value for name, value in values.items() if name not in ("lat", "lon")}
    facts["coordinates"] = Coordinates(lat=values["lat"], lon=values["lon"])
    held: tuple[Room, ...] = facts.get("rooms", ())
    for line in rooms:
        held = replaced(held, _room(line.values, by_code(held).get(line.values["code"])))
    marked: tuple[KeyPoint, ...] = facts.get("key_points", ())
    for line in points:
        marked = replaced(marked, _point(line.values, by_code(marked).get(line.values["code"])))
    return VenueEntry(**{**facts, "rooms": held, "key_points": marked})


def _room(values: Mapping[str, Any], earlier: Room | None) -> Room:
    persons = {} if earlier is None else {capacity.layout: capacity.persons for capacity in earlier.capacities}
    for layout in Layout:
        if layout.value in values:
            persons.pop(layout, None)
            if values[layout.value] is not None:
                persons[layout] = values[layout.value]
    capacities = tuple(Capacity(layout=layout, persons=persons[layout]) for layout in Layout if layout in persons)
    if earlier is not None and set(capacities) == set(earlier.capacities):
        capacities = earlier.capacities
    return Room(
        code=values["code"],
        name=values["name"],
        floor=values.get("floor", "" if earlier is None else earlier.floor),
        capacities=capacities,
        fire_limit=values.get("fire_limit", None if earlier is None else earlier.fire_limit),
    )


def _point(values: Mapping[str, Any], earlier: KeyPoint | None) -> KeyPoint:
    facts = {} if earlier is None else {f.name: getattr(earlier, f.name) for f in dataclasses.fields(earlier)}
    facts |= {name: value for name, value in values.items() if name not in ("venue", "lat", "lon")}
    return KeyPoint(**{**facts, "coordinates": Coordinates(lat=values["lat"], lon=values["lon"])})
