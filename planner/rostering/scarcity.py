"""Whom to spare: between officers who cost the same, the one whose qualifications others need least.

A repair looks at what is lost, not at what may be lost next. Somebody who holds what few hold is kept for the posts
that ask for it: for those that are lost too, and for those whose holder may be the next to fall ill.
"""

from __future__ import annotations

import numpy as np

from planner.rostering.problem import Floats, Ints, Problem

#: All that this may come to in one choice: less than the least by which costs differ, a minute above the fair share.
LEAST = 0.04


def scarcity(problem: Problem, seats: Ints) -> Floats:
    """m × len(seats): what taking a seat costs by the qualifications that it takes from others; in all below ``LEAST``.

    Of each qualification that an officer holds it is the share of its other holders whom posts ask for that cannot be
    held beside the seat: one where there are no more holders than posts, nought where no post asks for it.
    """
    wanted, who = _wanted(problem, seats), problem.officers
    start, end = problem.seats.start[seats], problem.seats.end[seats]
    found: Floats = np.zeros((problem.m, len(seats)))
    for skill in np.flatnonzero(wanted.any(axis=0)).tolist():
        since, until = who.held_from[:, skill, None], who.held_until[:, skill, None]
        holds = (since <= start) & (until >= end) & problem.present[:, seats]
        others = np.maximum(holds.sum(axis=0) - 1, 1)
        found += holds * np.minimum(wanted[:, skill] / others, 1.0)
    most = max(1, wanted.shape[1] * len(seats))
    found *= LEAST / most
    return found


def _wanted(problem: Problem, seats: Ints) -> Floats:
    """len(seats) × q: how many posts that clash with a seat ask for each qualification, open ones elsewhere too."""
    near = np.array([problem.clashing(seat) for seat in seats.tolist()], dtype=np.float32).reshape(-1, problem.n)
    wanted: Floats = (near @ problem.seats.needs.astype(np.float32)).astype(np.float64)
    return wanted if problem.wanted_besides is None else wanted + problem.wanted_besides[seats]
