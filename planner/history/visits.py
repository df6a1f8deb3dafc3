"""Sentences about visits and their programme."""

from __future__ import annotations

from domain.messages import Message, message
from domain.visit import (
    Activity,
    ActivityAmended,
    ActivityCancelled,
    ActivityMoved,
    ActivityReinstated,
    ActivityRelocated,
    ActivityScheduled,
    ActivityType,
    JourneyReported,
    Visit,
    VisitAmended,
    VisitCancelled,
    VisitRegistered,
    VisitReinstated,
)
from planner.history.names import Names, named
from planner.history.telling import Tellings, amended, before_it, cancelled, reinstated, saying
from planner.text import Change


def _registered(event: VisitRegistered, before: Names, after: Names) -> Message:
    facts = saying(event.visit, after)
    visit = named(event.key, event.visit.title)
    return message("registered {thing}: {facts}", thing=message("visit {visit}", visit=visit), facts=facts)


def _amended(event: VisitAmended, before: Names, after: Names) -> Message:
    old = before_it(Visit, before, after).details
    return amended(before.thing(), old, event.visit, before, after)


def _activity(activity: Activity) -> Message:
    return message("activity {activity}", activity=named(activity.code, activity.title))


def _before(code: str, before: Names, after: Names) -> Activity:
    return before_it(Visit, before, after).activity(code)


def _scheduled(event: ActivityScheduled, before: Names, after: Names) -> Message:
    facts = saying(event.activity, after)
    return message("scheduled {thing}: {facts}", thing=_activity(event.activity), facts=facts)


def _moved(event: ActivityMoved, before: Names, after: Names) -> Message:
    old = _before(event.activity, before, after)
    change = Change(old.window, event.window, spoken=True)
    return message("moved {thing} {change}", thing=_activity(old), change=change)


def _relocated(event: ActivityRelocated, before: Names, after: Names) -> Message:
    old = _before(event.activity, before, after)
    change = Change(_place(old.venue, old.room, before), _place(event.venue, event.room, after), spoken=True)
    return message("relocated {thing} {change}", thing=_activity(old), change=change)


def _place(venue: str | None, room: str | None, names: Names) -> Message | str:
    if venue is None:
        return message("no venue")
    if room is None:
        return names.venue(venue)
    return message("room {room} of {venue}", room=names.room(venue, room), venue=names.venue(venue))


def _activity_amended(event: ActivityAmended, before: Names, after: Names) -> Message:
    old = _before(event.activity.code, before, after)
    return amended(_activity(old), old, event.activity, before, after)


def _activity_cancelled(event: ActivityCancelled, before: Names, after: Names) -> Message:
    old = _before(event.activity, before, after)
    return message(
        "cancelled {thing} ({window}, {venue})",
        thing=_activity(old),
        window=old.window,
        venue=_place(old.venue, old.room, before),
    )


def _activity_reinstated(event: ActivityReinstated, before: Names, after: Names) -> Message:
    return message("reinstated {thing}", thing=_activity(_before(event.activity, before, after)))


def _journey_reported(event: JourneyReported, before: Names, after: Names) -> Message:
    old = _before(event.activity, before, after)
    if old.type is ActivityType.DEPARTURE:
        return message("reported that {thing} really left {moment}", thing=_activity(old), moment=event.actual)
    return message("reported that {thing} really arrived {moment}", thing=_activity(old), moment=event.actual)


TELLINGS: Tellings = {
    VisitRegistered: _registered,
    VisitAmended: _amended,
    VisitCancelled: cancelled,
    VisitReinstated: reinstated,
    ActivityScheduled: _scheduled,
    ActivityMoved: _moved,
    ActivityRelocated: _relocated,
    ActivityAmended: _activity_amended,
    ActivityCancelled: _activity_cancelled,
    ActivityReinstated: _activity_reinstated,
    JourneyReported: _journey_reported,
}
