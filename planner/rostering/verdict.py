"""Of an open seat: that it cannot be held beside others, or how it could be, or that neither is found in time.

A set of seats is grown from the one: where they cannot all be held, whatever else is left open, that is the proof.
Otherwise there is a plan for them alone; what it takes from seats outside the set is taken in, until it takes nothing
more. Then the plan holds beside all that stands, and is a way to fill the seat. Where a plan is hard to find, as much
again is taken in that keeps anybody from a seat of the set: that comes to an end sooner.
"""

from __future__ import annotations

import dataclasses
import time

import numpy as np

from planner.rostering.alone import MOST_BESIDES, Depth, beside_pinned, only, settled
from planner.rostering.core import Remedy, remedy, smallest
from planner.rostering.explain import given_up, hall
from planner.rostering.problem import NONE, Floats, Ints
from planner.rostering.roster import Roster

#: Seconds for a verdict, and the shares of them after which a set is no longer grown, and no longer made smaller.
SECONDS, GROWN, SMALLER = 0.85, 0.7, 0.75
#: How much less a plan is liked that takes a seat outside the set from somebody than one that moves somebody within it.
DISPLACED = 4.0


@dataclasses.dataclass(frozen=True, slots=True)
class Impossible:
    """Seats that no plan can fill together, and what could be relaxed.

    ``officers`` are all who could hold any of them, where the seats pairwise clash and are more (a Hall set); None
    where the seats are a core: each of them is needed for the proof.
    """

    seats: tuple[int, ...]
    officers: tuple[int, ...] | None
    remedy: Remedy


@dataclasses.dataclass(frozen=True, slots=True)
class Filling:
    """Seats and who is to hold them so that nothing else changes and one more seat is held; ``added`` to the cost."""

    moves: tuple[tuple[int, int], ...]
    added: float


@dataclasses.dataclass(frozen=True, slots=True)
class Unsettled:
    """Neither was found in time."""


type Verdict = Impossible | Filling | Unsettled


def verdict(roster: Roster, seat: int, seconds: float = SECONDS) -> Verdict:
    """What can be said of an open seat of this plan for sure, within about so many seconds."""
    began = time.monotonic()
    problem = roster.problem.with_able(roster.problem.able & beside_pinned(roster.problem))
    roster = Roster.of(problem, roster.holder)
    proof = hall(problem, seat)
    if proof is not None:
        return Impossible(proof.seats, proof.officers, remedy(problem, np.array(proof.seats), began + seconds))
    seats, depth, until = np.array([seat]), Depth.PLAN, began + seconds * GROWN
    while time.monotonic() < until:
        found = settled(only(problem, seats, _liking(roster, seats)), depth, until)
        if found.binding is not None:
            core = smallest(problem, seats[found.binding], began + seconds * SMALLER)
            return Impossible(tuple(core.tolist()), None, remedy(problem, core, began + seconds))
        who = np.flatnonzero(problem.able[:, seats].any(axis=1))
        holder = np.where(found.holder == NONE, NONE, who[found.holder])
        more = _displaced(roster, seats, holder)
        if found.possible and not len(more):
            return _filling(roster, seats, holder)
        if not found.at_once:
            more = np.union1d(more, _keeping(roster, seats))
        if depth is Depth.EXACT and not len(more):
            break
        depth = Depth.PLAN if len(more) else Depth.EXACT
        seats = np.union1d(seats, more)
    return Unsettled()


def _liking(roster: Roster, seats: Ints) -> Floats:
    """m × len(seats): as few as can be are moved within the set, and fewer still are displaced outside of it."""
    problem, outside = roster.problem, roster.holder.copy()
    outside[seats] = NONE
    cost = np.ones((problem.m, len(seats)))
    for place, seat in enumerate(seats.tolist()):
        hit = outside[problem.clashing(seat)]
        cost[:, place] += DISPLACED * np.bincount(hit[hit != NONE], minlength=problem.m)
        if roster.holder[seat] != NONE:
            cost[roster.holder[seat], place] -= 1.0
    able = problem.able[:, seats]
    return cost * (MOST_BESIDES / max(1.0, float(np.where(able, cost, 0.0).max(axis=0).sum())))


def _displaced(roster: Roster, seats: Ints, holder: Ints) -> Ints:
    """The seats outside of a set that its holders would have to give up for it."""
    found = list[int]()
    for officer in np.unique(holder[holder != NONE]).tolist():
        own = seats[holder == officer].tolist()
        kept = [duty for duty in roster.duties[officer] if duty not in seats]
        found += given_up(roster.problem, officer, own, kept)
    return np.array(sorted(found), dtype=np.int64)


def _keeping(roster: Roster, seats: Ints) -> Ints:
    """Of the seats outside of a set that keep anybody from a seat within it those that keep most, as many as it has."""
    problem, keeps = roster.problem, np.zeros(roster.problem.n, dtype=np.int64)
    for seat in seats.tolist():
        held = np.flatnonzero(problem.clashing(seat) & (roster.holder != NONE))
        keeps[held] += problem.able[roster.holder[held], seat]
    keeps[seats] = 0
    most = np.argsort(-keeps, kind="stable")[: len(seats)]
    return most[keeps[most] > 0]


def _filling(roster: Roster, seats: Ints, holder: Ints) -> Filling:
    filled = roster.holder.copy()
    filled[seats] = holder
    moved = np.flatnonzero(filled != roster.holder)
    added = Roster.of(roster.problem, filled).cost - roster.cost
    return Filling(tuple((int(one), int(filled[one])) for one in moved), float(added))
