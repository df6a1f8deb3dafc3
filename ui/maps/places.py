"""Venues and their key points as layers; what is going on at a moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from domain.plan import Plan
from domain.values import Coordinates, TimeWindow
from domain.venue import KeyPoint, Venue
from domain.visit import Activity, Visit
from planner.text import Speaker
from ui.maps.layer import CLOSE_ZOOM, Layer, Mark, Shape
from ui.maps.signs import COLOURS, SIGNS
from ui.unchanged import Unchanged

#: Up to so many venues, all of the registry are drawn; of more only those of the programme.
MANY_VENUES = 100
#: Lines in the box of one mark.
MOST_LINES = 12
_LAYERS: Final = Unchanged[Layer](32)


def venues_on_map(plan: Plan, visit: str) -> tuple[Venue, ...]:
    """The venues that are drawn: all in use, or of a long registry those of the programme."""
    listed = plan.venues
    if len(listed) > MANY_VENUES:
        listed = tuple(plan.venue(code) for code in sorted(venues_of_programme(plan.visit(visit))))
    return tuple(venue for venue in listed if not venue.retired)


def venues_of_programme(visit: Visit) -> frozenset[str]:
    """The codes of the venues where something takes place."""
    return frozenset(a.venue for a in visit.activities if a.venue is not None and a.code not in visit.called_off)


def activities_at(visit: Visit, moment: datetime) -> tuple[Activity, ...]:
    """The activities that are going on, by start."""
    going_on = (a for a in visit.activities if a.window.contains(moment) and a.code not in visit.called_off)
    return tuple(sorted(going_on, key=lambda a: (a.window.start, a.code)))


def programme_window(visit: Visit) -> TimeWindow | None:
    """From the first start to the last end; None for an empty programme."""
    windows = [a.window for a in visit.activities if a.code not in visit.called_off]
    if not windows:
        return None
    return TimeWindow(start=min(w.start for w in windows), end=max(w.end for w in windows))


def venues_layer(plan: Plan, visit: str, speaker: Speaker, moment: datetime | None = None) -> Layer:
    """The venues with what takes place at each; at a moment, those where nothing does are faded."""
    held, venues = plan.visit(visit), venues_on_map(plan, visit)

    def made() -> Layer:
        at: dict[str, list[Activity]] = {}
        for activity in activities_at(held, moment) if moment is not None else held.programme:
            if activity.venue is not None:
                at.setdefault(activity.venue, []).append(activity)
        marks = (
            _venue_mark(venue, at.get(venue.key, []), speaker, faded=moment is not None and venue.key not in at)
            for venue in venues
        )
        return Layer("venues", tuple(marks))

    return _LAYERS.of(("venues", visit, moment, *speaker.tongue_and_zone), (held, *venues), made)


def key_points_layer(venues: tuple[Venue, ...], speaker: Speaker) -> Layer:
    """The key points of venues, each with the letter and colour of its kind, from close by."""

    def made() -> Layer:
        marks = (_point_mark(venue, point, speaker) for venue in venues for point in venue.key_points)
        return Layer("key points", tuple(marks))

    return _LAYERS.of(("key points", len(venues), *speaker.tongue_and_zone), venues, made)


def picked_layer(picked: Coordinates | None, speaker: Speaker) -> Layer:
    """The place that was clicked."""
    if picked is None:
        return Layer("picked")
    title = speaker("Chosen place: {place}", place=picked)
    return Layer("picked", (Mark(lat=picked.lat, lon=picked.lon, shape=Shape.PICKED, sign="+", title=title),))


def shortened[V](things: Sequence[V], line: Callable[[V], str], speaker: Speaker) -> tuple[str, ...]:
    """A line for each thing, no more than a box can hold, and how many were left out."""
    if len(things) <= MOST_LINES:
        return tuple(map(line, things))
    more = len(things) - MOST_LINES + 1
    return (*map(line, things[: MOST_LINES - 1]), speaker.counted("and {n} more", "and {n} more", more))


def venue_name(venue: Venue, speaker: Speaker) -> str:
    """The name in the reader's language where it is known, else the name."""
    return venue.details.named(speaker.language)


def _venue_mark(venue: Venue, activities: list[Activity], speaker: Speaker, *, faded: bool) -> Mark:
    details = venue.details
    address = f"{venue.key} · {details.address}".rstrip(" ·")
    return Mark(
        lat=details.coordinates.lat,
        lon=details.coordinates.lon,
        shape=Shape.VENUE,
        sign="",
        title=venue_name(venue, speaker),
        tag=venue_name(venue, speaker),
        lines=(address, *shortened(activities, lambda a: f"{speaker.window(a.window)} {a.title}", speaker)),
        faded=faded,
    )


def _point_mark(venue: Venue, point: KeyPoint, speaker: Speaker) -> Mark:
    lines = [speaker.label(point.kind), venue_name(venue, speaker), point.phone, point.notes]
    return Mark(
        lat=point.coordinates.lat,
        lon=point.coordinates.lon,
        shape=Shape.POINT,
        sign=speaker.label(SIGNS[point.kind]),
        title=point.name,
        lines=tuple(line for line in lines if line),
        colour=COLOURS[point.kind],
        from_zoom=CLOSE_ZOOM,
    )
