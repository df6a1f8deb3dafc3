"""The same questions answered by CP-SAT from lists of allowed rosters: slow, and nothing in common with the engine."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from planner.rostering.problem import NONE, Problem

#: Costs in hundredths, so that the solver counts whole numbers.
SCALE = 100


def allowed_rosters(problem: Problem, officer: int) -> list[tuple[int, ...]]:
    """Every set of seats that the officer can hold together, by the rules as they are written; pinned ones always."""
    found: list[tuple[int, ...]] = [()]
    for seat in range(problem.n):
        if _able(problem, officer, seat):
            found += [(*held, seat) for held in found if _together(problem, (*held, seat))]
    pinned = set(np.flatnonzero(problem.pinned & (problem.published == officer)).tolist())
    return [held for held in found if pinned <= set(held)]


def _able(problem: Problem, officer: int, seat: int) -> bool:
    seats, who = problem.seats, problem.officers
    if problem.pinned[seat]:
        return bool(problem.published[seat] == officer)
    needed = np.flatnonzero(seats.needs[seat])
    held = all(
        who.held_from[officer, q] <= seats.start[seat] and seats.end[seat] <= who.held_until[officer, q] for q in needed
    )
    away = any(o == officer and a < seats.end[seat] and seats.start[seat] < b for o, a, b in who.away)
    return bool(held and not away and who.rank[officer] >= seats.rank[seat])


def _together(problem: Problem, duties: tuple[int, ...]) -> bool:
    seats, numbers = problem.seats, problem.numbers
    period = seats.start[duties[0]]
    for one, two in pairwise(duties):
        gap = seats.start[two] - seats.end[one]
        if gap < 0 or gap < problem.travel[seats.destination[one], seats.origin[two]]:
            return False
        if gap >= numbers.min_rest:
            period = seats.start[two]
        elif seats.end[two] - period > numbers.max_span:
            return False
    return bool(sum(seats.end[d] - seats.start[d] for d in duties) <= numbers.most_minutes)


def _price(problem: Problem, officer: int, duties: tuple[int, ...]) -> float:
    seats, who, numbers = problem.seats, problem.officers, problem.numbers
    total = 0.0
    for seat in duties:
        way = round(float(problem.travel[who.home[officer], seats.origin[seat]]) * numbers.distance_per_minute)
        total += min(way, numbers.distance_most)
        total += numbers.rank_waste * float(who.rank[officer] - seats.rank[seat])
        if seats.unit[seat] not in (NONE, who.unit[officer]):
            total += numbers.other_unit
        if seats.language[seat] != NONE and not who.speaks[officer, seats.language[seat]]:
            total += numbers.language
        if problem.published[seat] not in (NONE, officer):
            total += numbers.changed
    worked = sum(int(seats.end[d] - seats.start[d]) for d in duties)
    return total + max(0, worked - numbers.fair_minutes) * numbers.hour_above_fair / 60


def can_be_held(problem: Problem, seats: Collection[int]) -> bool:
    """Whether some plan fills all these seats, others being left open where they must be."""
    return cheapest(problem, seats) is not None


def cheapest(problem: Problem, held_in_all: Collection[int] = ()) -> float | None:
    """What the best plan costs that fills these seats; None where they cannot all be held."""
    model = cp_model.CpModel()
    holders: list[list[cp_model.IntVar]] = [[] for _ in range(problem.n)]
    total: list[cp_model.LinearExprT] = []
    for officer in range(problem.m):
        choices = []
        for duties in allowed_rosters(problem, officer):
            taken = model.new_bool_var("")
            choices.append(taken)
            total.append(round(_price(problem, officer, duties) * SCALE) * taken)
            for seat in duties:
                holders[seat].append(taken)
        model.add_exactly_one(choices)
    for seat, held in enumerate(holders):
        if seat in held_in_all:
            model.add(sum(held) == 1)
        else:
            left = model.new_bool_var("")
            model.add_exactly_one([*held, left])
            numbers = problem.numbers
            changed = numbers.changed if problem.published[seat] != NONE else 0.0
            open_cost = numbers.uncovered * float(problem.seats.priority[seat]) + changed
            total.append(round(open_cost * SCALE) * left)
    model.minimize(sum(total))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    assert status == cp_model.OPTIMAL
    return solver.objective_value / SCALE
