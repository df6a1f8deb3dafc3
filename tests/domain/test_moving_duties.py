"""Duties move, come back, and move along with their post."""

from typing import Any

import pytest

from domain.assigning import moved_shifts, reinstate, reschedule
from domain.assignment import AssignmentRescheduled, AssignmentStatus, DutyEnded, DutyStarted
from domain.base import Decision
from domain.finding import Severity
from domain.refusals import InvalidInput, NotFound, NotPossible, OfficerDoubleBooked
from domain.values import TimeWindow
from tests.examples import VISIT, Story, shift, window

COMMANDER = "Trưởng ban chỉ đạo"


# One duty moves


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.officer("CA-0113")
    story.post("P-01", "08:00", "12:00")
    return story


@pytest.fixture
def placed(story: Story) -> Story:
    story.assigned()
    return story


def move(story: Story, to: TimeWindow, **asked: Any) -> Decision:
    return reschedule(story.plan, story.plan.assignment(VISIT, "A-0001"), to, story.act(), **asked)


def test_a_duty_moves_within_its_post(placed: Story) -> None:
    placed.tell(move(placed, window("09:00", "12:00")))

    assert placed.plan.assignment(VISIT, "A-0001").window == window("09:00", "12:00")


def test_a_duty_that_stays_where_it_is_is_no_event(placed: Story) -> None:
    assert move(placed, window("08:00", "12:00")) == ()


def test_a_duty_does_not_move_out_of_its_post(placed: Story) -> None:
    with pytest.raises(InvalidInput):
        move(placed, window("07:59", "12:00"))


def test_a_duty_does_not_move_into_another(placed: Story) -> None:
    placed.tell(move(placed, window("08:00", "10:00")))
    placed.duty("CA-0113", "10:00", "12:00")

    with pytest.raises(OfficerDoubleBooked):
        move(placed, window("08:00", "10:01"))
    moved = move(placed, window("08:00", "10:01"), override_authority=COMMANDER)[0]

    assert isinstance(moved, AssignmentRescheduled)
    assert moved.override is not None


def test_a_duty_that_is_over_does_not_move(placed: Story) -> None:
    placed.tell(placed.plan.assignment(VISIT, "A-0001").withdraw(placed.act()))

    with pytest.raises(NotPossible):
        move(placed, window("09:00", "12:00"))


def test_moving_keeps_what_was_accepted_before(placed: Story) -> None:
    placed.post("P-09", "08:00", "18:00", required=("K9",))
    placed.officer("CA-0200")
    placed.assigned("CA-0200", "P-09", override_authority=COMMANDER)
    duty = placed.plan.assignment(VISIT, "A-0002")
    placed.duty("CA-0200", "18:00", "19:00", day=2)

    moved = reschedule(placed.plan, duty, window("09:00", "18:00"), placed.act(), override_authority=COMMANDER)[0]

    assert isinstance(moved, AssignmentRescheduled)
    assert moved.override is not None
    assert duty.override is not None
    assert set(duty.override.findings) < set(moved.override.findings)


# A withdrawn duty comes back


def back(story: Story, **asked: Any) -> Decision:
    return reinstate(story.plan, story.plan.assignment(VISIT, "A-0001"), story.act(), **asked)


@pytest.fixture
def withdrawn(placed: Story) -> Story:
    placed.tell(placed.plan.assignment(VISIT, "A-0001").withdraw(placed.act()))
    return placed


def test_a_withdrawn_duty_stands_again(withdrawn: Story) -> None:
    withdrawn.tell(back(withdrawn))

    assert withdrawn.plan.assignment(VISIT, "A-0001").status is AssignmentStatus.CONFIRMED


def test_a_duty_that_stands_is_not_reinstated(placed: Story) -> None:
    with pytest.raises(NotPossible):
        back(placed)


def test_a_duty_does_not_come_back_into_a_clash(withdrawn: Story) -> None:
    withdrawn.duty("CA-0113", "11:00", "14:00")

    with pytest.raises(OfficerDoubleBooked):
        back(withdrawn)
    withdrawn.tell(back(withdrawn, override_authority=COMMANDER))

    assert [finding.severity for finding in withdrawn.findings("R01")] == [Severity.WARN]


def test_a_duty_comes_back_at_the_time_that_its_shift_has_now(withdrawn: Story) -> None:
    withdrawn.tell(withdrawn.plan.post(VISIT, "P-01").reschedule(window("14:00", "18:00"), None, withdrawn.act()))

    withdrawn.tell(back(withdrawn))

    assert withdrawn.plan.assignment(VISIT, "A-0001").window == window("14:00", "18:00")


def test_a_duty_does_not_come_back_to_a_shift_that_is_gone(withdrawn: Story) -> None:
    withdrawn.shifts("P-01", shift("S1", "08:00", "12:00"))

    with pytest.raises(NotFound):
        back(withdrawn)


@pytest.mark.parametrize("what", ["post", "visit", "officer"])
def test_a_duty_does_not_come_back_to_what_is_gone(withdrawn: Story, what: str) -> None:
    plan = withdrawn.plan
    gone = {
        "post": plan.post(VISIT, "P-01").cancel,
        "visit": plan.visit(VISIT).cancel,
        "officer": plan.officer("CA-0113").retire,
    }
    withdrawn.tell(gone[what](withdrawn.act()))

    with pytest.raises(NotPossible):
        back(withdrawn)


# Duties move with their post


def moved(story: Story, decision: Decision) -> list[tuple[str, TimeWindow]]:
    before = story.plan
    after = story.tell(decision)
    events = moved_shifts(before, after, f"{VISIT}/P-01", story.act())
    return [
        (event.key.rpartition("/")[2], event.window) for event in events if isinstance(event, AssignmentRescheduled)
    ]


def test_duties_move_along_with_their_post(placed: Story) -> None:
    decision = placed.plan.post(VISIT, "P-01").reschedule(window("09:00", "14:00"), None, placed.act())

    assert moved(placed, decision) == [("A-0001", window("09:00", "14:00"))]


def test_only_duties_of_changed_shifts_move(story: Story) -> None:
    story.officer("CA-0200")
    story.shifts("P-01", shift("S1", "08:00", "10:00"), shift("S2", "10:00", "12:00"))
    story.assigned(shift="S1")
    story.assigned("CA-0200", shift="S2")

    shifts = (shift("S1", "08:00", "10:00"), shift("S2", "10:30", "12:00"))
    decision = story.plan.post(VISIT, "P-01").plan_shifts(shifts, story.act())

    assert moved(story, decision) == [("A-0002", window("10:30", "12:00"))]


def test_a_duty_with_its_own_window_keeps_its_place_in_the_shift(story: Story) -> None:
    story.assigned(window=window("09:00", "10:00"))

    decision = story.plan.post(VISIT, "P-01").reschedule(window("10:00", "14:00"), None, story.act())

    assert moved(story, decision) == [("A-0001", window("11:00", "12:00"))]


@pytest.mark.parametrize(
    ("start", "end", "left"), [("09:30", "12:00", ("09:30", "10:00")), ("10:00", "12:00", ("10:00", "12:00"))]
)
def test_of_a_duty_in_a_shift_that_shrank_the_rest_is_left(
    story: Story, start: str, end: str, left: tuple[str, str]
) -> None:
    story.assigned(window=window("09:00", "10:00"))

    decision = story.plan.post(VISIT, "P-01").reschedule(window(start, end), None, story.act())

    assert moved(story, decision) == [("A-0001", window(*left))]


def test_a_duty_of_a_shift_that_is_gone_stays(placed: Story) -> None:
    decision = placed.plan.post(VISIT, "P-01").plan_shifts((shift("S1", "08:00", "12:00"),), placed.act())

    assert moved(placed, decision) == []
    assert len(placed.findings("R05")) == 1


def test_an_ended_duty_stays(placed: Story) -> None:
    duty = placed.plan.assignment(VISIT, "A-0001")
    started = DutyStarted(**placed.act().on(duty))
    placed.tell((started, DutyEnded(**placed.act().on(duty.evolve(started)))))

    decision = placed.plan.post(VISIT, "P-01").reschedule(window("09:00", "14:00"), None, placed.act())

    assert moved(placed, decision) == []


def test_moving_along_is_never_refused_only_found(placed: Story) -> None:
    placed.duty("CA-0113", "12:00", "14:00", post="P-02")
    assert placed.findings("R01") == []

    decision = placed.plan.post(VISIT, "P-01").reschedule(window("09:00", "13:00"), None, placed.act())
    before = placed.plan
    after = placed.tell(decision)
    placed.tell(moved_shifts(before, after, f"{VISIT}/P-01", placed.act()))

    assert [finding.window for finding in placed.findings("R01")] == [window("12:00", "13:00")]
