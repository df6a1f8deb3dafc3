"""How good any plan can be: column generation over whole rosters, its bound, and plans made of its rosters.

For any prices π ≥ 0 of the seats no plan costs less than Σπ plus the least value of every officer's roster (the
Lagrangian bound); the linear programme over rosters looks for the best prices, ``pricing`` for rosters it lacks. The
prices are smoothed towards those of the best bound so far, or they jump about and the rounds do not end.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from planner.rostering.master import Master
from planner.rostering.pricing import price_rosters
from planner.rostering.problem import NONE, Floats, Ints, Problem
from planner.rostering.roster import Roster

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


def close(problem: Problem) -> float:
    """The share by which a cost and a bound may differ and still count as one."""
    return EXACTLY if problem.n + problem.m <= FEW_ROWS else CLOSELY


class RosterColumns:
    """Rounds of column generation for one problem: each makes the bound better or the programme richer."""

    def __init__(self, problem: Problem, roster: Roster) -> None:
        self.problem = problem
        self.master = Master(problem)
        self._close = close(problem)
        self.bound = 0.0
        self.done = problem.m == 0 or problem.n == 0
        self.learn(roster)
        if self.done:
            self.bound = roster.cost
            return
        dear = np.where(problem.able, problem.cost, np.inf)
        nearest = np.argsort(dear, axis=0, kind="stable")[:NEAREST]
        officers, seats = nearest.T.ravel(), np.repeat(np.arange(problem.n), len(nearest))
        able = problem.able[officers, seats]
        self.master.add(officers[able], list(seats[able, None]))
        self.value, self.prices, self.taken = self.master.solve()
        self._centre: Floats | None = None
        self._pull, self._offers = 0.5, FEW_OFFERS
        self._idle = 0

    def learn(self, roster: Roster) -> None:
        """Take the rosters of a plan into the programme."""
        busy = [officer for officer, duties in enumerate(roster.duties) if duties]
        self.master.add(busy, [np.array(roster.duties[officer], dtype=np.int64) for officer in busy])

    def round(self) -> None:
        """Price rosters, take in those that help, solve the programme anew; ``done`` once nothing more is to gain."""
        prices = self.prices
        if self._centre is not None:
            prices = self._pull * self._centre + (1 - self._pull) * self.prices
        wide = self._offers > FEW_OFFERS * 4
        known = self.master.known_values(prices)
        labels = 3_000_000 if wide else 300_000
        priced = price_rosters(self.problem, prices, known, 5, labels, self._offers)
        bound = float(prices.sum() + priced.least.sum()) if priced.exact else 0.0
        self._idle = self._idle + 1 if wide and bound < self.bound * (1 + self._close) else 0
        if bound > self.bound:
            self.bound, self._centre = bound, prices
        added = self.master.add(priced.officers, priced.rosters)
        before = self.value
        self.value, self.prices, self.taken = self.master.solve()
        if not wide and before - self.value < 5e-4 * before:
            self._offers = self._offers * 2 if self._offers < FEW_OFFERS * 4 else self.problem.n
        if not added:
            self._pull *= 0.5
        self.done = self.value - self.bound <= self._close * self.value or self._idle >= PATIENCE

    def dive(self) -> Iterator[Ints | None]:
        """A plan of the programme's rosters: take those that stand out, solve, and again.

        Answers None between, and at last who holds which seat; what is left over is left open.
        """
        taken = self.taken
        officers = np.array(self.master.officers, dtype=np.int64)
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
            _, _, taken = self.master.solve()
            yield None
        self.master.loosen()
        yield self._holders(np.flatnonzero(fixed))

    def whole(self, cost: float, seconds: float, nodes: int) -> Ints | None:
        """The best plan of those rosters that a plan below this cost can hold, by branch and bound."""
        if self._centre is None:
            return None
        worth = self.master.worth(self._centre)
        officers = np.array(self.master.officers, dtype=np.int64)
        least = np.zeros(self.problem.m)
        np.minimum.at(least, officers, worth)
        kept = np.flatnonzero(worth - least[officers] < cost - self.bound)
        taken = _branched(self.problem, self.master, kept, self.problem.open_cost, seconds, nodes)
        return None if taken is None else self._holders(kept[taken])

    def _holders(self, columns: Ints) -> Ints:
        """Who holds which seat when these rosters are taken; of several the one for whom it costs least."""
        holder = np.full(self.problem.n, NONE, dtype=np.int64)
        for column in columns:
            officer = self.master.officers[column]
            for seat in self.master.rosters[column]:
                if holder[seat] == NONE or self.problem.cost[officer, seat] < self.problem.cost[holder[seat], seat]:
                    holder[seat] = officer
        return holder


def _branched(
    problem: Problem, master: Master, kept: Ints, left_open: Floats, seconds: float, nodes: int
) -> Ints | None:
    """Which of the rosters branch and bound takes; None where it found no plan in time."""
    entries = [np.array([seat]) for seat in range(problem.n)]
    entries += [np.append(master.rosters[k], problem.n + master.officers[k]) for k in kept]
    ends = np.cumsum([0, *(len(entry) for entry in entries)])
    rows = np.concatenate(entries)
    shape = (problem.n + problem.m, len(entries))
    table = csc_array((np.ones(len(rows)), rows, ends), shape=shape)
    cost = np.concatenate([left_open, np.array(master.costs)[kept]])
    lower = np.concatenate([np.ones(problem.n), np.full(problem.m, -np.inf)])
    upper = np.concatenate([np.full(problem.n, np.inf), np.ones(problem.m)])
    found = milp(
        cost,
        constraints=LinearConstraint(table, lower, upper),
        integrality=np.ones(len(cost), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"time_limit": max(seconds, 0.1), "node_limit": nodes, "mip_rel_gap": close(problem)},
    )
    return None if found.x is None else np.flatnonzero(found.x[problem.n :] > 0.5)
