"""The fewest officers for fixed work are as few as another solver finds, and the bound never says too much."""

from __future__ import annotations

import numpy as np
import pytest
from ortools.sat.python import cp_model

from planner.rostering.crew import TooMany, crew_of
from planner.rostering.fewest import fewest_officers, most_at_once
from planner.rostering.problem import NONE, Bools, Ints
from planner.rostering.pushing import crew_by_pushing


@pytest.mark.slow
def test_no_plan_of_a_small_problem_needs_fewer_officers() -> None:
    for seed in range(120):
        windows, able = tasks(seed)

        found = fewest_officers(windows, able, seconds=20)

        assert (seed, found.used) == (seed, fewest(windows, able))
        if found.used is not None:
            assert (seed, found.bound, done_by(found.holder, windows, able)) == (seed, found.used, True)


def test_too_few_officers_are_proven_too_few_though_no_more_tasks_go_on_at_once() -> None:
    windows = np.array([[0, 60], [60, 120]])
    able = np.array([[True, False], [False, True]])

    found = fewest_officers(windows, able, seconds=5)

    assert (most_at_once(windows), found.used, found.bound) == (1, 2, 2)
    with pytest.raises(TooMany):
        crew_of(1, windows, able, seconds=5)


def test_without_time_there_is_no_crew_and_no_proof() -> None:
    draw = np.random.default_rng(1)
    start = draw.integers(0, 1200, 120)
    windows = np.stack([start, start + 120], axis=1)

    assert crew_of(most_at_once(windows), windows, draw.random((40, 120)) < 0.4, seconds=0) is None


def test_tasks_are_pushed_until_so_many_officers_do_them_all() -> None:
    for seed in range(60):
        windows, able = tasks(seed)
        least = fewest(windows, able)

        if least is not None:
            nobody = np.full(len(windows), NONE)
            holder = crew_by_pushing(least, windows, able, nobody, seconds=20, seed=seed)

            assert holder is not None
            assert (seed, done_by(holder, windows, able)) == (seed, True)
            assert (seed, len(np.unique(holder))) == (seed, least)


def test_pushing_finds_no_crew_that_is_too_small_and_ends_in_time() -> None:
    windows, able = np.array([[0, 60], [30, 90]]), np.ones((3, 2), dtype=np.bool_)

    assert crew_by_pushing(1, windows, able, np.array([0, 1]), seconds=0.2) is None


def test_the_same_seed_pushes_to_the_same_crew() -> None:
    windows, able = tasks(5)
    nobody = np.full(len(windows), NONE)
    least = fewest(windows, able)
    assert least is not None

    first, second = (crew_by_pushing(least, windows, able, nobody, seconds=20, seed=3) for _ in range(2))

    assert first is not None
    assert second is not None
    assert np.array_equal(first, second)


def test_a_task_nobody_may_do_leaves_no_plan() -> None:
    assert fewest_officers(np.array([[0, 60]]), np.zeros((3, 1), dtype=np.bool_), seconds=5).used is None


def test_no_tasks_need_no_officers() -> None:
    found = fewest_officers(np.zeros((0, 2), dtype=np.int64), np.zeros((3, 0), dtype=np.bool_), seconds=5)

    assert (found.used, found.bound, found.holder.tolist()) == (0, 0, [])


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
