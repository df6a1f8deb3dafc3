"""Minutes from site to site as R02 counts them, for all pairs of sites at once.

Whatever speaks for a pair is laid over all pairs as arrays, each over what counts less: an estimate, a drive that was
measured, a planned route, a walk inside a venue. Only where a planned route is closed the rule itself is asked.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.estimate import RoutingNumbers
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post
from domain.route import Route
from domain.rules.travel import place_of, usual, way
from domain.values import EARTH_RADIUS_M, Coordinates
from domain.ways import NO_WAY, Roads, Ways
from planner.rostering.problem import NONE, Bools, Floats, Ints
from planner.routing.measuring import seconds_of

MINUTE = timedelta(minutes=1)


def minutes_between(plan: Plan, numbers: PolicyNumbers, posts: Sequence[Post], leaving: datetime) -> Ints:
    """Posts × posts: whole minutes from each to each other, rounded up; nought from a post to itself.

    Raises ``KeyError`` for a post with an unknown place.
    """
    found = [place_of(plan, post) for post in posts]
    places = [place for place in found if place is not None]
    if len(places) < len(posts):
        raise KeyError(posts[found.index(None)].id)
    at_venue = _grouped([post.details.venue for post in posts])
    at_venue.pop(None, None)
    visits = [_known(plan, str(visit), own, places) for visit, own in _grouped([post.visit for post in posts]).items()]
    minutes = _estimated(places, numbers.routing)
    _put_drives(visits, numbers, minutes)
    _put_routes(visits, numbers, at_venue, minutes)
    _put_walks(visits, numbers, at_venue, minutes)
    for together in _grouped([(place, posts[at].details.key_point) for at, place in enumerate(places)]).values():
        if len(together) > 1:
            minutes[np.ix_(together, together)] = 0
    # The plan's times are counted in microseconds.
    travel = np.ceil(np.round(minutes * 6e7) / 6e7).astype(np.int64)
    for one, other in set(_asked(visits, numbers, at_venue, leaving)):
        travel[one, other] = math.ceil(way(plan, numbers, posts[one], posts[other], leaving).needed / MINUTE)
    np.fill_diagonal(travel, 0)
    return travel


class _Known(NamedTuple):
    """What one visit knows of ways: its planned routes and what was measured in it.

    ``own`` are its posts; ``number`` the number of each post's place among those that were measured, or NONE.
    """

    routes: Sequence[Route]
    roads: Roads
    own: Bools
    number: Ints


def _known(plan: Plan, visit: str, own: Sequence[int], places: Sequence[Coordinates]) -> _Known:
    """Nothing was measured where nobody has, or where that cannot be read."""
    ways = plan.entities.get(f"{Ways.kind}/{visit}/{Ways.CODE}")
    roads = ways.roads if isinstance(ways, Ways) else Roads()
    number = {place: at for at, place in enumerate(roads.places)}
    mine = np.zeros(len(places), dtype=bool)
    mine[own] = True
    numbers = np.array([number.get(place, NONE) for place in places], dtype=np.int64)
    return _Known([route for route in plan.routes(visit) if usual(route)], roads, mine, numbers)


def _put_drives(visits: Sequence[_Known], numbers: PolicyNumbers, minutes: Floats) -> None:
    """Drives that were measured: in the visit of the post that is left, else in that of the other."""
    measured = [
        (known, known.number != NONE, seconds_of(known.roads.driving)) for known in visits if known.roads.places
    ]
    pairs = [(known, there & ~known.own, there & known.own, table) for known, there, table in measured]
    pairs += [(known, there & known.own, there, table) for known, there, table in measured]
    for known, rows, columns, table in pairs:
        seconds = table[np.ix_(known.number[rows], known.number[columns])]
        block = np.ix_(rows, columns)
        driven = seconds * (numbers.route_time_factor / 60)
        minutes[block] = np.where(seconds == NO_WAY, minutes[block], driven)


def _put_routes(
    visits: Sequence[_Known], numbers: PolicyNumbers, at_venue: Mapping[Hashable, Sequence[int]], minutes: Floats
) -> None:
    """The quickest route that is planned in the visit of either post, closed or not."""
    if not any(known.routes for known in visits):
        return
    by_route = np.full(minutes.shape, np.inf)
    for known in visits:
        for route in known.routes:
            for block in _blocks(known, route, at_venue):
                by_route[block] = np.minimum(by_route[block], route.details.minutes * numbers.route_time_factor)
    np.copyto(minutes, by_route, where=np.isfinite(by_route))


def _put_walks(
    visits: Sequence[_Known], numbers: PolicyNumbers, at_venue: Mapping[Hashable, Sequence[int]], minutes: Floats
) -> None:
    """Inside a venue the policy's walk, or a longer one that was measured in the visit of either post."""
    venue = np.full(len(minutes), NONE)
    for number, together in enumerate(at_venue.values()):
        venue[together] = number
        minutes[np.ix_(together, together)] = numbers.walk_minutes_inside_venue
    for known in visits:
        for inside in known.roads.inside:
            row = np.full(len(known.roads.places) + 1, NONE)  # the last for NONE
            row[list(inside.places)] = np.arange(len(inside.places))
            at = np.flatnonzero((row[known.number] != NONE) & (venue != NONE))
            rows, block = row[known.number[at]], np.ix_(at, at)
            seconds = seconds_of(inside.walking)[np.ix_(rows, rows)]
            counts = (known.own[at, None] | known.own[at]) & (venue[at, None] == venue[at]) & (seconds != NO_WAY)
            minutes[block] = np.where(counts, np.maximum(minutes[block], seconds / 60), minutes[block])


def _asked(
    visits: Sequence[_Known], numbers: PolicyNumbers, at_venue: Mapping[Hashable, Sequence[int]], leaving: datetime
) -> Iterator[tuple[int, int]]:
    """The pairs for which a route is planned that is closed then."""
    for known in visits:
        for route in known.routes:
            if route.closed_on_the_way(leaving, numbers.route_time_factor):
                for rows, columns in _blocks(known, route, at_venue):
                    yield from product(rows.flat, columns.flat)


def _blocks(
    known: _Known, route: Route, at_venue: Mapping[Hashable, Sequence[int]]
) -> Iterator[tuple[NDArray[np.int64], ...]]:
    """The pairs of which a route of this visit may be the way: one of the two posts is in the visit."""
    origins, destinations = (np.array(at_venue.get(venue, ()), dtype=np.int64) for venue in route.leg)
    yield np.ix_(origins[known.own[origins]], destinations)
    yield np.ix_(origins[~known.own[origins]], destinations[known.own[destinations]])


def _estimated(places: Sequence[Coordinates], numbers: RoutingNumbers) -> Floats:
    """``domain.estimate`` for all pairs."""
    lat = np.radians(np.array([place.lat for place in places]))
    lon = np.radians(np.array([place.lon for place in places]))
    half_lat, half_lon = (lat - lat[:, None]) / 2, (lon - lon[:, None]) / 2
    root = np.sin(half_lat) ** 2 + np.cos(lat) * np.cos(lat)[:, None] * np.sin(half_lon) ** 2
    km = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(root))) / 1000 * numbers.detour_factor
    near, far = numbers.estimate_limits_km
    slow, middle, fast = numbers.estimate_speeds_kmh
    hours = np.minimum(km, near) / slow + np.clip(km - near, 0, far - near) / middle + np.maximum(km - far, 0) / fast
    minutes: Floats = 60 * hours
    return minutes


def _grouped(keys: Sequence[Hashable]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = {}
    for number, key in enumerate(keys):
        found.setdefault(key, []).append(number)
    return found
