"""The prices of the seats at which the bound is best, found without a linear programme.

For prices π the bound is Σπ plus the least value of every officer's roster: concave, with a corner wherever two
rosters are worth the same, and there are a great many. So officers are let choose softly among the rosters known so
far, the better the likelier (as in scaling algorithms for transport problems): a seat that is wanted more than once is
priced lower, one that is wanted less is priced higher, and the choice grows harder round by round. Prices move within a
box around those of the best bound; after each climb the rosters that are missing are priced in, exactly.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np
from scipy.sparse import csr_array

from planner.rostering.columns import Columns
from planner.rostering.pricing import price_rosters
from planner.rostering.problem import NONE, Floats, Ints, Problem
from planner.rostering.roster import Roster
from planner.rostering.stopping import Ask, never

#: Rosters of each officer that are taken in at once; seats of an officer and partial rosters looked at, first and then.
EACH, FIRST_OFFERS, FIRST_LABELS, MOST_LABELS = 6, 24, 300_000, 1_000_000
#: All as shares of what a seat costs on average: how soft a choice is at first and at last, how far a price moves.
SOFT, HARD, BOX, LEAST_BOX = 0.1, 0.003, 0.4, 0.02
#: Steps of one climb, and after how many of them it pauses, and gathers momentum from nothing.
CLIMB, PAUSE = 100, 20
#: The bound is as good as these prices give once a climb promises less than this share more.
ENOUGH = 3e-4


class Choice:
    """Rosters in order of officer, so that each officer can be let choose among his own."""

    def __init__(self, columns: Columns, of: Ints) -> None:
        self.columns = of[np.argsort(columns.officers[of], kind="stable")]
        self._costs = columns.costs[self.columns]
        flat, starts = columns.entries(self.columns)
        shape = (len(self.columns), columns.problem.n)
        self._holds = csr_array((np.ones(len(flat)), flat, np.append(starts, len(flat))), shape=shape)
        self._held = self._holds.T.tocsr()
        _, self._first, group = np.unique(columns.officers[self.columns], return_index=True, return_inverse=True)
        self._group = group.ravel()

    def weigh(self, prices: Floats, softness: float) -> tuple[float, Floats, Floats]:
        """The bound as far as these rosters tell, how often each seat is wanted, how likely each roster is chosen."""
        worth = self._costs - self._holds @ prices
        least = np.minimum(np.minimum.reduceat(worth, self._first), 0.0)
        weight = np.exp((least[self._group] - worth) / softness)
        total = np.add.reduceat(weight, self._first) + np.exp(least / softness)
        share = weight / total[self._group]
        return float(prices.sum() + least.sum()), self._held @ share, share

    def climb(self, prices: Floats, low: Floats, high: Floats, softness: float) -> Generator[None, None, Floats]:
        """Prices between ``low`` and ``high`` that climb from these, with momentum; a pause each ``PAUSE`` steps."""
        ahead = prices = np.clip(prices, low, high)
        weight = 1.0
        for step in range(1, CLIMB + 1):
            _, wanted, _ = self.weigh(ahead, softness)
            # A roster has a few seats whose prices all move: half the way is safe.
            moved = np.clip(ahead - 0.5 * softness * np.log(np.maximum(wanted, 0.01)), low, high)
            heavier = (1.0 + np.sqrt(1.0 + 4.0 * weight * weight)) / 2.0
            ahead = np.clip(moved + (weight - 1.0) / heavier * (moved - prices), low, high)
            prices, weight = moved, heavier
            if step % PAUSE == 0:
                yield
            if step % (2 * PAUSE) == 0:
                weight = 1.0
        return prices


class Prices:
    """Rounds of climbing and pricing; ``bound`` is proven by the prices ``centre``, ``columns`` are what was met.

    ``ask`` is asked often whether to stop.
    """

    def __init__(self, problem: Problem, roster: Roster, ask: Ask = never) -> None:
        self.problem, self.columns, self.ask = problem, Columns(problem), ask
        self.bound, self.done = 0.0, problem.m == 0 or problem.n == 0
        self.columns.add(*roster.rosters())
        self.unit = max(roster.cost / max(problem.n, 1), 1e-3)
        held = roster.holder != NONE
        near = problem.cost[roster.holder, np.arange(problem.n)] + 0.2 * self.unit if problem.m else problem.open_cost
        self.prices = np.where(held, np.minimum(near, problem.open_cost), problem.open_cost)
        self.centre, self.softness = self.prices, SOFT * self.unit
        self._hope = -np.inf
        self._box: Floats = np.full(problem.n, BOX * self.unit)
        self._went: Ints = np.zeros(problem.n, dtype=np.int64)

    def round(self) -> Iterator[None]:
        """One round; it pauses often, and may be left at any pause."""
        first = self._hope == -np.inf
        offers, labels = (FIRST_OFFERS, FIRST_LABELS) if first else (self.problem.n, MOST_LABELS)
        known = self.columns.known_values(self.prices)
        priced = price_rosters(self.problem, self.prices, known, EACH, labels, offers, ask=self.ask)
        value = float(self.prices.sum() + priced.least.sum())
        if priced.exact:
            self.bound = max(self.bound, value)
        self.columns.add(priced.officers, priced.rosters)
        # Where labels were left out the value says too much; it still leads the prices to where none are.
        if value > self._hope:
            self._hope, self.centre = value, self.prices
        else:
            self._box = np.maximum(0.6 * self._box, LEAST_BOX * self.unit)
        yield
        if not len(self.columns):
            self.done = True
            return
        yield from self._climb()

    def _climb(self) -> Iterator[None]:
        choice = Choice(self.columns, np.arange(len(self.columns)))
        low = np.maximum(self.centre - self._box, 0.0)
        high = np.minimum(self.centre + self._box, self.problem.open_cost)
        prices = yield from choice.climb(self.prices, low, high, self.softness)
        promised, _, _ = choice.weigh(prices, self.softness)
        went = np.where(prices >= high, 1, np.where(prices <= low, -1, 0))
        self._box = self._box * np.where(
            (went != 0) & (went == self._went), 2.5, np.where(went * self._went < 0, 0.5, 1.0)
        )
        self.prices, self._went = prices, went
        hard, more = HARD * self.unit, promised - self._hope
        self.done = self.softness <= hard and more < ENOUGH * promised and self.bound >= self._hope
        if more < 0.4 * self.softness * self.problem.m + 4e-3 * abs(promised):
            self.softness = max(0.5 * self.softness, hard)
