"""What a command would make wrong, asked before it is given; nothing is recorded by asking."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.assigning import assign
from domain.base import Act, Decision, changed
from domain.plan import Plan
from domain.refusals import NotFound, OfficerDoubleBooked
from domain.rules import check
from planner.application import Planner
from planner.preview import backups, preview, standing
from tests.examples import VISIT, absence, activity, officer_details, qualification, window
from tests.planner.acting import HOA, Clock
from tests.planner.acting import assign as given


@pytest.fixture
def programme(planner: Planner) -> Planner:
    """Two activities at one venue, one after the other."""
    for code, start, end in (("A-01", "09:00", "10:00"), ("A-02", "11:00", "12:00")):
        planner.schedule_activity(VISIT, activity(code, start, end, venue="HOTEL-1"), by=HOA)
    return planner


def moved(start: str, end: str) -> Callable[[Plan, Act], Decision]:
    """The decision to move the second activity."""

    def decide(plan: Plan, act: Act) -> Decision:
        return plan.visit(VISIT).move_activity("A-02", window(start, end), act)

    return decide


def test_a_clash_is_known_before_the_activity_is_moved(programme: Planner, clock: Clock) -> None:
    found = preview(programme.plan, moved("09:30", "10:30"), HOA, clock())
    harmless = preview(programme.plan, moved("13:00", "14:00"), HOA, clock())

    assert {finding.rule for finding in found} == {"R09"}
    assert harmless == ()


def test_what_is_foreseen_is_what_the_command_makes(programme: Planner, clock: Clock) -> None:
    foreseen = preview(programme.plan, moved("09:30", "10:30"), HOA, clock())

    outcome = programme.move_activity(VISIT, "A-02", window("09:30", "10:30"), by=HOA, reason="dời")

    assert {finding.subjects for finding in foreseen} == {finding.subjects for finding in outcome.findings}


def test_asking_records_nothing(programme: Planner, clock: Clock) -> None:
    before = programme.plan

    preview(before, moved("09:30", "10:30"), HOA, clock())

    assert programme.plan is before


def test_a_reason_is_not_asked_for_yet(planner: Planner, clock: Clock) -> None:
    given(planner)

    found = preview(planner.plan, lambda plan, act: plan.post(VISIT, "P-01").cancel(act), HOA, clock())

    assert found == ()


def test_what_the_command_would_refuse_is_refused(planner: Planner, clock: Clock) -> None:
    given(planner)

    with pytest.raises(OfficerDoubleBooked):
        preview(planner.plan, lambda plan, act: assign(plan, VISIT, "P-02", "CA-0113", act), HOA, clock())
    with pytest.raises(NotFound):
        preview(planner.plan, lambda plan, act: assign(plan, VISIT, "P-99", "CA-0113", act), HOA, clock())


def test_a_decision_that_changes_nothing_makes_nothing_wrong(programme: Planner, clock: Clock) -> None:
    assert preview(programme.plan, moved("11:00", "12:00"), HOA, clock()) == ()


def test_all_that_would_stand_about_a_subject_is_told_old_and_new(programme: Planner, clock: Clock) -> None:
    subject = f"activity/{VISIT}/A-02"
    programme.move_activity(VISIT, "A-02", window("09:30", "10:30"), by=HOA, reason="dời")

    kept = standing(programme.plan, moved("09:45", "10:45"), HOA, clock(), subject)
    gone = standing(programme.plan, moved("13:00", "14:00"), HOA, clock(), subject)

    now = [finding.rule for finding in check(programme.plan, clock()) if subject in finding.subjects]
    assert [finding.rule for finding in kept] == now != []
    assert gone == ()


def test_backups_are_those_who_are_free_for_the_whole_post_and_qualified(planner: Planner, clock: Clock) -> None:
    """P-01 is 08–12: one is on duty there, one at a post that overlaps, one away, one free."""
    for code, name in (("CA-0115", "Đặng Thuỳ Dương"), ("CA-0116", "Lê Hoàng Bảo Ngọc")):
        planner.register_officer(code, officer_details(name), by=HOA)
    given(planner, "P-01", "CA-0113")
    given(planner, "P-02", "CA-0114")
    planner.record_absence("CA-0115", absence("11:00", "13:00"), by=HOA)

    free = backups(planner.plan, VISIT, "P-01", clock())
    details = planner.plan.post(VISIT, "P-01").details
    planner.amend_post(VISIT, "P-01", changed(details, required=("K9",)), by=HOA)
    without = backups(planner.plan, VISIT, "P-01", clock())
    planner.grant_qualification("CA-0116", qualification("K9"), by=HOA)

    assert (sorted(free), sorted(without)) == (["CA-0116"], [])
    assert sorted(backups(planner.plan, VISIT, "P-01", clock())) == ["CA-0116"]
