"""The words of the field as people read them: members of the vocabulary, names of events, kinds of things.

A member's English label is its value with spaces, unless it stands here. The Vietnamese label stands in
``locales/vi/vocabulary.po`` under the name of its class as context.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from domain import (
    assignment,
    delegation,
    emergency,
    erasure,
    membership,
    officer,
    policy,
    post,
    route,
    signer,
    venue,
    visit,
    ways,
)
from domain.base import Event
from domain.messages import Message, message

#: English labels that differ from the member's value, by class name and value.
ENGLISH: Mapping[str, Mapping[str, str]] = {
    "VisitCategory": {
        "state": "state visit",
        "official": "official visit",
        "working": "working visit",
        "internal": "unannounced visit",
        "private": "private visit",
        "local": "local visit",
        "event": "event guest",
    },
    "ActivityType": {
        "welcome": "welcome ceremony",
        "wreath": "wreath laying",
        "culture": "cultural programme",
        "press": "press event",
    },
    "Layout": {"theatre": "theatre seating", "banquet": "banquet tables", "boardroom": "boardroom table"},
    "SecrecyLevel": {"none": "not secret"},
    "PostKind": {
        "patrol": "foot patrol",
        "traffic": "traffic control",
        "escort": "motorcade escort",
        "medical": "medical care",
    },
    "KeyPointKind": {"assembly": "assembly point"},
    "AbsenceKind": {"sick": "sick leave"},
    "Question": {"unacknowledged": "unacknowledged orders", "uncovered": "uncovered minutes"},
    "Happened": {
        "sign-in refused": "sign-in refused: user name or password",
        "one-time password over": "sign-in refused: one-time password not used in time",
        "code refused": "code of the second factor refused",
        "password refused": "password typed once more refused",
        "made to wait": "made to wait after too many attempts",
    },
    "RouteSource": {"network": "road network"},
    "Against": {
        "qualification": "lacks a qualification, a language or a licence",
        "rank": "below the rank",
        "pinned": "kept by a pinned duty",
        "overlap": "on duty elsewhere",
        "travel": "no time to get there",
        "rest": "not enough rest",
        "hours": "no hours left",
        "nothing": "nothing against it",
    },
    "Relaxed": {
        "travel": "time to get there",
        "hours": "most hours of duty",
        "away": "absence",
        "pinned": "pinned duty",
        "qualification": "requirements of the post",
    },
    "Ended": {
        "proved": "proven to be the best",
        "eased": "the cheapest is proven; changed so that the rules find less",
        "steps": "all steps done",
        "time": "out of time",
        "chosen": "changed by hand",
    },
    "Severity": {"block": "blocking", "warn": "warning", "info": "information"},
}


def english(member: StrEnum) -> str:
    """The English label of a member of the vocabulary, the key of its translation."""
    return ENGLISH.get(type(member).__name__, {}).get(member.value) or member.value.replace("_", " ")


#: What happened, as a noun phrase for lists of events.
EVENT_NAMES: Mapping[type[Event], Message] = {
    visit.VisitRegistered: message("visit registered"),
    visit.VisitAmended: message("visit amended"),
    visit.VisitCancelled: message("visit cancelled"),
    visit.VisitReinstated: message("visit reinstated"),
    visit.ActivityScheduled: message("activity scheduled"),
    visit.ActivityMoved: message("activity moved"),
    visit.ActivityRelocated: message("activity relocated"),
    visit.ActivityAmended: message("activity amended"),
    visit.ActivityCancelled: message("activity cancelled"),
    visit.ActivityReinstated: message("activity reinstated"),
    visit.JourneyReported: message("arrival or departure reported"),
    delegation.DelegationRegistered: message("delegation registered"),
    delegation.DelegationAmended: message("delegation amended"),
    delegation.DelegationWithdrawn: message("delegation withdrawn"),
    delegation.DelegationReinstated: message("delegation reinstated"),
    delegation.MemberAdded: message("member added"),
    delegation.MemberAmended: message("member amended"),
    delegation.MemberRemoved: message("member removed"),
    delegation.HeadDesignated: message("head of delegation designated"),
    venue.VenueRegistered: message("venue registered"),
    venue.VenueAmended: message("venue amended"),
    venue.VenueRetired: message("venue retired"),
    venue.VenueReinstated: message("venue reinstated"),
    venue.RoomAdded: message("room added"),
    venue.RoomAmended: message("room amended"),
    venue.RoomRemoved: message("room removed"),
    venue.KeyPointMarked: message("key point marked"),
    venue.KeyPointAmended: message("key point amended"),
    venue.KeyPointRemoved: message("key point removed"),
    route.RoutePlanned: message("route planned"),
    route.RouteClosed: message("route closed"),
    route.RouteReopened: message("route reopened"),
    route.RouteWithdrawn: message("route withdrawn"),
    route.RouteReinstated: message("route reinstated"),
    ways.WaysMeasured: message("ways measured"),
    officer.OfficerRegistered: message("officer registered"),
    officer.OfficerAmended: message("officer amended"),
    officer.OfficerRetired: message("officer retired"),
    officer.OfficerReinstated: message("officer reinstated"),
    officer.QualificationGranted: message("qualification granted"),
    officer.QualificationRevoked: message("qualification revoked"),
    officer.QualificationRemoved: message("qualification removed"),
    officer.AbsenceRecorded: message("absence recorded"),
    officer.AbsenceAmended: message("absence changed"),
    officer.AbsenceCancelled: message("absence cancelled"),
    post.PostCreated: message("post created"),
    post.PostAmended: message("post amended"),
    post.PostRescheduled: message("post rescheduled"),
    post.PostOrderIssued: message("post order issued"),
    post.CommanderAppointed: message("post commander appointed"),
    post.ShiftsPlanned: message("shifts planned"),
    post.PostCancelled: message("post cancelled"),
    post.PostReinstated: message("post reinstated"),
    assignment.OfficerAssigned: message("officer assigned"),
    assignment.AssignmentConfirmed: message("assignment confirmed"),
    assignment.AssignmentRescheduled: message("assignment rescheduled"),
    assignment.AssignmentAcknowledged: message("assignment acknowledged"),
    assignment.AcknowledgementLapsed: message("acknowledgement lapsed"),
    assignment.DutyStarted: message("duty started"),
    assignment.DutyEnded: message("duty ended"),
    assignment.AssignmentSetBack: message("duty set back"),
    assignment.AssignmentWithdrawn: message("assignment withdrawn"),
    assignment.AssignmentReinstated: message("assignment reinstated"),
    assignment.AssignmentPinned: message("assignment pinned"),
    assignment.AssignmentUnpinned: message("assignment no longer pinned"),
    assignment.OverrideSigned: message("override signed"),
    policy.PolicyAdopted: message("policy adopted"),
    membership.MembershipGranted: message("membership granted"),
    membership.MembershipAmended: message("membership amended"),
    membership.MembershipEnded: message("membership ended"),
    emergency.EmergencyAccessOpened: message("visit opened in an emergency"),
    emergency.EmergencyAccessSigned: message("emergency access signed"),
    emergency.EmergencyAccessEnded: message("emergency access ended"),
    emergency.EmergencyAccessReviewed: message("emergency access reviewed"),
    signer.SigningKeyMade: message("signing key made"),
    signer.SigningKeyVouched: message("signing key vouched for"),
    signer.SigningKeyRevoked: message("signing key revoked"),
    erasure.PersonErased: message("person erased"),
    erasure.VisitErased: message("visit erased"),
}
