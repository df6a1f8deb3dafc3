"""Several processes want the same officers at the same time: nobody is booked twice."""

from pathlib import Path

import pytest

from tests.planner.contention.force import OFFICERS, contend, double_bookings, look_then_take_all, take_all

pytestmark = pytest.mark.slow

WRITERS = 8


def test_eight_processes_book_no_officer_twice(tmp_path: Path) -> None:
    plan, taken = contend(tmp_path, take_all, WRITERS)

    assert double_bookings(plan) == 0
    assert sorted(duty.officer for duty in plan.assignments("LA-2026-01")) == OFFICERS
    assert sum(taken) == len(OFFICERS)


def test_looking_before_saving_is_not_enough(tmp_path: Path) -> None:
    """The control: without gate and expected position the same eight processes do book officers twice."""
    plan, taken = contend(tmp_path, look_then_take_all, WRITERS)

    assert double_bookings(plan) > 0
    assert sum(taken) == len(plan.assignments("LA-2026-01"))
