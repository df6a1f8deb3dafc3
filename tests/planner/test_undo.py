"""Taking commands back: every kind of them, and what cannot be taken back."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from domain.assignment import AssignmentStatus
from domain.base import Actor, Entity, Role
from domain.policy import PolicyNumbers
from domain.refusals import (
    NotAllowed,
    NotFound,
    NotPossible,
    OfficerDoubleBooked,
    ReasonRequired,
)
from planner.application import Planner
from tests.examples import (
    PLANNING,
    VISIT,
    absence,
    activity,
    at,
    delegation_details,
    key_point,
    member,
    officer_details,
    post_details,
    qualification,
    room,
    route_details,
    shift,
    venue_details,
    visit_details,
    window,
)
from tests.planner.acting import BINH, HOA, THAO, assign, status


def arrival(code: str = "A-09") -> Any:
    return activity(code, "07:00", "08:00", type="arrival", journey={"mode": "air", "gate": "Sân bay Nội Bài"})


def ready(planner: Planner) -> None:
    """Something of every kind, so that every kind of command has something to change."""
    with planner.together(HOA):
        planner.register_delegation(VISIT, "LA", delegation_details(), by=HOA)
        for code in ("M-01", "M-02", "M-03"):
            planner.add_member(VISIT, "LA", member(code), by=HOA)
        planner.designate_head(VISIT, "LA", "M-01", by=HOA)
        planner.register_venue("HALL-1", venue_details("Hội trường tỉnh"), by=HOA)
        planner.add_room("HOTEL-1", room("R-1"), by=HOA)
        planner.mark_key_point("HOTEL-1", key_point("K-1"), by=HOA)
        planner.schedule_activity(VISIT, activity("A-01", venue="HOTEL-1"), by=HOA)
        planner.schedule_activity(VISIT, activity("A-02", "11:00", "12:00"), by=HOA)
        planner.cancel_activity(VISIT, "A-02", by=HOA, reason="Đổi chương trình")
        planner.schedule_activity(VISIT, arrival(), by=HOA)
        planner.grant_qualification("CA-0113", qualification("K9"), by=HOA)
        planner.record_absence("CA-0113", absence("08:00", "09:00", day=2), by=HOA)
        planner.plan_routes(VISIT, (route_details("HOTEL-1", "HALL-1"),), by=HOA)
        assign(planner)
        assign(planner, officer="CA-0114", post="P-02", tentative=True)


ROUTE = "R-01"
UNDOABLE: dict[str, Any] = {
    "amend_visit": lambda p, w: p.amend_visit(VISIT, visit_details(title="Tên mới"), **w),
    "cancel_visit": lambda p, w: p.cancel_visit(VISIT, **w),
    "move_activity": lambda p, w: p.move_activity(VISIT, "A-01", window("14:00", "15:00"), **w),
    "relocate_activity": lambda p, w: p.relocate_activity(VISIT, "A-01", "HALL-1", **w),
    "amend_activity": lambda p, w: p.amend_activity(VISIT, activity("A-01", title="Hội đàm hẹp"), **w),
    "cancel_activity": lambda p, w: p.cancel_activity(VISIT, "A-01", **w),
    "reinstate_activity": lambda p, w: p.reinstate_activity(VISIT, "A-02", **w),
    "report_journey": lambda p, w: p.report_journey(VISIT, "A-09", at("07:10"), **w),
    "amend_delegation": lambda p, w: p.amend_delegation(VISIT, "LA", delegation_details(purpose="Khác"), **w),
    "withdraw_delegation": lambda p, w: p.withdraw_delegation(VISIT, "LA", **w),
    "add_member": lambda p, w: p.add_member(VISIT, "LA", member("M-09"), **w),
    "amend_member": lambda p, w: p.amend_member(VISIT, "LA", member("M-02", rank="Giám đốc sở"), **w),
    "remove the last member": lambda p, w: p.remove_member(VISIT, "LA", "M-03", **w),
    "designate_head": lambda p, w: p.designate_head(VISIT, "LA", "M-02", **w),
    "amend_venue": lambda p, w: p.amend_venue("HOTEL-1", venue_details("Tên mới"), **w),
    "retire_venue": lambda p, w: p.retire_venue("HALL-1", **w),
    "add_room": lambda p, w: p.add_room("HOTEL-1", room("R-2"), **w),
    "amend_room": lambda p, w: p.amend_room("HOTEL-1", room("R-1", persons=40), **w),
    "remove_room": lambda p, w: p.remove_room("HOTEL-1", "R-1", **w),
    "mark_key_point": lambda p, w: p.mark_key_point("HOTEL-1", key_point("K-2"), **w),
    "amend_key_point": lambda p, w: p.amend_key_point("HOTEL-1", key_point("K-1", name="Cổng sau"), **w),
    "remove_key_point": lambda p, w: p.remove_key_point("HOTEL-1", "K-1", **w),
    "amend_officer": lambda p, w: p.amend_officer("CA-0113", officer_details(phone="113"), **w),
    "retire_officer": lambda p, w: p.retire_officer("CA-0113", **w),
    "grant_qualification": lambda p, w: p.grant_qualification("CA-0113", qualification("VIP"), **w),
    "grant_qualification again": lambda p, w: p.grant_qualification("CA-0113", qualification("K9", day=2), **w),
    "revoke_qualification": lambda p, w: p.revoke_qualification("CA-0113", "K9", at("06:00"), **w),
    "remove_qualification": lambda p, w: p.remove_qualification("CA-0113", "K9", **w),
    "record_absence": lambda p, w: p.record_absence("CA-0113", absence("08:00", "09:00", 3, "ABS-2"), **w),
    "amend_absence": lambda p, w: p.amend_absence("CA-0113", absence("08:00", "11:00", day=2), **w),
    "cancel_absence": lambda p, w: p.cancel_absence("CA-0113", "ABS-1", **w),
    "amend_post": lambda p, w: p.amend_post(VISIT, "P-01", post_details(task="Khác"), **w),
    "reschedule_post": lambda p, w: p.reschedule_post(VISIT, "P-01", window("09:00", "13:00"), **w),
    "issue_post_order": lambda p, w: p.issue_post_order(VISIT, "P-01", "Lệnh mới", **w),
    "appoint_commander": lambda p, w: p.appoint_commander(VISIT, "P-01", "CA-0114", **w),
    "plan_shifts": lambda p, w: p.plan_shifts(VISIT, "P-01", (shift("S-1", "08:00", "10:00"),), **w),
    "cancel_post": lambda p, w: p.cancel_post(VISIT, "P-01", **w),
    "close_route": lambda p, w: p.close_route(VISIT, ROUTE, window("08:00", "12:00"), **w),
    "withdraw_route": lambda p, w: p.withdraw_route(VISIT, ROUTE, **w),
    "reschedule_assignment": lambda p, w: p.reschedule_assignment(VISIT, "A-0001", window("08:00", "10:00"), **w),
    "withdraw_assignment": lambda p, w: p.withdraw_assignment(VISIT, "A-0001", **w),
    "confirm_assignment": lambda p, w: p.confirm_assignment(VISIT, "A-0002", **w),
    "start_duty": lambda p, w: p.start_duty(VISIT, "A-0001", **w),
    "acknowledge_assignment": lambda p, w: p.acknowledge_assignment(VISIT, "A-0001", **{**w, "by": THAO}),
}


def states(planner: Planner) -> dict[str, Entity]:
    """Every entity as it is, without counting its changes; lists of parts in order of their codes."""
    return {key: unnumbered(entity) for key, entity in planner.plan.entities.items()}


def unnumbered(entity: Any) -> Entity:
    parts = {
        name: tuple(sorted(getattr(entity, name), key=lambda part: part.code))
        for name in ("activities", "members", "rooms", "key_points", "qualifications", "absences")
        if hasattr(entity, name)
    }
    alike: Entity = dataclasses.replace(entity, version=0, **parts)
    return alike


@pytest.mark.parametrize("name", UNDOABLE)
def test_undo_puts_back_what_a_command_changed(planner: Planner, name: str) -> None:
    ready(planner)
    before = states(planner)
    UNDOABLE[name](planner, {"by": HOA, "reason": "Nhầm", "command_id": "c-wrong"})
    changed = states(planner)

    planner.undo("c-wrong", by=HOA)

    assert changed != before
    assert states(planner) == before


FOUNDING: dict[str, tuple[Any, str]] = {
    "register_visit": (lambda p, w: p.register_visit("KH-1", visit_details(), **w), "cancelled"),
    "register_delegation": (lambda p, w: p.register_delegation(VISIT, "KH", delegation_details(), **w), "withdrawn"),
    "register_venue": (lambda p, w: p.register_venue("V-9", venue_details(), **w), "retired"),
    "register_officer": (lambda p, w: p.register_officer("CA-9", officer_details(), **w), "retired"),
    "create_post": (lambda p, w: p.create_post(VISIT, "P-09", post_details(), **w), "cancelled"),
    "plan_routes": (lambda p, w: p.plan_routes(VISIT, (route_details("HALL-1", "HOTEL-1"),), **w), "withdrawn"),
}


@pytest.mark.parametrize("name", FOUNDING)
def test_undo_ends_what_a_command_founded(planner: Planner, name: str) -> None:
    ready(planner)
    found, ended = FOUNDING[name]
    outcome = found(planner, {"by": HOA, "command_id": "c-wrong"})
    stood = getattr(planner.plan.entities[outcome.subject], ended)

    planner.undo("c-wrong", by=HOA)

    assert (stood, getattr(planner.plan.entities[outcome.subject], ended)) == (False, True)


def test_undo_withdraws_a_duty_that_was_given(planner: Planner) -> None:
    assign(planner, command_id="c-wrong")

    planner.undo("c-wrong", by=HOA)

    assert status(planner) is AssignmentStatus.WITHDRAWN


def test_undo_of_a_policy_lets_the_earlier_numbers_count(planner: Planner) -> None:
    numbers = PolicyNumbers(min_rest_hours=6)
    planner.adopt_policy(numbers, PLANNING, by=BINH, reason="Thử", command_id="c-wrong")
    adopted = planner.plan.numbers(PLANNING)

    planner.undo("c-wrong", by=BINH)

    assert (adopted, planner.plan.numbers(PLANNING)) == (numbers, PolicyNumbers())


def test_undo_can_itself_be_taken_back(planner: Planner) -> None:
    ready(planner)
    planner.cancel_post(VISIT, "P-01", by=HOA, reason="Nhầm", command_id="c-1")
    cancelled = states(planner)
    planner.undo("c-1", by=HOA, command_id="c-2")

    planner.undo("c-2", by=HOA)

    assert states(planner) == cancelled


def test_what_changed_since_is_not_taken_back(planner: Planner) -> None:
    planner.issue_post_order(VISIT, "P-01", "Lệnh một", by=HOA, command_id="c-1")
    planner.issue_post_order(VISIT, "P-01", "Lệnh hai", by=HOA)
    before = planner.plan

    with pytest.raises(NotPossible):
        planner.undo("c-1", by=HOA)

    assert planner.plan is before


def test_a_duty_taken_back_from_an_officer_who_has_another_now_stays_withdrawn(planner: Planner) -> None:
    assign(planner)
    planner.withdraw_assignment(VISIT, "A-0001", by=HOA, reason="Ốm", command_id="c-1")
    assign(planner, post="P-02")

    with pytest.raises(OfficerDoubleBooked):
        planner.undo("c-1", by=HOA)

    assert status(planner) is AssignmentStatus.WITHDRAWN


def test_a_duty_is_not_moved_back_onto_another_one(planner: Planner) -> None:
    """Undoing is refused for what moving the duty by hand would be refused for, and needs no less than an override."""
    assign(planner)
    whole = planner.plan.assignment(VISIT, "A-0001").window
    planner.reschedule_assignment(
        VISIT, "A-0001", window("08:00", "09:00"), by=HOA, reason="Ngắn hơn", command_id="c-1"
    )
    planner.assign_officer(VISIT, "P-02", "CA-0113", window=window("09:00", "12:00"), by=HOA)

    with pytest.raises(OfficerDoubleBooked):
        planner.undo("c-1", by=HOA)
    planner.withdraw_assignment(VISIT, "A-0002", by=HOA, reason="Thừa")
    planner.undo("c-1", by=HOA)

    assert planner.plan.assignment(VISIT, "A-0001").window == whole


def test_a_duty_that_was_reported_over_too_early_goes_on_unless_the_officer_is_elsewhere_by_now(
    planner: Planner,
) -> None:
    assign(planner)
    planner.start_duty(VISIT, "A-0001", by=HOA)
    planner.end_duty(VISIT, "A-0001", by=HOA, command_id="c-early")
    assign(planner, post="P-02")

    with pytest.raises(OfficerDoubleBooked):
        planner.undo("c-early", by=HOA)
    planner.withdraw_assignment(VISIT, "A-0002", by=HOA, reason="Thừa")
    planner.undo("c-early", by=HOA, command_id="c-back")
    back = status(planner)
    planner.undo("c-back", by=HOA)

    assert (back, status(planner)) == (AssignmentStatus.ON_POST, AssignmentStatus.ENDED)


def test_a_command_that_nobody_gave_cannot_be_taken_back(planner: Planner) -> None:
    with pytest.raises(NotFound):
        planner.undo("c-unknown", by=HOA)


def test_a_reason_is_asked_where_one_is_needed(planner: Planner) -> None:
    with pytest.raises(ReasonRequired):
        planner.cancel_post(VISIT, "P-01", by=HOA, reason="  ")


def test_what_one_could_not_have_changed_one_cannot_take_back(planner: Planner) -> None:
    protocol = Actor("protocol.minh", frozenset({Role.PROTOCOL}))
    registered = planner.register_officer("CA-0777", officer_details(), by=HOA)

    with pytest.raises(NotAllowed):
        planner.undo(registered.command_id, by=protocol)

    assert planner.plan.officer("CA-0777").retired is False
