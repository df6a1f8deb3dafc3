"""A visit from the document that ``planner plan --format json`` gives: everything of it, or nothing.

States are put back as they were, also those that a rule finds fault with, since the plan that was exported had
them. Only what the document cannot know is refused: codes that exist already, and duties that clash with duties
in other visits. Venues and officers that exist exactly as the document has them are used as they are.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from typing import Any, Protocol

from pydantic import ValidationError

from domain.assignment import (
    Assignment,
    AssignmentAcknowledged,
    AssignmentPinned,
    AssignmentStatus,
    AssignmentWithdrawn,
    DutyEnded,
    DutyStarted,
    OfficerAssigned,
)
from domain.base import Act, Decision, Entity, Event, by_code
from domain.delegation import Delegation, DelegationDetails, DelegationWithdrawn, HeadDesignated, MemberAdded
from domain.draft import Draft
from domain.finding import Severity
from domain.officer import AbsenceRecorded, Officer, OfficerDetails, OfficerRetired, QualificationGranted
from domain.plan import Plan
from domain.post import Post, PostCancelled, PostDetails
from domain.refusals import CodeTaken, InvalidInput, OfficerDoubleBooked
from domain.route import Route, RouteClosed, RouteDetails, RouteWithdrawn
from domain.rules.duty import double_booked, found_by
from domain.rules.readers import as_seen
from domain.venue import KeyPointMarked, RoomAdded, Venue, VenueDetails, VenueRetired
from domain.visit import Activity, ActivityCancelled, ActivityScheduled, Visit, VisitCancelled, VisitDetails
from planner.exports.plan_json import (
    DOCUMENTS,
    AssignmentEntry,
    OfficerEntry,
    PlanDocument,
    PostEntry,
    RouteEntry,
    VenueEntry,
    VisitEntry,
    officer_entry,
    venue_entry,
)
from planner.imports.json_text import refuse_numbers_for_times, refuse_repeated
from planner.validation import invalid_input

#: Bytes of the largest document that is read.
LARGEST = 50_000_000


def read_visit(content: bytes) -> PlanDocument:
    """The document of a file. Raises ``InvalidInput``."""
    if len(content) > LARGEST:
        raise InvalidInput.because("The file is larger than {most} MB.", most=LARGEST // 1_000_000)
    try:
        document = DOCUMENTS.validate_json(content, strict=True)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise InvalidInput.because(
                "The file is not JSON. Take one that «planner plan --format json» wrote."
            ) from None
        raise invalid_input(error) from None
    refuse_repeated(content)
    refuse_numbers_for_times(document, json.loads(content))
    if document.export is not None and document.export.redacted:
        raise InvalidInput.because(
            "The file is redacted: what was left out would be missing for good. Take one that was exported whole "
            "(--whole)."
        )
    return document


def imported_visit(plan: Plan, document: PlanDocument, act: Act) -> Decision:
    """The events that make the document's visit part of the plan.

    Raises ``CodeTaken``, ``NotFound`` and ``InvalidInput`` for what the document names twice or not at all, and
    ``OfficerDoubleBooked`` for duties that clash with other visits.
    """
    _named_once(document)
    visit = plan.free(Visit, document.visit.code)
    draft = Draft(plan, act)
    for venue in document.venues:
        _venue(draft, venue)
    for officer in document.officers:
        _officer(draft, officer)
    _visit(draft, document.visit)
    for route in document.routes:
        _route(draft, visit, route)
    for post in document.posts:
        _post(draft, visit, post)
    for assignment in document.assignments:
        _assignment(draft, visit, assignment)
    if document.visit.cancelled:
        draft.add((VisitCancelled(**act.on(draft.plan.visit(visit))),))
    _known(draft.plan, document)
    _free_elsewhere(draft.plan, document, act)
    return draft.decision


class _Coded(Protocol):
    """An entry of any kind that has a code."""

    @property
    def code(self) -> str: ...


def _named_once(document: PlanDocument) -> None:
    of_the_visit = (document.visit.activities, document.visit.delegations)
    listed = (document.venues, document.routes, document.posts, document.assignments, document.officers, *of_the_visit)
    members = tuple(delegation.members for delegation in document.visit.delegations)
    parts = tuple(part for venue in document.venues for part in (venue.rooms, venue.key_points))
    kept = tuple(part for officer in document.officers for part in (officer.qualifications, officer.absences))
    coded: tuple[Iterable[_Coded], ...] = (*listed, *members, *parts, *kept)
    for entries in coded:
        seen: set[str] = set()
        for entry in entries:
            if entry.code in seen:
                raise InvalidInput.because("The document has {code} twice.", code=entry.code)
            seen.add(entry.code)


def _found(draft: Draft, event: Event) -> Entity:
    draft.add((event,))
    return draft.plan.entities[event.originator_id]


def _then(draft: Draft, entity: Entity, kind: type[Event], **facts: Any) -> Entity:
    return _found(draft, kind(**draft.act.on(entity), **facts))


def _details[D](kind: type[D], entry: Any) -> D:
    details: Any = kind
    made: D = details(**{field.name: getattr(entry, field.name) for field in dataclasses.fields(details)})
    return made


def _venue(draft: Draft, entry: VenueEntry) -> None:
    if draft.plan.has(Venue, entry.code):
        if venue_entry(draft.plan.venue(entry.code)) != entry:
            raise CodeTaken.because(
                "Venue {code} exists already and differs from the one in the document. "
                "Make both the same, or give the venue another code in the document.",
                code=entry.code,
            )
        return
    (registered,) = Venue.register(entry.code, _details(VenueDetails, entry), draft.act)
    venue = _found(draft, registered)
    for room in entry.rooms:
        venue = _then(draft, venue, RoomAdded, room=room)
    for point in entry.key_points:
        venue = _then(draft, venue, KeyPointMarked, point=point)
    if entry.retired:
        _then(draft, venue, VenueRetired)


def _officer(draft: Draft, entry: OfficerEntry) -> None:
    if draft.plan.has(Officer, entry.code):
        if officer_entry(draft.plan.officer(entry.code)) != entry:
            raise CodeTaken.because(
                "Officer {code} exists already and differs from the one in the document. "
                "Make both the same, or give the officer another code in the document.",
                code=entry.code,
            )
        return
    (registered,) = Officer.register(entry.code, _details(OfficerDetails, entry), draft.act)
    officer = _found(draft, registered)
    for qualification in entry.qualifications:
        officer = _then(draft, officer, QualificationGranted, qualification=qualification)
    for absence in entry.absences:
        officer = _then(draft, officer, AbsenceRecorded, absence=absence)
    if entry.retired:
        _then(draft, officer, OfficerRetired)


def _visit(draft: Draft, entry: VisitEntry) -> None:
    (registered,) = Visit.register(entry.code, _details(VisitDetails, entry), draft.act)
    visit = _found(draft, registered)
    for activity in entry.activities:
        visit = _then(draft, visit, ActivityScheduled, activity=_details(Activity, activity))
    for activity in entry.activities:
        if activity.cancelled:
            visit = _then(draft, visit, ActivityCancelled, activity=activity.code)
    for one in entry.delegations:
        key = f"{entry.code}/{one.code}"
        (known,) = Delegation.register(key, _details(DelegationDetails, one), draft.act)
        delegation = _found(draft, known)
        for member in one.members:
            delegation = _then(draft, delegation, MemberAdded, member=member)
        if one.head is not None:
            if one.head not in by_code(one.members):
                raise InvalidInput.because(
                    "Delegation {delegation} has no member {code}.", delegation=one.code, code=one.head
                )
            delegation = _then(draft, delegation, HeadDesignated, member=one.head)
        if one.withdrawn:
            _then(draft, delegation, DelegationWithdrawn)


def _route(draft: Draft, visit: str, entry: RouteEntry) -> None:
    (planned,) = Route.plan(f"{visit}/{entry.code}", _details(RouteDetails, entry), draft.act)
    route = _found(draft, planned)
    if entry.closed is not None:
        route = _then(draft, route, RouteClosed, window=entry.closed)
    if entry.withdrawn:
        _then(draft, route, RouteWithdrawn)


def _post(draft: Draft, visit: str, entry: PostEntry) -> None:
    (created,) = Post.create(f"{visit}/{entry.code}", _details(PostDetails, entry), draft.act)
    post = _found(draft, created)
    if entry.shifts:
        draft.add(draft.plan.post(visit, entry.code).plan_shifts(entry.shifts, draft.act))
        post = draft.plan.post(visit, entry.code)
    if entry.cancelled:
        _then(draft, post, PostCancelled)


def _assignment(draft: Draft, visit: str, entry: AssignmentEntry) -> None:
    assigned = OfficerAssigned(
        **draft.act.founds(Assignment, f"{visit}/{entry.code}"),
        post=entry.post,
        shift=entry.shift,
        officer=entry.officer,
        window=entry.window,
        tentative=entry.status is AssignmentStatus.PROPOSED,
        override=entry.override,
    )
    one = _found(draft, assigned)
    if entry.pinned:
        one = _then(draft, one, AssignmentPinned)
    if entry.duty is not None:
        one = _then(draft, one, AssignmentAcknowledged, duty=entry.duty)
    match entry.status:
        case AssignmentStatus.ON_POST:
            _then(draft, one, DutyStarted)
        case AssignmentStatus.ENDED:
            _then(draft, _then(draft, one, DutyStarted), DutyEnded)
        case AssignmentStatus.WITHDRAWN:
            _then(draft, one, AssignmentWithdrawn)
        case _:
            pass


def _known(plan: Plan, document: PlanDocument) -> None:
    """Every thing that the document names is in it or in the plan."""
    visit = document.visit.code
    for activity in document.visit.activities:
        _place(plan, activity.venue)
        if activity.delegation is not None:
            plan.delegation(visit, activity.delegation)
        for code in activity.joint_with:
            plan.visit(visit).activity(code)
    for route in document.routes:
        _place(plan, route.origin)
        _place(plan, route.destination)
    for post in document.posts:
        _place(plan, post.venue)
        if post.activity is not None:
            plan.visit(visit).activity(post.activity)
        if post.commander is not None:
            plan.officer(post.commander)
    for assignment in document.assignments:
        plan.post(visit, assignment.post)
        plan.officer(assignment.officer)


def _place(plan: Plan, code: str | None) -> None:
    if code is not None:
        plan.venue(code)


def _free_elsewhere(plan: Plan, document: PlanDocument, act: Act) -> None:
    """Nobody of the document is on duty in another visit at the same time."""
    numbers = plan.numbers(act.recorded_at)
    here = f"assignment/{document.visit.code}/"
    for code in sorted({assignment.officer for assignment in document.assignments}):
        for finding in found_by(double_booked, plan, numbers, code):
            duties = [subject for subject in finding.subjects if subject.startswith("assignment/")]
            elsewhere = [duty for duty in duties if not duty.startswith(here)]
            if finding.severity is Severity.BLOCK and elsewhere and len(elsewhere) < len(duties):
                visible = None if act.visible is None else {*act.visible, document.visit.code}
                raise OfficerDoubleBooked(as_seen(finding, visible).message)
