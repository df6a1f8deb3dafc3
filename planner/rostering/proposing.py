"""From a problem to a proposal: first plan, improvement, bound, and plans made of the bound's rosters.

Everything is decided by the seed and by counts of steps; a time limit, or whoever stops it, only ends the search
where it is, with the best plan and the best bound so far.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np

from planner.rostering.bounds import RosterColumns, best
from planner.rostering.dive import dive
from planner.rostering.prices import Prices
from planner.rostering.problem import Ints, Problem
from planner.rostering.proposal import Ended, Proposal, cost_by_term
from planner.rostering.replan import free_a_hand
from planner.rostering.roster import Roster, sound
from planner.rostering.stopping import Stopped, asking
from planner.rostering.waves import fill, first_plan, greedy, improve

#: Seats and officers together: up to ``FEW`` the linear programme is quick alone, above ``LARGE`` it is too slow.
FEW, LARGE = 700, 2500
#: What was begun in time may take longer by this share of all that was given: its bound may be worth it.
GRACE = 0.25


@dataclasses.dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: seconds, steps, what the best plan costs, how many seats it leaves open, the bound."""

    seconds: float
    step: int
    cost: float
    open: int
    bound: float


@dataclasses.dataclass(frozen=True, slots=True)
class Effort:
    """How much is done at the most; the numbers of steps alone decide what is found."""

    seconds: float = 30.0
    early_steps: int = 60
    late_steps: int = 200
    rounds: int = 400
    nodes: int = 2000


def propose(
    problem: Problem,
    seed: int = 1,
    effort: Effort | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Proposal:
    """The best plan that the effort finds, with its proven bound; the same for the same seed and steps.

    ``progress`` is told after every step, ``stop`` asked before each and within long ones: a stopped search answers
    with what it has, or raises ``Stopped`` before there is a plan.
    Raises ``AssertionError`` should a plan break a hard rule: that would be a fault of this package.
    """
    search = _Search(problem, seed, effort or Effort(), progress, stop)
    ended = search.run()
    assert sound(search.best), "the best plan breaks a hard rule"
    return Proposal(
        problem=problem,
        holder=search.best.holder.copy(),
        cost=search.cost,
        terms=cost_by_term(problem, search.best),
        bound=min(search.bound, search.cost),
        seed=seed,
        seconds=time.monotonic() - search.began,
        first_seconds=search.first_seconds,
        first_open=search.first_open,
        ended=ended,
    )


class _Search:
    """One search: the best plan so far, the bound so far, and the count of steps."""

    def __init__(
        self,
        problem: Problem,
        seed: int,
        effort: Effort,
        progress: Callable[[Progress], None] | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.began = time.monotonic()
        self.problem, self.effort, self._progress, self._stop = problem, effort, progress, stop
        self.draw = np.random.default_rng(seed)
        self.bound, self.step = 0.0, 0
        self.best = first_plan(problem, asking(stop))
        if len(self.best.open):
            with contextlib.suppress(Stopped):
                self._or(greedy(problem, ask=asking(stop)))
        self.cost = self.best.cost
        self.first_seconds, self.first_open = time.monotonic() - self.began, len(self.best.open)

    def run(self) -> Ended:
        """All steps in order, until one ends the search or somebody stops it."""
        try:
            return self._run()
        except Stopped:
            return Ended.STOPPED if self._stopped else Ended.TIME

    def _run(self) -> Ended:
        for _ in self._steps():
            self.step += 1
            if self._progress is not None:
                seconds = time.monotonic() - self.began
                self._progress(Progress(seconds, self.step, self.cost, len(self.best.open), self.bound))
            if best(self.problem, self.cost, self.bound):
                return Ended.PROVED
            if self._stopped:
                return Ended.STOPPED
            if self._left <= 0:
                return Ended.TIME
        return Ended.STEPS

    def _ask(self) -> None:
        """Raises ``Stopped`` within a step that has to be left."""
        if self._stopped or self._left < -GRACE * self.effort.seconds:
            raise Stopped

    @property
    def _stopped(self) -> bool:
        return self._stop is not None and self._stop()

    @property
    def _left(self) -> float:
        return self.effort.seconds - (time.monotonic() - self.began)

    def _steps(self) -> Iterator[None]:
        rows = self.problem.n + self.problem.m
        yield from self._improved(self.effort.early_steps // (10 if rows > FEW else 1))
        prices = None
        if rows > FEW:
            prices = Prices(self.problem, self.best, self._ask)
            yield from self._by_prices(prices)
        if rows <= LARGE:
            yield from self._by_programme(prices)

    def _by_prices(self, prices: Prices) -> Iterator[None]:
        """The prices of the best bound, a plan of the rosters that are worth most at them."""
        for _ in range(self.effort.rounds):
            if prices.done:
                break
            for _ in prices.round():
                self.bound = max(self.bound, prices.bound)
                yield
        for holder in dive(prices):
            self._take(holder)
            yield
        yield from self._improved(self.effort.late_steps)

    def _by_programme(self, prices: Prices | None) -> Iterator[None]:
        """The exact linear programme, plans made of its rosters, branch and bound over those that can matter."""
        columns = RosterColumns(self.problem, self.best, prices, lambda: self._left, self._ask)
        self.bound = max(self.bound, columns.bound)
        yield
        for _ in range(self.effort.rounds):
            if columns.done:
                break
            columns.round()
            self.bound = max(self.bound, columns.bound)
            yield
        if self.problem.m == 0 or self.problem.n == 0:
            return
        for holder in columns.dive():
            self._take(holder)
            yield
        yield from self._improved(self.effort.late_steps)
        columns.learn(self.best)
        self._take(columns.whole(self.cost, self.effort.nodes))
        yield from self._improved(self.effort.late_steps)

    def _improved(self, steps: int) -> Iterator[None]:
        for cost in islice(improve(self.best, self.draw, self._ask), steps):
            self.cost = cost
            yield

    def _take(self, holder: Ints | None) -> None:
        if holder is not None:
            roster = Roster.of(self.problem, holder)
            fill(roster)
            for seat in roster.open:
                free_a_hand(roster, int(seat))
            self._or(roster)
            self.cost = self.best.cost

    def _or(self, other: Roster) -> None:
        if (other.cost, len(other.open)) < (self.best.cost, len(self.best.open)):
            self.best = other
