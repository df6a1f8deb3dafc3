"""What the map of a visit shows, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from domain.plan import Plan
from domain.route import Route
from domain.venue import KeyPointKind
from domain.visit import Visit
from planner.text import Speaker
from ui.components import plain_table
from ui.components.plain_table import Cell, Row
from ui.maps.places import activities_at, venue_name, venues_on_map
from ui.maps.posts import Stand, state_in_words
from ui.maps.ways import closed_at, leg_name


def show(
    plan: Plan,
    visit: Visit,
    speaker: Speaker,
    routes: Iterable[Route],
    found: Iterable[Stand],
    moment: datetime | None,
) -> None:
    """Venues, routes and posts, one table each; empty ones are left out."""
    tables = (
        (
            speaker("Venues"),
            (speaker("Venue"), speaker("What takes place"), speaker("Key points")),
            tuple(venue_rows(plan, visit, speaker, moment)),
        ),
        (
            speaker("Routes"),
            (speaker("From – to"), speaker("For"), speaker("km"), speaker("Minutes"), speaker("State")),
            tuple(route_rows(plan, routes, speaker, moment)),
        ),
        (speaker("Posts"), (speaker("Post"), speaker("Time"), speaker("State")), tuple(post_rows(found, speaker))),
    )
    for title, headings, rows in tables:
        if rows:
            plain_table.show(headings, rows, caption=title)


def venue_rows(plan: Plan, visit: Visit, speaker: Speaker, moment: datetime | None) -> Iterator[Row]:
    """One row a venue: what is on the map, and what takes place there."""
    going_on = visit.programme if moment is None else activities_at(visit, moment)
    at: dict[str | None, list[str]] = {}
    for activity in going_on:
        at.setdefault(activity.venue, []).append(activity.title)
    kinds = {kind: speaker.label(kind) for kind in KeyPointKind}
    for venue in venues_on_map(plan, visit.key):
        facts = (venue.key, venue.details.address, speaker.show(venue.details.coordinates))
        points = (f"{point.name} ({kinds[point.kind]})" for point in venue.key_points)
        yield Row(
            (
                Cell(venue_name(venue, speaker), " · ".join(fact for fact in facts if fact)),
                "; ".join(at.get(venue.key, [])),
                "; ".join(points),
            ),
            chosen=moment is not None and venue.key in at,
        )


def route_rows(plan: Plan, routes: Iterable[Route], speaker: Speaker, moment: datetime | None) -> Iterator[Row]:
    """One row a route."""
    for route in routes:
        details = route.details
        facts = [speaker.label(details.source)]
        if details.overlap:
            facts.append(speaker("{share} % runs with an earlier route", share=round(details.overlap * 100)))
        yield Row(
            (
                Cell(leg_name(plan, route.leg, speaker), ", ".join(details.streets)),
                Cell(speaker.label(details.kind), route.code),
                speaker.number(details.km),
                str(max(1, round(details.minutes))),
                Cell(route_state(route, speaker, moment), ", ".join(facts)),
            )
        )


def post_rows(found: Iterable[Stand], speaker: Speaker) -> Iterator[Row]:
    """One row a post that has a place."""
    for stand in found:
        yield Row(
            (
                Cell(stand.post.details.task, f"{stand.post.code} · {stand.place}"),
                speaker.window(stand.post.window),
                state_in_words(stand, speaker),
            )
        )


def route_state(route: Route, speaker: Speaker, moment: datetime | None = None) -> str:
    """«closed …», «withdrawn» or «open»."""
    if route.withdrawn:
        return speaker("withdrawn")
    if route.closed is not None and closed_at(route, moment):
        return speaker("Closed {window}", window=route.closed)
    return speaker("open")
