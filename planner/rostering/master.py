"""The linear programme over whole rosters: every seat held or paid for, every officer in one roster at most.

Solved by HiGHS, kept warm between rounds: columns come in and bounds change without a start from nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np

from planner.rostering.columns import Columns
from planner.rostering.problem import Floats, Ints, Problem
from planner.rostering.solver import Solver


class Master:
    """Columns are rosters of officers; rows are seats, then officers."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.columns = problem, Columns(problem)
        self._solver = Solver()
        n, m = problem.n, problem.m
        lower = np.concatenate([np.ones(n), np.full(m, -highspy.kHighsInf)])
        upper = np.concatenate([np.full(n, highspy.kHighsInf), np.ones(m)])
        self._solver.addRows(n + m, lower, upper, 0, np.zeros(n + m, np.int32), np.zeros(0, np.int32), np.zeros(0))
        self._add(problem.open_cost, np.arange(n), np.arange(n))

    def add(self, officers: Sequence[int] | Ints, rosters: Sequence[Ints]) -> int:
        """Add the rosters that are not there yet; answers how many. No roster is empty."""
        fresh = self.columns.add(officers, rosters)
        if len(fresh):
            flat, starts = self.columns.entries(fresh)
            rows = np.insert(flat, starts, self.problem.n + self.columns.officers[fresh])
            self._add(self.columns.costs[fresh], rows, starts + np.arange(len(starts)))
        return len(fresh)

    def _add(self, costs: Floats, rows: Ints, starts: Ints) -> None:
        """Columns of ones in these rows; each begins at its place in them."""
        count = len(costs)
        if count:
            ones, most = np.ones(len(rows)), np.full(count, highspy.kHighsInf)
            index, begin = rows.astype(np.int32), starts.astype(np.int32)
            self._solver.addCols(count, costs, np.zeros(count), most, len(rows), begin, index, ones)

    def solve(self, seconds: float = highspy.kHighsInf) -> tuple[float, Floats, Floats] | None:
        """The optimum of the columns there are, the prices of the seats, and how much of each roster is taken.

        None where the seconds were too few.
        """
        if self._solver.run_for(seconds) == highspy.HighsModelStatus.kTimeLimit:
            return None
        solution = self._solver.getSolution()
        duals = np.array(solution.row_dual)
        taken = np.array(solution.col_value)[self.problem.n :]
        prices = np.clip(duals[: self.problem.n], 0.0, self.problem.open_cost)
        return float(self._solver.getInfo().objective_function_value), prices, taken

    def fix(self, columns: Ints) -> None:
        """Take these rosters, whatever else."""
        self._bound(columns, 1.0)

    def loosen(self) -> None:
        """No roster must be taken any more."""
        self._bound(np.arange(len(self.columns)), 0.0)

    def _bound(self, columns: Ints, lower: float) -> None:
        index = (columns + self.problem.n).astype(np.int32)
        upper = np.full(len(index), highspy.kHighsInf)
        self._solver.changeColsBounds(len(index), index, np.full(len(index), lower), upper)
