"""Fixed tasks and who may do them; which of them go to the same officer whoever that is."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np

from planner.rostering.problem import NONE, Bools, Ints


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Tasks:
    """Windows are n × 2, start and end; ``able`` is officers × n."""

    windows: Ints
    able: Bools

    def __post_init__(self) -> None:
        if (self.windows[:, 0] >= self.windows[:, 1]).any():
            msg = "a task ends before it begins"
            raise ValueError(msg)

    @property
    def n(self) -> int:
        return len(self.windows)

    @property
    def m(self) -> int:
        return len(self.able)

    def going(self) -> Bools:
        """Distinct starts × n, in order of time: which tasks go on then."""
        moments = np.unique(self.windows[:, 0])[:, None]
        going: Bools = (self.windows[:, 0] <= moments) & (self.windows[:, 1] > moments)
        return going

    def most_at_once(self) -> int:
        """The most tasks that go on at one moment: so many officers are needed whatever they can do."""
        return int(self.going().sum(axis=1).max(initial=0))


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """Tasks in order of their start, and for each of the tasks that were given which of these it is part of."""

    tasks: Tasks
    part_of: Ints

    def parts(self, holder: Ints) -> Ints:
        """Who holds which of the tasks that were given."""
        return holder[self.part_of]


def joined(tasks: Tasks, size: int) -> Joined:
    """Tasks that must be one officer's where ``size`` officers do all are made one.

    At a moment at which as many tasks go on everybody is at work. Where from one such moment to the next only one of
    them ends and another one begins, who did the one does the other: work in between would make a full moment of it.
    """
    start, end = tasks.windows.T
    going = tasks.going()
    full = going[going.sum(axis=1) == size]
    root = np.arange(tasks.n)
    for before, after in pairwise(full):
        ends, begins = np.flatnonzero(before & ~after), np.flatnonzero(after & ~before)
        if len(ends) == 1:
            root[begins] = root[ends]
    # A chain is joined from its start on, so each root is already that of the first in it.
    roots, part_of = np.unique(root, return_inverse=True)
    last = np.full(len(roots), NONE, dtype=np.int64)
    np.maximum.at(last, part_of, end)
    windows = np.stack([start[roots], last], axis=1)
    able = tasks.able[:, roots].copy()
    for task in np.flatnonzero(root != np.arange(tasks.n)):
        able[:, part_of[task]] &= tasks.able[:, task]
    order = np.lexsort((windows[:, 1], windows[:, 0]))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return Joined(Tasks(windows[order], able[:, order]), place[part_of])
