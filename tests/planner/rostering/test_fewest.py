"""The fewest officers for fixed work are as few as another solver finds, and the bound never says too much."""

from __future__ import annotations

import time

import numpy as np
import pytest
from ortools.sat.python import cp_model

from planner.rostering.fewest import fewest_officers
from planner.rostering.fixed import Tasks, joined
from planner.rostering.mending import TooMany, mended
from planner.rostering.problem import NONE, Bools, Ints
from planner.rostering.pushing import pushed
from planner.rostering.windows import given_anew


@pytest.mark.slow
def test_no_plan_of_a_small_problem_needs_fewer_officers() -> None:
    for seed in range(120):
        windows, able = tasks(seed)

        found = fewest_officers(windows, able, seconds=20)

        assert (seed, found.used) == (seed, fewest(windows, able))
        if found.used is not None:
            assert (seed, found.bound, done_by(found.holder, windows, able)) == (seed, found.used, True)


def test_too_few_officers_are_proven_too_few_though_no_more_tasks_go_on_at_once() -> None:
    found = fewest_officers(BY_TURNS.windows, BY_TURNS.able, seconds=5)

    assert (BY_TURNS.most_at_once(), found.used, found.bound) == (1, 2, 2)
    with pytest.raises(TooMany):
        mended(BY_TURNS, 1, np.ones(2, dtype=np.bool_), soon(5), np.random.default_rng(1))


def test_mending_finds_a_crew_as_small_as_another_solver_and_none_that_is_smaller() -> None:
    for seed in range(40):
        work = Tasks(*tasks(seed))
        least = fewest(work.windows, work.able)

        if least is not None:
            everybody = np.ones(work.m, dtype=np.bool_)
            holder = mended(work, least, everybody, soon(20), np.random.default_rng(seed))

            assert holder is not None
            assert (seed, done_by(holder, work.windows, work.able)) == (seed, True)
            assert (seed, len(np.unique(holder))) == (seed, least)
            with pytest.raises(TooMany):
                mended(work, least - 1, everybody, soon(20), np.random.default_rng(seed))


def test_without_time_there_is_no_crew_and_no_proof() -> None:
    draw = np.random.default_rng(1)
    start = draw.integers(0, 1200, 120)
    work = Tasks(np.stack([start, start + 120], axis=1), draw.random((40, 120)) < 0.4)

    assert mended(work, work.most_at_once(), np.ones(40, dtype=np.bool_), soon(0), draw) is None


def test_only_the_tasks_of_a_window_are_given_anew() -> None:
    work = Tasks(np.array([[0, 60], [30, 90], [60, 120]]), np.ones((3, 3), dtype=np.bool_))
    before, weight = np.array([0, NONE, 1]), np.ones(3)

    two = given_anew(work, before, np.array([1, 2]), 2, weight, nodes=10, seconds=5)
    one = given_anew(work, before, np.array([1, 2]), 1, weight, nodes=10, seconds=5)

    assert two is not None
    assert one is not None
    assert (two.holder[0], two.holder[2], two.best) == (0, 0, True)
    assert two.holder[1] in {1, 2}
    assert (one.holder.tolist(), one.best) == ([0, NONE, 0], True)


def test_the_heavier_of_two_tasks_is_not_left_open() -> None:
    work = Tasks(np.array([[0, 60], [30, 90]]), np.ones((1, 2), dtype=np.bool_))

    found = given_anew(work, np.array([0, NONE]), np.arange(2), 1, np.array([1.0, 3.0]), nodes=10, seconds=5)

    assert found is not None
    assert found.holder.tolist() == [NONE, 0]


def test_tasks_are_pushed_until_so_many_officers_do_them_all() -> None:
    for seed in range(60):
        work = Tasks(*tasks(seed))
        least = fewest(work.windows, work.able)

        if least is not None:
            holder = pushed(work, least, soon(20), np.random.default_rng(seed))

            assert (seed, done_by(holder, work.windows, work.able)) == (seed, True)
            assert (seed, len(np.unique(holder))) == (seed, least)


def test_pushing_keeps_to_so_many_officers_and_ends_in_time() -> None:
    work = Tasks(np.array([[0, 60], [30, 90]]), np.ones((3, 2), dtype=np.bool_))

    holder = pushed(work, 1, soon(0.2), np.random.default_rng(1))

    assert np.count_nonzero(holder == NONE) == 1


def test_the_same_seed_gives_the_same_crew() -> None:
    windows, able = tasks(5)

    first, second = (fewest_officers(windows, able, seconds=20, seed=3).holder for _ in range(2))

    assert np.array_equal(first, second)


def test_tasks_that_must_be_one_officers_are_joined() -> None:
    taking_over = Tasks(np.array([[0, 60], [0, 200], [70, 200]]), np.array([[1, 1, 1], [1, 1, 0], [0, 1, 1]]) > 0)

    work = joined(taking_over, 2)

    assert work.tasks.windows.tolist() == [[0, 200], [0, 200]]
    assert work.part_of.tolist() == [0, 1, 0]
    assert work.tasks.able.astype(int).tolist() == [[1, 1], [0, 1], [0, 1]]
    assert work.parts(np.array([0, 2])).tolist() == [0, 2, 0]


def test_a_chain_is_joined_and_nothing_where_two_take_over_or_somebody_is_idle() -> None:
    everybody = np.ones((3, 4), dtype=np.bool_)
    chain = np.array([[0, 60], [0, 200], [62, 68], [70, 200]])
    two = np.array([[0, 60], [0, 60], [60, 90], [60, 90]])

    assert joined(Tasks(chain, everybody), 2).part_of.tolist() == [0, 1, 0, 0]
    assert joined(Tasks(two, everybody), 2).tasks.windows.tolist() == two.tolist()
    assert joined(Tasks(chain, everybody), 3).tasks.windows.tolist() == chain.tolist()


def test_joined_tasks_need_no_more_officers() -> None:
    joins = 0
    for seed in range(200):
        work = Tasks(*tasks(seed))
        least = fewest(work.windows, work.able)

        if least is not None:
            found = joined(work, least)
            everybody = np.ones(work.m, dtype=np.bool_)
            holder = mended(found.tasks, least, everybody, soon(20), np.random.default_rng(seed))

            joins += found.tasks.n < work.n
            assert holder is not None
            assert (seed, done_by(found.parts(holder), work.windows, work.able)) == (seed, True)
    assert joins > 20


def test_a_task_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        fewest_officers(np.array([[60, 60]]), np.ones((1, 1), dtype=np.bool_), seconds=5)


def test_a_task_nobody_may_do_leaves_no_plan() -> None:
    assert fewest_officers(np.array([[0, 60]]), np.zeros((3, 1), dtype=np.bool_), seconds=5).used is None


def test_no_tasks_need_no_officers() -> None:
    found = fewest_officers(np.zeros((0, 2), dtype=np.int64), np.zeros((3, 0), dtype=np.bool_), seconds=5)

    assert (found.used, found.bound, found.holder.tolist()) == (0, 0, [])


#: One after the other, each for another officer.
BY_TURNS = Tasks(np.array([[0, 60], [60, 120]]), np.array([[True, False], [False, True]]))


def soon(seconds: float) -> float:
    return time.monotonic() + seconds


def tasks(seed: int) -> tuple[Ints, Bools]:
    """Up to eighteen tasks of a day and up to seven officers."""
    draw = np.random.default_rng(seed)
    n, m = int(draw.integers(1, 19)), int(draw.integers(1, 8))
    start = draw.integers(0, 1200, n)
    return np.stack([start, start + draw.integers(30, 300, n)], axis=1), draw.random((m, n)) < 0.6


def done_by(holder: Ints, windows: Ints, able: Bools) -> bool:
    """Whether everybody can do what is his, one task at a time."""
    for task, officer in enumerate(holder):
        others = np.flatnonzero((holder == officer) & (np.arange(len(holder)) != task))
        clash = (windows[others, 0] < windows[task, 1]) & (windows[others, 1] > windows[task, 0])
        if not able[officer, task] or clash.any():
            return False
    return True


def fewest(windows: Ints, able: Bools) -> int | None:
    """The same by CP-SAT, pair by pair of tasks that overlap."""
    model = cp_model.CpModel()
    m, n = able.shape
    used = [model.new_bool_var("") for _ in range(m)]
    does = {(j, t): model.new_bool_var("") for j in range(m) for t in range(n) if able[j, t]}
    for t in range(n):
        model.add_exactly_one([does[j, t] for j in range(m) if able[j, t]])
    for (j, one), taken in does.items():
        model.add_implication(taken, used[j])
        for two in range(one + 1, n):
            if able[j, two] and windows[one, 0] < windows[two, 1] and windows[two, 0] < windows[one, 1]:
                model.add_at_most_one([taken, does[j, two]])
    model.minimize(sum(used))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return round(solver.objective_value) if solver.solve(model) == cp_model.OPTIMAL else None
