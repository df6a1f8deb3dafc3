"""A whole visit at another time: what stands in it as before, only later or earlier, and what does not.

Whatever moved by the same time keeps its distances, so that most findings stay what they were. Only what is tied to
something that did not move may have got better or worse: a duty elsewhere, an absence, the end of a qualification, a
closure, nights that are told by the clock, an override of what was found at one time, the days of the visit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from domain.assignment import Assignment, AssignmentRescheduled
from domain.base import Event, folded
from domain.officer import Officer
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post, PostRescheduled, Shift
from domain.rules.days import far
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
    posts: tuple[Post, ...] = before.posts(moved.visit)
    found = {visit.id, *_far(now, posts, after, numbers, moved.by)}
    found.update(f"officer/{code}" for post in posts for code in post.details.backups)
    for code, own in _own_duties(before, moved.visit).items():
        if not along.issuperset(own.keys):
            keys = ((duty.id, f"post/{duty.post_key}") for duty in own.duties)
            found.update(post for duty, post in keys if duty not in along or post not in along)
            found.add(f"officer/{code}")
        elif not _free_of_time(own, numbers, moved.by):
            found.add(f"officer/{code}")
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


def _far(visit: Visit, posts: tuple[Post, ...], after: Plan, numbers: PolicyNumbers, by: timedelta) -> Iterator[str]:
    """The posts that lie far from the days of the visit now; ``posts`` are as they were."""
    if posts:
        start = min(post.details.window.start for post in posts)
        end = max(post.details.window.end for post in posts)
        # All of them, wherever each of them is now.
        whole = TimeWindow(start=min(start, start + by), end=max(end, end + by))
        if far(visit, whole, numbers) is not None:
            yield from (post.id for post in after.posts(visit.key) if far(visit, post.window, numbers) is not None)


class _Own(NamedTuple):
    """The duties of an officer in a visit that count, from when until when they are, and the ids of them and of their
    posts.

    ``officer`` is there where these are all that he or she has to do, as nobody's backup either.
    """

    duties: Sequence[Assignment]
    start: datetime
    end: datetime
    keys: Sequence[str]
    officer: Officer | None


def _own_duties(plan: Plan, visit: str) -> Mapping[str, _Own]:
    """What each officer on duty in a visit has there; worked out once a plan, whatever the visit is moved by."""

    def made() -> Mapping[str, _Own]:
        found = dict[str, _Own]()
        for code in {duty.officer: None for duty in plan.assignments(visit) if duty.counts}:
            own = plan.remembered_of(f"officer/{code}", ("own", visit), partial(_own, plan, visit, code))
            found[code] = own._replace(officer=None) if plan.posts_backed_by(code) else own
        return found

    return plan.remembered(("own duties", visit), made)


def _own(plan: Plan, visit: str, code: str) -> _Own:
    ever: tuple[Assignment, ...] = plan.assignments_of_officer(code)
    duties = [duty for duty in ever if duty.counts and duty.visit == visit]
    start, end = min(duty.window.start for duty in duties), max(duty.window.end for duty in duties)
    keys = [key for duty in duties for key in (duty.id, f"post/{duty.post_key}")]
    officer = plan.entities.get(f"officer/{code}") if len(ever) == len(duties) else None
    return _Own(duties, start, end, keys, officer if isinstance(officer, Officer) else None)


def _free_of_time(own: _Own, numbers: PolicyNumbers, by: timedelta) -> bool:
    """True where an officer has no other duties than these, which are moved together, and all that is found about them
    follows from how far they lie apart."""
    officer, start, end = own.officer, own.start, own.end
    if officer is None:
        return False
    if (end - start).days >= numbers.max_consecutive_nights - 1 and not _few_nights(own.duties, numbers):
        return False
    earliest, latest = min(start, start + by), max(end, end + by)
    noticed = latest + timedelta(days=numbers.lapse_notice_days)
    for one in officer.qualifications:
        if not _throughout(one, earliest, latest, noticed):
            return False
    for absence in officer.absences:
        away = absence.window
        if away.start < latest and away.end > earliest and _meets(away, own.duties, by):
            return False
    return True


def _few_nights(duties: Sequence[Assignment], numbers: PolicyNumbers) -> bool:
    """True where there are no more duties than nights in a row may be, each too short for two nights."""
    day = timedelta(hours=(numbers.night_starts_hour - numbers.night_ends_hour) % 24 - 1)
    return len(duties) <= numbers.max_consecutive_nights and all(duty.window.length <= day for duty in duties)


def _throughout(held: Qualification, earliest: datetime, latest: datetime, noticed: datetime) -> bool:
    """True where a qualification is held all the time, and no end of it is near, or at no time."""
    since, until = held.valid.start, held.valid.end
    if held.revoked_from is not None:
        until = min(until, held.revoked_from)
    return (since <= earliest and until >= noticed) or until <= earliest or since >= latest


def _meets(absence: TimeWindow, duties: Iterable[Assignment], by: timedelta) -> bool:
    """True where an absence falls into one of these duties before the move or after it."""
    return any(
        absence.overlaps(duty.window) or (absence.start < duty.window.end + by and duty.window.start + by < absence.end)
        for duty in duties
    )
