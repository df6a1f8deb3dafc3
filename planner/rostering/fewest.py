"""The fewest officers for fixed work: the same search, in which only being on duty at all costs."""

from __future__ import annotations

import dataclasses
import math
import time

import numpy as np

from planner.rostering.problem import NONE, Bools, Ints, Numbers, Officers, Problem, Seats
from planner.rostering.proposing import Effort, Progress, propose

#: An open seat costs as much as so many officers.
OPEN = 50.0


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Fewest:
    """How many officers are used, None where a task stays open; no plan uses fewer than ``bound``."""

    holder: Ints
    used: int | None
    bound: int
    seconds: float


def fewest_officers(windows: Ints, able: Bools, seconds: float, seed: int = 1) -> Fewest:
    """Windows are n × 2, start and end; ``able`` is officers × n. Raises ``ValueError`` for an empty window."""
    began = time.monotonic()
    order = np.lexsort((windows[:, 1], windows[:, 0]))
    problem = _problem(windows[order], able[:, order])
    peak = most_at_once(windows)
    last: list[Progress] = []

    def proven() -> bool:
        return last[-1].cost <= max(peak, math.ceil(last[-1].bound - 1e-6))

    effort = Effort(seconds=seconds, early_steps=400, late_steps=100_000)
    found = propose(problem, seed, effort, progress=last.append, stop=proven)
    holder = np.full(len(windows), NONE, dtype=np.int64)
    holder[order] = found.holder
    used = None if len(found.open) else len(np.unique(found.holder))
    bound = max(peak, math.ceil(found.bound - 1e-6)) if used is not None or found.bound < OPEN else peak
    return Fewest(holder, used, bound, time.monotonic() - began)


def most_at_once(windows: Ints) -> int:
    """The most windows open at one moment: so many officers are needed whatever they can do."""
    return max(
        (int(((windows[:, 0] <= moment) & (windows[:, 1] > moment)).sum()) for moment in windows[:, 0]), default=0
    )


def _problem(windows: Ints, able: Bools) -> Problem:
    m, n = able.shape
    zero, nobody = np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64)
    problem = Problem(
        seats=Seats(
            start=windows[:, 0],
            end=windows[:, 1],
            origin=zero,
            destination=zero,
            needs=np.zeros((n, 0), dtype=np.bool_),
            rank=zero,
            language=zero + NONE,
            priority=zero + 1,
            unit=zero + NONE,
            party=np.arange(n),
        ),
        officers=Officers(
            held_from=np.zeros((m, 0), dtype=np.int64),
            held_until=np.zeros((m, 0), dtype=np.int64),
            rank=nobody,
            speaks=np.zeros((m, 1), dtype=np.bool_),
            unit=nobody,
            home=nobody,
            away=np.zeros((0, 3), dtype=np.int64),
        ),
        travel=np.zeros((1, 1), dtype=np.int64),
        numbers=Numbers(min_rest=0).only_open(OPEN, used=1.0),
        published=zero + NONE,
        pinned=np.zeros(n, dtype=np.bool_),
    )
    return problem.with_able(able)
