"""Whether what a value names exists: activities and posts name venues, rooms, key points and people."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from domain.delegation import Delegation
from domain.plan import Plan
from domain.post import PostDetails
from domain.refusals import InvalidInput, NotPossible
from domain.route import RouteDetails
from domain.values import TimeWindow
from domain.venue import Venue
from domain.visit import MAIN_PARTY, Activity


def usable_venue(plan: Plan, code: str) -> Venue:
    """The venue, refused where it is unknown or retired."""
    venue = plan.venue(code)
    if venue.retired:
        raise NotPossible.because("Venue {code} is retired; choose another or reinstate it.", code=code)
    return venue


def usable_place(plan: Plan, venue: str | None, room: str | None) -> tuple[str | None, str | None]:
    """Venue and room, refused where a room comes without its venue or a place does not exist."""
    if venue is None:
        if room is not None:
            raise InvalidInput.because("Room {room} needs its venue; choose the venue first.", room=room)
        return None, None
    place = usable_venue(plan, venue)
    if room is not None:
        place.room(room)
    return venue, room


def known_activity(plan: Plan, visit: str, activity: Activity) -> Activity:
    """The activity, refused where it names a venue, room, delegation or activity that does not exist."""
    usable_place(plan, activity.venue, activity.room)
    if activity.delegation is not None:
        plan.delegation(visit, activity.delegation)
    for code in activity.joint_with:
        plan.visit(visit).activity(code)
    return activity


def known_post(plan: Plan, visit: str, post: PostDetails) -> PostDetails:
    """The post's details, refused where they name a place, activity or commander that does not exist."""
    if post.venue is not None:
        venue = usable_venue(plan, post.venue)
        if post.key_point is not None:
            venue.key_point(post.key_point)
    elif post.key_point is not None:
        raise InvalidInput.because("Key point {point} needs its venue; choose the venue first.", point=post.key_point)
    if post.activity is not None:
        plan.visit(visit).activity(post.activity)
    if post.commander is not None:
        plan.officer(post.commander)
    for backup in post.backups:
        plan.officer(backup)
    return post


def near_activity(plan: Plan, visit: str, activity: Activity) -> Activity:
    """The activity, refused as ``known_activity`` does, and where a new window lies far from the visit."""
    there = plan.visit(visit).activities.find(activity.code)
    if there is None or there.window != activity.window:
        plan.visit(visit).near(activity.window)
    return known_activity(plan, visit, activity)


def near_post(plan: Plan, visit: str, post: PostDetails) -> PostDetails:
    """The details of a new post, refused as ``known_post`` does, and where its window lies far from the visit."""
    plan.visit(visit).near(post.window)
    return known_post(plan, visit, post)


def known_route(plan: Plan, route: RouteDetails) -> RouteDetails:
    """The route's details, refused where they name a venue that does not exist or go nowhere."""
    usable_venue(plan, route.origin)
    usable_venue(plan, route.destination)
    if route.origin == route.destination:
        raise InvalidInput.because("A route needs two different venues, not {venue} twice.", venue=route.origin)
    return route


def party_size(plan: Plan, visit: str, activity: Activity) -> int:
    """Persons at an activity: as stated, which counts hosts and press too, else the guests who are expected."""
    return activity.headcount or party_members(plan, visit, activity)


def party_members(plan: Plan, visit: str, activity: Activity) -> int:
    """Guests at an activity: of its delegation, or of all, who belong to its party.

    The main party is everybody who is not elsewhere: members of another party count unless that party has an
    activity of its own at the same time. A delegation expected to be larger than its list so far counts as
    large as planned.
    """
    apart = _apart(plan, visit)
    return sum(
        _expected(delegation, activity, apart)
        for delegation in _taking_part(plan, visit, activity)
        if not delegation.withdrawn
    )


class _Busy(NamedTuple):
    """When a party has activities: their starts in order, and the latest end of each and those before it."""

    starts: list[datetime]
    latest: list[datetime]

    @classmethod
    def with_(cls, activities: Iterable[Activity]) -> _Busy:
        windows = sorted((one.window for one in activities), key=lambda window: window.start)
        return cls([window.start for window in windows], [*accumulate((window.end for window in windows), max)])

    def meets(self, window: TimeWindow) -> bool:
        begun = bisect_left(self.starts, window.end)
        return begun > 0 and self.latest[begun - 1] > window.start


def _apart(plan: Plan, visit: str) -> Mapping[str, _Busy]:
    """When the other parties than the main one have activities; asked for at every leg of a visit."""

    def made() -> Mapping[str, _Busy]:
        of_party: dict[str, list[Activity]] = {}
        for other in plan.visit(visit).programme:
            if other.party != MAIN_PARTY:
                of_party.setdefault(other.party, []).append(other)
        return {party: _Busy.with_(activities) for party, activities in of_party.items()}

    return plan.remembered(("activities apart", visit), made)


def _taking_part(plan: Plan, visit: str, activity: Activity) -> tuple[Delegation, ...]:
    """The delegation that an activity is for, or all of the visit."""
    if activity.delegation is None:
        return plan.delegations(visit)
    found = plan.entities.get(f"delegation/{visit}/{activity.delegation}")
    return (found,) if isinstance(found, Delegation) else ()


def _expected(delegation: Delegation, activity: Activity, apart: Mapping[str, _Busy]) -> int:
    if activity.party != MAIN_PARTY:
        return sum(member.party == activity.party for member in delegation.members)
    parties = Counter(member.party for member in delegation.members if member.party in apart)
    absent = sum(number for party, number in parties.items() if apart[party].meets(activity.window))
    return max(len(delegation.members), delegation.details.planned_size) - absent
