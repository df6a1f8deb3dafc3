"""The answer: who holds which seat, what that costs and why, and how much better any plan could be at best."""

from __future__ import annotations

import dataclasses
from enum import StrEnum

import numpy as np

from planner.rostering.problem import NONE, Ints, Problem
from planner.rostering.roster import Roster


class Ended(StrEnum):
    """Why the search came to its end.

    ``EASED`` where it proved the cheapest, which was changed afterwards so that the rules find less; ``CHOSEN`` where a
    person chose otherwise afterwards.
    """

    PROVED = "proved"
    EASED = "eased"
    STEPS = "steps"
    TIME = "time"
    STOPPED = "stopped"
    CHOSEN = "chosen"


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A plan for a problem; ``holder`` gives each seat's officer or NONE, ``terms`` the cost by what causes it.

    ``bound`` is proven: no plan costs less. ``seconds`` are of the wall, ``first_seconds``
    until there was a plan, which left ``first_open`` seats open.
    """

    problem: Problem
    holder: Ints
    cost: float
    terms: dict[str, float]
    bound: float
    seed: int
    seconds: float
    first_seconds: float
    first_open: int
    ended: Ended

    @property
    def gap(self) -> float:
        """The share of the cost that a better plan could save at most."""
        return 0.0 if self.cost <= self.bound else (self.cost - self.bound) / self.cost

    @property
    def open(self) -> Ints:
        """The seats that nobody holds."""
        return np.flatnonzero(self.holder == NONE)

    @property
    def moved(self) -> Ints:
        """Published seats that somebody else holds, or nobody."""
        published = self.problem.published
        return np.flatnonzero((published != NONE) & (self.holder != published))

    def roster(self) -> Roster:
        """The plan as one that can be worked on."""
        return Roster.of(self.problem, self.holder)


def cost_by_term(problem: Problem, roster: Roster) -> dict[str, float]:
    """What a plan costs, by what causes it; the terms add up to the cost of the roster."""
    held = np.flatnonzero(roster.holder != NONE)
    terms = problem.terms(roster.holder[held], held)
    total = {name: float(values.sum()) for name, values in terms.items()}
    total["hours"] = float(problem.hours_cost(roster.minutes).sum())
    total["open"] = float(problem.open_cost[roster.open].sum())
    return total
