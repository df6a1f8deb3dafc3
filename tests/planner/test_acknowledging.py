"""Acknowledging a duty, and when an acknowledgement lapses."""

from __future__ import annotations

import pytest

from domain.assignment import AssignmentStatus
from domain.duty import duty
from domain.refusals import (
    NotAllowed,
    NotFound,
    NotPossible,
)
from planner.application import Planner
from tests.examples import (
    VISIT,
    post_details,
    venue_details,
    window,
)
from tests.planner.acting import HOA, NGHIA, THAO, assign, status


def acknowledged(planner: Planner) -> None:
    assign(planner)
    planner.acknowledge_assignment(VISIT, "A-0001", by=THAO)


def test_the_officer_acknowledges_the_own_duty(planner: Planner) -> None:
    acknowledged(planner)

    assert status(planner) is AssignmentStatus.ACKNOWLEDGED


def test_nobody_acknowledges_for_another(planner: Planner) -> None:
    assign(planner)
    assign(planner, "P-02", "CA-0114")

    with pytest.raises(NotAllowed):
        planner.acknowledge_assignment(VISIT, "A-0001", by=NGHIA)

    assert status(planner) is AssignmentStatus.CONFIRMED


def test_to_an_officer_without_duty_in_it_a_visit_is_unknown(planner: Planner) -> None:
    assign(planner)

    with pytest.raises(NotFound) as refusal:
        planner.acknowledge_assignment(VISIT, "A-0001", by=NGHIA)

    assert str(refusal.value) == "There is no visit LA-2026-01."


def test_a_duty_that_changed_since_it_was_read_is_not_acknowledged(planner: Planner) -> None:
    assign(planner)
    read = duty(planner.plan, planner.plan.assignment(VISIT, "A-0001")).fingerprint
    planner.issue_post_order(VISIT, "P-01", "Kiểm tra thẻ của mọi người", by=HOA)

    with pytest.raises(NotPossible):
        planner.acknowledge_assignment(VISIT, "A-0001", seen=read, by=THAO)

    assert status(planner) is AssignmentStatus.CONFIRMED


MATERIAL = {
    "time": lambda p: p.reschedule_post(VISIT, "P-01", window("09:00", "13:00"), by=HOA),
    "task": lambda p: p.amend_post(VISIT, "P-01", post_details(task="Gác cổng phụ", venue="HOTEL-1"), by=HOA),
    "order": lambda p: p.issue_post_order(VISIT, "P-01", "Không cho ai qua", by=HOA),
    "commander": lambda p: p.appoint_commander(VISIT, "P-01", "CA-0114", by=HOA),
    "place": lambda p: p.amend_venue("HOTEL-1", venue_details(coordinates={"lat": 19.9, "lon": 102.2}), by=HOA),
    "need": lambda p: p.cancel_post(VISIT, "P-01", by=HOA, reason="Không cần nữa"),
}


@pytest.mark.parametrize("change", MATERIAL)
def test_an_acknowledgement_lapses_when_the_duty_changes(planner: Planner, change: str) -> None:
    acknowledged(planner)

    outcome = MATERIAL[change](planner)

    assert status(planner) is AssignmentStatus.CONFIRMED
    assert [type(event).__name__ for event in outcome.events].count("AcknowledgementLapsed") == 1


IMMATERIAL = {
    "headcount": lambda p: p.amend_post(VISIT, "P-01", post_details(headcount=3, venue="HOTEL-1"), by=HOA),
    "name of the hotel in English": lambda p: p.amend_venue("HOTEL-1", venue_details(name_en="Hotel"), by=HOA),
    "another post": lambda p: p.issue_post_order(VISIT, "P-02", "Không cho ai qua", by=HOA),
}


@pytest.mark.parametrize("change", IMMATERIAL)
def test_an_acknowledgement_stands_when_nothing_of_the_duty_changes(planner: Planner, change: str) -> None:
    acknowledged(planner)

    outcome = IMMATERIAL[change](planner)

    assert len(outcome.events) == 1
    assert status(planner) is AssignmentStatus.ACKNOWLEDGED
