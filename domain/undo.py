"""Taking a command back: compensating events that restore what it changed, recorded like everything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from domain import assignment, delegation, emergency, membership, officer, policy, post, route, venue, visit, ways
from domain.assigning import refuse_newly_broken, reinstate
from domain.assignment import Assignment
from domain.base import Act, Decision, Entity, Event, by_code
from domain.draft import Draft
from domain.plan import Plan
from domain.refusals import NotPossible
from domain.rules.naming import thing_named

#: What takes back the founding of something.
ENDINGS: dict[type[Event], type[Event]] = {
    visit.VisitRegistered: visit.VisitCancelled,
    delegation.DelegationRegistered: delegation.DelegationWithdrawn,
    venue.VenueRegistered: venue.VenueRetired,
    officer.OfficerRegistered: officer.OfficerRetired,
    post.PostCreated: post.PostCancelled,
    route.RoutePlanned: route.RouteWithdrawn,
    assignment.OfficerAssigned: assignment.AssignmentWithdrawn,
}

#: Events without facts of their own that take each other back.
OPPOSITES: dict[type[Event], type[Event]] = {
    visit.VisitCancelled: visit.VisitReinstated,
    visit.VisitReinstated: visit.VisitCancelled,
    delegation.DelegationWithdrawn: delegation.DelegationReinstated,
    delegation.DelegationReinstated: delegation.DelegationWithdrawn,
    venue.VenueRetired: venue.VenueReinstated,
    venue.VenueReinstated: venue.VenueRetired,
    officer.OfficerRetired: officer.OfficerReinstated,
    officer.OfficerReinstated: officer.OfficerRetired,
    post.PostCancelled: post.PostReinstated,
    post.PostReinstated: post.PostCancelled,
    route.RouteWithdrawn: route.RouteReinstated,
    route.RouteReinstated: route.RouteWithdrawn,
    assignment.AssignmentReinstated: assignment.AssignmentWithdrawn,
    assignment.AssignmentPinned: assignment.AssignmentUnpinned,
    assignment.AssignmentUnpinned: assignment.AssignmentPinned,
}

#: What a command records that moves or ends duties and nothing else; those that moved along with their post may break
#: rules.
_OF_A_DUTY: frozenset[type[Event]] = frozenset(
    {
        assignment.AssignmentRescheduled,
        assignment.OverrideSigned,
        assignment.AcknowledgementLapsed,
        assignment.DutyEnded,
        assignment.AssignmentSetBack,
    }
)


def undone(events: Sequence[Event], before: Plan, after: Plan, now: Plan, act: Act) -> Decision:
    """The events that take a command's ``events`` back, last first.

    ``before`` and ``after`` are the plans around the command, ``now`` the current one. Raises ``NotPossible``
    where something it touched has changed since, or cannot be taken back, and the refusals of reinstating and of moving
    a duty.
    """
    for subject in {event.originator_id for event in events}:
        if now.entities[subject].version != after.entities[subject].version:
            raise NotPossible.because(
                "{subject} has changed since; change it by hand instead.",
                subject=thing_named(now, now.entities[subject]),
            )
    plans = [before]
    for event in events:
        plans.append(plans[-1].after((event,)))
    draft = Draft(now, act)
    for event, earlier in zip(reversed(events), reversed(plans[:-1]), strict=True):
        current = draft.plan.entities[event.originator_id]
        old = earlier.entities.get(event.originator_id)
        draft.add(_compensation(event, old, current, draft))
    if {type(event) for event in events} <= _OF_A_DUTY:
        officers = {one.officer for event in events if isinstance(one := now.entities[event.originator_id], Assignment)}
        refuse_newly_broken(now, draft.plan, officers, act)
    return draft.decision


def _compensation(event: Event, old: Entity | None, current: Entity, draft: Draft) -> Decision:
    act, kind = draft.act, type(event)
    if kind in membership.FOUNDINGS:
        raise NotPossible.because("Who takes part is not taken back; decide on the membership anew.")
    if current.kind == emergency.EmergencyAccess.kind:
        raise NotPossible.because("Opening a visit in an emergency is not taken back; it can be ended.")
    if kind is assignment.OverrideSigned:
        return ()  # what was signed is taken back by itself
    if kind is policy.PolicyAdopted:
        return _policy(event, current, act)
    if old is None and kind in ENDINGS:
        return (ENDINGS[kind](**act.on(current)),)
    if kind in OPPOSITES:
        return (OPPOSITES[kind](**act.on(current)),)
    if isinstance(event, assignment.AssignmentWithdrawn) and isinstance(current, Assignment):
        # What was overridden when the duty was given is overridden again, on the same authority.
        accepted = None if current.override is None else current.override.authority
        return reinstate(draft.plan, current, act, override_authority=accepted, visible=act.visible)
    restore = RESTORED.get(kind)
    if restore is None:
        raise NotPossible.because(
            "{subject} cannot be taken back to what it was.", subject=thing_named(draft.plan, current)
        )
    return restore(event, old, current, act)


def _policy(event: Any, current: Any, act: Act) -> Decision:
    earlier = policy.Policy(key=current.key, version=0, versions=current.versions[:-1])
    numbers = earlier.at(event.effective_from)
    return (policy.PolicyAdopted(**act.on(current), numbers=numbers, effective_from=event.effective_from),)


type Restore = Callable[[Any, Any, Any, Act], Decision]


def _details(kind: Any, field: str) -> Restore:
    return lambda event, old, current, act: (kind(**act.on(current), **{field: old.details}),)


def _item(kind: Any, field: str, items: str, named: str | None = None) -> Restore:
    """Put back an earlier value of one item of a tuple; ``named`` where the event holds only its code."""

    def restore(event: Any, old: Any, current: Any, act: Act) -> Decision:
        told = getattr(event, named or field)
        code = told if isinstance(told, str) else told.code
        return (kind(**act.on(current), **{field: by_code(getattr(old, items))[code]}),)

    return restore


def _removal(kind: Any, field: str, told: str | None = None) -> Restore:
    return lambda event, old, current, act: (kind(**act.on(current), **{field: getattr(event, told or field).code}),)


def _same(kind: Any, *fields: str) -> Restore:
    """The opposite event about the same thing."""
    return lambda event, old, current, act: (kind(**act.on(current), **{f: getattr(event, f) for f in fields}),)


def _member_back(event: Any, old: Any, current: Any, act: Act) -> Decision:
    added = delegation.MemberAdded(**act.on(current), member=old.member(event.member))
    if old.head != event.member:
        return (added,)
    return (added, delegation.HeadDesignated(**act.on(current.evolve(added)), member=event.member))


def _qualification(event: Any, old: Any, current: Any, act: Act) -> Decision:
    code = getattr(event.qualification, "code", event.qualification)
    earlier = old.qualification(code)
    if earlier is None:
        return (officer.QualificationRemoved(**act.on(current), qualification=code),)
    return (officer.QualificationGranted(**act.on(current), qualification=earlier),)


def _closure(event: Any, old: Any, current: Any, act: Act) -> Decision:
    if old.closed is None:
        return (route.RouteReopened(**act.on(current)),)
    return (route.RouteClosed(**act.on(current), window=old.closed),)


def _roads(event: Any, old: Any, current: Any, act: Act) -> Decision:
    roads = ways.Roads() if old is None else old.roads
    return (ways.WaysMeasured(**act.on(current), roads=roads),)


def _place(event: Any, old: Any, current: Any, act: Act) -> Decision:
    was = old.activity(event.activity)
    return (visit.ActivityRelocated(**act.on(current), activity=was.code, venue=was.venue, room=was.room),)


def _set_back(event: Any, old: Any, current: Any, act: Act) -> Decision:
    return (assignment.AssignmentSetBack(**act.on(current), status=old.status),)


#: How facts that an event changed are put back: from the state before it.
RESTORED: dict[type[Event], Restore] = {
    visit.VisitAmended: _details(visit.VisitAmended, "visit"),
    visit.ActivityScheduled: _removal(visit.ActivityCancelled, "activity"),
    visit.ActivityMoved: lambda event, old, current, act: (
        visit.ActivityMoved(**act.on(current), activity=event.activity, window=old.activity(event.activity).window),
    ),
    visit.ActivityRelocated: _place,
    visit.ActivityAmended: _item(visit.ActivityAmended, "activity", "activities"),
    visit.ActivityCancelled: _same(visit.ActivityReinstated, "activity"),
    visit.ActivityReinstated: _same(visit.ActivityCancelled, "activity"),
    visit.JourneyReported: _item(visit.ActivityAmended, "activity", "activities"),
    delegation.DelegationAmended: _details(delegation.DelegationAmended, "delegation"),
    delegation.MemberAdded: _removal(delegation.MemberRemoved, "member"),
    delegation.MemberAmended: _item(delegation.MemberAmended, "member", "members"),
    delegation.MemberRemoved: _member_back,
    delegation.HeadDesignated: lambda event, old, current, act: (
        delegation.HeadDesignated(**act.on(current), member=old.head),
    ),
    venue.VenueAmended: _details(venue.VenueAmended, "venue"),
    venue.RoomAdded: _removal(venue.RoomRemoved, "room"),
    venue.RoomAmended: _item(venue.RoomAmended, "room", "rooms"),
    venue.RoomRemoved: _item(venue.RoomAdded, "room", "rooms"),
    venue.KeyPointMarked: _removal(venue.KeyPointRemoved, "point"),
    venue.KeyPointAmended: _item(venue.KeyPointAmended, "point", "key_points"),
    venue.KeyPointRemoved: _item(venue.KeyPointMarked, "point", "key_points"),
    route.RouteClosed: _closure,
    ways.WaysMeasured: _roads,
    route.RouteReopened: _closure,
    officer.OfficerAmended: _details(officer.OfficerAmended, "officer"),
    officer.QualificationGranted: _qualification,
    officer.QualificationRevoked: _qualification,
    officer.QualificationRemoved: _qualification,
    officer.AbsenceRecorded: _removal(officer.AbsenceCancelled, "absence"),
    officer.AbsenceAmended: _item(officer.AbsenceAmended, "absence", "absences"),
    officer.AbsenceCancelled: _item(officer.AbsenceRecorded, "absence", "absences"),
    post.PostAmended: _details(post.PostAmended, "post"),
    post.PostRescheduled: lambda event, old, current, act: (
        post.PostRescheduled(**act.on(current), window=old.window, shifts=old.own_shifts),
    ),
    post.PostOrderIssued: lambda event, old, current, act: (
        post.PostOrderIssued(**act.on(current), instructions=old.details.instructions),
    ),
    post.CommanderAppointed: lambda event, old, current, act: (
        post.CommanderAppointed(**act.on(current), commander=old.details.commander),
    ),
    post.ShiftsPlanned: lambda event, old, current, act: (
        post.ShiftsPlanned(**act.on(current), shifts=old.own_shifts),
    ),
    assignment.AssignmentRescheduled: lambda event, old, current, act: (
        assignment.AssignmentRescheduled(**act.on(current), window=old.window),
    ),
    assignment.AssignmentAcknowledged: lambda event, old, current, act: (
        assignment.AcknowledgementLapsed(**act.on(current), duty=event.duty),
    ),
    assignment.AssignmentConfirmed: _set_back,
    assignment.DutyStarted: _set_back,
    assignment.DutyEnded: _set_back,
    assignment.AssignmentSetBack: _set_back,
    # An officer must read a changed duty again: what lapsed stays lapsed.
    assignment.AcknowledgementLapsed: lambda event, old, current, act: (),
}
