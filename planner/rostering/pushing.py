"""A plan with so many officers and no more, as full as can be: tasks are pushed in, and what is in their way out.

One open task after the other goes to whoever has least that overlaps it; what overlaps is open then, and may not come
back to the same officer for a while. A task that was open often weighs more, so that it is pushed out less (breakout
of Morris, AAAI 1993). While fewer officers are used than may be, somebody new may come in; when nothing gets better,
the officer with the lightest work is sent home for it.
"""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from planner.rostering.fixed import Tasks
from planner.rostering.problem import NONE, Floats, Ints

#: Steps in all: what is not done by then seldom is later.
STEPS: Final = 20_000
#: For so many steps, and up to as many more by lot, a task does not come back to whom it was pushed from.
TENURE: Final = 10
#: After so many steps without fewer open tasks somebody is sent home.
PATIENCE: Final = 300
#: Nobody pays so much; it is added for what may not be.
FAR: Final = 1e9


def pushed(tasks: Tasks, size: int, until: float, draw: np.random.Generator) -> Ints:
    """Who does which task, NONE where it is open: the plan with the fewest open tasks that was met.

    ``until`` is a moment of the monotonic clock.
    """
    if size < 1 or not tasks.able.any(axis=0).all():
        return np.full(tasks.n, NONE, dtype=np.int64)
    work = _Work(tasks, size, draw)
    for step in range(STEPS):
        if not work.open or (step % 100 == 0 and time.monotonic() > until):
            break
        work.step()
    return np.array(work.best, dtype=np.int64)


class _Work:
    """A plan being worked on: which tasks are open, what each weighs, from whom it is barred until which step."""

    def __init__(self, tasks: Tasks, size: int, draw: np.random.Generator) -> None:
        self.size, self.draw, self.n, self.m = size, draw, tasks.n, tasks.m
        start, end = tasks.windows.T
        overlap = (start[:, None] < end) & (start < end[:, None])
        np.fill_diagonal(overlap, val=False)
        self.near = [np.flatnonzero(row) for row in overlap]
        self.overlap = [frozenset(row.tolist()) for row in self.near]
        #: Tasks × officers: the weight of what is in the way, far where the officer may not.
        self.in_way: Floats = np.where(tasks.able.T, 0.0, FAR)
        self.weight = [1.0] * self.n
        self.barred: Ints = np.zeros((self.n, self.m), dtype=np.int64)
        self.holder = [NONE] * self.n
        self.duties: list[list[int]] = [[] for _ in range(self.m)]
        self.away: Floats = np.full(self.m, FAR)
        self.used = 0
        self.open = list(range(self.n))
        self.best, self.fewest, self.now, self.since = list(self.holder), self.n, 0, 0

    def _give(self, task: int, officer: int) -> None:
        own = self.duties[officer]
        if not own:
            self.used += 1
            self.away[officer] = 0.0
        own.append(task)
        self.holder[task] = officer
        self.in_way[self.near[task], officer] += self.weight[task]

    def _take(self, task: int) -> None:
        officer = self.holder[task]
        own = self.duties[officer]
        own.remove(task)
        if not own:
            self.used -= 1
            self.away[officer] = FAR
        self.holder[task] = NONE
        self.in_way[self.near[task], officer] -= self.weight[task]
        self.open.append(task)

    def _send_home(self) -> None:
        """Who has the lightest work, or one of the next, leaves all of it open and is not called back soon."""
        busy = [officer for officer in range(self.m) if self.duties[officer]]
        if not busy:
            return
        load = np.array([sum(self.weight[task] for task in self.duties[officer]) for officer in busy])
        gone = busy[int(np.argmin(load * (1 + 0.3 * self.draw.random(len(busy)))))]
        for task in tuple(self.duties[gone]):
            self._take(task)
        self.barred[:, gone] = np.maximum(self.barred[:, gone], self.now + PATIENCE)

    def step(self) -> None:
        """Push the open task that weighs most to where least is in its way."""
        self.now += 1
        lot = self.draw.random(self.m + len(self.open))
        heaviest = [self.weight[task] + more for task, more in zip(self.open, lot[self.m :].tolist(), strict=True)]
        place = heaviest.index(max(heaviest))
        task = self.open[place]
        in_way = self.in_way[task]
        price = in_way + 0.1 * lot[: self.m]
        price += (FAR / 2) * ((self.barred[task] > self.now) & ((in_way > 0.5) | (self.away > 0)))
        if self.used >= self.size:
            price += self.away
        officer = int(price.argmin())
        if price[officer] >= FAR:
            self._send_home()
            return
        del self.open[place]
        out = [other for other in self.duties[officer] if other in self.overlap[task]]
        for other in out:
            self._take(other)
            self.barred[other, officer] = self.now + TENURE + int(self.draw.integers(TENURE))
        if out:
            self.weight[task] += 1.0
        self._give(task, officer)
        if len(self.open) < self.fewest:
            self.fewest, self.since, self.best = len(self.open), self.now, list(self.holder)
        elif self.now - self.since > PATIENCE:
            self.since = self.now
            self._send_home()
