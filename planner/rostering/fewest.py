"""The fewest officers for fixed work: matchings drawn by lot among equals, then at the bound tasks pushed in and out,
and branch and bound.
"""

from __future__ import annotations

import dataclasses
import time
from itertools import chain, islice

import numpy as np

from planner.rostering.crew import TooMany, crew_of
from planner.rostering.problem import NONE, Bools, Ints, Numbers, Officers, Problem, Seats
from planner.rostering.pushing import crew_by_pushing
from planner.rostering.waves import first_plan, improve

#: An open task costs as much as so many officers.
OPEN = 50.0
#: Steps of the walk; most plans that can be found by it are found sooner.
STEPS = 300
#: The walk and, where branch and bound is to come, the pushing are given these shares of the time.
WALK, PUSH = 0.1, 0.25
#: Branch and bound looks at its clock now and then only: it is given this share of the time that is left, and only
#: problems of so many choices, with which it gets to its clock often enough.
CAUTION, MOST_CHOICES = 0.75, 18_000


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
    windows, able = windows[order], able[:, order]
    bound = most_at_once(windows)
    until = began + seconds
    best = _walked(_problem(windows, able), bound, began + WALK * seconds, seed)
    while best is None or _used(best) > bound:
        from_here = np.full(len(windows), NONE, dtype=np.int64) if best is None else best
        small = able.sum() <= MOST_CHOICES
        share = PUSH if small else 1.0
        found = crew_by_pushing(bound, windows, able, from_here, share * (until - time.monotonic()), seed)
        if found is None and small:
            try:
                found = crew_of(bound, windows, able, CAUTION * (until - time.monotonic()))
            except TooMany:
                bound += 1
                if bound > len(able):
                    break
                continue
        best = best if found is None else found
        break
    holder = np.full(len(windows), NONE, dtype=np.int64)
    if best is not None:
        holder[order] = best
    return Fewest(holder, None if best is None else _used(best), bound, time.monotonic() - began)


def _used(holder: Ints) -> int:
    return len(np.unique(holder))


def _walked(problem: Problem, bound: int, until: float, seed: int) -> Ints | None:
    """The best plan for all tasks that a walk among equals meets."""
    roster = first_plan(problem)
    best: Ints | None = None
    for _ in chain([None], islice(improve(roster, np.random.default_rng(seed), by_lot=True), STEPS)):
        if not len(roster.open) and (best is None or _used(roster.holder) < _used(best)):
            best = roster.holder.copy()
        if time.monotonic() > until or (best is not None and _used(best) <= bound):
            break
    return best


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
