"""What the map of a visit shows, as tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import streamlit as st

from domain.plan import Plan
from domain.route import Route
from domain.visit import Visit
from planner.text import Speaker
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
    for title, rows in (
        (speaker("Venues"), venue_rows(plan, visit, speaker, moment)),
        (speaker("Routes"), route_rows(plan, routes, speaker, moment)),
        (speaker("Posts"), post_rows(found, speaker)),
    ):
        if rows:
            st.markdown(f"**{title}**")
            st.dataframe(rows, hide_index=True, alt=title)


def venue_rows(plan: Plan, visit: Visit, speaker: Speaker, moment: datetime | None) -> list[dict[str, str]]:
    """One row a venue: what is on the map, and what takes place there."""
    going_on = visit.programme if moment is None else activities_at(visit, moment)
    at: dict[str | None, list[str]] = {}
    for activity in going_on:
        at.setdefault(activity.venue, []).append(activity.title)
    return [
        {
            speaker("Code"): venue.key,
            speaker("Venue name"): venue_name(venue, speaker),
            speaker("Address"): venue.details.address,
            speaker("Coordinates"): speaker.show(venue.details.coordinates),
            speaker("What takes place"): ", ".join(at.get(venue.key, [])),
            speaker("Key points"): ", ".join(
                f"{point.name} ({speaker.label(point.kind)})" for point in venue.key_points
            ),
        }
        for venue in venues_on_map(plan, visit.key)
    ]


def route_rows(plan: Plan, routes: Iterable[Route], speaker: Speaker, moment: datetime | None) -> list[dict[str, str]]:
    """One row a route."""
    return [
        {
            speaker("Code"): route.code,
            speaker("From – to"): leg_name(plan, route.leg, speaker),
            speaker("For"): speaker.label(route.details.kind),
            speaker("km"): speaker.number(route.details.km),
            speaker("Minutes"): str(max(1, round(route.details.minutes))),
            speaker("Overlap"): f"{round(route.details.overlap * 100)} %",
            speaker("Source"): speaker.label(route.details.source),
            speaker("State"): route_state(route, speaker, moment),
            speaker("Streets"): ", ".join(route.details.streets),
        }
        for route in routes
    ]


def post_rows(found: Iterable[Stand], speaker: Speaker) -> list[dict[str, str]]:
    """One row a post that has a place."""
    return [
        {
            speaker("Code"): stand.post.code,
            speaker("Task"): stand.post.details.task,
            speaker("Place"): stand.place,
            speaker("Time"): speaker.window(stand.post.window),
            speaker("State"): state_in_words(stand, speaker),
        }
        for stand in found
    ]


def route_state(route: Route, speaker: Speaker, moment: datetime | None = None) -> str:
    """«closed …», «withdrawn» or «open»."""
    if route.withdrawn:
        return speaker("withdrawn")
    if route.closed is not None and closed_at(route, moment):
        return speaker("closed {window}", window=route.closed)
    return speaker("open")
