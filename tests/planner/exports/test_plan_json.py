"""A visit that goes out as a document and comes in elsewhere is the same visit, whatever happened to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.base import Decision, Event
from domain.duty import duty, lapsed
from domain.plan import Plan
from domain.refusals import CodeTaken, OfficerDoubleBooked, PlanningError
from planner.application import decided
from planner.exports.plan_json import PlanDocument, plan_document, plan_json
from planner.imports.visit_json import imported_visit, read_visit
from tests.examples import (
    HOSTILE_NAMES,
    OTHER_VISIT,
    VISIT,
    Story,
    absence,
    act,
    key_point,
    qualification,
    shift,
    window,
)


def same(document: PlanDocument) -> PlanDocument:
    """A document without what names the log it came from."""
    return dataclasses.replace(document, position=0, at=None)


def imported(plan: Plan, content: bytes) -> Plan:
    document = read_visit(content)
    return plan.after(decided(plan, lambda before, doing: imported_visit(before, document, doing), act("nhập")))


type Step = Callable[[Story], object]


def _told(decision: Callable[[Story], Decision]) -> Step:
    return lambda told: told.tell(decision(told))


def _acknowledged(told: Story) -> object:
    assignment = told.plan.assignment(VISIT, "A-0001")
    fingerprint = duty(told.plan, assignment).fingerprint
    return told.tell(assignment.acknowledge(fingerprint, None, told.act(officer="CA-0113")))


#: What may happen to the visit of ``story``, in any order and any number; what is refused does not happen.
STEPS: tuple[Step, ...] = (
    lambda told: told.activity(f"N-{len(told.events)}", title=HOSTILE_NAMES[len(told.events) % len(HOSTILE_NAMES)]),
    lambda told: told.placed("CA-0114", "P-02"),
    lambda told: told.duty("CA-0114", "14:00", "18:00", venue="HOTEL-2"),
    lambda told: told.qualified("CA-0113", qualification(f"Q-{len(told.events) % 3}")),
    lambda told: told.away("CA-0113", absence("09:00", "11:00", code=f"ABS-{len(told.events)}")),
    lambda told: told.shifts("P-02", shift("S-1", "08:00", "10:00"), shift("S-2", "10:00", "12:00")),
    lambda told: told.route(f"R-{len(told.events)}", "HOTEL-1", "HOTEL-2"),
    _acknowledged,
    _told(lambda told: told.plan.visit(VISIT).cancel_activity("A-01", told.act())),
    _told(lambda told: told.plan.visit(VISIT).reinstate_activity("A-01", told.act())),
    _told(lambda told: told.plan.visit(VISIT).cancel(told.act())),
    _told(lambda told: told.plan.visit(VISIT).reinstate(told.act())),
    _told(lambda told: told.plan.delegation(VISIT, "LA").withdraw(told.act())),
    _told(lambda told: told.plan.delegation(VISIT, "LA").remove_member("M-01", told.act())),
    _told(lambda told: told.plan.delegation(VISIT, "LA").designate_head("M-02", told.act())),
    _told(lambda told: told.plan.venue("HOTEL-1").retire(told.act())),
    _told(lambda told: told.plan.venue("HOTEL-1").remove_room("R-1", told.act())),
    _told(lambda told: told.plan.venue("HOTEL-1").mark_key_point(key_point(), told.act())),
    _told(lambda told: told.plan.officer("CA-0113").retire(told.act())),
    _told(lambda told: told.plan.post(VISIT, "P-01").cancel(told.act())),
    _told(lambda told: told.plan.post(VISIT, "P-01").reschedule(window("07:00", "11:00"), None, told.act())),
    _told(lambda told: told.plan.assignment(VISIT, "A-0001").withdraw(told.act())),
    _told(lambda told: told.plan.assignment(VISIT, "A-0001").start(told.act(officer="CA-0113"))),
    _told(lambda told: told.plan.assignment(VISIT, "A-0001").end(told.act(officer="CA-0113"))),
    _told(lambda told: told.plan.routes(VISIT)[0].close(window("08:00", "09:00"), told.act())),
    _told(lambda told: told.plan.routes(VISIT)[0].withdraw(told.act())),
)


class Recorded(Story):
    """A story whose changes let acknowledgements lapse, as commands do."""

    def tell(self, decision: Iterable[Event]) -> Plan:
        events = tuple(decision)
        return super().tell((*events, *lapsed(self.plan.after(events), events, self.act())))


def story() -> Story:
    told = Recorded()
    told.visit(title="Đoàn <b>x</b> ${1}")
    told.delegation(members=3)
    told.venue("HOTEL-1")
    told.venue("HOTEL-2", lat=19.9)
    told.room("R-1", venue="HOTEL-1")
    told.officer("CA-0113", "O'Brien")
    told.officer("CA-0114", "=Hùng")
    told.activity("A-01", venue="HOTEL-1", room="R-1", delegation="LA")
    told.post("P-01", venue="HOTEL-1", commander="CA-0114", activity="A-01")
    told.post("P-02")
    told.placed("CA-0113", "P-01")
    return told


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(range(len(STEPS))), max_size=14))
def test_a_visit_comes_in_elsewhere_as_it_went_out(steps: list[int]) -> None:
    told = story()
    for number in steps:
        try:
            STEPS[number](told)
        except (PlanningError, IndexError):
            continue

    there = imported(Plan(), plan_json(told.plan, VISIT))

    assert same(plan_document(there, VISIT)) == same(plan_document(told.plan, VISIT))
    assert there.assignments(VISIT) == tuple(
        dataclasses.replace(one, version=there.entities[one.id].version) for one in told.plan.assignments(VISIT)
    )


def test_what_visits_share_is_used_as_it_is_where_it_is_the_same() -> None:
    told, there = story(), story()
    content = plan_json(told.plan, VISIT).replace(f'"{VISIT}"'.encode(), f'"{OTHER_VISIT}"'.encode())
    there.tell(there.plan.assignment(VISIT, "A-0001").withdraw(there.act()))

    plan = imported(there.plan, content)

    assert [one.version for one in plan.officers] == [one.version for one in there.plan.officers]
    assert [visit.key for visit in plan.visits] == [OTHER_VISIT, VISIT]


def test_what_visits_share_and_is_not_the_same_is_refused() -> None:
    content = plan_json(story().plan, VISIT)
    there = Story()
    there.officer("CA-0113", "Somebody else")

    with pytest.raises(CodeTaken, match="Officer CA-0113 exists already and differs"):
        imported(there.plan, content)


def test_duties_that_clash_with_another_visit_are_refused() -> None:
    told = story()
    content = plan_json(told.plan, VISIT).replace(f'"{VISIT}"'.encode(), f'"{OTHER_VISIT}"'.encode())

    with pytest.raises(OfficerDoubleBooked):
        imported(told.plan, content)


def test_a_code_that_exists_is_refused() -> None:
    told = story()

    with pytest.raises(CodeTaken, match=f"{VISIT} exists already"):
        imported(told.plan, plan_json(told.plan, VISIT))
