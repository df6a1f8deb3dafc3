"""A proposal is as good as any plan can be, breaks no rule, and is the same for the same seed."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy.sparse import csc_array

from planner.rostering.problem import NONE, Problem
from planner.rostering.proposal import Ended
from planner.rostering.proposing import Effort, Progress, propose
from planner.rostering.roster import sound
from planner.rostering.solver import Solver, whole_numbers
from planner.rostering.stopping import Stopped
from tests.benchmarks.rostering_problems import generated
from tests.planner.rostering.enumerated import cheapest
from tests.planner.rostering.small import officers, problem, random_problem, seats

QUICK = Effort(seconds=20, early_steps=20, late_steps=20)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_no_plan_of_a_small_problem_is_better_and_the_bound_never_says_too_much(block: int) -> None:
    for seed in range(block * 30, block * 30 + 30):
        asked = random_problem(seed)

        found = propose(asked, effort=QUICK)
        best = cheapest(asked)

        assert best is not None
        assert (seed, round(found.cost - best, 2)) == (seed, 0.0)
        assert (seed, found.bound <= best + 0.01 * asked.n) == (seed, True)
        assert sum(found.terms.values()) == pytest.approx(found.cost)


def test_the_same_seed_gives_the_same_plan() -> None:
    asked = random_problem(7)

    plans = [propose(asked, seed=3, effort=QUICK).holder.tolist() for _ in range(2)]

    assert plans[0] == plans[1]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_plan_of_a_problem_that_is_priced_first() -> None:
    asked = generated(480, 300, 3, seed=2)
    few = Effort(seconds=300, early_steps=20, late_steps=10, rounds=8, nodes=20)

    plans = [propose(asked, seed=3, effort=few) for _ in range(2)]

    assert plans[0].holder.tolist() == plans[1].holder.tolist()
    assert (plans[0].bound, plans[0].ended) == (plans[1].bound, plans[1].ended)


@pytest.mark.slow
def test_a_search_stopped_while_it_looks_for_prices_answers_with_a_plan_that_is_allowed() -> None:
    told: list[Progress] = []

    found = propose(generated(480, 300, 3, seed=2), progress=told.append, stop=lambda: any(one.bound for one in told))

    assert found.ended is Ended.STOPPED
    assert 0 < found.bound <= found.cost
    assert sound(found.roster())


def test_the_solver_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    propose(random_problem(7), effort=QUICK)

    assert capfd.readouterr() == ("", "")


def test_a_stopped_search_answers_with_a_plan_that_is_allowed() -> None:
    told: list[Progress] = []

    found = propose(scarce(), progress=told.append, stop=lambda: len(told) >= 2)

    assert (found.ended, len(told)) == (Ended.STOPPED, 2)
    assert sound(found.roster())


def test_the_time_limit_ends_the_search() -> None:
    assert propose(scarce(), effort=Effort(seconds=0)).ended is Ended.TIME


def test_without_officers_every_seat_is_open() -> None:
    found = propose(problem(seats((0, 480), (480, 960)), officers()))

    assert (found.holder.tolist(), found.cost, found.gap) == ([NONE, NONE], 2000.0, 0.0)


def test_without_seats_there_is_nothing_to_do() -> None:
    found = propose(problem(seats(), officers((0,))))

    assert (found.holder.tolist(), found.cost, found.ended) == ([], 0.0, Ended.PROVED)


def test_a_seat_nobody_may_take_is_left_open_and_the_rest_is_filled() -> None:
    found = propose(problem(seats((0, 60), (0, 60), needs=[2, 0]), officers((0,), (1,))))

    assert found.holder.tolist() == [NONE, 0]


@pytest.mark.parametrize("asks", [20, 60, 100, 200, 400])
def test_a_search_stopped_within_a_step_answers_with_a_plan_that_is_whole(asks: int) -> None:
    """Counted in questions whether to stop: wherever the search is then, what it has is allowed."""
    asked, told, left = generated(480, 300, 3, seed=2), list[Progress](), iter(range(asks))

    found = propose(asked, progress=told.append, stop=lambda: next(left, None) is None)

    assert (found.ended, sound(found.roster())) == (Ended.STOPPED, True)
    assert found.cost == pytest.approx(found.roster().cost)
    assert told == [] or found.cost <= told[-1].cost


def test_a_search_that_nobody_stops_finds_the_same_as_one_that_nobody_could_stop() -> None:
    one, other = (propose(scarce(), stop=stop) for stop in (None, lambda: False))

    assert (one.holder.tolist(), one.bound, one.ended) == (other.holder.tolist(), other.bound, other.ended)


def test_a_search_stopped_before_there_is_a_plan_has_nothing_to_answer() -> None:
    with pytest.raises(Stopped):
        propose(scarce(), stop=lambda: True)


def test_branch_and_bound_is_left_within_a_second_of_being_stopped() -> None:
    """A market split: which of 50 columns add up to half in each of six rows takes hours to find out."""
    weights = np.random.default_rng(1).integers(0, 100, (6, 50)).astype(float)
    model = whole_numbers(csc_array(weights))
    model.row_lower_ = model.row_upper_ = np.floor(weights.sum(axis=1) / 2)
    solver, began, pressed = Solver(), time.monotonic(), list[float]()
    solver.passModel(model)

    def ask() -> None:
        if time.monotonic() - began > 0.5:
            pressed.append(time.monotonic())
            raise Stopped

    with pytest.raises(Stopped):
        solver.run_for(60, ask)

    assert time.monotonic() - began < 2


def test_one_officer_for_all_takes_what_can_be_taken() -> None:
    found = propose(problem(seats((0, 480), (0, 480), (1440, 1920)), officers((0,))))

    assert (len(found.open), found.gap) == (1, 0.0)


def test_a_duty_period_of_three_short_duties_stays_within_its_span() -> None:
    found = propose(problem(seats((0, 120), (360, 480), (600, 840)), officers((0,))))

    assert len(found.open) == 1


def test_a_pinned_seat_keeps_its_officer_whatever_it_costs() -> None:
    asked = seats((0, 60), (0, 60), unit=[0, 0])
    who = officers((0,), (0,))
    published = np.array([1, NONE])

    found = propose(problem(asked, who, published=published, pinned=np.array([True, False])))

    assert found.holder.tolist() == [1, 0]


@pytest.mark.slow
def test_ten_thousand_identical_seats_are_filled_as_far_as_officers_go() -> None:
    found = propose(problem(seats(*[(0, 480)] * 10_000), officers(*[(0,)] * 50)), effort=Effort(seconds=5))

    assert (len(found.open), sound(found.roster())) == (9_950, True)


def scarce() -> Problem:
    """More seats than hands, so that the first plan is not proven at once."""
    return random_problem(11)
