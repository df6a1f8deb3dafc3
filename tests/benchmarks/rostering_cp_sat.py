"""The plain model for comparison: one yes or no for each officer and seat, at most one of each clique of seats."""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from planner.rostering.problem import Problem
from planner.rostering.waves import waves


def clique_model(problem: Problem, seconds: float) -> tuple[float | None, float]:
    """The cost of the best plan found in time, None where there is none, and the bound.

    Cliques in time as rows, other clashes as pairs; duty periods of three duties are left out, so the bound holds.
    """
    model = cp_model.CpModel()
    scale = 20
    holds = {(int(j), int(i)): model.new_bool_var("") for j, i in np.argwhere(problem.able)}
    left = [model.new_bool_var("") for _ in range(problem.n)]
    for seat in range(problem.n):
        model.add_exactly_one([left[seat], *(holds[j, seat] for j in map(int, np.flatnonzero(problem.able[:, seat])))])
    cliques = list(waves(problem, np.arange(problem.n)))
    wave = np.zeros(problem.n, dtype=np.int64)
    for number, clique in enumerate(cliques):
        wave[clique] = number
    above = []
    for officer in range(problem.m):
        able = np.flatnonzero(problem.able[officer])
        for number in np.unique(wave[able]):
            model.add_at_most_one(holds[officer, int(seat)] for seat in able[wave[able] == number])
        for one in able:
            for two in able[(able > one) & problem.clash[one, able] & (wave[able] != wave[one])]:
                model.add_at_most_one([holds[officer, int(one)], holds[officer, int(two)]])
        worked = sum(int(problem.minutes[seat]) * holds[officer, int(seat)] for seat in able)
        extra = model.new_int_var(0, 10_000, "")
        model.add(extra >= worked - problem.numbers.fair_minutes)
        model.add(worked <= problem.numbers.most_minutes)
        above.append(extra)
    per_minute = round(problem.numbers.hour_above_fair / 60 * scale)
    model.minimize(
        sum(round(scale * float(problem.cost[key])) * held for key, held in holds.items())
        + sum(round(scale * float(problem.open_cost[seat])) * left[seat] for seat in range(problem.n))
        + sum(per_minute * extra for extra in above)
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    cost = solver.objective_value / scale if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    return cost, solver.best_objective_bound / scale
