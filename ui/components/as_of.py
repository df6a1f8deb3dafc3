"""The plan of a visit as it was: programme, duties and places as tables that say everything the pictures say."""

from __future__ import annotations

from domain.assignment import AssignmentStatus
from domain.plan import Plan
from domain.refusals import PlanningError
from domain.visit import Visit
from planner.text import Speaker

type Rows = list[dict[str, str]]


def visit_of(plan: Plan, code: str) -> Visit | None:
    """The visit, or None where the plan does not know it yet."""
    try:
        return plan.visit(code)
    except PlanningError:
        return None


def programme(plan: Plan, visit: Visit, speaker: Speaker) -> Rows:
    """The activities in order of time, the cancelled ones marked."""
    activities = sorted(visit.activities, key=lambda a: (a.window.start, a.code))
    return [
        {
            speaker("Code"): activity.code,
            speaker("When"): speaker.window(activity.window),
            speaker("Activity"): activity.title,
            speaker("Kind"): speaker.label(activity.type),
            speaker("Venue"): _venue(plan, activity.venue),
            speaker("Room"): activity.room or "–",
            speaker("State"): _state(visit, activity.code, activity.fixed, speaker),
        }
        for activity in activities
    ]


def _state(visit: Visit, code: str, fixed: bool, speaker: Speaker) -> str:
    if visit.cancelled or code in visit.called_off:
        return speaker("cancelled")
    return speaker("fixed time") if fixed else speaker("movable")


def duties(plan: Plan, visit: Visit, speaker: Speaker) -> Rows:
    """Every duty at every post, posts that nobody stands at too; withdrawn ones last."""
    found: Rows = []
    for post in plan.posts(visit.key):
        assigned = plan.assignments_of_post(visit.key, post.code)
        for duty in assigned:
            officer = plan.officer(duty.officer)
            found.append(
                {
                    speaker("Post"): post.code,
                    speaker("Task"): post.details.task,
                    speaker("When"): speaker.window(duty.window),
                    speaker("Officer"): f"{officer.details.rank} {officer.name} ({officer.key})".strip(),
                    speaker("State"): speaker.label(duty.status),
                }
            )
        standing = sum(duty.counts or duty.status is AssignmentStatus.ENDED for duty in assigned)
        if not standing and not post.cancelled:
            found.append(
                {
                    speaker("Post"): post.code,
                    speaker("Task"): post.details.task,
                    speaker("When"): speaker.window(post.window),
                    speaker("Officer"): "–",
                    speaker("State"): speaker("nobody assigned"),
                }
            )
    return found


def places(plan: Plan, visit: Visit, speaker: Speaker) -> Rows:
    """The venues that the visit uses, and its routes."""
    codes = sorted({activity.venue for activity in visit.activities if activity.venue is not None})
    found: Rows = [
        {
            speaker("What"): speaker("Venue"),
            speaker("Code"): code,
            speaker("Name"): plan.venue(code).details.name,
            speaker("Facts"): speaker(
                "{rooms} rooms, {points} key points",
                rooms=len(plan.venue(code).rooms),
                points=len(plan.venue(code).key_points),
            ),
        }
        for code in codes
    ]
    for route in plan.routes(visit.key):
        if route.withdrawn:
            continue
        details = route.details
        facts = speaker("{km} km, {minutes} min", km=round(details.km, 1), minutes=round(details.minutes))
        if route.closed is not None:
            facts += " · " + speaker("closed {window}", window=route.closed)
        found.append(
            {
                speaker("What"): speaker.label(details.kind),
                speaker("Code"): route.code,
                speaker("Name"): f"{_venue(plan, details.origin)} → {_venue(plan, details.destination)}",
                speaker("Facts"): facts,
            }
        )
    return found


def _venue(plan: Plan, code: str | None) -> str:
    if code is None:
        return "–"
    return plan.venue(code).details.name
