"""The best that can be made of a while of a plan: some tasks are given out anew, all others stay with whom they are.

By branch and bound: as little weight as can be stays open. Every officer is a path through time, along a task or idle
from one moment to the next; his moments are those that matter, where no other has all the tasks that he may do then.
"""

from __future__ import annotations

import dataclasses

import highspy
import numpy as np
from scipy.sparse import csc_array

from planner.rostering.fixed import Tasks
from planner.rostering.problem import NONE, Bools, Floats, Ints
from planner.rostering.solver import Solver, whole_numbers

#: No task weighs less than one: where plan and bound are nearer than this, nothing more is to be had.
GAP = 0.9


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Who does which task now; ``best`` where it is proven that no less can stay open without moving the others."""

    holder: Ints
    best: bool


def given_anew(
    tasks: Tasks, holder: Ints, free: Ints, size: int, weight: Floats, nodes: int, seconds: float
) -> Window | None:
    """The plan with the tasks ``free`` given out anew among ``size`` officers in all.

    Weights are of all tasks. None where so many nodes of the tree and seconds were too few for any plan.
    """
    stays = holder != NONE
    stays[free] = False
    busy = np.zeros(tasks.m, dtype=np.bool_)
    busy[holder[stays]] = True
    places = size - int(np.count_nonzero(busy))
    can = tasks.able[:, free] & (busy[:, None] if places <= 0 else True)
    start, end = tasks.windows[free].T
    for task in np.flatnonzero(stays & (tasks.windows[:, 0] < end.max()) & (tasks.windows[:, 1] > start.min())):
        can[holder[task]] &= (end <= tasks.windows[task, 0]) | (start >= tasks.windows[task, 1])
    officers, choice = np.nonzero(can)
    solver = Solver()
    solver.setOptionValue("mip_abs_gap", GAP)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_max_nodes", nodes)
    solver.passModel(_model(tasks.windows[free], can, busy, places, weight[free]))
    status = solver.run_for(seconds)
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    taken = np.array(solver.getSolution().col_value)[len(free) :][: len(choice)] > 0.5
    found = holder.copy()
    found[free] = NONE
    found[free[choice[taken]]] = officers[taken]
    return Window(found, best=status == highspy.HighsModelStatus.kOptimal)


class _Entries:
    """A table made entry by entry."""

    def __init__(self) -> None:
        self.rows, self.columns, self.values = list[Ints](), list[Ints](), list[Floats]()

    def add(self, rows: Ints, columns: Ints, value: float) -> None:
        self.rows.append(rows)
        self.columns.append(columns)
        self.values.append(np.full(len(rows), value))

    def table(self, shape: tuple[int, int]) -> csc_array:
        at = np.concatenate(self.rows), np.concatenate(self.columns)
        return csc_array((np.concatenate(self.values), at), shape=shape)


def _model(windows: Ints, can: Bools, busy: Bools, places: int, weight: Floats) -> highspy.HighsLp:
    """Columns: tasks left open, choices (officer by officer), who comes in, who is idle after which of his moments.

    Rows: every task once, so many come in, and every officer at every moment of his: what comes to it goes on.
    """
    n, m = len(windows), len(can)
    officers, choice = np.nonzero(can)
    first_of = np.searchsorted(officers, np.arange(m + 1))
    x, entries = len(choice), _Entries()
    entries.add(np.arange(n), np.arange(n), 1.0)
    entries.add(choice, n + np.arange(x), 1.0)
    fresh = np.flatnonzero(~busy)
    entries.add(np.full(len(fresh), n), n + x + np.arange(len(fresh)), 1.0)
    row, idle, here = n + 1, n + x + len(fresh), []
    for officer in np.unique(officers):
        own = np.arange(first_of[officer], first_of[officer + 1])
        first, past, count = _moments(windows[choice[own]])
        at, on = np.arange(count), past < count
        entries.add(row + first, n + own, 1.0)
        entries.add(row + past[on], n + own[on], -1.0)
        entries.add(row + at, idle + at, 1.0)
        entries.add(row + at[1:], idle + at[:-1], -1.0)
        if busy[officer]:
            here.append(row)
        else:
            entries.add(np.array([row]), n + x + np.searchsorted(fresh, [officer]), -1.0)
        row, idle = row + count, idle + count
    model = whole_numbers(entries.table((row, idle)))
    kinds = [highspy.HighsVarType.kInteger] * idle
    kinds[n + x + len(fresh) :] = [highspy.HighsVarType.kContinuous] * (idle - n - x - len(fresh))
    model.integrality_ = kinds
    model.col_cost_ = np.concatenate([weight, np.zeros(idle - n)])
    upper = np.concatenate([np.ones(n), [max(places, 0)], np.zeros(row - n - 1)])
    upper[here] = 1.0
    lower = upper.copy()
    lower[n] = 0.0
    model.row_lower_, model.row_upper_ = lower, upper
    return model


def _moments(windows: Ints) -> tuple[Ints, Ints, int]:
    """At which moment each task begins and at which it is over, and how many moments there are."""
    starts, ends = np.unique(windows[:, 0]), np.sort(windows[:, 1])
    following = np.append(starts[1:], ends[-1] + 1)
    # A start is a moment of its own where some task is over before the next one begins.
    over = np.searchsorted(ends, following, "right") > np.searchsorted(ends, starts, "right")
    moments = starts[over]
    return np.searchsorted(moments, windows[:, 0]), np.searchsorted(moments, windows[:, 1]), len(moments)
