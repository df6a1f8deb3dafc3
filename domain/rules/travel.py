"""R02: whether an officer gets from one post to the next in time, and how long that takes.

Nobody asks a router here: what it measured stands in the plan (``domain.ways``), found by the places themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from domain.assignment import Assignment
from domain.estimate import estimate
from domain.finding import Finding, Severity
from domain.messages import Message, message
from domain.officer import Officer
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post
from domain.route import Route, RouteKind, RouteSource
from domain.rules.naming import at_post, named, post_named, venue_named
from domain.values import Coordinates, TimeWindow
from domain.venue import Venue
from domain.ways import Inside, Roads, Ways


class Way(NamedTuple):
    """How long it takes from one post to another, in words by what; ``known`` is False where a place is unknown."""

    needed: timedelta
    said: Message
    known: bool = True


def too_far_apart(
    plan: Plan, numbers: PolicyNumbers, officer: Officer, duties: tuple[Assignment, ...]
) -> Iterator[Finding]:
    """Every two duties in a row between which there is less time than the way takes; nothing about overlapping ones."""
    last: Assignment | None = None
    for duty in duties:
        if last is not None and duty.counts and last.window.end <= duty.window.start:
            yield from _judged(plan, numbers, officer, last, duty)
        if last is None or duty.window.end >= last.window.end:
            last = duty


def _judged(
    plan: Plan, numbers: PolicyNumbers, officer: Officer, earlier: Assignment, later: Assignment
) -> Iterator[Finding]:
    if earlier.post == later.post and earlier.visit == later.visit:
        return
    gap = later.window.start - earlier.window.end
    way = way_between(plan, numbers, earlier, later)
    slack = timedelta(minutes=numbers.travel_slack_minutes)
    if way.known and (not way.needed or gap >= way.needed + slack):
        return
    one, other = at_post(plan, earlier), at_post(plan, later)
    values = {"officer": named(officer), "one": one, "other": other, "gap": gap, "way": way.said}
    if not way.known:
        if gap >= timedelta(hours=numbers.min_rest_hours):
            return
        severity, said = Severity.INFO, way.said
    elif gap < way.needed:
        severity = Severity.BLOCK
        said = message(
            "{officer} cannot get from {one} to {other} in time: {way}; {missing} are missing.",
            missing=way.needed - gap,
            **values,
        )
    else:
        severity = Severity.WARN
        said = message(
            "{officer} has {gap} to get from {one} to {other}: {way}; at least {slack} to spare are meant.",
            slack=slack,
            **values,
        )
    window = TimeWindow(start=earlier.window.end, end=max(later.window.start, earlier.window.end + way.needed + slack))
    subjects = (officer.id, *sorted((earlier.id, later.id)))
    yield Finding(rule="R02", severity=severity, subjects=subjects, window=window, message=said)


def way_between(plan: Plan, numbers: PolicyNumbers, earlier: Assignment, later: Assignment) -> Way:
    """The way of an officer from one duty to the next."""
    one, other = _post(plan, earlier), _post(plan, later)
    here, there = (None if post is None else place_of(plan, post) for post in (one, other))
    for place, duty in ((here, earlier), (there, later)):
        if place is None:
            said = message(
                "Nobody knows whether there is time from {one} to {other}: post {post} has no place.",
                one=at_post(plan, earlier),
                other=at_post(plan, later),
                post=post_named(plan, duty.post_key),
            )
            return Way(timedelta(0), said, known=False)
    assert one is not None
    assert other is not None
    assert here is not None
    assert there is not None
    return _way(plan, numbers, (one, here), (other, there), earlier.window.end)


def way(plan: Plan, numbers: PolicyNumbers, one: Post, other: Post, leaving: datetime) -> Way:
    """The way between two posts with known places: on foot inside a venue, by a planned route, as it was measured on
    a map, or by estimate; the words say which.

    Of the routes planned between their venues the quickest that is open for as long as the way takes, else what was
    measured, both times the policy's factor; the estimate needs no factor: its detours and speeds are those of a slow
    day. Where the planned routes are closed, the measured way may be one of them: it takes as long as is estimated, or
    longer. Inside a venue a measured walk counts from the policy's minutes on: doors and checks are on no map.
    ``KeyError`` where a place is unknown.
    """
    here, there = place_of(plan, one), place_of(plan, other)
    if here is None or there is None:
        raise KeyError(one.id if here is None else other.id)
    return _way(plan, numbers, (one, here), (other, there), leaving)


def _way(
    plan: Plan,
    numbers: PolicyNumbers,
    origin: tuple[Post, Coordinates],
    destination: tuple[Post, Coordinates],
    leaving: datetime,
) -> Way:
    """As ``way``, of two posts with their places."""
    (one, here), (other, there) = origin, destination
    if here == there and one.details.key_point == other.details.key_point:
        return Way(timedelta(0), message("no way at all, at the same place"))
    visits = dict.fromkeys((one.visit, other.visit))
    roads = _measured(plan, visits)
    venue = one.details.venue
    if venue is not None and venue == other.details.venue:
        inside = venue_named(plan, venue)
        walk = timedelta(minutes=numbers.walk_minutes_inside_venue)
        on_foot = max((each.walk(here, there) or walk for each in roads), default=walk)
        if on_foot <= walk:
            return Way(walk, message("{walk} on foot inside {venue}", walk=walk, venue=inside))
        said = message("{walk} on foot inside {venue}, as measured on the map", walk=on_foot, venue=inside)
        return Way(on_foot, said)
    leg = (venue, other.details.venue)
    planned = [route for visit in visits for route in plan.routes(visit) if route.leg == leg and usual(route)]
    factor = numbers.route_time_factor
    routes = [route for route in planned if not route.closed_on_the_way(leaving, factor)]
    if routes:
        route = min(routes, key=lambda r: (r.details.minutes, r.key))
        minutes = timedelta(minutes=route.details.minutes * factor)
        return Way(minutes, message("{minutes} by route {route}", minutes=minutes, route=route.code))
    estimated = timedelta(minutes=estimate(here, there, numbers.routing).minutes)
    drive = next((found for each in roads if (found := each.drive(here, there)) is not None), None)
    minutes = timedelta(0) if drive is None else drive * factor
    if planned:
        minutes = max(minutes, estimated)
        return Way(minutes, message("{minutes} by estimate, as the planned routes are closed", minutes=minutes))
    if drive is None:
        return Way(estimated, message("{minutes} by estimate, as no way is planned or measured", minutes=estimated))
    return Way(minutes, message("{minutes} by car, as measured on the map", minutes=minutes))


def usual(route: Route) -> bool:
    """Planned on the network; the emergency route is nobody's way."""
    details = route.details
    usual = details.kind in (RouteKind.PRIMARY, RouteKind.ALTERNATE) and details.source is RouteSource.NETWORK
    return usual and not route.withdrawn


class _Measured(NamedTuple):
    """What was measured in one visit, by the places themselves; ``inside`` are the venues of a place."""

    number: Mapping[Coordinates, int]
    inside: Mapping[int, Sequence[Inside]]
    roads: Roads

    def drive(self, here: Coordinates, there: Coordinates) -> timedelta | None:
        """By car, None where nobody measured it or no street leads there."""
        if here in self.number and there in self.number:
            return self.roads.drive(self.number[here], self.number[there])
        return None

    def walk(self, here: Coordinates, there: Coordinates) -> timedelta | None:
        """On foot inside a venue, None where nobody measured it; the longest where two venues have both places."""
        one, other = self.number.get(here, -1), self.number.get(there, -1)
        walks = [walk for each in self.inside.get(one, ()) if (walk := each.walk(one, other)) is not None]
        return max(walks, default=None)


def _measured(plan: Plan, visits: Iterable[str]) -> list[_Measured]:
    """What was measured in the visits of two posts, where anything was."""
    found = (plan.entities.get(f"{Ways.kind}/{visit}/{Ways.CODE}") for visit in visits)
    return [plan.remembered(("measured", ways.key), partial(_of, ways)) for ways in found if isinstance(ways, Ways)]


def _of(ways: Ways) -> _Measured:
    inside: dict[int, list[Inside]] = {}
    for each in ways.roads.inside:
        for number in each.places:
            inside.setdefault(number, []).append(each)
    return _Measured({place: number for number, place in enumerate(ways.roads.places)}, inside, ways.roads)


def _post(plan: Plan, duty: Assignment) -> Post | None:
    post = plan.entities.get(f"post/{duty.post_key}")
    return post if isinstance(post, Post) else None


def place_of(plan: Plan, post: Post) -> Coordinates | None:
    """Where a post is: its own coordinates, its key point, or its venue; None where nobody said."""
    details = post.details
    if details.coordinates is not None:
        return details.coordinates
    venue = plan.entities.get(f"venue/{details.venue}")
    if not isinstance(venue, Venue):
        return None
    point = next((one for one in venue.key_points if one.code == details.key_point), None)
    return venue.details.coordinates if point is None else point.coordinates
