"""The linear programme over whole rosters: every seat held or paid for, every officer in one roster at most.

Solved by HiGHS, kept warm between rounds: columns come in and bounds change without a start from nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np

from planner.rostering.problem import Floats, Ints, Problem

#: Rows from which on the programme is solved nearly: the bound is proven by ``pricing`` in any case.
LARGE = 2500


class Master:
    """Columns are rosters of officers; rows are seats, then officers."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.officers: list[int] = []
        self.rosters: list[Ints] = []
        self.costs: list[float] = []
        self._known: set[tuple[int, bytes]] = set()
        self._solver = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("threads", 1)
        n, m = problem.n, problem.m
        #: A large programme is solved by first-order steps: nearly, but without the many equal corners of simplex.
        self.near = n + m > LARGE
        if self.near:
            self._solver.setOptionValue("solver", "pdlp")
            self._solver.setOptionValue("pdlp_optimality_tolerance", 1e-3)
            self._solver.setOptionValue("kkt_tolerance", 1e-3)
        lower = np.concatenate([np.ones(n), np.full(m, -highspy.kHighsInf)])
        upper = np.concatenate([np.full(n, highspy.kHighsInf), np.ones(m)])
        self._solver.addRows(n + m, lower, upper, 0, np.zeros(n + m, np.int32), np.zeros(0, np.int32), np.zeros(0))
        self._columns(problem.open_cost, np.arange(n), np.arange(n))

    def add(self, officers: Sequence[int] | Ints, rosters: Sequence[Ints]) -> int:
        """Add the rosters that are not there yet; answers how many. No roster is empty."""
        fresh: list[int] = []
        for place, (officer, seats) in enumerate(zip(officers, rosters, strict=True)):
            key = (int(officer), seats.tobytes())
            if key not in self._known:
                self._known.add(key)
                fresh.append(place)
        if not fresh:
            return 0
        who = np.array([int(officers[place]) for place in fresh])
        own = [rosters[place] for place in fresh]
        lengths = np.array([len(seats) for seats in own])
        starts, flat = np.cumsum(lengths) - lengths, np.concatenate(own)
        costs = np.add.reduceat(self.problem.cost[np.repeat(who, lengths), flat], starts)
        costs = costs + self.problem.hours_cost(np.add.reduceat(self.problem.minutes[flat], starts))
        self.officers.extend(who.tolist())
        self.rosters.extend(own)
        self.costs.extend(costs.tolist())
        self._columns(costs, np.insert(flat, starts, self.problem.n + who), starts + np.arange(len(starts)))
        return len(fresh)

    def _columns(self, costs: Floats, rows: Ints, starts: Ints) -> None:
        """Columns of ones in these rows; each begins at its place in them."""
        count = len(costs)
        if count:
            ones, most = np.ones(len(rows)), np.full(count, highspy.kHighsInf)
            index, begin = rows.astype(np.int32), starts.astype(np.int32)
            self._solver.addCols(count, costs, np.zeros(count), most, len(rows), begin, index, ones)

    def solve(self) -> tuple[float, Floats, Floats]:
        """The optimum of the columns there are, the prices of the seats, and how much of each roster is taken."""
        self._solver.run()
        solution = self._solver.getSolution()
        duals = np.array(solution.row_dual)
        taken = np.array(solution.col_value)[self.problem.n :]
        prices = np.clip(duals[: self.problem.n], 0.0, self.problem.open_cost)
        return float(self._solver.getObjectiveValue()), prices, taken

    def fix(self, columns: Ints) -> None:
        """Take these rosters, whatever else."""
        self._bound(columns, 1.0)

    def loosen(self) -> None:
        """No roster must be taken any more."""
        self._bound(np.arange(len(self.rosters)), 0.0)

    def _bound(self, columns: Ints, lower: float) -> None:
        index = (columns + self.problem.n).astype(np.int32)
        upper = np.full(len(index), highspy.kHighsInf)
        self._solver.changeColsBounds(len(index), index, np.full(len(index), lower), upper)

    def worth(self, prices: Floats) -> Floats:
        """What each roster is worth at these prices: its cost less the prices of its seats."""
        if not self.rosters:
            return np.zeros(0)
        lengths = np.array([len(seats) for seats in self.rosters])
        offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        return np.array(self.costs) - np.add.reduceat(prices[np.concatenate(self.rosters)], offsets)

    def known_values(self, prices: Floats) -> Floats:
        """The least value of each officer among the rosters there are, nought at most."""
        least = np.zeros(self.problem.m)
        np.minimum.at(least, np.array(self.officers, dtype=np.int64), self.worth(prices))
        return least
