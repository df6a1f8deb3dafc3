"""A code that somebody guesses, or knows from elsewhere, is answered exactly like one that nothing carries."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from domain.base import Actor, Role
from domain.membership import Terms
from domain.plan import Plan
from domain.refusals import PlanningError
from domain.ways import Roads
from planner.access import COMMANDS, QUERIES
from planner.access.reader import Reader
from planner.access.registry import rule_of
from planner.application import Planner, commands
from planner.deciding import Outcome, command, form
from planner.exports.plan_json import plan_json
from planner.imports.preview import Existing
from planner.imports.visit_json import read_visit
from tests.domain.test_emergency import Signs
from tests.examples import (
    OTHER_VISIT,
    TASK,
    VISIT,
    activity,
    at,
    delegation_details,
    member,
    officer_details,
    post_details,
    route_details,
    shift,
    visit_details,
    window,
)
from tests.planner.acting import HOA, Clock, another, assign, let_in
from ui.downloads import download

#: May everything on the site, and is a member of another visit alone.
LAN = Actor("lan", frozenset(Role) - {Role.OFFICER})
UNKNOWN = "NO-2026-99"
#: A value for each argument that commands of a visit take, by its name and type.
ARGUMENTS: dict[str, Any] = {
    "activity": activity(),
    "activities": (activity(),),
    "actual": at("09:00"),
    "commander": None,
    "existing": Existing.SKIP,
    "instructions": "x",
    "member": member(),
    "minutes": 60,
    "pinned": ("A-0001",),
    "post": post_details(),
    "posts": (),
    "roads": Roads(),
    "routes": (route_details("HOTEL-1", "HOTEL-1"),),
    "shifts": (shift("C1", "08:00", "12:00"),),
    "terms": Terms(roles=frozenset({Role.PLANNER})),
    "venue": None,
    "room": None,
    "visit": visit_details(),
    "window": window("08:00", "12:00"),
}
CODES = {"activity": "A-01", "delegation": "LA", "post": "P-01", "officer": "CA-0113", "member": "M-01"}
OF_VISIT = sorted(name for name, rule in COMMANDS.items() if rule.of_visit)


@pytest.fixture
def planner(tmp_path: Any) -> Iterator[Planner]:
    """Hoà's visit full of things under the usual codes, and Lan's own."""
    opened = another(tmp_path, Clock())
    opened.register_visit(VISIT, visit_details(), by=HOA)
    opened.register_delegation(VISIT, "LA", delegation_details(), by=HOA)
    opened.add_member(VISIT, "LA", member(), by=HOA)
    opened.schedule_activity(VISIT, activity(), by=HOA)
    opened.create_post(VISIT, "P-01", post_details(), by=HOA)
    opened.register_visit(OTHER_VISIT, visit_details(), by=LAN)
    yield opened
    opened.close()


def arguments(name: str, visit: str) -> dict[str, Any]:
    """What a command of a visit takes, with usual codes."""
    fields = form(commands()[name].__wrapped__).model_fields
    given: dict[str, Any] = {}
    for field, about in fields.items():
        if field == rule_of(name).argument:
            given[field] = visit
        elif about.annotation is str:
            given[field] = CODES.get(field, "X-1")
        elif about.is_required():
            given[field] = delegation_details() if field == "delegation" else ARGUMENTS[field]
    return given


def answer(planner: Planner, name: str, visit: str, by: Actor) -> str:
    """The refusal, word for word, with the code that was asked for taken out; empty where it was done."""
    try:
        getattr(planner, name)(**arguments(name, visit), by=by, reason="Thử")
    except PlanningError as refused:
        return f"{refused.name}: {refused}".replace(visit, "CODE")
    return ""


@pytest.mark.parametrize("name", OF_VISIT)
def test_every_command_answers_a_foreign_code_as_one_that_is_not_there(planner: Planner, name: str) -> None:
    position = planner.plan.position

    foreign, unknown = answer(planner, name, VISIT, LAN), answer(planner, name, UNKNOWN, LAN)

    assert foreign == unknown != ""
    assert planner.plan.position == position


def calls(ask: Callable[[], object]) -> int:
    """How many functions are called for an answer: what its time is made of, and the same on every machine.

    The fewest of three: what the collector of the interpreter calls now and then is no part of it.
    """
    return min(_called(ask) for _ in range(3))


def _called(ask: Callable[[], object]) -> int:
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event == "call"

    sys.setprofile(count)
    try:
        ask()
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("name", OF_VISIT)
def test_a_foreign_code_is_not_told_by_the_time_that_its_answer_takes(planner: Planner, name: str) -> None:
    for visit in (VISIT, UNKNOWN):
        answer(planner, name, visit, LAN)  # what is made once is made

    foreign, unknown = (calls(partial(answer, planner, name, visit, LAN)) for visit in (VISIT, UNKNOWN))

    assert foreign == unknown > 100


def test_a_member_s_answers_take_another_time(planner: Planner) -> None:
    """The control: what is done for a member is counted otherwise."""
    told = [
        name
        for name in OF_VISIT
        if calls(partial(answer, planner, name, VISIT, HOA)) != calls(partial(answer, planner, name, UNKNOWN, HOA))
    ]

    assert len(told) > len(OF_VISIT) * 0.8


def test_a_member_is_answered_otherwise(planner: Planner) -> None:
    """The control: to a member most of these commands say something else of the visit than of one that is not there."""
    told = [name for name in OF_VISIT if answer(planner, name, VISIT, HOA) != answer(planner, name, UNKNOWN, HOA)]

    assert len(told) > len(OF_VISIT) * 0.8


@pytest.mark.parametrize("query", sorted(name for name, rule in QUERIES.items() if rule.of_visit))
def test_every_query_answers_a_foreign_code_as_one_that_is_not_there(planner: Planner, query: str) -> None:
    reader = Reader(planner, LAN)

    assert refusal(lambda: reader.permit(query, VISIT)) == refusal(lambda: reader.permit(query, UNKNOWN)) != ""


def asked(plan: Plan, visit: str) -> list[Any]:
    """Everything that a plan can be asked of a visit by its code."""
    one = (plan.delegation, plan.post, plan.route, plan.assignment)
    many = (plan.delegations, plan.posts, plan.routes, plan.assignments, plan.assignments_ever_made, plan.memberships)
    return [
        refusal(lambda: plan.visit(visit)).replace(visit, "CODE"),
        *(refusal(lambda ask=ask: ask(visit, "P-01")).replace(visit, "CODE") for ask in one),
        *(ask(visit) for ask in many),
        f"visit/{visit}" in plan.entities,
        plan.entities.get(f"post/{visit}/P-01"),
        plan.indexes.get(f"post of visit/{visit}"),
    ]


def test_a_plan_that_is_seen_says_of_a_hidden_visit_what_it_says_of_none(planner: Planner) -> None:
    assign_everything(planner)
    seen, whole = Reader(planner, LAN).plan, planner.plan

    assert [one or None for one in asked(seen, VISIT)] == [one or None for one in asked(seen, UNKNOWN)]
    assert asked(whole, VISIT) != asked(whole, UNKNOWN)  # the control


def assign_everything(planner: Planner) -> None:
    planner.register_officer("CA-0113", officer_details(), by=HOA)
    assign(planner)


def refusal(ask: Any) -> str:
    try:
        ask()
    except PlanningError as refused:
        return f"{refused.name}: {refused}".replace(VISIT, "CODE").replace(UNKNOWN, "CODE")
    return ""


@pytest.mark.parametrize("person", ["{}/LA/M-01", "delegation/{}/LA/M-01", "{}/LA/M-77"])
def test_a_guest_of_a_foreign_visit_is_as_unknown_as_one_of_none(planner: Planner, person: str) -> None:
    foreign, unknown = (
        refusal(lambda visit=visit: planner.erase_person(person.format(visit), by=LAN, reason="Thử"))
        for visit in (VISIT, UNKNOWN)
    )

    assert foreign == unknown != ""


# What stands against something in a visit of the own, and lies in a foreign one


@pytest.fixture
def shared(planner: Planner) -> Planner:
    """Officer CA-0113 is on duty in Hoà's visit, at the time for which Lan, in the own one, had that officer before."""
    planner.register_officer("CA-0113", officer_details(), by=HOA)
    planner.create_post(OTHER_VISIT, "P-91", post_details("08:00", "12:00"), by=LAN)
    planner.assign_officer(OTHER_VISIT, "P-91", "CA-0113", by=LAN)
    planner.withdraw_assignment(OTHER_VISIT, "A-0001", by=LAN, reason="Ốm", command_id="withdrawn")
    planner.assign_officer(OTHER_VISIT, "P-91", "CA-0113", window=window("08:00", "08:30"), code="N-2", by=LAN)
    planner.reschedule_assignment(
        OTHER_VISIT, "N-2", window("11:45", "12:00"), by=LAN, reason="Muộn hơn", command_id="moved"
    )
    planner.assign_officer(VISIT, "P-01", "CA-0113", window=window("08:00", "11:30"), by=HOA)
    return planner


LAN_SIGNS = replace(LAN, signer=Signs())


@pytest.mark.parametrize("way", ["assign", "reinstate", "undo", "undo a move", "import"])
def test_what_lies_in_a_foreign_visit_is_told_without_its_place(shared: Planner, way: str) -> None:
    def told(by: Actor) -> str:
        return refusal(partial(WAYS[way], shared, by))

    assert told(LAN_SIGNS).startswith("OfficerDoubleBooked: ")
    assert "is on other duty" in told(LAN_SIGNS)
    assert [said for said in ("CODE", "P-01", TASK) if said in told(LAN_SIGNS)] == []
    let_in(shared, LAN, visit=VISIT)
    assert f"P-01 «{TASK}» of visit CODE" in told(LAN_SIGNS)  # the control: a member of both is told all


def _imported(planner: Planner, by: Actor) -> Outcome:
    if planner.plan.assignment(OTHER_VISIT, "N-2").counts:
        planner.withdraw_assignment(OTHER_VISIT, "N-2", by=by, reason="Thừa")
    document = plan_json(planner.plan, OTHER_VISIT).replace(OTHER_VISIT.encode(), b"KH-2026-09")
    document = document.replace(b'"withdrawn"', b'"confirmed"')
    return planner.import_visit(read_visit(document), by=by)


WAYS: dict[str, Callable[[Planner, Actor], Outcome]] = {
    "assign": lambda planner, by: planner.assign_officer(OTHER_VISIT, "P-91", "CA-0113", by=by),
    "reinstate": lambda planner, by: planner.reinstate_assignment(OTHER_VISIT, "A-0001", by=by, reason="Khỏi"),
    "undo": lambda planner, by: planner.undo("withdrawn", by=by, reason="Khỏi"),
    "undo a move": lambda planner, by: planner.undo("moved", by=by, reason="Như cũ"),
    "import": _imported,
}


# The controls: what has no rule cannot be defined


def test_a_command_without_a_rule_cannot_be_defined() -> None:
    def fly(self: Any, /, **why: Any) -> Outcome:
        raise AssertionError("never given")

    with pytest.raises(LookupError):
        command(fly)


def test_a_file_without_a_rule_cannot_be_offered() -> None:
    with pytest.raises(LookupError):
        download("flight.pdf", "fly")
