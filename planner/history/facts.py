"""Every fact of the domain with its label and how it is shown: one table for events and differences.

A test holds it against the classes of the domain, so a new field cannot stay without its words.
"""

from __future__ import annotations

from domain.assignment import Assignment
from domain.delegation import Delegation, DelegationDetails, Member
from domain.emergency import EmergencyAccess, Opening
from domain.estimate import RoutingNumbers
from domain.membership import Membership, Terms
from domain.messages import Message, message
from domain.officer import Absence, Officer, OfficerDetails
from domain.policy import PolicyNumbers
from domain.post import Post, PostDetails, Shift
from domain.route import Route, RouteDetails
from domain.signer import SigningKey, SigningKeys, key_number
from domain.values import PersonName, Qualification
from domain.venue import KeyPoint, Room, Venue, VenueDetails
from domain.visit import Activity, Journey, Visit, VisitDetails
from domain.ways import Inside, Roads, Ways
from planner.history import shown
from planner.history.changes import Field, Flag, Items, Long, Parts, Plain, Table, Unseen, changes, quoted, stated
from planner.history.names import guest, named
from planner.text import Change


class Closure:
    """When a route cannot be used."""

    def change(self, old: Field, new: Field) -> list[Message]:
        if new.value is None:
            return [message("open again")]
        if old.value is None:
            return self.state(new)
        return [message("closed {change}", change=Change(old.value, new.value))]

    def state(self, field: Field) -> list[Message]:
        return [] if field.value is None else [message("closed {window}", window=field.value)]


class AcknowledgedDuty:
    """The fingerprint of the acknowledged duty: its change matters where both moments have one."""

    def change(self, old: Field, new: Field) -> list[Message]:
        if old.value is None or new.value is None:
            return []  # the status says it
        return [message("acknowledged again, because the duty changed")]

    def state(self, field: Field) -> list[Message]:
        return []


class Held:
    """The terms of a membership; none where it has ended."""

    def change(self, old: Field, new: Field) -> list[Message]:
        if new.value is None:
            return [message("ended")]
        if old.value is None:
            return self.state(new)
        return changes(old.value, new.value, old.names, new.names, new.table)

    def state(self, field: Field) -> list[Message]:
        return [message("ended")] if field.value is None else stated(field.value, field.names, field.table)


SHIFTS = Items(message("shift"), message("shifts"), lambda shift: str(shift.code))

PERSON_NAME = {
    "romanised": Plain(message("name"), quoted, said=True),
    "original": Plain(message("name in original script"), quoted),
    "form_of_address": Plain(message("form of address"), quoted),
    "said": Plain(message("pronunciation"), quoted),
}

FACTS: Table = {
    PersonName: PERSON_NAME,
    # Visits and their programme
    Visit: {
        "details": Parts(message("visit")),
        "cancelled": Flag(message("cancelled"), message("reinstated")),
        "registrar": Unseen(message("registered by")),
    },
    VisitDetails: {
        "title": Plain(message("title"), quoted, said=True),
        "zone": Plain(message("time zone"), shown.zone),
        "first_day": Plain(message("first day")),
        "last_day": Plain(message("last day")),
        "secrecy": Plain(message("secrecy mark")),
        "notes": Long(message("notes")),
    },
    Activity: {
        "type": Plain(message("type of activity")),
        "title": Plain(message("title"), quoted, said=True),
        "window": Plain(message("time")),
        "venue": Plain(message("venue"), shown.venue),
        "room": Plain(message("room"), shown.room),
        "layout": Plain(message("room layout")),
        "delegation": Plain(message("delegation"), shown.delegation),
        "party": Plain(message("party"), shown.party),
        "host": Plain(message("host"), quoted),
        "headcount": Plain(message("persons"), shown.persons),
        "fixed": Flag(message("fixed time"), message("movable time")),
        "setup_minutes": Plain(message("set-up"), shown.minutes),
        "teardown_minutes": Plain(message("teardown"), shown.minutes),
        "embark_minutes": Plain(message("getting into the cars"), shown.minutes),
        "joint_with": Plain(message("held together with"), shown.activities),
        "journey": Parts(message("journey")),
        "notes": Long(message("notes")),
    },
    Journey: {
        "mode": Plain(message("way of travel")),
        "number": Plain(message("flight, train or ship"), quoted),
        "gate": Plain(message("gate"), quoted),
        "actual": Plain(message("actual time")),
    },
    # Delegations
    Delegation: {
        "details": Parts(message("delegation")),
        "withdrawn": Flag(message("withdrawn"), message("reinstated")),
        "members": Items(message("member"), message("members"), guest),
        "head": Plain(message("head of delegation"), shown.member),
    },
    DelegationDetails: {
        "name": Plain(message("name"), quoted, said=True),
        "country": Plain(message("country"), shown.country),
        "province": Plain(message("province"), quoted),
        "inviting_agency": Plain(message("inviting agency"), quoted),
        "presiding_agency": Plain(message("presiding agency"), quoted),
        "purpose": Long(message("purpose")),
        "category": Plain(message("category"), always=True),
        "secrecy": Plain(message("secrecy mark")),
        "planned_size": Plain(message("planned size"), shown.persons),
    },
    Member: {
        "name": Parts(message("name")),
        "rank": Plain(message("rank"), quoted),
        "role": Plain(message("role"), quoted),
        "party": Plain(message("party"), shown.party),
        "spouse_of": Plain(message("spouse of"), shown.member),
        "precedence": Plain(message("place in the order of precedence")),
        "languages": Plain(message("languages"), shown.languages),
        "needs": Long(message("needs")),
    },
    # Venues
    Venue: {
        "details": Parts(message("venue")),
        "retired": Flag(message("retired"), message("reinstated")),
        "rooms": Items(message("room"), message("rooms"), lambda r: named(r.code, r.name)),
        "key_points": Items(message("key point"), message("key points"), lambda p: named(p.code, p.name)),
    },
    VenueDetails: {
        "name": Plain(message("name"), quoted, said=True),
        "name_en": Plain(message("English name"), quoted),
        "coordinates": Plain(message("coordinates")),
        "address": Plain(message("address"), quoted),
        "district": Plain(message("district"), quoted),
        "contacts": Plain(message("contacts"), shown.contacts),
        "surveyed_on": Plain(message("surveyed on")),
        "secrecy": Plain(message("secrecy mark")),
        "notes": Long(message("notes")),
    },
    Room: {
        "name": Plain(message("name"), quoted, said=True),
        "floor": Plain(message("floor"), quoted),
        "capacities": Plain(message("capacity"), shown.capacities),
        "fire_limit": Plain(message("fire limit")),
    },
    KeyPoint: {
        "kind": Plain(message("kind of point")),
        "name": Plain(message("name"), quoted, said=True),
        "coordinates": Plain(message("coordinates")),
        "phone": Plain(message("telephone"), quoted),
        "notes": Long(message("notes")),
    },
    # Routes
    Route: {
        "details": Parts(message("route")),
        "closed": Closure(),
        "withdrawn": Flag(message("withdrawn"), message("reinstated")),
    },
    RouteDetails: {
        "origin": Plain(message("origin"), shown.venue, said=True),
        "destination": Plain(message("destination"), shown.venue, said=True),
        "kind": Plain(message("kind of route"), said=True),
        "km": Plain(message("length"), shown.km),
        "minutes": Plain(message("driving time"), shown.minutes),
        "overlap": Plain(message("overlap with earlier routes"), shown.share),
        "source": Plain(message("source of length and time"), always=True),
        "geometry": Unseen(message("course of the route")),
        "streets": Plain(message("streets")),
        "pack": Unseen(message("map pack")),
    },
    Ways: {
        "roads": Parts(message("ways")),
        "measured_at": Plain(message("measured at")),
    },
    Roads: {
        "places": Plain(message("places"), shown.number),
        "driving": Unseen(message("seconds by car")),
        "inside": Unseen(message("ways on foot")),
        "pack": Unseen(message("map pack")),
    },
    Inside: {
        "places": Unseen(message("places")),
        "walking": Unseen(message("seconds on foot")),
    },
    # Officers
    Officer: {
        "details": Parts(message("officer")),
        "retired": Flag(message("retired"), message("reinstated")),
        "qualifications": Items(message("qualification"), message("qualifications"), lambda q: f"«{q.code}»"),
        "absences": Items(message("absence"), message("absences"), lambda a: str(a.code)),
    },
    OfficerDetails: {
        "name": Parts(message("name")),
        "unit": Plain(message("unit"), quoted),
        "rank": Plain(message("rank"), quoted, said=True),
        "callsign": Plain(message("callsign"), quoted),
        "phone": Plain(message("telephone"), quoted),
        "languages": Plain(message("languages"), shown.languages),
        "licences": Plain(message("driving licences")),
    },
    Qualification: {
        "valid": Plain(message("validity")),
        "revoked_from": Plain(message("revoked from")),
    },
    Absence: {
        "window": Plain(message("time")),
        "kind": Plain(message("cause")),
    },
    # Posts and assignments
    Post: {
        "details": Parts(message("post")),
        "cancelled": Flag(message("cancelled"), message("reinstated")),
        "own_shifts": SHIFTS,
    },
    PostDetails: {
        "task": Plain(message("task"), quoted, said=True),
        "kind": Plain(message("kind of post"), always=True),
        "window": Plain(message("time")),
        "headcount": Plain(message("officers needed"), always=True),
        "venue": Plain(message("venue"), shown.venue),
        "key_point": Plain(message("key point"), shown.key_point),
        "coordinates": Plain(message("coordinates")),
        "place": Plain(message("place"), quoted),
        "activity": Plain(message("activity"), shown.activity),
        "required": Plain(message("required qualifications")),
        "desired": Plain(message("desired qualifications")),
        "critical": Flag(message("critical"), message("no longer critical")),
        "commander": Plain(message("post commander"), shown.officer),
        "backups": Plain(message("named backups"), shown.officers),
        "equipment": Plain(message("equipment")),
        "radio": Plain(message("radio"), quoted),
        "instructions": Long(message("post order")),
        "languages": Plain(message("languages"), shown.languages),
        "licence": Plain(message("driving licence"), quoted),
        "detail": Plain(message("detail")),
    },
    Shift: {
        "window": Plain(message("time")),
        "headcount": Plain(message("officers needed")),
    },
    Assignment: {
        "post": Plain(message("post"), shown.post, said=True),
        "shift": Plain(message("shift"), shown.shift),
        "officer": Plain(message("officer"), shown.officer, said=True),
        "window": Plain(message("time")),
        "status": Plain(message("status")),
        "duty": AcknowledgedDuty(),
        "override": Plain(message("override of"), shown.override),
        "signed": Flag(message("override signed"), message("override not signed")),
        "pinned": Flag(message("pinned"), message("no longer pinned")),
    },
    # Memberships
    Membership: {"terms": Held()},
    Terms: {
        "roles": Plain(message("roles"), shown.in_order),
        "opens": Plain(message("opens")),
        "closes": Plain(message("closes")),
    },
    # Break-glass
    EmergencyAccess: {"openings": Items(message("opening"), message("openings"), lambda o: str(o.of))},
    Opening: {
        "of": Plain(message("event"), said=True),
        "roles": Plain(message("roles"), shown.in_order),
        "opened_at": Plain(message("opened")),
        "until": Plain(message("until")),
        "reason": Plain(message("reason"), quoted),
        "signed": Flag(message("signed"), message("not signed")),
        "verdict": Plain(message("verdict"), quoted),
        "reviewer": Plain(message("reviewed by")),
    },
    # Keys to sign with
    SigningKeys: {"keys": Items(message("key"), message("keys"), lambda one: key_number(one.public_key))},
    SigningKey: {
        "of": Plain(message("event"), said=True),
        "public_key": Plain(message("public key"), said=True),
        "machine": Unseen(message("machine")),
        "made_at": Plain(message("made")),
        "ended_at": Plain(message("ended")),
        "vouched_by": Plain(message("vouched for by")),
    },
    # Policy
    PolicyNumbers: {
        "min_rest_hours": Plain(message("least rest between duties"), shown.hours),
        "max_span_hours": Plain(message("longest duty period"), shown.hours),
        "max_hours_24h": Plain(message("most duty in 24 hours"), shown.hours),
        "max_hours_7d": Plain(message("most duty in 7 days"), shown.hours),
        "max_consecutive_nights": Plain(message("most nights in a row")),
        "night_starts_hour": Plain(message("night begins"), shown.clock),
        "night_ends_hour": Plain(message("night ends"), shown.clock),
        "night_counts_from_hours": Plain(message("a night counts from"), shown.hours),
        "lapse_notice_days": Plain(message("notice of lapsing qualifications"), shown.days),
        "capacity_warn_share": Plain(message("capacity warning from"), shown.share),
        "embark_minutes": Plain(message("getting into the cars"), shown.minutes),
        "embark_seconds_per_person": Plain(message("getting into the cars, each person"), shown.seconds),
        "disembark_minutes": Plain(message("getting out of the cars"), shown.minutes),
        "leg_margin_minutes": Plain(message("margin on every way"), shown.minutes),
        "route_time_factor": Plain(message("driving time in a motorcade"), shown.factor),
        "walk_minutes_inside_venue": Plain(message("walk inside a venue"), shown.minutes),
        "travel_slack_minutes": Plain(message("time to spare between two posts"), shown.minutes),
        "reserve_response_minutes": Plain(message("response of the reserve"), shown.minutes),
        "far_from_visit_days": Plain(message("days before and after a visit without a warning"), shown.days),
        "routing": Parts(message("ways")),
    },
    RoutingNumbers: {
        "detour_factor": Plain(message("estimated way against the straight line"), shown.factor),
        "estimate_speeds_kmh": Plain(message("estimated speeds"), shown.speeds),
        "estimate_limits_km": Plain(message("distances of the estimated speeds"), shown.kms),
        "max_overlap": Plain(message("most overlap of further routes"), shown.share),
        "overlap_buffer_m": Plain(message("overlap is measured within"), shown.metres),
        "doorstep_m": Plain(message("overlap is left out around both ends"), shown.metres),
        "max_stretch": Plain(message("longest further route against the fastest"), shown.factor),
    },
}
