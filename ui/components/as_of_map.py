"""The map as it was after an event: everything but what the event touched is faded, and its place is marked."""

from __future__ import annotations

import dataclasses

from domain.plan import Plan
from domain.post import Post
from domain.values import Coordinates
from domain.venue import Venue
from domain.visit import Visit
from planner.history.steps import Step
from planner.text import Speaker
from ui.components.as_of import Touched
from ui.components.event_card import bullets
from ui.maps.base_map import View, box_around, home
from ui.maps.layer import Layer, Mark, Shape
from ui.maps.legend import legend
from ui.maps.places import key_points_layer, venue_name, venues_layer, venues_of_programme, venues_on_map
from ui.maps.posts import posts_layer, posts_on_map, stands
from ui.maps.shown import show_map
from ui.maps.ways import length, line_of, routes_layer, routes_on_map
from ui.shell import shell


def show(step: Step, visit: Visit, about: Touched, speaker: Speaker, *, force: bool) -> str:
    """Draws venues, routes, key points, and for who may see them the posts; gives the routes in words, as HTML."""
    plan = step.after
    layers = _layers(plan, visit, about, speaker, force=force)
    show_map(layers, _view(plan, visit), speaker, key="history_map", height=440)
    legend(speaker, posts_too=force)
    return _in_words(plan, visit, about, speaker)


def _layers(plan: Plan, visit: Visit, about: Touched, speaker: Speaker, *, force: bool) -> tuple[Layer, ...]:
    mine = plan.entities.get(f"route/{about.key}") if about.kind == "route" else None
    routes = {route.id: route for route in routes_on_map(plan, visit.key, every=False)}
    if mine is not None and about.visit == visit.key:
        routes.update({route.id: route for route in plan.routes(visit.key) if route.code == about.code})
    listed = tuple(routes.values())
    ways = routes_layer(plan, listed, speaker)
    if mine is not None:
        strokes = (
            dataclasses.replace(stroke, faded=route.code != about.code)
            for stroke, route in zip(ways.strokes, listed, strict=True)
        )
        ways = Layer(ways.name, ways.marks, tuple(strokes))
    posts = posts_on_map(plan, visit.key) if force else ()
    return (
        ways,
        venues_layer(plan, visit.key, speaker),
        key_points_layer(venues_on_map(plan, visit.key), speaker),
        posts_layer(stands(plan, posts, speaker), speaker),
        _touched_layer(plan, about, speaker),
    )


def _touched_layer(plan: Plan, about: Touched, speaker: Speaker) -> Layer:
    at = _place(plan, about)
    if at is None:
        return Layer("touched")
    title = speaker("Touched by this event: {code}", code=about.code)
    return Layer("touched", (Mark(lat=at.lat, lon=at.lon, shape=Shape.PICKED, sign="!", title=title),))


def _place(plan: Plan, about: Touched) -> Coordinates | None:
    entity = plan.entities.get(f"{about.kind}/{about.key}")
    match entity:
        case Venue():
            return entity.details.coordinates
        case Post(details=details):
            if details.coordinates is not None:
                return details.coordinates
            return None if details.venue is None else plan.venue(details.venue).details.coordinates
    return None


def _view(plan: Plan, visit: Visit) -> View:
    """All venues that stood in the programme; the same until they change, so that the map stays where it was moved."""
    codes = venues_of_programme(visit) or frozenset(venue.key for venue in venues_on_map(plan, visit.key))
    places = (plan.venue(code).details.coordinates for code in codes)
    box = box_around(((place.lat, place.lon) for place in places), home(shell().routing.pack))
    return View(" ".join((visit.key, *sorted(codes))), box)


def _in_words(plan: Plan, visit: Visit, about: Touched, speaker: Speaker) -> str:
    """The routes in force as a list, for who does not see the map."""
    lines = []
    for route in plan.routes(visit.key):
        if route.withdrawn or not line_of(route):
            continue
        origin, destination = (venue_name(plan.venue(code), speaker) for code in route.leg)
        line = f"{route.code} · {speaker.label(route.details.kind)} · {origin} → {destination} · " + length(
            route.details.km, route.details.minutes, speaker
        )
        if route.closed is not None:
            line += " · " + speaker("Closed {window}", window=route.closed)
        mark = "▶ " if about.kind == "route" and about.code == route.code else ""
        lines.append(mark + line)
    lines.sort(key=lambda line: not line.startswith("▶"))
    return bullets(lines, speaker, 12) if lines else ""
