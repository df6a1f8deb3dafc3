"""Rosters of officers as columns: whose, which seats, what they cost; and what they are worth at given prices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.rostering.problem import NONE, Bools, Floats, Ints, Problem


class Columns:
    """Whole rosters, each once and none empty, in the order in which they came."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        none = np.zeros(0, dtype=np.int64)
        self.officers, self.starts, self.lengths, self.flat = none, none, none, none
        self.costs: Floats = np.zeros(0)
        self._known: set[tuple[int, bytes]] = set()

    def __len__(self) -> int:
        return len(self.officers)

    def add(self, officers: Sequence[int] | Ints, rosters: Sequence[Ints]) -> Ints:
        """Add the rosters that are not there yet; answers their numbers."""
        fresh: list[int] = []
        for place, (officer, seats) in enumerate(zip(officers, rosters, strict=True)):
            key = (int(officer), seats.tobytes())
            if key not in self._known:
                self._known.add(key)
                fresh.append(place)
        before = len(self)
        if fresh:
            own = [rosters[place] for place in fresh]
            who, lengths = np.array([int(officers[place]) for place in fresh]), np.array([len(seats) for seats in own])
            self._append(who, lengths, np.concatenate(own))
        return np.arange(before, len(self))

    def _append(self, who: Ints, lengths: Ints, flat: Ints) -> None:
        starts = np.cumsum(lengths) - lengths
        costs = np.add.reduceat(self.problem.cost[np.repeat(who, lengths), flat], starts)
        costs = costs + self.problem.hours_cost(np.add.reduceat(self.problem.minutes[flat], starts))
        self.officers = np.append(self.officers, who)
        self.starts = np.append(self.starts, starts + len(self.flat))
        self.lengths = np.append(self.lengths, lengths)
        self.flat = np.append(self.flat, flat)
        self.costs = np.append(self.costs, costs)

    def seats(self, column: int) -> Ints:
        """The seats of one roster, in order of time."""
        return self.flat[self.starts[column] : self.starts[column] + self.lengths[column]]

    def entries(self, columns: Ints) -> tuple[Ints, Ints]:
        """The seats of these rosters one after the other, and where each roster's begin."""
        lengths = self.lengths[columns]
        begin = np.cumsum(lengths) - lengths
        return self.flat[np.repeat(self.starts[columns] - begin, lengths) + np.arange(int(lengths.sum()))], begin

    def within(self, seats: Bools) -> Bools:
        """Which rosters hold none but these seats."""
        return np.logical_and.reduceat(seats[self.flat], self.starts) if len(self) else np.zeros(0, dtype=np.bool_)

    def worth(self, prices: Floats) -> Floats:
        """What each roster is worth at these prices: its cost less the prices of its seats."""
        return self.costs - np.add.reduceat(prices[self.flat], self.starts) if len(self) else np.zeros(0)

    def known_values(self, prices: Floats) -> Floats:
        """The least worth of each officer's rosters, nought at most."""
        least = np.zeros(self.problem.m)
        np.minimum.at(least, self.officers, self.worth(prices))
        return least

    def holders(self, columns: Ints) -> Ints:
        """Who holds which seat when these rosters are taken; of several the one for whom it costs least."""
        holder = np.full(self.problem.n, NONE, dtype=np.int64)
        flat, _ = self.entries(columns)
        who = np.repeat(self.officers[columns], self.lengths[columns])
        order = np.argsort(-self.problem.cost[who, flat], kind="stable")
        holder[flat[order]] = who[order]
        return holder
