"""Commands are for members: in the visit, in the role, at the time; to others the visit is not there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.base import Actor, Role
from domain.membership import Terms
from domain.refusals import NotAllowed, NotFound, OfficerDoubleBooked
from planner.access import may_in
from planner.application import Planner
from tests.examples import OTHER_VISIT, PLANNING, VISIT, post_details, visit_details
from tests.planner.acting import ADMINISTRATOR, BINH, HOA, Clock, assign, let_in

LAN = Actor("planner.lan", frozenset({Role.PLANNER}))
MINH = Actor("protocol.minh", frozenset({Role.PROTOCOL}))


def refusal(command: Any, *given: Any, **why: Any) -> str:
    with pytest.raises(NotFound) as refused:
        command(*given, **why)
    return str(refused.value)


@pytest.mark.parametrize("visit", [VISIT, "NOBODY-KNOWS-IT"])
def test_a_visit_of_others_is_answered_like_one_that_is_not_there(planner: Planner, visit: str) -> None:
    given = {
        "cancel_visit": (visit,),
        "create_post": (visit, "P-09", post_details()),
        "cancel_post": (visit, "P-01"),
        "cancel_activity": (visit, "A-01"),
        "withdraw_delegation": (visit, "D-1"),
        "end_membership": (visit, HOA.user),
    }

    said = {name: refusal(getattr(planner, name), *codes, by=LAN, reason="Thử") for name, codes in given.items()}

    assert said == dict.fromkeys(given, f"There is no visit {visit}.")


def test_who_registers_a_visit_plans_it_at_once_and_others_when_they_are_let_in(planner: Planner) -> None:
    planner.register_visit(OTHER_VISIT, visit_details(), by=LAN)
    planner.create_post(OTHER_VISIT, "P-01", post_details(), by=LAN)
    before = refusal(planner.create_post, OTHER_VISIT, "P-02", post_details(), by=HOA)
    terms = Terms(roles=frozenset({Role.PLANNER}))
    planner.grant_membership(OTHER_VISIT, HOA.user.upper(), terms, by=LAN, reason="Phối hợp")

    planner.create_post(OTHER_VISIT, "P-02", post_details(), by=HOA)

    assert before == f"There is no visit {OTHER_VISIT}."
    assert [post.code for post in planner.plan.posts(OTHER_VISIT)] == ["P-01", "P-02"]


def test_a_role_in_the_visit_that_the_account_has_not_counts_for_nothing(planner: Planner) -> None:
    terms = Terms(roles=frozenset({Role.PLANNER, Role.PROTOCOL}))
    planner.grant_membership(VISIT, MINH.user, terms, by=HOA, reason="Lễ tân")

    allowed = [may_in(planner.plan, MINH, name, VISIT, PLANNING) for name in ("schedule_activity", "create_post")]

    assert allowed == [True, False]
    with pytest.raises(NotAllowed):
        planner.create_post(VISIT, "P-09", post_details(), by=MINH)


def test_a_membership_counts_while_it_is_open(planner: Planner, clock: Clock) -> None:
    terms = Terms(
        roles=frozenset({Role.PLANNER}), opens=PLANNING + timedelta(hours=1), closes=PLANNING + timedelta(hours=2)
    )
    planner.grant_membership(VISIT, LAN.user, terms, by=HOA, reason="Trực thay")
    done = []

    for minutes in (59, 60, 119, 120):
        clock.moment = PLANNING + timedelta(minutes=minutes)
        done.append(may_in(planner.plan, LAN, "create_post", VISIT, clock.moment))

    assert done == [False, True, True, False]
    assert refusal(planner.cancel_post, VISIT, "P-01", by=LAN, reason="Hết giờ") == f"There is no visit {VISIT}."


def test_an_ended_membership_ends_at_the_next_command(planner: Planner) -> None:
    let_in(planner, LAN)
    planner.create_post(VISIT, "P-08", post_details(), by=LAN)
    planner.end_site_membership(LAN.user, by=ADMINISTRATOR, reason="Chuyển công tác")

    assert refusal(planner.cancel_post, VISIT, "P-08", by=LAN, reason="Thử") == f"There is no visit {VISIT}."


def test_the_administrator_lets_others_into_every_visit_and_sees_none(planner: Planner) -> None:
    let_in(planner, BINH)

    planner.register_visit(OTHER_VISIT, visit_details(), by=LAN)
    planner.create_post(OTHER_VISIT, "P-01", post_details(), by=BINH)

    with pytest.raises(NotAllowed):
        planner.create_post(OTHER_VISIT, "P-02", post_details(), by=ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        planner.grant_site_membership(ADMINISTRATOR.user, Terms(roles=BINH.roles), by=ADMINISTRATOR, reason="Tôi")


def test_a_command_of_a_hidden_visit_cannot_be_taken_back_nor_guessed(planner: Planner) -> None:
    command = planner.create_post(VISIT, "P-09", post_details(), by=HOA).command_id

    foreign = refusal(planner.undo, command, by=LAN)

    assert foreign == f"There is no command {command}."
    assert refusal(planner.undo, "unknown", by=LAN) == "There is no command unknown."
    assert [post.cancelled for post in planner.plan.posts(VISIT) if post.code == "P-09"] == [False]


def test_a_clash_with_a_hidden_visit_is_told_without_its_place(planner: Planner) -> None:
    assign(planner)
    planner.register_visit(OTHER_VISIT, visit_details(), by=LAN)
    planner.create_post(OTHER_VISIT, "P-77", post_details(task="Chốt kín"), by=LAN)

    with pytest.raises(OfficerDoubleBooked) as hidden:
        planner.assign_officer(OTHER_VISIT, "P-77", "CA-0113", by=LAN)
    let_in(planner, LAN)
    with pytest.raises(OfficerDoubleBooked) as seen:
        planner.assign_officer(OTHER_VISIT, "P-77", "CA-0113", by=LAN)

    assert str(hidden.value).startswith("Officer CA-0113 is on other duty")
    assert (VISIT in str(hidden.value), VISIT in str(seen.value)) == (False, True)
