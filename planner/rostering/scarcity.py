"""Whom to spare: whoever is at a critical post already or would have too full a day, and of officers who cost the same,
those whose qualifications others need most.

A repair looks at what is lost, not at what may be lost next. Somebody who holds what few hold is kept for the posts
that ask for it: for those that are lost too, and for those whose holder may be the next to fall ill. Two critical posts
that hang on one officer (R06), and more duty within a day than the policy means (R03), are more than anybody should be
asked for: the rules have the last word on both (``spreading``, ``easing``), but it is seldom needed where nobody is
given too much who need not be.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np

from planner.rostering.problem import CRITICAL, NONE, Bools, Floats, Ints, Problem
from planner.rostering.roster import Roster

#: All that this may come to in one choice: less than the least by which costs differ, a minute above the fair share.
LEAST = 0.04
#: What it costs besides to give somebody too much duty within a day, and a second critical seat: more than all wishes,
#: far less than an open one.
TOO_MUCH, SECOND = 100.0, 200.0
DAY = 24 * 60


def sparing(roster: Roster, seats: Ints) -> Floats:
    """m × len(seats): what it costs besides that an officer takes a seat of those that a repair fills."""
    found = scarcity(roster.problem, seats)
    found += SECOND * second_critical(roster, seats)
    found += TOO_MUCH * full_day(roster, seats)
    return found


def second_critical(roster: Roster, seats: Ints) -> Bools:
    """m × len(seats): who would be on a second critical seat."""
    problem = roster.problem
    critical, found = problem.seats.priority >= CRITICAL, np.zeros((problem.m, len(seats)), dtype=np.bool_)
    at_one = roster.holder[critical & (roster.holder != NONE)]
    found[np.ix_(at_one, np.flatnonzero(critical[seats]))] = True
    return found


def full_day(roster: Roster, seats: Ints) -> Bools:
    """m × len(seats), of at least one: who has other duty near and with a seat more than is meant within the 24 hours
    from its start, or until its end."""
    problem = roster.problem
    windows: dict[tuple[int, int], int] = {}
    times = zip(problem.seats.start[seats].tolist(), problem.seats.end[seats].tolist(), strict=True)
    of = [windows.setdefault(window, len(windows)) for window in times]
    first, last = np.array(list(windows), dtype=np.int64).reshape(-1, 2).T
    found = np.zeros((problem.m, len(first)), dtype=np.bool_)
    near = np.flatnonzero(roster.within(int(first.min()) - DAY, int(last.max()) + DAY))
    starts, ends = roster.times(near)
    for since, until in ((first, first + DAY), (last - DAY, last)):
        worked = np.zeros((len(near), len(first)), dtype=np.int64) + (last - first)
        for start, end in zip(starts.T[:, :, None], ends.T[:, :, None], strict=True):
            worked += np.maximum(np.minimum(end, until) - np.maximum(start, since), 0)
        found[near] |= worked > problem.numbers.most_in_day
    return found[:, of]


def scarcity(problem: Problem, seats: Ints) -> Floats:
    """m × len(seats): what taking a seat costs by the qualifications that it takes from others; in all below ``LEAST``.

    Of each qualification that an officer holds it is the share of its other holders whom posts ask for that cannot be
    held beside the seat: one where there are no more holders than posts, nought where no post asks for it.
    """
    wanted = _wanted(problem, seats)
    found: Floats = np.zeros((problem.m, len(seats)))
    for _, who, holds, share in _shares(problem, seats, wanted):
        found[who] += holds * share
    most = max(1, wanted.shape[1] * len(seats))
    found *= LEAST / most
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class Scarce:
    """A qualification, by its number in the problem, that posts ask for, and how many hold it who are not away then."""

    skill: int
    holders: int


def scarcest(problem: Problem, seat: int) -> dict[int, Scarce]:
    """Of each officer who takes something from others by taking a seat, the qualification of which that is most."""
    seats, most = np.array([seat]), np.zeros(problem.m)
    found: dict[int, Scarce] = {}
    for skill, who, holds, share in _shares(problem, seats, _wanted(problem, seats)):
        for officer in who[holds[:, 0] & (share[0] > most[who])].tolist():
            found[officer] = Scarce(skill, int(holds[:, 0].sum()))
            most[officer] = share[0]
    return found


def _shares(problem: Problem, seats: Ints, wanted: Floats) -> Iterator[tuple[int, Ints, Bools, Floats]]:
    """Of each qualification that is asked for: its number, who holds it at some time, who of them does at each seat,
    the share of the others."""
    known, start, end = problem.holders, problem.seats.start[seats], problem.seats.end[seats]
    if not len(known.skills):
        return
    holds = (known.since <= start) & (known.until >= end) & problem.present[:, seats][known.who]
    others = np.maximum(np.add.reduceat(holds, known.begin[:-1], axis=0, dtype=np.int64) - 1, 1)
    shares, asked = np.minimum(wanted.T[known.skills] / others, 1.0), wanted.any(axis=0).tolist()
    begin = known.begin.tolist()
    for number, skill in enumerate(known.skills.tolist()):
        if asked[skill]:
            of = slice(begin[number], begin[number + 1])
            yield skill, known.who[of], holds[of], shares[number]


def _wanted(problem: Problem, seats: Ints) -> Floats:
    """len(seats) × q: how many posts that clash with a seat ask for each qualification, open ones elsewhere too."""
    near = np.reshape([problem.clashing(seat) for seat in seats.tolist()], (-1, problem.n)).astype(np.float32)
    needs = np.ascontiguousarray(problem.seats.needs.T, dtype=np.float32)
    # Not ``@``: the threads of BLAS wait for each other where somebody else has a core, for far longer than they work.
    wanted: Floats = np.einsum("kn,qn->kq", near, needs).astype(np.float64)
    return wanted if problem.wanted_besides is None else wanted + problem.wanted_besides[seats]
