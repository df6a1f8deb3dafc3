"""Whether a few seats can all be held, by branch and bound over every roster there is: where the bound is too weak.

Officers who could hold the same of these seats count as one kind. A seat may be covered twice, for whoever can hold
some seats can hold fewer; so only rosters to which nothing can be added matter.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import highspy
import numpy as np
from scipy.sparse import csc_array

from planner.rostering.problem import NONE, Ints, Problem
from planner.rostering.roster import allowed
from planner.rostering.solver import Solver, whole_numbers

#: More rosters than these are not looked at.
MOST_ROSTERS = 20_000


def held_by(problem: Problem, until: float) -> Ints | None:
    """Who holds which seat so that all are held, all NONE where that is proven impossible; None where it is unknown."""
    kinds, kind, count = np.unique(problem.able, axis=0, return_inverse=True, return_counts=True)
    first = {int(one): officer for officer, one in reversed(list(enumerate(kind)))}
    rosters = list[tuple[int, tuple[int, ...]]]()
    for one, able in enumerate(kinds):
        for duties in _rosters(problem, first[one], np.flatnonzero(able).tolist()):
            rosters.append((one, duties))
            if len(rosters) > MOST_ROSTERS or time.monotonic() > until:
                return None
    taken = _taken(problem, rosters, count, until)
    if taken is None:
        return None
    holder = np.full(problem.n, NONE)
    free = [np.flatnonzero(kind == one).tolist() for one in range(len(kinds))]
    for number in taken.tolist():
        one, duties = rosters[number]
        holder[[duty for duty in duties if holder[duty] == NONE]] = free[one].pop()
    return holder


def _rosters(problem: Problem, officer: int, seats: list[int]) -> Iterator[tuple[int, ...]]:
    """The rosters of an officer to which none of these seats can be added."""
    todo: list[tuple[tuple[int, ...], int]] = [((), 0)]
    while todo:
        held, place = todo.pop()
        longer = [seat for seat in seats if seat not in held and allowed(problem, officer, (*held, seat))]
        todo += [((*held, seat), at + 1) for at, seat in enumerate(seats) if at >= place and seat in longer]
        if held and not longer:
            yield held


def _taken(problem: Problem, rosters: list[tuple[int, tuple[int, ...]]], count: Ints, until: float) -> Ints | None:
    """Which rosters hold all seats between them; none where none do, None where that was not found out."""
    rows = np.concatenate([[problem.n + one, *duties] for one, duties in rosters])
    ends = np.cumsum([0, *(1 + len(duties) for _, duties in rosters)])
    shape = (problem.n + len(count), len(rosters))
    model = whole_numbers(csc_array((np.ones(len(rows)), rows, ends), shape=shape))
    model.col_upper_ = count[[one for one, _ in rosters]].astype(float)
    model.row_lower_ = np.concatenate([np.ones(problem.n), np.full(len(count), -highspy.kHighsInf)])
    model.row_upper_ = np.concatenate([np.full(problem.n, highspy.kHighsInf), count])
    solver = Solver()
    solver.passModel(model)
    match solver.run_for(until - time.monotonic()):
        case highspy.HighsModelStatus.kInfeasible:
            return np.zeros(0, dtype=np.int64)
        case highspy.HighsModelStatus.kOptimal:
            often = np.round(solver.getSolution().col_value).astype(np.int64)
            return np.repeat(np.arange(len(rosters)), often)
    return None
