"""The same promises where the log lies in a database: nobody is booked twice, nothing acknowledged is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.store.postgresql.opening import use_postgresql
from tests.planner.contention.force import OFFICERS, contend, double_bookings, look_then_take_all, take_all
from tests.planner.contention.test_killed_planner import kill_again_and_again

pytestmark = pytest.mark.slow

WRITERS = 4


@pytest.fixture
def place(tmp_path: Path, new_database: Callable[[], str]) -> Path:
    use_postgresql(tmp_path / "data", tmp_path / "key", new_database())
    return tmp_path


def test_processes_that_decide_before_the_gate_book_no_officer_twice(place: Path) -> None:
    plan, taken = contend(place, take_all, WRITERS)

    assert double_bookings(plan) == 0
    assert sorted(duty.officer for duty in plan.assignments("LA-2026-01")) == OFFICERS
    assert sum(taken) == len(OFFICERS)


def test_control_looking_before_saving_is_not_enough(place: Path) -> None:
    plan, taken = contend(place, look_then_take_all, WRITERS)

    assert double_bookings(plan) > 0
    assert sum(taken) == len(plan.assignments("LA-2026-01"))


@pytest.mark.torture
def test_nothing_acknowledged_is_lost_over_two_hundred_kills(place: Path) -> None:
    acknowledged, unheard_of = kill_again_and_again(place, kills=200, latest=0.5)

    assert acknowledged > 200
    print(f"200 kills: {acknowledged} acknowledged, 0 lost; {unheard_of} saved, but killed before the answer")
