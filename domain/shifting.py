"""A whole visit at another time: programme, posts, shifts and duties, all by the same hours or days.

What has begun stays: of a visit that is running, only what is still to come is moved. What the new times break is
found, not refused, as with everything that is moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.assigning import windows_along
from domain.assignment import Assignment, AssignmentRescheduled
from domain.base import Act, Decision, Entity, Event, changed, folded
from domain.plan import Plan
from domain.post import WHOLE, Post, PostRescheduled, Shift
from domain.refusals import InvalidInput, NotPossible
from domain.rules.moving import Moved, is_shifted
from domain.values import TimeWindow
from domain.visit import Activity, Visit, VisitDetails

DAY = timedelta(days=1)


class Shifted(NamedTuple):
    """The plan in which a visit is moved, what only moved in it, and the events of what moved otherwise."""

    plan: Plan
    moved: Moved
    besides: Decision


def shifted(plan: Plan, code: str, by: timedelta, act: Act) -> Decision:
    """Everything of a visit that has not begun, later by so much, or earlier.

    Raises ``NotFound``, ``NotPossible`` where the visit is cancelled or nothing is still to come, and ``InvalidInput``
    where something would begin before now.
    """
    found, events = _moves(plan, code, by, act), list[Event]()
    for post, window, shifts, duties, _ in found.posts:
        events.append(PostRescheduled(**act.on(post), window=window, shifts=shifts))
        events.extend(AssignmentRescheduled(**act.on(duty), window=then) for duty, then in duties)
    return (*found.programme, *events, *found.days)


def as_shifted(plan: Plan, code: str, by: timedelta, act: Act) -> Shifted:
    """The plan as it is after ``shifted``, at the position at which that was asked; raises what that raises.

    No event is made and folded of what only moves: of a thousand posts that takes five times as long.
    """
    found, otherwise, besides = _moves(plan, code, by, act), {f"visit/{code}"}, list[Event]()
    entities: dict[str, Entity] = {found.visit.id: found.visit}
    for post, window, shifts, duties, whole in found.posts:
        entities[post.id] = post.at(window, shifts, post.version + 1)
        if not whole:
            otherwise.add(post.id)
            besides.append(PostRescheduled(**act.on(post), window=window, shifts=shifts))
        for duty, then in duties:
            entities[duty.id] = folded(duty, window=then, version=duty.version + 1)
            if duty.override is not None or not is_shifted(duty.window, then, by):
                otherwise.add(duty.id)
                besides.append(AssignmentRescheduled(**act.on(duty), window=then))
    for key in plan.parked:
        # It stays as it was, and nothing can be said of it.
        entities.pop(key, None)
    along = frozenset(entities).difference(otherwise)
    return Shifted(plan.at_other_times(entities, act.recorded_at), Moved(code, by, along), tuple(besides))


class _Move(NamedTuple):
    """A post with the window and own shifts that it will have, and its duties with theirs; whether it only moves."""

    post: Post
    window: TimeWindow
    shifts: tuple[Shift, ...]
    duties: tuple[tuple[Assignment, TimeWindow], ...]
    whole: bool


class _Moves(NamedTuple):
    """What a visit that is moved changes: itself, by events of its programme and its days, and its posts."""

    visit: Visit
    programme: Decision
    posts: tuple[_Move, ...]
    days: Decision


def _moves(plan: Plan, code: str, by: timedelta, act: Act) -> _Moves:
    visit = plan.visit(code)
    if visit.cancelled:
        raise NotPossible.because("Visit {visit} is cancelled; reinstate it first.", visit=code)
    if not by:
        return _Moves(visit, (), (), ())
    since, programme = act.occurred_at, list[Event]()
    activities = [one for one in visit.programme if one.window.start >= since]
    begun = len(activities) < len(visit.programme)
    for activity in activities:
        _refuse_past(activity.window, by, since)
        decided = visit.move_activity(activity.code, activity.window.shifted(by), act)
        visit = _after(visit, decided)
        programme.extend(decided)
    posts: tuple[Post, ...] = plan.posts(code)
    duties = dict[str, list[Assignment]]()
    for duty in plan.assignments(code):
        if duty.counts:
            duties.setdefault(duty.post, []).append(duty)
    begun |= any(not post.cancelled and post.window.start < since for post in posts)
    found = tuple(move for post in posts if (move := _move(post, duties.get(post.code, ()), by, since)) is not None)
    if not programme and not found:
        raise NotPossible.because("Nothing of visit {visit} is still to come.", visit=code)
    days = visit.amend(_days(visit, by, begun=begun), act)
    return _Moves(_after(visit, days), tuple(programme), found, days)


def _move(post: Post, duties: Iterable[Assignment], by: timedelta, since: datetime) -> _Move | None:
    """How a post is moved, or of one that has begun the shifts that have not, with the duties in them.

    No other post and no duty elsewhere has a part in it, so the plan in which the others have moved is not needed.
    """
    shifts = post.shifts
    coming = [shift for shift in shifts if shift.window.start >= since]
    if post.cancelled or not coming:
        return None
    for shift in coming:
        _refuse_past(shift.window, by, since)
    whole = post.window.start >= since
    if whole:
        window, own = post.times(post.window.shifted(by), None)
    else:
        own = tuple(
            changed(shift, window=shift.window.shifted(by)) if shift in coming else shift for shift in post.own_shifts
        )
        end = max(post.window.end + by, *(shift.window.end for shift in own))
        window, own = post.times(TimeWindow(start=post.window.start, end=end), own)
    now = {shift.code: shift.window for shift in own} or {WHOLE: window}
    return _Move(post, window, own, tuple(windows_along(shifts, now, duties)), whole)


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
