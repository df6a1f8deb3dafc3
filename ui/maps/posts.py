"""Posts as a layer: how they are covered is told by shape, sign and colour."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from domain.assignment import Assignment
from domain.duty import Duty
from domain.plan import Plan
from domain.post import Post
from domain.rules.coverage import gaps
from domain.values import Coordinates
from domain.venue import Venue
from planner.text import Speaker
from ui.maps.layer import CLOSE_ZOOM, Layer, Mark, Shape
from ui.maps.places import shortened, venue_name
from ui.unchanged import Unchanged

#: More posts than this are too many for one picture: those of one venue are shown.
MANY_POSTS = 150


@dataclasses.dataclass(frozen=True, slots=True)
class Stand:
    """A post where it stands, with how many officers it lacks: at a moment, or at its worst."""

    post: Post
    at: Coordinates
    place: str
    venue: str
    missing: int
    needed: int
    active: bool

    @property
    def shape(self) -> Shape:
        if not self.active:
            return Shape.IDLE
        if not self.missing:
            return Shape.COVERED
        return Shape.CRITICAL if self.post.details.critical else Shape.SHORT


_STANDS: Final = Unchanged[tuple[Stand, ...]](32)
_LAYERS: Final = Unchanged[Layer](32)
#: Worst last.
_ORDER = (Shape.IDLE, Shape.COVERED, Shape.SHORT, Shape.CRITICAL)


def posts_on_map(plan: Plan, visit: str, venue: str | None = None) -> tuple[Post, ...]:
    """The posts that are needed, of one venue where one is named; of too many only with a venue."""
    if venue is not None:
        listed = tuple(post for post in plan.posts_at(venue) if post.visit == visit)
    else:
        listed = plan.posts(visit)
    if len(listed) > MANY_POSTS and venue is None:
        return ()
    return tuple(post for post in listed if not post.cancelled)


def stands(plan: Plan, posts: Iterable[Post], speaker: Speaker, moment: datetime | None = None) -> tuple[Stand, ...]:
    """The posts that have a place, each with its coverage; those without one are on no map."""
    listed = tuple(posts)
    duties = [plan.assignments_of_post(post.visit, post.code) for post in listed]
    places = {code: plan.venue(code) for code in {post.details.venue for post in listed} if code is not None}

    def made() -> tuple[Stand, ...]:
        found = (
            _stand(post, places.get(post.details.venue or ""), given, speaker, moment)
            for post, given in zip(listed, duties, strict=True)
        )
        return tuple(stand for stand in found if stand is not None)

    things = (*listed, *places.values(), *itertools.chain.from_iterable(duties))
    return _STANDS.of((_of(listed), moment, *speaker.tongue_and_zone), things, made)


def _of(listed: Sequence[Post]) -> tuple[str, int]:
    """Tells lists of different visits and venues apart."""
    return (listed[0].id if listed else "", len(listed))


def posts_layer(found: Iterable[Stand], speaker: Speaker) -> Layer:
    """One mark for all posts of a place, with the state of the worst; from afar one for all of a venue."""
    listed = tuple(found)
    key = (_of([stand.post for stand in listed]), *speaker.tongue_and_zone)
    return _LAYERS.of(key, listed, lambda: _posts_layer(listed, speaker))


def _posts_layer(found: Sequence[Stand], speaker: Speaker) -> Layer:
    near: dict[tuple[float, float], list[Stand]] = {}
    far: dict[str, list[Stand]] = {}
    for stand in found:
        near.setdefault((stand.at.lat, stand.at.lon), []).append(stand)
        far.setdefault(stand.post.details.venue or f"{stand.at.lat},{stand.at.lon}", []).append(stand)
    marks = [_mark(here, speaker, from_zoom=CLOSE_ZOOM, to_zoom=30) for here in near.values()]
    marks += [_mark(here, speaker, from_zoom=0, to_zoom=CLOSE_ZOOM - 1) for here in far.values()]
    return Layer("posts", tuple(marks))


def duty_layer(duty: Duty, speaker: Speaker) -> Layer:
    """The post of one duty, and nothing else of the plan: for the officer whose duty it is."""
    at = duty.coordinates
    if at is None:
        return Layer("duty")
    place = place_of(duty.post, duty, speaker)
    mark = Mark(
        lat=at.lat,
        lon=at.lon,
        shape=Shape.HERE,
        sign="★",
        title=f"{duty.post.code} · {duty.post.details.task}",
        lines=(place, speaker.window(duty.assignment.window)),
        tag=place,
    )
    return Layer("duty", (mark,))


def place_of(post: Post, duty: Duty | None, speaker: Speaker) -> str:
    """Where a post is, in words: its own, or key point and venue."""
    parts = [post.details.place]
    if duty is not None and duty.key_point is not None:
        parts.append(duty.key_point.name)
    if duty is not None and duty.venue is not None:
        parts.append(venue_name(duty.venue, speaker))
    return ", ".join(part for part in parts if part)


def state_in_words(stand: Stand, speaker: Speaker) -> str:
    """«2 of 3 officers», «covered», «not manned now»."""
    if not stand.active:
        return speaker("not manned at this time")
    if not stand.missing:
        return speaker("covered")
    short = speaker("lacks {missing} of {needed}", missing=stand.missing, needed=stand.needed)
    return speaker("{short}, critical post", short=short) if stand.post.details.critical else short


def _stand(
    post: Post, venue: Venue | None, duties: Sequence[Assignment], speaker: Speaker, moment: datetime | None
) -> Stand | None:
    details = post.details
    point = None
    if venue is not None and details.key_point is not None:
        point = next((p for p in venue.key_points if p.code == details.key_point), None)
    at = details.coordinates
    if at is None:
        at = point.coordinates if point is not None else venue.details.coordinates if venue is not None else None
    if at is None:
        return None
    named = venue_name(venue, speaker) if venue else ""
    place = ", ".join(part for part in (details.place, point.name if point else "", named) if part)
    active = moment is None or post.window.contains(moment)
    lacking = [gap for gap in gaps(post, duties) if moment is None or gap.window.contains(moment)]
    worst = max(lacking, key=lambda gap: gap.missing, default=None)
    missing, needed = (worst.missing, worst.needed) if worst is not None else (0, details.headcount)
    return Stand(post, at, place, named, missing, needed, active)


def _mark(here: list[Stand], speaker: Speaker, *, from_zoom: int, to_zoom: int) -> Mark:
    worst = max(here, key=lambda stand: _ORDER.index(stand.shape))
    missing = sum(stand.missing for stand in here if stand.active)
    signs = {Shape.COVERED: "✓", Shape.IDLE: "–", Shape.SHORT: str(missing), Shape.CRITICAL: f"!{missing}"}
    in_order = sorted(here, key=lambda stand: stand.post.window.start)
    close = from_zoom > 0
    venue = len({(stand.at.lat, stand.at.lon) for stand in here}) > 1
    return Mark(
        lat=sum(stand.at.lat for stand in here) / len(here),
        lon=sum(stand.at.lon for stand in here) / len(here),
        shape=worst.shape,
        sign=signs[worst.shape],
        title=speaker.counted("{n} post: {place}", "{n} posts: {place}", len(here), place=_where(here, venue)),
        lines=shortened(in_order, lambda stand: _line(stand, speaker), speaker),
        faded=close and worst.shape is Shape.IDLE,
        from_zoom=from_zoom,
        to_zoom=to_zoom,
    )


def _line(stand: Stand, speaker: Speaker) -> str:
    facts = (f"{stand.post.code} {stand.post.details.task}", speaker.window(stand.post.window))
    return " · ".join((*facts, state_in_words(stand, speaker)))


def _where(here: list[Stand], several: bool) -> str:
    """The place that posts share: of several places, the venue."""
    return here[0].venue if several and here[0].venue else here[0].place
