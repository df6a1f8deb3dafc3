"""Measuring the ways between the posts of a visit: one matrix by car, and one on foot inside each venue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from domain.plan import Plan
from domain.post import Post
from domain.refusals import NotPossible
from domain.rules.travel import place_of
from domain.values import Coordinates
from domain.ways import MOST_PLACES, Roads, Walk

if TYPE_CHECKING:
    from planner.routing.engine import Router


def places(plan: Plan, visit: str) -> tuple[Coordinates, ...]:
    """Where the posts of a visit are and where its programme takes place; of very many those with most posts."""
    return tuple(sorted(_ranked(plan, visit)[:MOST_PLACES], key=_position))


def left_out(plan: Plan, visit: str) -> tuple[Coordinates, ...]:
    """The places that are not measured because there are more than are measured at most: there ways are estimates.

    A pair takes half a millisecond and five bytes of one event: five hundred places would take minutes and megabytes.
    """
    return tuple(sorted(_ranked(plan, visit)[MOST_PLACES:], key=_position))


def _position(place: Coordinates) -> tuple[float, float]:
    return place.lat, place.lon


def _ranked(plan: Plan, visit: str) -> list[Coordinates]:
    """All places of a visit, those with most posts first."""
    posts: tuple[Post, ...] = plan.posts(visit)
    at = Counter(place for post in posts if not post.cancelled and (place := place_of(plan, post)) is not None)
    for activity in plan.visit(visit).programme:
        if activity.venue is not None:
            at[plan.venue(activity.venue).details.coordinates] += 1
    return sorted(at, key=lambda place: (-at[place], *_position(place)))


def unmeasured(plan: Plan, visit: str, among: tuple[Coordinates, ...]) -> tuple[Coordinates, ...]:
    """Of the places of a visit those from which nothing was measured: new ones, and those that moved."""
    known = set(plan.ways(visit).roads.places)
    return tuple(place for place in among if place not in known)


def measured(plan: Plan, visit: str, router: Router) -> Roads:
    """The ways between the places of a visit on the router's map.

    Raises ``NotPossible`` where there is nothing to measure, and what the router raises.
    """
    found = places(plan, visit)
    if len(found) < 2:
        raise NotPossible.because("Visit {visit} has no two places between which ways could be measured.", visit=visit)
    driving = tuple(tuple(map(_rounded, row)) for row in router.matrix(found, found))
    number = {place: at for at, place in enumerate(found)}
    walks = [
        Walk(origin=number[here], destination=number[there], minutes=round(minutes, 1))
        for inside in _inside_venues(plan, visit, number)
        for here, row in zip(inside, router.matrix(inside, inside, "pedestrian"), strict=True)
        for there, minutes in zip(inside, row, strict=True)
        if minutes is not None and here != there
    ]
    return Roads(places=found, driving=driving, walks=tuple(walks), pack=router.pack.hash)


def _inside_venues(plan: Plan, visit: str, known: Collection[Coordinates]) -> list[list[Coordinates]]:
    """The places of posts at one venue, for each venue that has several."""
    posts: tuple[Post, ...] = plan.posts(visit)
    at: dict[str, dict[Coordinates, None]] = {}
    for post in posts:
        place = place_of(plan, post)
        if not post.cancelled and post.details.venue is not None and place is not None and place in known:
            at.setdefault(post.details.venue, {})[place] = None
    return [list(inside) for _, inside in sorted(at.items()) if len(inside) > 1]


def _rounded(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes, 1)
