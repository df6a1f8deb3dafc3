"""Measuring the ways between the posts of a visit: one matrix by car, and one on foot inside each venue."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.plan import Plan
from domain.post import Post
from domain.refusals import NotPossible
from domain.rules.travel import place_of
from domain.values import Coordinates
from domain.ways import MOST_PLACES, NO_WAY, Inside, Packed, Roads, unpacked

if TYPE_CHECKING:
    from planner.routing.engine import Costing, Progress, Router


class Spread(NamedTuple):
    """How many places a visit has, and how many pairs of them: each from one to another; of how many pairs the way is
    measured. Of the others it is an estimate, wherever no route is planned."""

    places: int
    pairs: int
    measured: int

    @property
    def estimates(self) -> int:
        return self.pairs - self.measured


def spread(plan: Plan, visit: str, roads: Roads) -> Spread:
    """What the ways between the places of a visit are made of once these are measured."""
    found = _ranked(plan, visit)
    number = {place: at for at, place in enumerate(roads.places)}
    known = [number[place] for place in found if place in number]
    measured = 0
    if known:
        found_by = seconds_of(roads.driving) != NO_WAY
        if len(known) < len(number):
            found_by = found_by[np.ix_(known, known)]
        measured = int(np.count_nonzero(found_by) - np.count_nonzero(found_by.diagonal()))
    return Spread(len(found), len(found) * (len(found) - 1), measured)


def seconds_of(table: Packed) -> NDArray[np.uint16]:
    """A packed table, from each place (row) to each other (column); ``NO_WAY`` where none leads."""
    seconds = np.frombuffer(unpacked(table), "<u2")
    return seconds.reshape(math.isqrt(len(seconds)), -1)


def places(plan: Plan, visit: str) -> tuple[Coordinates, ...]:
    """Where the posts of a visit are and where its programme takes place; of very many those with most posts."""
    return tuple(sorted(_ranked(plan, visit)[:MOST_PLACES], key=_position))


def left_out(plan: Plan, visit: str) -> tuple[Coordinates, ...]:
    """The places that are not measured because there are more than are measured at most: there ways are estimates.

    A thousand take twenty seconds in a city and three megabytes of one event, twice as many four times that.
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


def measured(plan: Plan, visit: str, router: Router, progress: Progress | None = None) -> Roads:
    """The ways between the places of a visit on the router's map; what ``progress`` raises ends the measuring.

    Raises ``NotPossible`` where there is nothing to measure, and what the router raises.
    """
    found = places(plan, visit)
    if len(found) < 2:
        raise NotPossible.because("Visit {visit} has no two places between which ways could be measured.", visit=visit)
    number = {place: at for at, place in enumerate(found)}
    venues = _inside_venues(plan, visit, number)
    done, total = 0, sum(len(among) ** 2 for among in (found, *venues))

    def asked(among: Sequence[Coordinates], by: Costing) -> tuple[tuple[int | None, ...], ...]:
        nonlocal done
        before = done
        told = None if progress is None else lambda pairs, _: progress(before + pairs, total)
        done += len(among) ** 2
        return router.matrix(among, among, by, told)

    driving = asked(found, "auto")
    inside = [Inside.of([number[place] for place in among], asked(among, "pedestrian")) for among in venues]
    return Roads.of(found, driving, inside, router.pack.hash)


def _inside_venues(plan: Plan, visit: str, known: Collection[Coordinates]) -> list[list[Coordinates]]:
    """The places of posts at one venue, for each venue that has several."""
    posts: tuple[Post, ...] = plan.posts(visit)
    at: dict[str, dict[Coordinates, None]] = {}
    for post in posts:
        place = place_of(plan, post)
        if not post.cancelled and post.details.venue is not None and place is not None and place in known:
            at.setdefault(post.details.venue, {})[place] = None
    return [list(inside) for _, inside in sorted(at.items()) if len(inside) > 1]
