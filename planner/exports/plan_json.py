"""The plan of one visit as a document: what ``planner plan --format json`` gives and ``import visit`` takes.

Each entry is the value of the domain with its code and state beside it, so that one definition writes, reads and
describes itself: ``{"position", "at", "visit": {…, "activities", "delegations"}, "venues", "routes", "posts",
"assignments", "officers"}``. Venues and officers are those that the visit uses.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from typing import Any

from pydantic import AwareDatetime, TypeAdapter

from domain.assignment import Assignment, AssignmentStatus, Override
from domain.base import Code, Line, value
from domain.delegation import Delegation, DelegationDetails, Member
from domain.officer import Absence, Officer, OfficerDetails
from domain.plan import Plan
from domain.post import Post, PostDetails, Shift
from domain.route import Route, RouteDetails
from domain.secrecy import mark_of
from domain.values import Qualification, SecrecyLevel, TimeWindow
from domain.venue import KeyPoint, Room, Venue, VenueDetails
from domain.visit import Activity, Visit, VisitDetails
from planner.exports.watermark import Watermark


@value
class ActivityEntry(Activity):
    """An activity, and whether it was taken out of the programme."""

    cancelled: bool = False


@value
class DelegationEntry(DelegationDetails):
    """A delegation with its members and its head."""

    code: Code
    withdrawn: bool = False
    head: Code | None = None
    members: tuple[Member, ...] = ()


@value
class VisitEntry(VisitDetails):
    """A visit with its programme and its delegations."""

    code: Code
    cancelled: bool = False
    activities: tuple[ActivityEntry, ...] = ()
    delegations: tuple[DelegationEntry, ...] = ()


@value
class VenueEntry(VenueDetails):
    """A venue with its rooms and key points."""

    code: Code
    retired: bool = False
    rooms: tuple[Room, ...] = ()
    key_points: tuple[KeyPoint, ...] = ()


@value
class RouteEntry(RouteDetails):
    """A route, and when it cannot be used."""

    code: Code
    closed: TimeWindow | None = None
    withdrawn: bool = False


@value
class PostEntry(PostDetails):
    """A post with the shifts of its own; none where one shift lasts the whole window."""

    code: Code
    cancelled: bool = False
    shifts: tuple[Shift, ...] = ()


@value
class AssignmentEntry:
    """An officer's duty; ``duty`` is the fingerprint that was acknowledged."""

    code: Code
    post: Code
    shift: Code
    officer: Code
    window: TimeWindow
    status: AssignmentStatus = AssignmentStatus.CONFIRMED
    duty: Line | None = None
    override: Override | None = None
    pinned: bool = False


@value
class OfficerEntry(OfficerDetails):
    """An officer with qualifications and absences."""

    code: Code
    retired: bool = False
    qualifications: tuple[Qualification, ...] = ()
    absences: tuple[Absence, ...] = ()


@value
class ExportNote:
    """For whom a file was taken out, by whom and when, and under which record; ``redacted`` where it is not whole."""

    record: Line
    recipient: Line
    by: Line
    at: AwareDatetime
    redacted: bool
    mark: SecrecyLevel = SecrecyLevel.NONE


@value
class PlanDocument:
    """The plan of one visit after the event at ``position``, recorded ``at``; ``mark`` is the highest in it.

    ``export`` is there where it was taken out as a file.
    """

    visit: VisitEntry
    venues: tuple[VenueEntry, ...] = ()
    routes: tuple[RouteEntry, ...] = ()
    posts: tuple[PostEntry, ...] = ()
    assignments: tuple[AssignmentEntry, ...] = ()
    officers: tuple[OfficerEntry, ...] = ()
    position: int = 0
    at: AwareDatetime | None = None
    mark: SecrecyLevel = SecrecyLevel.NONE
    export: ExportNote | None = None


DOCUMENTS = TypeAdapter(PlanDocument)
#: The order in which a document is written: what it is of, first.
ORDER = ("position", "at", "mark", "visit", "venues", "routes", "posts", "assignments", "officers")


def plan_document(plan: Plan, visit: str) -> PlanDocument:
    """What the plan holds of a visit. Raises ``NotFound``."""
    whole = plan.visit(visit)
    posts, routes, assignments = plan.posts(visit), plan.routes(visit), plan.assignments(visit)
    return PlanDocument(
        visit=visit_entry(plan, whole),
        venues=tuple(venue_entry(plan.venue(code)) for code in _venues(whole, posts, routes)),
        routes=tuple(
            _entry(RouteEntry, r.details, code=r.code, closed=r.closed, withdrawn=r.withdrawn) for r in routes
        ),
        posts=tuple(
            _entry(PostEntry, p.details, code=p.code, cancelled=p.cancelled, shifts=p.own_shifts) for p in posts
        ),
        assignments=tuple(assignment_entry(one) for one in assignments),
        officers=tuple(officer_entry(plan.officer(code)) for code in _officers(posts, assignments)),
        position=plan.position,
        at=plan.recorded_at,
        mark=mark_of(plan, visit),
    )


def plan_json(plan: Plan, visit: str, *, watermark: Watermark | None = None) -> bytes:
    """The document of a visit as JSON text, indented."""
    written: dict[str, Any] = DOCUMENTS.dump_python(plan_document(plan, visit), mode="json")
    ordered = {name: written[name] for name in ORDER}
    if watermark is not None:
        mark = SecrecyLevel.highest(watermark.mark, SecrecyLevel(ordered["mark"]))
        ordered = {"export": watermark.fields(), **ordered, "mark": mark.value}
    return (json.dumps(ordered, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def visit_entry(plan: Plan, visit: Visit) -> VisitEntry:
    """A visit as it stands in a document."""
    return _entry(
        VisitEntry,
        visit.details,
        code=visit.key,
        cancelled=visit.cancelled,
        activities=tuple(_entry(ActivityEntry, a, cancelled=a.code in visit.called_off) for a in visit.activities),
        delegations=tuple(delegation_entry(one) for one in plan.delegations(visit.key)),
    )


def delegation_entry(delegation: Delegation) -> DelegationEntry:
    """A delegation as it stands in a document."""
    return _entry(
        DelegationEntry,
        delegation.details,
        code=delegation.code,
        withdrawn=delegation.withdrawn,
        head=delegation.head,
        members=delegation.members,
    )


def venue_entry(venue: Venue) -> VenueEntry:
    """A venue as it stands in a document."""
    return _entry(
        VenueEntry, venue.details, code=venue.key, retired=venue.retired, rooms=venue.rooms, key_points=venue.key_points
    )


def officer_entry(officer: Officer) -> OfficerEntry:
    """An officer as it stands in a document."""
    return _entry(
        OfficerEntry,
        officer.details,
        code=officer.key,
        retired=officer.retired,
        qualifications=officer.qualifications,
        absences=officer.absences,
    )


def assignment_entry(assignment: Assignment) -> AssignmentEntry:
    """An assignment as it stands in a document."""
    return AssignmentEntry(
        code=assignment.code,
        post=assignment.post,
        shift=assignment.shift,
        officer=assignment.officer,
        window=assignment.window,
        status=assignment.status,
        duty=assignment.duty,
        override=assignment.override,
        pinned=assignment.pinned,
    )


def _entry[E](kind: type[E], details: Any, **state: Any) -> E:
    facts = {field.name: getattr(details, field.name) for field in dataclasses.fields(details)}
    return kind(**facts, **state)


def _venues(visit: Visit, posts: Iterable[Post], routes: Iterable[Route]) -> list[str]:
    used = {activity.venue for activity in visit.activities} | {post.details.venue for post in posts}
    for route in routes:
        used |= {route.details.origin, route.details.destination}
    return sorted(code for code in used if code is not None)


def _officers(posts: Iterable[Post], assignments: Iterable[Assignment]) -> list[str]:
    used = {assignment.officer for assignment in assignments} | {post.details.commander for post in posts}
    return sorted(code for code in used if code is not None)
