"""The fewest officers for fixed tasks: as many as tasks go on at once, or one more each time that this is proven wrong.

Tasks that must be one officer's are joined first; then tasks are pushed in and out, which is quick and mostly enough;
where some stay open the plan is made, and mended, a while at a time by branch and bound.
"""

from __future__ import annotations

import dataclasses
import time

import numpy as np

from planner.rostering.fixed import Tasks, joined
from planner.rostering.mending import TooMany, mended
from planner.rostering.problem import NONE, Bools, Ints
from planner.rostering.pushing import pushed


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Fewest:
    """How many officers are used, None where a task stays open; no plan uses fewer than ``bound``."""

    holder: Ints
    used: int | None
    bound: int
    seconds: float


def fewest_officers(windows: Ints, able: Bools, seconds: float, seed: int = 1) -> Fewest:
    """Windows are n × 2, start and end; ``able`` is officers × n. Raises ``ValueError`` for an empty window.

    The work is counted in steps: a seed gives one answer wherever the time is not what ends it.
    """
    began = time.monotonic()
    until, draw = began + seconds, np.random.default_rng(seed)
    tasks = Tasks(windows, able)
    bound, best = tasks.most_at_once(), np.full(tasks.n, NONE, dtype=np.int64)
    while bound <= tasks.m and (bound < _used(best) or _open(best)):
        work = joined(tasks, bound)
        begun = pushed(work.tasks, bound, until, draw)
        if not _open(begun):
            best = work.parts(begun)
            break
        if _open(best):
            best = _by_more(tasks, bound, until, draw)
        try:
            found = mended(work.tasks, bound, np.isin(np.arange(tasks.m), begun), until, draw)
        except TooMany:
            bound += 1
            continue
        best = best if found is None else work.parts(found)
        break
    return Fewest(best, None if _open(best) else _used(best), bound, time.monotonic() - began)


def _open(holder: Ints) -> bool:
    return bool((holder == NONE).any())


def _used(holder: Ints) -> int:
    return len(np.unique(holder[holder != NONE]))


def _by_more(tasks: Tasks, size: int, until: float, draw: np.random.Generator) -> Ints:
    """A plan by one officer more, or by two, four …, until pushing leaves no task open."""
    more, holder = 1, np.full(tasks.n, NONE, dtype=np.int64)
    while _open(holder) and size + more // 2 < tasks.m:
        most = min(size + more, tasks.m)
        work = joined(tasks, most)
        holder = work.parts(pushed(work.tasks, most, until, draw))
        more *= 2
    return holder
