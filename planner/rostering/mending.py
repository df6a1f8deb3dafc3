"""All tasks by so many officers and no more: from the first to the last, a while at a time, then where any is open.

A while is some tasks in order of their start; it is given out anew in the best way there is. First from nothing, half
of a while after the other: what begins later does not bind yet. Then around an open task, wherever it falls in the
while. A task weighs more the longer it stays open, so that others are left open in its stead, elsewhere. Where a while
was in vain the next one is longer, at last all there is: then it is known whether so many officers are enough.
"""

from __future__ import annotations

import time

import numpy as np

from planner.rostering.fixed import Tasks
from planner.rostering.problem import NONE, Bools, Floats, Ints
from planner.rostering.windows import GAP, given_anew

#: Tasks in a while at first, for each officer, and how much longer or shorter the next one is.
LENGTH, LONGER, SHORTER = 1.2, 1.1, 0.8
#: Beyond so many tasks for each officer, or so many choices if that is longer, it begins with short ones again and goes
#: on to longer ones than before.
LONGEST, CHOICES, FURTHER = 2.0, 800, 1.5
#: Nodes of the tree that are looked at in a while; twice as many after one in which they were too few.
NODES = 10
#: So much more a task weighs after each while that left it open.
HEAVIER = 0.2


class TooMany(Exception):
    """No plan for all tasks exists with so many officers."""


def mended(tasks: Tasks, size: int, crew: Bools, until: float, draw: np.random.Generator) -> Ints | None:
    """Who does which task when ``size`` officers do all; None where none was found in time.

    ``crew`` are the officers to begin with, ``until`` is a moment of the monotonic clock. Raises ``TooMany`` where
    it is proven that so many are not enough.
    """
    if not tasks.able.any(axis=0).all():
        raise TooMany
    first = length = max(LENGTH * size, 2.0)
    longest: float = max(LONGEST * size, CHOICES * tasks.n / max(int(tasks.able.sum()), 1))
    weight, nodes = np.ones(tasks.n), NODES
    holder = _one_after_the_other(Tasks(tasks.windows, tasks.able & crew[:, None]), size, int(length), until)
    while len(still := np.flatnonzero(holder == NONE)):
        if time.monotonic() > until:
            return None
        count = min(int(length), tasks.n)
        begin = int(draw.choice(still)) - int(draw.integers(count))
        free = np.clip(begin, 0, tasks.n - count) + np.arange(count)
        found = given_anew(tasks, holder, free, size, weight, nodes, until - time.monotonic())
        if found is None or not found.best:
            length, nodes = max(first, length * SHORTER), 2 * nodes
        elif (found.holder == NONE).sum() >= len(still):
            if count == tasks.n:
                raise TooMany
            length = min(length * LONGER, tasks.n)
        if length > longest:
            length, longest = first, longest * FURTHER
        if found is not None and _left(found.holder, weight) < _left(holder, weight) + GAP:
            holder = found.holder
        weight[holder == NONE] += HEAVIER
    return holder


def _one_after_the_other(tasks: Tasks, size: int, length: int, until: float) -> Ints:
    """A plan from nothing, half of a while further each time."""
    holder: Ints = np.full(tasks.n, NONE, dtype=np.int64)
    weight = np.ones(tasks.n)
    for begin in range(0, max(tasks.n - length // 2, 1), max(length // 2, 1)):
        free = np.arange(begin, min(begin + length, tasks.n))
        found = given_anew(tasks, holder, free, size, weight, NODES, until - time.monotonic())
        if found is not None:
            holder = found.holder
    return holder


def _left(holder: Ints, weight: Floats) -> float:
    return float(weight[holder == NONE].sum())
