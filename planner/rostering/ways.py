"""Minutes from site to site as R02 counts them, for all pairs of sites at once.

What most pairs have, an estimate or a drive that was measured, is worked out as arrays; wherever else something
speaks, a route, a walk inside a venue, another visit's measurements, the rule itself is asked.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import permutations

import numpy as np

from domain.estimate import RoutingNumbers
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post
from domain.rules.travel import place_of, way
from domain.values import EARTH_RADIUS_M, Coordinates
from domain.ways import NO_WAY, Roads, Ways, unpacked
from planner.rostering.problem import Floats, Ints

MINUTE = timedelta(minutes=1)


def minutes_between(plan: Plan, numbers: PolicyNumbers, posts: Sequence[Post], leaving: datetime) -> Ints:
    """Posts × posts: whole minutes from each to each other, rounded up; nought from a post to itself.

    Raises ``KeyError`` for a post with an unknown place.
    """
    places = [place_of(plan, post) for post in posts]
    known = [place for place in places if place is not None]
    if len(known) < len(posts):
        raise KeyError(posts[places.index(None)].id)
    minutes = _estimated(known, numbers.routing)
    for visit in {post.visit for post in posts}:
        _put_measured(plan, numbers, visit, posts, known, minutes)
    # The plan's times are counted in microseconds.
    travel = np.ceil(np.round(minutes * 6e7) / 6e7).astype(np.int64)
    for one, other in set(_asked(plan, posts, known)):
        travel[one, other] = math.ceil(way(plan, numbers, posts[one], posts[other], leaving).needed / MINUTE)
    np.fill_diagonal(travel, 0)
    return travel


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


def _put_measured(
    plan: Plan,
    numbers: PolicyNumbers,
    visit: str,
    posts: Sequence[Post],
    places: Sequence[Coordinates],
    minutes: Floats,
) -> None:
    """Drives that were measured in a visit, for pairs of its own posts."""
    roads = _roads(plan, visit)
    number = {place: at for at, place in enumerate(roads.places)}
    at = [k for k, post in enumerate(posts) if post.visit == visit and places[k] in number]
    if not at:
        return
    own = [number[places[k]] for k in at]
    drive = np.frombuffer(unpacked(roads.driving), "<u2").reshape(len(number), -1)[np.ix_(own, own)]
    longer = drive * (numbers.route_time_factor / 60)
    minutes[np.ix_(at, at)] = np.where(drive == NO_WAY, minutes[np.ix_(at, at)], longer)


def _asked(plan: Plan, posts: Sequence[Post], places: Sequence[Coordinates]) -> Iterator[tuple[int, int]]:
    """The pairs of which more is known than the arrays hold."""
    at_venue = _grouped([post.details.venue for post in posts])
    at_venue.pop(None, None)
    for together in (*at_venue.values(), *_grouped(places).values()):
        yield from permutations(together, 2)
    visits = _grouped([post.visit for post in posts])
    for visit, own in visits.items():
        for route in plan.routes(str(visit)):
            origin, destination = route.leg
            yield from ((a, b) for a in at_venue.get(origin, ()) for b in at_venue.get(destination, ()) if a != b)
        if _roads(plan, str(visit)).places:
            others = [k for other, those in visits.items() if other != visit for k in those]
            yield from ((a, b) for a in own for b in others)
            yield from ((b, a) for a in own for b in others)


def _roads(plan: Plan, visit: str) -> Roads:
    """What was measured in a visit; nothing where nobody has, or where that cannot be read."""
    found = plan.entities.get(f"{Ways.kind}/{visit}/{Ways.CODE}")
    return found.roads if isinstance(found, Ways) else Roads()


def _grouped(keys: Sequence[Hashable]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = {}
    for number, key in enumerate(keys):
        found.setdefault(key, []).append(number)
    return found
