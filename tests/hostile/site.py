"""A site on which every text that people can type is a hostile one: each text in each field of each kind of thing.

Which fields those are is read from the types themselves, so that a field that is added is filled too.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from pydantic import TypeAdapter

from domain.base import Actor, Line, OptionalLine, Prose, Role
from domain.delegation import DelegationDetails, Member
from domain.officer import OfficerDetails
from domain.post import PostDetails
from domain.route import RouteDetails
from domain.values import Contact, PersonName, Qualification, TimeWindow
from domain.venue import KeyPoint, Room, VenueDetails
from domain.visit import Activity, Journey, TravelMode, VisitDetails
from planner.application import Planner
from tests.examples import (
    activity,
    delegation_details,
    key_point,
    member,
    officer_details,
    place,
    post_details,
    room,
    route_details,
    venue_details,
    visit_details,
)
from tests.hostile.texts import TEXTS

VISIT = "HOSTILE-1"
DELEGATION = "LA"
PLANNER = Actor("planner", frozenset({Role.PLANNER, Role.COMMANDER}))

#: The patterns by which free text is known in a schema; a list of several pieces of text is filled with one.
_FREE = frozenset(TypeAdapter(kind).json_schema()["pattern"] for kind in (Line, OptionalLine, Prose))


def filled[T](value: T, text: str, **kept: Any) -> T:
    """The value with the text in every field that takes one, at every depth; ``kept`` stays as given."""
    adapter: TypeAdapter[T] = TypeAdapter(type(value))
    schema = adapter.json_schema()
    document = _filled(adapter.dump_python(value, mode="json"), schema, schema.get("$defs", {}), text)
    return adapter.validate_python(document | kept)


def fields(kind: type) -> int:
    """How many fields of a type take free text."""
    schema = TypeAdapter(kind).json_schema()
    return _count(schema, schema.get("$defs", {}))


def _resolved(schema: dict[str, Any], known: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in schema:
        return [known[schema["$ref"].rpartition("/")[2]]]
    return [one for part in schema["anyOf"] for one in _resolved(part, known)] if "anyOf" in schema else [schema]


def _filled(document: Any, schema: dict[str, Any], known: dict[str, Any], text: str) -> Any:
    for kind in _resolved(schema, known):
        if kind.get("pattern") in _FREE:
            return text
        if kind.get("type") == "object" and isinstance(document, dict):
            return {name: _filled(value, kind["properties"][name], known, text) for name, value in document.items()}
        if kind.get("type") == "array" and isinstance(document, list):
            (items,) = _resolved(kind["items"], known)
            if items.get("pattern") in _FREE:
                return [text]
            return [_filled(value, items, known, text) for value in document]
    return document


def _count(schema: dict[str, Any], known: dict[str, Any]) -> int:
    kinds = _resolved(schema, known)
    return sum(
        int(kind.get("pattern") in _FREE)
        + sum(_count(part, known) for part in kind.get("properties", {}).values())
        + (_count(kind["items"], known) if "items" in kind else 0)
        for kind in kinds
    )


def fill(planner: Planner, by: Actor = PLANNER) -> None:
    """A visit of two days with one of each thing for every text, and a visit of its own for each."""
    opening = datetime.combine(planner.clock().date() + timedelta(days=3), time(), UTC)
    with planner.together(by):
        days = {"first_day": opening.date(), "last_day": opening.date() + timedelta(days=1)}
        planner.register_visit(VISIT, visit_details(**days), by=by)
        planner.register_delegation(VISIT, DELEGATION, delegation_details(), by=by)
        for number, text in enumerate(TEXTS.values()):
            _one_of_each(planner, number, text, opening, by)


def _one_of_each(planner: Planner, number: int, text: str, opening: datetime, by: Actor) -> None:
    why: Any = {"by": by, "reason": text}
    start = opening + timedelta(minutes=40 * number)
    window = TimeWindow(start=start, end=start + timedelta(minutes=30))
    here = place(19.88 + number / 500, 102.13)
    visit, venue, officer, code = f"HX-{number:02d}", f"V-{number:02d}", f"CA-{number:02d}", f"N-{number:02d}"
    days = {"first_day": opening.date(), "last_day": opening.date() + timedelta(days=1)}
    planner.register_visit(visit, filled(visit_details(**days), text), **why)
    planner.register_delegation(visit, "LA", filled(delegation_details(), text), **why)
    guest = member(code, PersonName(romanised="x", original="x", form_of_address="x", said="x"))
    planner.add_member(VISIT, DELEGATION, filled(guest, text), **why)
    told = venue_details(coordinates=here, contacts=(Contact(name="x"),))
    planner.register_venue(venue, filled(told, text), **why)
    planner.add_room(venue, filled(room(), text), **why)
    planner.mark_key_point(venue, filled(key_point(coordinates=here), text), **why)
    planner.register_officer(officer, filled(officer_details(), text), **why)
    held = Qualification(code="x", valid=TimeWindow(start=opening, end=opening + timedelta(days=3)))
    planner.grant_qualification(officer, filled(held, text), **why)
    travel = Journey(mode=TravelMode.AIR, number="x", gate="x")
    held_at = activity(code, venue=venue, room="R-1", delegation=DELEGATION, journey=travel)
    planner.schedule_activity(VISIT, filled(held_at, text, window=window), **why)
    duty = post_details(venue=venue, key_point="K-1", activity=code, commander=officer)
    planner.create_post(VISIT, code, filled(duty, text, window=window), **why)
    planner.assign_officer(VISIT, code, officer, **why)
    if number:
        leg = route_details(f"V-{number - 1:02d}", venue)
        planner.plan_routes(VISIT, (filled(leg, text, geometry=leg.geometry),), **why)


#: What is filled, for counting.
KINDS = (
    VisitDetails,
    DelegationDetails,
    Member,
    VenueDetails,
    Room,
    KeyPoint,
    OfficerDetails,
    Qualification,
    Activity,
    PostDetails,
    RouteDetails,
)
