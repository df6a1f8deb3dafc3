"""A plan for all fixed tasks with so many officers and no more: tasks are pushed in, and what is in their way out.

One open task after the other goes to whoever has least that overlaps it; what overlaps is open then, and may not come
back to the same officer for a while. A task that was open often weighs more, so that it is pushed out less (breakout
of Morris, AAAI 1993). While fewer officers are used than may be, somebody new may come in; when nothing gets better,
the officer with the lightest work is sent home for it.
"""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from planner.rostering.problem import NONE, Bools, Floats, Ints

#: For so many steps, and up to as many more by lot, a task does not come back to whom it was pushed from.
TENURE: Final = 10
#: After so many steps without fewer open tasks somebody is sent home.
PATIENCE: Final = 300
FAR: Final = 1e9


def crew_by_pushing(size: int, windows: Ints, able: Bools, holder: Ints, seconds: float, seed: int = 1) -> Ints | None:
    """Who does which task when ``size`` officers do all, from a plan in which some may be open; None where none was
    found in so many seconds.
    """
    if size < 1 or not able.any(axis=0).all():
        return None
    until = time.monotonic() + seconds
    work = _Work(size, windows, able, holder, np.random.default_rng(seed))
    while len(work.open):
        if time.monotonic() > until:
            return None
        for _ in range(100):
            if not len(work.open):
                break
            work.step()
    return work.holder


class _Work:
    """A plan being worked on: which tasks are open, what each weighs, from whom it is barred until which step."""

    def __init__(self, size: int, windows: Ints, able: Bools, holder: Ints, draw: np.random.Generator) -> None:
        self.size, self.able, self.draw = size, able, draw
        self.m, self.n = able.shape
        overlap = (windows[:, None, 0] < windows[:, 1]) & (windows[:, 0] < windows[:, None, 1])
        np.fill_diagonal(overlap, val=False)
        self.near = [np.flatnonzero(row) for row in overlap]
        self.able_for = [np.flatnonzero(column) for column in able.T]
        self.holder = holder.copy()
        self.weight: Floats = np.ones(self.n)
        self.barred: Ints = np.zeros((self.n, self.m), dtype=np.int64)
        self.now, self.fewest, self.since = 0, self.n + 1, 0
        while np.count_nonzero(self.counts) > size:
            self._send_home()
        self.open: list[int] = np.flatnonzero(self.holder == NONE).tolist()

    @property
    def counts(self) -> Ints:
        """How many tasks each officer has."""
        return np.bincount(self.holder[self.holder != NONE], minlength=self.m)

    def _send_home(self) -> None:
        """Who has the lightest work, or one of the next, leaves all of it open and is not called back soon."""
        held = self.holder != NONE
        load = np.bincount(self.holder[held], self.weight[held], minlength=self.m)
        busy = np.flatnonzero(load)
        load = load[busy] * (1 + 0.3 * self.draw.random(len(busy)))
        gone = busy[int(np.argmin(load))]
        tasks = np.flatnonzero(self.holder == gone)
        self.holder[tasks] = NONE
        self.barred[:, gone] = np.maximum(self.barred[:, gone], self.now + PATIENCE)
        self.open = np.flatnonzero(self.holder == NONE).tolist()

    def step(self) -> None:
        """Push the open task that weighs most to where least is in its way."""
        self.now += 1
        heaviest = self.weight[self.open] + self.draw.random(len(self.open))
        task = self.open[int(np.argmax(heaviest))]
        near = self.near[task]
        holders = self.holder[near]
        held = holders != NONE
        in_way = np.bincount(holders[held], self.weight[near[held]], minlength=self.m)
        officers = self.able_for[task]
        price = in_way[officers] + 0.1 * self.draw.random(len(officers))
        counts = self.counts
        free = (in_way == 0) & (counts > 0)
        price[(self.barred[task, officers] > self.now) & ~free[officers]] += FAR / 2
        if np.count_nonzero(counts) >= self.size:
            price[counts[officers] == 0] += FAR
        if price.min() >= FAR:
            self._send_home()
            return
        officer = int(officers[int(np.argmin(price))])
        out = near[holders == officer]
        self.holder[out] = NONE
        self.holder[task] = officer
        self.barred[out, officer] = self.now + TENURE + self.draw.integers(0, TENURE, len(out))
        if len(out):
            self.weight[task] += 1.0
        self.open.remove(task)
        self.open += out.tolist()
        if len(self.open) < self.fewest:
            self.fewest, self.since = len(self.open), self.now
        elif self.now - self.since > PATIENCE:
            self.since = self.now
            self._send_home()
