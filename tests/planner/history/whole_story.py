"""One story in which everything happens that can happen, with any name for everybody and everything."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from domain.assignment import (
    AcknowledgementLapsed,
    AssignmentReinstated,
    AssignmentRescheduled,
    AssignmentSetBack,
    AssignmentStatus,
    Override,
    OverrideSigned,
)
from domain.base import Event, Role
from domain.emergency import EmergencyAccessSigned
from domain.erasure import Erasure, PersonErased, VisitErased
from domain.membership import Terms
from domain.plan import Plan
from domain.signer import SigningKeys
from domain.signing import signing_keys
from domain.values import PersonName
from domain.visit import Journey, TravelMode
from domain.ways import Roads
from tests.domain.test_emergency import Signs
from tests.examples import (
    VISIT,
    Story,
    absence,
    act,
    activity,
    at,
    key_point,
    member,
    place,
    qualification,
    room,
    shift,
    visit_details,
    window,
)


def steps(story: Story) -> Iterator[tuple[Event, Plan, Plan]]:
    """Each event with the plans on both sides of it."""
    plan = Plan()
    for event in story.events:
        after = plan.after((event,))
        yield event, plan, after
        plan = after


def whole_story(name: str = "Hội đàm") -> Story:
    """Every class of event at least once; ``name`` stands wherever people may type."""
    story = Story()
    _visit(story, name)
    _delegation(story, name)
    _venue(story, name)
    _officers(story, name)
    _programme(story, name)
    _routes(story, name)
    _posts(story, name)
    _duties(story, name)
    _members(story, name)
    _emergencies(story, name)
    _signers(story, name)
    _endings(story)
    return story


def _visit(story: Story, name: str) -> None:
    story.visit(title=name)
    story.tell(story.plan.visit(VISIT).amend(visit_details(title=f"{name} 2", notes=name), story.act(name)))
    story.tell(story.plan.visit(VISIT).cancel(story.act(name)))
    story.tell(story.plan.visit(VISIT).reinstate(story.act(name)))
    story.policy(min_rest_hours=10, embark_minutes=5)


def _delegation(story: Story, name: str) -> None:
    delegation = story.delegation(name=name)
    person = PersonName(romanised=name, original=name)
    guests = [member(f"M-{n:02d}", person, rank=name, needs=name) for n in (1, 2)]
    for guest in guests:
        story.tell(story.plan.delegation(VISIT, "LA").add_member(guest, story.act()))
    story.tell(story.plan.delegation(VISIT, "LA").designate_head("M-01", story.act()))
    story.tell(story.plan.delegation(VISIT, "LA").designate_head("M-02", story.act()))
    spouse = dataclasses.replace(guests[0], spouse_of="M-02", party=name, precedence=2)
    story.tell(story.plan.delegation(VISIT, "LA").amend_member(spouse, story.act()))
    story.tell(story.plan.delegation(VISIT, "LA").designate_head(None, story.act()))
    story.tell(story.plan.delegation(VISIT, "LA").remove_member("M-01", story.act()))
    details = dataclasses.replace(delegation.details, country="KH", province=name)
    story.tell(story.plan.delegation(VISIT, "LA").amend(details, story.act()))
    story.tell(story.plan.delegation(VISIT, "LA").withdraw(story.act()))
    story.tell(story.plan.delegation(VISIT, "LA").reinstate(story.act()))


def _venue(story: Story, name: str) -> None:
    for code in ("HOTEL-1", "PALACE"):
        story.venue(code, name=name, address=name)
    venue = story.plan.venue("PALACE")
    story.tell(venue.amend(dataclasses.replace(venue.details, address=f"{name} 2"), story.act()))
    story.tell(story.plan.venue("PALACE").retire(story.act()))
    story.tell(story.plan.venue("PALACE").reinstate(story.act()))
    story.tell(story.plan.venue("HOTEL-1").add_room(room(name=name), story.act()))
    story.tell(story.plan.venue("HOTEL-1").amend_room(room(name=name, floor=name), story.act()))
    story.tell(story.plan.venue("HOTEL-1").add_room(room("R-2", name=name, persons=None), story.act()))
    story.tell(story.plan.venue("HOTEL-1").remove_room("R-2", story.act()))
    story.tell(story.plan.venue("HOTEL-1").mark_key_point(key_point(name=name), story.act()))
    story.tell(story.plan.venue("HOTEL-1").amend_key_point(key_point(name=name, phone=name), story.act()))
    story.tell(story.plan.venue("HOTEL-1").mark_key_point(key_point("K-2", name=name), story.act()))
    story.tell(story.plan.venue("HOTEL-1").remove_key_point("K-2", story.act()))


def _officers(story: Story, name: str) -> None:
    for code in ("CA-0113", "CA-0114"):
        story.officer(code, name, unit=name, rank=name)
    officer = story.plan.officer("CA-0113")
    story.tell(officer.amend(dataclasses.replace(officer.details, callsign=name), story.act()))
    story.qualified("CA-0113", qualification(name))
    story.tell(story.plan.officer("CA-0113").revoke(name, at("12:00"), story.act()))
    story.tell(story.plan.officer("CA-0113").remove_qualification(name, story.act()))
    story.away("CA-0113", absence("13:00", "15:00"))
    story.tell(story.plan.officer("CA-0113").amend_absence(absence("14:00", "15:00"), story.act()))
    story.tell(story.plan.officer("CA-0113").cancel_absence("ABS-1", story.act()))
    story.tell(story.plan.officer("CA-0114").retire(story.act()))
    story.tell(story.plan.officer("CA-0114").reinstate(story.act()))


def _programme(story: Story, name: str) -> None:
    arrival = Journey(mode=TravelMode.AIR, number=name)
    story.activity("A-01", "07:00", "08:00", title=name, journey=arrival)
    story.activity("A-05", title=name, venue="HOTEL-1", room="R-1", host=name, joint_with=("A-01",))
    visit = story.plan.visit(VISIT)
    story.tell(visit.move_activity("A-05", window("10:00", "11:00"), story.act(name)))
    story.tell(story.plan.visit(VISIT).relocate_activity("A-05", "PALACE", None, story.act()))
    amended = activity("A-05", "10:00", "11:00", title=name, host=name, party=name, delegation="LA", notes=name)
    story.tell(story.plan.visit(VISIT).amend_activity(amended, story.act()))
    story.tell(story.plan.visit(VISIT).cancel_activity("A-05", story.act()))
    story.tell(story.plan.visit(VISIT).reinstate_activity("A-05", story.act()))
    story.tell(story.plan.visit(VISIT).report_journey("A-01", at("07:20"), story.act()))


def _routes(story: Story, name: str) -> None:
    story.route("R-01", "HOTEL-1", "PALACE", streets=(name,), overlap=0.25)
    story.tell(story.plan.route(VISIT, "R-01").close(window("08:00", "09:00"), story.act()))
    story.tell(story.plan.route(VISIT, "R-01").close(window("08:00", "10:00"), story.act()))
    story.tell(story.plan.route(VISIT, "R-01").reopen(story.act()))
    story.tell(story.plan.route(VISIT, "R-01").withdraw(story.act()))
    story.tell(story.plan.route(VISIT, "R-01").reinstate(story.act()))
    places = (place(), place(19.9, 102.2))
    for roads in (Roads.of(places, ((0, 510), (540, 0)), pack=name), Roads()):
        story.tell(story.plan.ways(VISIT).measure(roads, story.act()))


def _posts(story: Story, name: str) -> None:
    post = story.post("P-07", task=name, venue="HOTEL-1", key_point="K-1", activity="A-05", required=(name,))
    details = dataclasses.replace(
        post.details, headcount=3, critical=True, place=name, licence=name, detail="TO-1", equipment=(name, name)
    )
    story.tell(post.amend(details, story.act()))
    for commander in ("CA-0113", "CA-0114", None):
        story.tell(story.plan.post(VISIT, "P-07").appoint_commander(commander, story.act()))
    for instructions in (f"{name}\n\n{name}", ""):
        story.tell(story.plan.post(VISIT, "P-07").issue_order(instructions, story.act()))
    story.shifts("P-07", shift("S-1", "08:00", "10:00", headcount=2), shift("S-2", "10:00", "12:00"))
    story.tell(story.plan.post(VISIT, "P-07").reschedule(window("09:00", "13:00"), None, story.act()))
    story.shifts("P-07")
    story.tell(story.plan.post(VISIT, "P-07").reschedule(window("08:00", "13:00"), None, story.act()))
    story.tell(story.plan.post(VISIT, "P-07").cancel(story.act()))
    story.tell(story.plan.post(VISIT, "P-07").reinstate(story.act()))


def _duties(story: Story, name: str) -> None:
    override = Override(rules=("R03",), authority=name)
    story.placed("CA-0113", "P-07", code="D-1", tentative=True)
    story.placed("CA-0114", "P-07", code="D-2", override=override)
    story.tell(story.plan.assignment(VISIT, "D-1").confirm(story.act()))
    duty = story.plan.assignment(VISIT, "D-1")
    story.tell((AssignmentRescheduled(**story.act().on(duty), window=window("08:00", "12:00")),))
    own = act(officer="CA-0113", by=name)
    story.tell(story.plan.assignment(VISIT, "D-1").acknowledge("0123456789abcdef", None, own))
    duty = story.plan.assignment(VISIT, "D-1")
    story.tell((AcknowledgementLapsed(**story.act().on(duty), duty="fedcba9876543210"),))
    story.tell(story.plan.assignment(VISIT, "D-1").withdraw(story.act()))
    duty = story.plan.assignment(VISIT, "D-1")
    story.tell((AssignmentReinstated(**story.act().on(duty), override=override),))
    duty = story.plan.assignment(VISIT, "D-1")
    story.tell(
        (OverrideSigned(**story.act().on(duty), of=duty.version, public_key="lan+0a0b0c0d+AQ==", signature="AA=="),)
    )
    story.tell(story.plan.assignment(VISIT, "D-1").pin(story.act(name)))
    story.tell(story.plan.assignment(VISIT, "D-1").unpin(story.act()))
    story.tell(story.plan.assignment(VISIT, "D-1").start(own))
    story.tell(story.plan.assignment(VISIT, "D-1").end(own))
    duty = story.plan.assignment(VISIT, "D-1")
    story.tell((AssignmentSetBack(**story.act().on(duty), status=AssignmentStatus.ON_POST),))


def _members(story: Story, name: str) -> None:
    terms = Terms(roles=frozenset({Role.PROTOCOL, Role.PRESS}), opens=at("08:00"))
    for visit in (VISIT, ""):
        story.tell(story.plan.membership(visit, "lan").grant(terms, story.act(name)))
        later = dataclasses.replace(terms, opens=None, closes=at("12:00"))
        story.tell(story.plan.membership(visit, "lan").amend(later, story.act(name)))
        story.tell(story.plan.membership(visit, "lan").end(story.act(name)))


def _emergencies(story: Story, name: str) -> None:
    roles = frozenset({Role.PLANNER, Role.AUDITOR})
    opening = story.plan.emergency(VISIT, "minh").open(roles, 60, dataclasses.replace(story.act(name), by="minh"))
    story.tell(opening)
    opened = story.plan.emergency(VISIT, "minh")
    story.tell(
        (EmergencyAccessSigned(**story.act().on(opened), of=1, public_key="minh+0a0b0c0d+AQ==", signature="AA=="),)
    )
    story.tell(story.plan.emergency(VISIT, "minh").end(story.act()))
    story.tell(story.plan.emergency(VISIT, "minh").review(name, dataclasses.replace(story.act(), signer=Signs())))


def _signers(story: Story, name: str) -> None:
    signer = Pretended("minh+0a0b0c0d+AQ==")
    story.tell(SigningKeys(key="minh", version=0).make(signer, dataclasses.replace(story.act(), by="minh")))
    vouching = dataclasses.replace(story.act(), by="lan", signer=Pretended("lan+0a0b0c0d+AQ=="))
    story.tell(signing_keys(story.plan, "minh").vouch(vouching))
    story.tell(signing_keys(story.plan, "minh").revoke(story.act(name)))


@dataclasses.dataclass(frozen=True)
class Pretended:
    """Signs with nothing."""

    key: str
    machine: str = "0123456789abcdef"

    def sign(self, statement: bytes) -> str:
        return "AA=="


def _endings(story: Story) -> None:
    erased = story.act().founds(Erasure, "officer/CA-0114")
    story.tell((PersonErased(**erased, keys=("0011223344556677",)),))
    gone = story.act().founds(Erasure, "visit/LA-2025-09")
    story.tell((VisitErased(**gone, keys=("8899aabbccddeeff",), accounts=("minh",)),))
    story.tell(story.plan.assignment(VISIT, "D-2").withdraw(story.act()))
    story.tell(story.plan.visit(VISIT).cancel_activity("A-05", story.act()))
