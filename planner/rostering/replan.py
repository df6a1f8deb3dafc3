"""A plan that was lost in part: only the lost seats are filled anew, and as little else as can be is moved.

An officer falls ill, a site moves by an hour, a visit by a day, two officers with one rare qualification are lost at
once: in each case the problem has changed and the old plan no longer stands in it everywhere. What still stands stays.
"""

from __future__ import annotations

import dataclasses
import time

import numpy as np

from planner.rostering.problem import NONE, Ints, Problem
from planner.rostering.roster import Roster, allowed, broken_for
from planner.rostering.scarcity import scarcity, sparing
from planner.rostering.waves import fill


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Replan:
    """The plan afterwards, and what is left of the one before costs: the seats that were lost, those that somebody else
    holds now, those left open."""

    roster: Roster
    cost_before: float
    lost: Ints
    moved: Ints
    open: Ints
    seconds: float


def replan(problem: Problem, holder: Ints) -> Replan:
    """Keep of a plan what stands in this problem, and fill what is lost in the best way without moving the rest.

    Seats that were open before are filled too where somebody is free: who wants only what is lost to be filled leaves
    them out of the problem. Where a lost seat stays open, one seat of another officer is moved to free a hand, if that
    seat can then be held by somebody else. Between officers who cost the same, those are spared whose qualifications
    are scarce. Pinned seats never move.
    """
    began = time.monotonic()
    roster, lost = standing(problem, holder)
    cost = roster.cost
    fill(roster, sparing)
    still = lost[roster.holder[lost] == NONE]
    for seat in still[np.argsort(-problem.open_cost[still], kind="stable")]:
        free_a_hand(roster, int(seat))
    moved = np.flatnonzero((roster.holder != holder) & (roster.holder != NONE) & (holder != NONE))
    return Replan(roster, cost, lost, moved, roster.open, time.monotonic() - began)


def standing(problem: Problem, holder: Ints) -> tuple[Roster, Ints]:
    """The part of a plan that is allowed in this problem, and the seats that are lost; the dearest seats stay."""
    holder = np.where(problem.pinned, problem.published, holder)
    broken = broken_for(problem, holder)
    # One more, for nobody, who is counted from the end.
    stands = np.ones(problem.m + 1, dtype=np.bool_)
    stands[broken] = False
    roster = Roster.of(problem, np.where(stands[holder], holder, NONE))
    lost: list[int] = []
    for officer in broken.tolist():
        held = np.flatnonzero((holder == officer) & ~problem.pinned)
        for seat in held[np.argsort(-problem.open_cost[held], kind="stable")].tolist():
            if allowed(problem, officer, [*roster.duties[officer], seat]):
                roster.give(seat, officer)
            else:
                lost.append(seat)
    return roster, np.array(sorted(lost), dtype=np.int64)


def free_a_hand(roster: Roster, seat: int) -> bool:
    """Fill an open seat by moving one seat of another officer to a third; True where that could be done.

    Of all such exchanges the one is taken that adds least to the cost.
    """
    problem = roster.problem
    best: tuple[float, int, int, int] | None = None
    here = problem.costing([seat])[:, 0] + scarcity(problem, np.array([seat]))[:, 0]
    for officer in np.flatnonzero(problem.able[:, seat]):
        clashing = [duty for duty in roster.duties[officer] if problem.clashing(seat)[duty]] or roster.duties[officer]
        if len(clashing) != 1 or problem.pinned[clashing[0]]:
            continue
        other = clashing[0]
        roster.take(other)
        if roster.free_for([seat])[officer, 0]:
            roster.give(seat, int(officer))
            spared = scarcity(problem, np.array([other]))[:, 0]
            price = np.where(roster.free_for([other])[:, 0], roster.price([other])[:, 0] + spared, np.inf)
            roster.take(seat)
            third = int(np.argmin(price))
            added = price[third] + here[officer] - problem.costing([other])[officer, 0] - spared[officer]
            if np.isfinite(added) and (best is None or added < best[0]):
                best = (float(added), int(officer), other, third)
        roster.give(other, int(officer))
    if best is None or best[0] >= problem.open_cost[seat]:
        return False
    _, freed, other, third = best
    roster.take(other)
    roster.give(seat, freed)
    roster.give(other, third)
    return True
