"""Accepting a proposal gives ordinary commands all at once, and is refused where the plan has moved."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.base import changed
from domain.refusals import NotAllowed, NotFound, NotPossible, PlanMoved
from planner.application import Planner
from planner.rostering.accepting import accept
from planner.rostering.made import Made, make, replaced
from planner.rostering.proposing import Effort
from planner.rostering.seating import Asked
from planner.text import Speaker
from tests.examples import VISIT, absence, officer_details, window
from tests.planner.acting import HOA, THAO, Clock, assign

EN = Speaker("en")
QUICK = Effort(seconds=20, early_steps=20, late_steps=20)


def proposed(planner: Planner, clock: Clock) -> Made:
    return make(planner.plan, Asked(VISIT, clock()), effort=QUICK)


def on_duty(planner: Planner) -> list[tuple[str, str]]:
    return [(duty.post, duty.officer) for duty in planner.plan.assignments(VISIT) if duty.counts]


def test_all_changes_are_recorded_in_one_transaction_and_taken_back_together(planner: Planner, clock: Clock) -> None:
    before = planner.plan.position

    command_id = accept(planner, proposed(planner, clock), HOA, "đề xuất").command_id

    assert sorted(on_duty(planner)) == [("P-01", "CA-0113"), ("P-02", "CA-0114")]
    known = planner.recorder.find_command(command_id)
    assert known is not None
    assert (known.first, known.last) == (before + 1, planner.plan.position)
    planner.undo(command_id, by=HOA, reason="nhầm")
    assert on_duty(planner) == []


def test_part_of_it_is_accepted(planner: Planner, clock: Clock) -> None:
    accept(planner, proposed(planner, clock), HOA, "", {"P-02/ALL"})

    assert [post for post, _ in on_duty(planner)] == ["P-02"]


def test_what_a_part_needs_is_carried_out_with_it(planner: Planner, clock: Clock) -> None:
    planner.register_officer("CA-0115", officer_details("Đặng Thuỳ Dương"), by=HOA)
    assign(planner, "P-01", "CA-0113")
    planner.amend_post(VISIT, "P-02", changed(planner.plan.post(VISIT, "P-02").details, critical=True), by=HOA)
    for officer in ("CA-0114", "CA-0115"):
        planner.record_absence(officer, absence("08:00", "12:00"), by=HOA)

    accept(planner, proposed(planner, clock), HOA, "chốt trọng yếu", {"P-02/ALL"})

    assert on_duty(planner) == [("P-02", "CA-0113")]


def test_a_place_that_somebody_filled_since_is_refused_and_nothing_is_recorded(planner: Planner, clock: Clock) -> None:
    made = proposed(planner, clock)
    planner.register_officer("CA-0115", officer_details("Đặng Thuỳ Dương"), by=HOA)
    assign(planner, "P-01", "CA-0115")
    position = planner.plan.position

    with pytest.raises(PlanMoved, match="has its officers already"):
        accept(planner, made, HOA, "")

    assert planner.plan.position == position


def test_an_officer_who_fell_ill_since_is_refused(planner: Planner, clock: Clock) -> None:
    made = proposed(planner, clock)
    planner.record_absence("CA-0113", absence("09:00", "10:00"), by=HOA)

    with pytest.raises(PlanMoved, match="is away"):
        accept(planner, made, HOA, "")


def test_a_post_at_another_time_is_refused(planner: Planner, clock: Clock) -> None:
    made = proposed(planner, clock)
    planner.reschedule_post(VISIT, "P-01", window("13:00", "17:00"), by=HOA)

    with pytest.raises(PlanMoved, match="is another one now"):
        accept(planner, made, HOA, "")


def test_a_duty_to_be_withdrawn_that_is_gone_is_refused(planner: Planner, clock: Clock) -> None:
    planner.register_officer("CA-0115", officer_details("Đặng Thuỳ Dương"), by=HOA)
    assign(planner, "P-01", "CA-0113")
    made = replaced(planner.plan, Asked(VISIT, clock(), without=frozenset({"CA-0113"})))
    planner.withdraw_assignment(VISIT, "A-0001", by=HOA, reason="ốm")

    with pytest.raises(PlanMoved, match="no longer what it was"):
        accept(planner, made, HOA, "ốm")


def test_changes_that_do_not_matter_do_not_matter(planner: Planner, clock: Clock) -> None:
    made = proposed(planner, clock)
    planner.issue_post_order(VISIT, "P-01", "Kiểm tra giấy mời", by=HOA)
    planner.register_officer("CA-0115", officer_details("Đặng Thuỳ Dương"), by=HOA)

    accept(planner, made, HOA, "")

    assert len(on_duty(planner)) == 2


def test_a_duty_that_was_pinned_since_is_refused(planner: Planner, clock: Clock) -> None:
    planner.register_officer("CA-0115", officer_details("Đặng Thuỳ Dương"), by=HOA)
    assign(planner, "P-01", "CA-0113")
    planner.amend_post(VISIT, "P-02", changed(planner.plan.post(VISIT, "P-02").details, critical=True), by=HOA)
    for officer in ("CA-0114", "CA-0115"):
        planner.record_absence(officer, absence("08:00", "12:00"), by=HOA)
    made = proposed(planner, clock)
    planner.pin_assignments(VISIT, ("A-0001",), by=HOA, reason="quen địa bàn")

    with pytest.raises(PlanMoved, match="is pinned now"):
        accept(planner, made, HOA, "")


def test_a_moved_visit_and_its_changes_are_one_transaction_and_one_undo(planner: Planner, clock: Clock) -> None:
    assign(planner, "P-01", "CA-0113")
    planner.record_absence("CA-0113", absence("12:00", "14:00"), by=HOA)
    before = planner.plan
    hour = Asked(VISIT, clock(), shift=timedelta(hours=1))
    made = replaced(before, hour)

    command_id = accept(planner, made, HOA, "lùi một giờ", {"P-01/ALL"}).command_id

    assert planner.plan.post(VISIT, "P-02").window == before.post(VISIT, "P-02").window.shifted(hour.shift)
    assert [(post, who) for post, who in on_duty(planner) if post == "P-01"] == [("P-01", "CA-0114")]
    planner.undo(command_id, by=HOA, reason="nhầm")
    assert on_duty(planner) == [("P-01", "CA-0113")]
    assert planner.plan.post(VISIT, "P-01").window == before.post(VISIT, "P-01").window


def test_a_visit_that_can_be_moved_without_a_change_is_moved(planner: Planner, clock: Clock) -> None:
    assign(planner, "P-01", "CA-0113")
    made = replaced(planner.plan, Asked(VISIT, clock(), shift=timedelta(days=1)))

    accept(planner, made, HOA, "lùi một ngày", ())

    assert planner.plan.assignment(VISIT, "A-0001").window == window("08:00", "12:00", day=2)


def test_a_visit_that_somebody_moved_meanwhile_is_not_moved_once_more(planner: Planner, clock: Clock) -> None:
    """No duty changes hands, so nothing but the visit itself tells that it is another day now."""
    day = Asked(VISIT, clock(), shift=timedelta(days=1))
    made, other = replaced(planner.plan, day), replaced(planner.plan, day)
    accept(planner, other, HOA, "lùi một ngày")
    position = planner.plan.position

    with pytest.raises(PlanMoved) as refused:
        accept(planner, made, HOA, "lùi một ngày")

    assert planner.plan.position == position
    assert EN.say(refused.value.message) == (
        "The visit was moved 1 day later by planner.hoa, Tue 03/11/2026 08:00 (UTC+7): from Tue 24/11/2026 08:00–12:00 "
        "(UTC+7) to Wed 25/11/2026 08:00–12:00 (UTC+7). The proposal was made before that. Propose anew."
    )


def test_a_visit_that_was_moved_and_moved_back_is_as_it_was(planner: Planner, clock: Clock) -> None:
    made = replaced(planner.plan, Asked(VISIT, clock(), shift=timedelta(days=1)))
    moved = planner.shift_visit(VISIT, 60, by=HOA)
    planner.undo(moved.command_id, by=HOA, reason="nhầm")

    accept(planner, made, HOA, "lùi một ngày")

    assert planner.plan.post(VISIT, "P-01").window == window("08:00", "12:00", day=2)


def test_a_roster_for_the_time_before_a_move_is_refused_with_that(planner: Planner, clock: Clock) -> None:
    made = proposed(planner, clock)
    planner.shift_visit(VISIT, -60, by=HOA)

    with pytest.raises(PlanMoved) as refused:
        accept(planner, made, HOA, "")

    assert EN.say(refused.value.message).startswith("The visit was moved 1 h earlier by planner.hoa")


def test_one_post_at_another_time_is_no_moved_visit(planner: Planner, clock: Clock) -> None:
    made = replaced(planner.plan, Asked(VISIT, clock(), shift=timedelta(days=1)))
    planner.reschedule_post(VISIT, "P-01", window("13:00", "17:00"), by=HOA)

    accept(planner, made, HOA, "lùi một ngày")

    assert [planner.plan.post(VISIT, code).window for code in ("P-01", "P-02")] == [
        window("13:00", "17:00", day=2),
        window("08:00", "12:00", day=2),
    ]


def test_who_may_not_assign_may_not_accept(planner: Planner, clock: Clock) -> None:
    with pytest.raises(NotAllowed):
        accept(planner, proposed(planner, clock), THAO, "")

    assert on_duty(planner) == []


def test_unknown_changes_and_empty_proposals_are_refused(planner: Planner, clock: Clock) -> None:
    made = proposed(planner, clock)

    with pytest.raises(NotFound):
        accept(planner, made, HOA, "", {"P-99/ALL"})
    accept(planner, made, HOA, "")
    with pytest.raises(NotPossible):
        accept(planner, proposed(planner, clock), HOA, "")
