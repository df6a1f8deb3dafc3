"""A whole visit at another time: what stands in it as before, only later or earlier, and what does not.

Whatever moved by the same time keeps its distances, so that most findings stay what they were. Only what is tied to
something that did not move may have got better or worse: a duty elsewhere, an absence, the end of a qualification, a
closure, nights that are told by the clock, an override of what was found at one time, the days of the visit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from domain.assignment import Assignment, AssignmentRescheduled
from domain.base import Event, folded
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post, PostRescheduled, Shift
from domain.rules.days import far
from domain.rules.duty import Duties, duties_of
from domain.values import Qualification, TimeWindow
from domain.visit import ActivityMoved, Visit, VisitAmended

#: What a move changes in the visit itself.
_OF_VISIT: Final = frozenset({ActivityMoved, VisitAmended})


class Moved(NamedTuple):
    """A visit that is moved as a whole, and by how much.

    ``along`` are its posts and duties of which nothing but the time changed, by as much; None where the events that
    moved the visit are to tell.
    """

    visit: str
    by: timedelta
    along: frozenset[str] | None = None


def beside_time(
    before: Plan, after: Plan, events: Iterable[Event], numbers: PolicyNumbers, moved: Moved
) -> tuple[set[str], tuple[Event, ...]] | None:
    """What the events may have changed in a visit that was moved besides its time: originator ids, and the events
    that are no part of the move.

    Of what is not named everything is found that was found before, only later or earlier. None where that cannot be
    said of anything.
    """
    visit, now = (plan.entities.get(f"visit/{moved.visit}") for plan in (before, after))
    events = tuple(events)
    if not isinstance(visit, Visit) or not isinstance(now, Visit) or not _same_but_days(visit, now):
        return None
    if any(event.originator_id == visit.id and type(event) not in _OF_VISIT for event in events):
        return None
    # A way may be closed at one time and open at another.
    if any(route.closed is not None for route in before.routes(moved.visit)):
        return None
    along = _along(before, events, moved)
    posts: tuple[Post, ...] = after.posts(moved.visit)
    found = {visit.id, *(post.id for post in _far(now, posts, numbers))}
    found.update(f"officer/{code}" for post in posts for code in post.details.backups)
    officers = set[str]()
    for duty in before.assignments(moved.visit):
        if duty.counts:
            officers.add(duty.officer)
            post = f"post/{moved.visit}/{duty.post}"
            if duty.id not in along or post not in along:
                found |= {f"officer/{duty.officer}", post}
    bound = (code for code in officers if not _free_of_time(before, code, along, numbers, moved.by))
    found.update(f"officer/{code}" for code in bound)
    return found, tuple(
        event for event in events if event.originator_id not in along and event.originator_id != visit.id
    )


def same_but_time(post: Post, window: TimeWindow, shifts: tuple[Shift, ...], by: timedelta) -> bool:
    """True where a post with this window and these own shifts is what it was, only later or earlier by so much."""
    return (
        is_shifted(post.window, window, by)
        and len(post.own_shifts) == len(shifts)
        and all(is_shifted(one.window, two.window, by) for one, two in zip(post.own_shifts, shifts, strict=True))
    )


def is_shifted(one: TimeWindow, other: TimeWindow, by: timedelta) -> bool:
    """True where one window is the other, only later or earlier by so much."""
    return one.start + by == other.start and one.end + by == other.end


def _same_but_days(visit: Visit, now: Visit) -> bool:
    days = {"first_day": visit.details.first_day, "last_day": visit.details.last_day}
    return visit.cancelled == now.cancelled and folded(now.details, **days) == visit.details


def _along(before: Plan, events: Iterable[Event], moved: Moved) -> frozenset[str]:
    """The posts and duties of the visit of which nothing but the time changed, by as much as that of the visit."""
    if moved.along is not None:
        return moved.along.difference(event.originator_id for event in events)
    along, otherwise, by = set[str](), set[str](), moved.by
    for event in events:
        key = event.originator_id
        old = before.entities.get(key)
        alike = False
        if type(event) is AssignmentRescheduled and isinstance(old, Assignment):
            alike = event.override is None and old.override is None and is_shifted(old.window, event.window, by)
        elif type(event) is PostRescheduled and isinstance(old, Post):
            alike = same_but_time(old, event.window, event.shifts, by)
        (along if alike and key not in along and old is not None and old.visit == moved.visit else otherwise).add(key)
    return frozenset(along - otherwise)


def _far(visit: Visit, posts: tuple[Post, ...], numbers: PolicyNumbers) -> Iterator[Post]:
    """The posts that lie far from the days of the visit now."""
    if posts:
        start = min(post.window.start for post in posts)
        whole = TimeWindow(start=start, end=max(post.window.end for post in posts))
        if far(visit, whole, numbers) is not None:
            yield from (post for post in posts if far(visit, post.window, numbers) is not None)


def _free_of_time(plan: Plan, code: str, along: frozenset[str], numbers: PolicyNumbers, by: timedelta) -> bool:
    """True where all that is found about an officer follows from how far these duties lie apart."""
    officer, duties = plan.officer(code), duties_of(plan, code)
    if not duties or not along.issuperset([duty.id for duty in duties]) or plan.posts_backed_by(code):
        return False
    start, end = duties[0].window.start, max([duty.window.end for duty in duties])
    long = end - start >= timedelta(days=numbers.max_consecutive_nights - 1)
    if long and not _few_nights(duties, numbers):
        return False
    earliest, latest = min(start, start + by), max(end, end + by)
    noticed = latest + timedelta(days=numbers.lapse_notice_days)
    return all(_throughout(one, earliest, latest, noticed) for one in officer.qualifications) and not any(
        absence.window.start < latest and absence.window.end > earliest and _meets(absence.window, duties, by)
        for absence in officer.absences
    )


def _few_nights(duties: Duties, numbers: PolicyNumbers) -> bool:
    """True where there are no more duties than nights in a row may be, each too short for two nights."""
    day = timedelta(hours=(numbers.night_starts_hour - numbers.night_ends_hour) % 24 - 1)
    return len(duties) <= numbers.max_consecutive_nights and all(duty.window.length <= day for duty in duties)


def _throughout(held: Qualification, earliest: datetime, latest: datetime, noticed: datetime) -> bool:
    """True where a qualification is held all the time, and no end of it is near, or at no time."""
    since, until = held.valid.start, held.valid.end
    if held.revoked_from is not None:
        until = min(until, held.revoked_from)
    return (since <= earliest and until >= noticed) or until <= earliest or since >= latest


def _meets(absence: TimeWindow, duties: Duties, by: timedelta) -> bool:
    """True where an absence falls into one of these duties before the move or after it."""
    return any(
        absence.overlaps(duty.window) or (absence.start < duty.window.end + by and duty.window.start + by < absence.end)
        for duty in duties
    )
