"""A whole visit at another time: programme, posts, shifts and duties, all by the same hours or days.

What has begun stays: of a visit that is running, only what is still to come is moved. What the new times break is
found, not refused, as with everything that is moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

from domain.assigning import moved_along
from domain.assignment import Assignment
from domain.base import Act, Decision, Entity, Event, changed
from domain.plan import Plan
from domain.post import Post
from domain.refusals import InvalidInput, NotPossible
from domain.values import TimeWindow
from domain.visit import Activity, Visit, VisitDetails

DAY = timedelta(days=1)


def shifted(plan: Plan, code: str, by: timedelta, act: Act) -> Decision:
    """Everything of a visit that has not begun, later by so much, or earlier.

    Raises ``NotFound``, ``NotPossible`` where the visit is cancelled or nothing is still to come, and ``InvalidInput``
    where something would begin before now.
    """
    visit = plan.visit(code)
    if visit.cancelled:
        raise NotPossible.because("Visit {visit} is cancelled; reinstate it first.", visit=code)
    if not by:
        return ()
    since, events = act.occurred_at, list[Event]()
    activities = [one for one in visit.programme if one.window.start >= since]
    begun = len(activities) < len(visit.programme)
    for activity in activities:
        _refuse_past(activity.window, by, since)
        moved = visit.move_activity(activity.code, activity.window.shifted(by), act)
        visit = _after(visit, moved)
        events.extend(moved)
    posts: tuple[Post, ...] = plan.posts(code)
    duties = dict[str, list[Assignment]]()
    for duty in plan.assignments(code):
        if duty.counts:
            duties.setdefault(duty.post, []).append(duty)
    for post in posts:
        begun |= not post.cancelled and post.window.start < since
        events.extend(_moved(post, duties.get(post.code, ()), by, act))
    if not events:
        raise NotPossible.because("Nothing of visit {visit} is still to come.", visit=code)
    return (*events, *visit.amend(_days(visit, by, begun=begun), act))


def _moved(post: Post, duties: Iterable[Assignment], by: timedelta, act: Act) -> Decision:
    """Move a post, or of one that has begun the shifts that have not, with the duties in them.

    No other post and no duty elsewhere has a part in it, so the plan in which the others have moved is not needed.
    """
    since, shifts = act.occurred_at, post.shifts
    coming = [shift for shift in shifts if shift.window.start >= since]
    if post.cancelled or not coming:
        return ()
    for shift in coming:
        _refuse_past(shift.window, by, since)
    if post.window.start >= since:
        moved = post.reschedule(post.window.shifted(by), None, act)
    else:
        own = tuple(
            changed(shift, window=shift.window.shifted(by)) if shift in coming else shift for shift in post.own_shifts
        )
        end = max(post.window.end + by, *(shift.window.end for shift in own))
        moved = post.reschedule(TimeWindow(start=post.window.start, end=end), own, act)
    now = {shift.code: shift.window.shifted(by) for shift in coming}
    return (*moved, *moved_along(shifts, now, duties, act))


def _after[E: Entity](entity: E, decision: Decision) -> E:
    """The entity after what was decided about it."""
    return reduce(lambda state, event: state.evolve(event), decision, entity)


def _days(visit: Visit, by: timedelta, *, begun: bool) -> VisitDetails:
    """The visit's days afterwards: moved with it where whole days are, and wide enough for its programme."""
    zone = ZoneInfo(visit.details.zone)
    days = by if by % DAY == timedelta(0) else timedelta(0)
    first = visit.details.first_day if begun else visit.details.first_day + days
    last = visit.details.last_day + days
    on: list[date] = [_day(activity, zone) for activity in visit.programme]
    return changed(visit.details, first_day=min(first, *on) if on else first, last_day=max(first, last, *on))


def _day(activity: Activity, zone: ZoneInfo) -> date:
    return activity.window.start.astimezone(zone).date()


def _refuse_past(window: TimeWindow, by: timedelta, since: datetime) -> None:
    if window.start + by < since:
        raise InvalidInput.because(
            "What begins {window} would begin before now; move the visit by less.", window=window
        )
