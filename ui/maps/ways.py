"""Routes as a layer: what each is for is told by colour and dashes, and side by side where they share a street."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.plan import Plan
from domain.polyline import Line, decode
from domain.route import Route, RouteKind, RouteSource
from planner.routing.way import Way
from planner.text import Speaker
from ui.maps.layer import Layer, Mark, Shape, Stroke
from ui.maps.places import venue_name
from ui.maps.signs import ESTIMATE_DASH, PENS, WAY

#: More routes than this are too many for one picture: those of one venue are shown.
MANY_ROUTES = 60


def routes_on_map(
    plan: Plan, visit: str, venue: str | None = None, leg: tuple[str, str] | None = None, *, every: bool = True
) -> tuple[Route, ...]:
    """The routes in force: all of one leg where one is chosen, else of one venue; without ``every`` the primary ones.

    Of too many only those of a leg or a venue.
    """
    listed = tuple(route for route in plan.routes(visit) if not route.withdrawn)
    if leg is not None:
        return tuple(route for route in listed if route.leg == leg)
    if venue is None and len(listed) > MANY_ROUTES:
        return ()
    return tuple(
        route for route in listed if venue in (None, *route.leg) and (every or route.details.kind is RouteKind.PRIMARY)
    )


def routes_layer(plan: Plan, routes: Iterable[Route], speaker: Speaker, moment: datetime | None = None) -> Layer:
    """The routes as lines; closed ones are crossed out, at a moment only while they are closed."""
    return Layer("routes", strokes=tuple(_stroke(plan, route, speaker, moment) for route in routes))


def way_layer(way: Way, speaker: Speaker) -> Layer:
    """The way of one officer to a post."""
    estimate = way.source is RouteSource.ESTIMATE
    stroke = Stroke(
        line=way.line,
        colour=WAY.colour,
        dash=ESTIMATE_DASH if estimate else WAY.dash,
        title=speaker("Estimate, not a way on streets") if estimate else speaker("Way to the post"),
        lines=(length(way.km, way.minutes, speaker), ", ".join(way.streets)),
    )
    lat, lon = way.line[0]
    start = Mark(lat=lat, lon=lon, shape=Shape.START, sign="", title=speaker("Start of the way"))
    return Layer("way", (start,), (stroke,))


def length(km: float, minutes: float, speaker: Speaker) -> str:
    """Kilometres and minutes: «5.3 km · 9 min»."""
    return speaker("{km} km · {minutes} min", km=speaker.number(km), minutes=max(1, round(minutes)))


def closed_at(route: Route, moment: datetime | None) -> bool:
    """True where a route has a closure, at a moment where it lasts then."""
    return route.closed is not None and (moment is None or route.closed.contains(moment))


def leg_name(plan: Plan, leg: tuple[str, str], speaker: Speaker) -> str:
    """«Airport → Hotel»."""
    return " → ".join(venue_name(plan.venue(code), speaker) for code in leg)


def line_of(route: Route) -> Line:
    """The points of a route; none where its geometry cannot be read."""
    try:
        return decode(route.details.geometry)
    except ValueError:
        return ()


def _stroke(plan: Plan, route: Route, speaker: Speaker, moment: datetime | None) -> Stroke:
    details = route.details
    estimate = details.source is RouteSource.ESTIMATE
    pen = PENS[details.kind]
    lines = [leg_name(plan, route.leg, speaker), length(details.km, details.minutes, speaker)]
    if estimate:
        lines.append(speaker("Estimate, not a way on streets"))
    if details.overlap:
        lines.append(speaker("{share} % runs with an earlier route", share=round(details.overlap * 100)))
    if route.closed is not None:
        lines.append(speaker("Closed {window}", window=route.closed))
    if details.streets:
        lines.append(", ".join(details.streets))
    return Stroke(
        line=line_of(route),
        colour=pen.colour,
        dash=ESTIMATE_DASH if estimate else pen.dash,
        offset=pen.offset,
        title=f"{route.code} · {speaker.label(details.kind)}",
        lines=tuple(lines),
        crossed=closed_at(route, moment),
    )
