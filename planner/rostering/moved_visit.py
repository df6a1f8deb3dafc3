"""By how much a proposal moves its visit, and by how much somebody else has moved it since the proposal was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.messages import Message, counted, message
from domain.plan import Plan
from domain.post import PostRescheduled
from domain.values import TimeWindow
from domain.visit import ActivityMoved
from planner.rostering.made import Made
from planner.timeline import Timeline


class MovedVisit(NamedTuple):
    """By how much, and from when to when: from the first thing to the last that is moved so."""

    by: timedelta
    then: TimeWindow
    now: TimeWindow


def moved_since(made: Made, plan: Plan) -> MovedVisit | None:
    """How the visit was moved since a proposal was made; None where it was not."""
    return _between(made.laid.move.before, plan, made.visit, made.laid.asked.as_of)


def _between(then: Plan, now: Plan, visit: str, since: datetime) -> MovedVisit | None:
    """How most of what had not begun is moved from one plan to another: a post at another time is no moved visit."""
    before, after = _windows(then, visit, since), _windows(now, visit, since)
    both = before.keys() & after.keys()
    moves = {key: after[key].start - before[key].start for key in both}
    by, most = max(Counter(moves.values()).items(), key=lambda one: one[1], default=(timedelta(0), 0))
    if not by or 2 * most <= len(both):
        return None
    along = [key for key, move in moves.items() if move == by]
    return MovedVisit(by, _from_to(before[key] for key in along), _from_to(after[key] for key in along))


def _windows(plan: Plan, visit: str, since: datetime) -> dict[tuple[str, str], TimeWindow]:
    """The activities and shifts of a visit that had not begun."""
    posts = (post for post in plan.posts(visit) if not post.cancelled)
    windows = {(post.code, shift.code): shift.window for post in posts for shift in post.shifts}
    windows |= {("", activity.code): activity.window for activity in plan.visit(visit).programme}
    return {key: window for key, window in windows.items() if window.start >= since}


def _from_to(windows: Iterable[TimeWindow]) -> TimeWindow:
    windows = list(windows)
    return TimeWindow(start=min(one.start for one in windows), end=max(one.end for one in windows))


def moved_said(made: Made) -> Message | None:
    """By how much the visit is to be moved, from when to when; None where it is not."""
    before, asked = made.laid.move.before, made.laid.asked
    if not asked.shift:
        return None
    moved = made.plan.remembered(
        ("moved from", before.position), lambda: _between(before, made.plan, made.visit, asked.as_of)
    )
    if moved is None:
        return None
    values = {"time": _length(moved.by), "then": moved.then, "now": moved.now}
    if moved.by < timedelta(0):
        return message("The whole visit is to be {time} earlier: from {then} to {now}.", **values)
    return message("The whole visit is to be {time} later: from {then} to {now}.", **values)


def moved_since_said(made: Made, moved: MovedVisit, timeline: Timeline) -> Message:
    """By how much the visit was moved since, by whom and when, from when to when."""
    user, moment = _last_mover(made, timeline)
    values = {"time": _length(moved.by), "then": moved.then, "now": moved.now, "user": user, "moment": moment}
    if moved.by < timedelta(0):
        return message("The visit was moved {time} earlier by {user}, {moment}: from {then} to {now}.", **values)
    return message("The visit was moved {time} later by {user}, {moment}: from {then} to {now}.", **values)


def further_said(made: Made) -> Message:
    """What it is called to move a visit by as much again."""
    shift = made.laid.asked.shift
    if shift < timedelta(0):
        return message("Move it a further {time} earlier", time=_length(shift))
    return message("Move it a further {time} later", time=_length(shift))


def _length(by: timedelta) -> timedelta | Message:
    """How far that is: in days where it is whole days."""
    days, rest = divmod(abs(by), timedelta(days=1))
    if rest or not days:
        return abs(by)
    return counted("{n} day", "{n} days", days)


def _last_mover(made: Made, timeline: Timeline) -> tuple[str, datetime | None]:
    """Who moved something of the visit last since the proposal was made, and when."""
    user, moment = "–", None
    for _, event in timeline.events(made.plan.position):
        own = f"{event.originator_id}/".startswith((f"visit/{made.visit}/", f"post/{made.visit}/"))
        if own and isinstance(event, PostRescheduled | ActivityMoved):
            user, moment = event.by, event.recorded_at
    return user, moment
