"""How good any plan can be: column generation over whole rosters, its bound, and plans made of its rosters.

For any prices π ≥ 0 of the seats no plan costs less than Σπ plus the least value of every officer's roster (the
Lagrangian bound); the linear programme over rosters looks for the best prices, ``pricing`` for rosters it lacks. The
prices are smoothed towards those of the best bound so far, or they jump about and the rounds do not end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import highspy
import numpy as np
from scipy.sparse import csc_array

from planner.rostering.columns import Columns
from planner.rostering.master import Master
from planner.rostering.prices import Prices
from planner.rostering.pricing import price_rosters
from planner.rostering.problem import Bools, Floats, Ints, Problem
from planner.rostering.roster import Roster
from planner.rostering.solver import Solver, whole_numbers
from planner.rostering.stopping import Ask, never

#: Officers of whom each seat offers a roster of its own at the start.
NEAREST = 10
#: Seats of an officer that are looked at while the prices are still far off.
FEW_OFFERS = 12
#: A cost and a bound count as one when they differ by this share: in problems up to so many rows, and in larger ones.
EXACTLY, CLOSELY, FEW_ROWS = 1e-7, 1e-4, 200
#: Rounds without a better bound after which no more are made.
PATIENCE = 4
#: A dive fixes at least the rosters taken by this share, and leaves aside those below the other.
STANDS_OUT, FAINT = 0.7, 0.05
MOST_DIVES = 25
#: A price above this is one.
COUNTS = 1e-9
#: Of rosters found before, those that are dearer than an officer's best by more of a seat's cost are left out.
NEAR = 0.3


def close(problem: Problem) -> float:
    """The share by which a cost and a bound may differ and still count as one."""
    return EXACTLY if problem.n + problem.m <= FEW_ROWS else CLOSELY


def best(problem: Problem, cost: float, bound: float) -> bool:
    """True where a plan of that cost counts as proven to be the best."""
    return cost - bound <= close(problem) * cost


class RosterColumns:
    """Rounds of column generation for one problem: each makes the bound better or the programme richer.

    ``found`` are prices from which to start; ``left`` says how many seconds there are, and ends what lasts longer;
    ``ask`` is asked often whether to stop.
    """

    def __init__(
        self,
        problem: Problem,
        roster: Roster,
        found: Prices | None = None,
        left: Callable[[], float] | None = None,
        ask: Ask = never,
    ) -> None:
        self.problem, self._left, self._ask = problem, left or (lambda: np.inf), ask
        self.master = Master(problem)
        self._close = close(problem)
        self.bound, self.value = 0.0, np.inf
        self.done = problem.m == 0 or problem.n == 0
        self.learn(roster)
        if self.done:
            self.bound = roster.cost
            return
        self._centre: Floats | None = None
        self._pull, self._offers, self._idle = 0.5, FEW_OFFERS, 0
        if found is None:
            self._nearest()
        else:
            self._start(found)
        self._solve()

    def _nearest(self) -> None:
        dear = np.where(self.problem.able, self.problem.cost, np.inf)
        nearest = np.argsort(dear, axis=0, kind="stable")[:NEAREST]
        officers, seats = nearest.T.ravel(), np.repeat(np.arange(self.problem.n), len(nearest))
        able = self.problem.able[officers, seats]
        self.master.add(officers[able], list(seats[able, None]))

    def _start(self, found: Prices) -> None:
        known = found.columns
        slack = known.worth(found.centre) - known.known_values(found.centre)[known.officers]
        near = np.flatnonzero(slack < NEAR * found.unit)
        self.master.add(known.officers[near], [known.seats(column) for column in near.tolist()])
        self.bound, self._centre, self._offers = found.bound, found.centre, self.problem.n

    def _solve(self) -> None:
        solved = self.master.solve(self._left())
        if solved is None:
            self.done = True
        else:
            self.value, self.prices, self.taken = solved

    @property
    def charged(self) -> Bools:
        """The seats whose prices make the bound; it holds without the others."""
        return np.ones(self.problem.n, dtype=np.bool_) if self._centre is None else self._centre > COUNTS

    def learn(self, roster: Roster) -> None:
        """Take the rosters of a plan into the programme."""
        self.master.add(*roster.rosters())

    def round(self) -> None:
        """Price rosters, take in those that help, solve the programme anew; ``done`` once nothing more is to gain."""
        prices = self.prices
        if self._centre is not None:
            prices = self._pull * self._centre + (1 - self._pull) * self.prices
        wide = self._offers > FEW_OFFERS * 4
        known = self.master.columns.known_values(prices)
        labels = 3_000_000 if wide else 300_000
        priced = price_rosters(self.problem, prices, known, 5, labels, self._offers, ask=self._ask)
        bound = float(prices.sum() + priced.least.sum()) if priced.exact else 0.0
        self._idle = self._idle + 1 if wide and bound < self.bound * (1 + self._close) else 0
        if bound > self.bound:
            self.bound, self._centre = bound, prices
        added = self.master.add(priced.officers, priced.rosters)
        before = self.value
        self._solve()
        if not wide and before - self.value < 5e-4 * before:
            self._offers = self._offers * 2 if self._offers < FEW_OFFERS * 4 else self.problem.n
        if not added:
            self._pull *= 0.5
        self.done |= self.value - self.bound <= self._close * self.value or self._idle >= PATIENCE

    def dive(self) -> Iterator[Ints | None]:
        """A plan of the programme's rosters: take those that stand out, solve, and again.

        Answers None between, and at last who holds which seat; what is left over is left open.
        """
        # Where the time ran out within a round, the last rosters were not weighed.
        if not np.isfinite(self.value) or len(self.taken) < len(self.master.columns):
            return
        taken, officers = self.taken, self.master.columns.officers
        fixed = np.zeros(len(taken), dtype=np.bool_)
        for _ in range(MOST_DIVES):
            left = ~fixed & (taken > FAINT) & ~np.isin(officers, officers[fixed])
            if not left.any():
                break
            fresh = np.flatnonzero(left & (taken >= min(STANDS_OUT, float(taken[left].max()))))
            # Of several halves of one officer's duties only one can be taken.
            _, first = np.unique(officers[fresh], return_index=True)
            fresh = fresh[first]
            fixed[fresh[~np.isin(officers[fresh], officers[fixed])]] = True
            self.master.fix(np.flatnonzero(fixed))
            solved = self.master.solve(self._left())
            if solved is None:
                break
            taken = solved[2]
            yield None
        self.master.loosen()
        yield self.master.columns.holders(np.flatnonzero(fixed))

    def whole(self, cost: float, nodes: int) -> Ints | None:
        """The best plan of those rosters that a plan below this cost can hold, by branch and bound."""
        if self._centre is None:
            return None
        columns = self.master.columns
        slack = columns.worth(self._centre) - columns.known_values(self._centre)[columns.officers]
        kept = np.flatnonzero(slack < cost - self.bound)
        taken = _branched(columns, kept, self._left(), nodes, self._ask)
        return None if taken is None else columns.holders(kept[taken])


def _branched(columns: Columns, kept: Ints, seconds: float, nodes: int, ask: Ask) -> Ints | None:
    """Which of the rosters branch and bound takes; None where it found no plan in time."""
    problem = columns.problem
    flat, starts = columns.entries(kept)
    rows = np.concatenate([np.arange(problem.n), np.insert(flat, starts, problem.n + columns.officers[kept])])
    ends = np.cumsum(np.concatenate([[0], np.ones(problem.n, dtype=np.int64), columns.lengths[kept] + 1]))
    shape = (problem.n + problem.m, problem.n + len(kept))
    model = whole_numbers(csc_array((np.ones(len(rows)), rows, ends), shape=shape))
    model.col_cost_ = np.concatenate([problem.open_cost, columns.costs[kept]])
    model.row_lower_ = np.concatenate([np.ones(problem.n), np.full(problem.m, -highspy.kHighsInf)])
    model.row_upper_ = np.concatenate([np.full(problem.n, highspy.kHighsInf), np.ones(problem.m)])
    solver = Solver()
    solver.setOptionValue("mip_max_nodes", nodes)
    solver.setOptionValue("mip_rel_gap", close(problem))
    solver.passModel(model)
    solver.run_for(max(seconds, 0.1), ask)
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return np.flatnonzero(np.array(solver.getSolution().col_value)[problem.n :] > 0.5)
