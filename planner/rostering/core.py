"""A smallest set of seats that cannot all be held, and the rules without which they could."""

from __future__ import annotations

import dataclasses
import time

import numpy as np

from planner.rostering.alone import Depth, Relaxed, only, relaxed, settled
from planner.rostering.exchanges import exchanges
from planner.rostering.problem import NONE, Ints, Problem

#: Of more seats than these no rule is relaxed.
MOST_RELAXED = 200
#: One trial takes such a part of the time at the most.
PARTS = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Remedy:
    """The rules each of which, relaxed alone, lets seats be held; ``all_tried`` where that is proven of no other."""

    rules: tuple[Relaxed, ...] = ()
    all_tried: bool = False


def smallest(problem: Problem, seats: Ints, until: float) -> Ints:
    """Of seats that cannot all be held as few as cannot either: each is needed for that, unless time ran out.

    No other is needed beside the duties that stay; of these there are the ones that the proof takes.
    """
    core = _fewer(problem, seats, seats[:0], until)
    stay = _staying(problem, core)
    if not len(stay):
        return core
    own = core[~problem.pinned[core]]
    fewer = _fewer(problem, own, stay, until)
    return core if len(fewer) == len(own) else np.union1d(fewer, _fewer(problem, stay, fewer, until))


def _staying(problem: Problem, seats: Ints) -> Ints:
    """The duties that stay of whoever could hold one of these seats."""
    pinned = np.flatnonzero(problem.pinned)
    return pinned[problem.able[:, seats].any(axis=1)[problem.published[pinned]]]


def _fewer(problem: Problem, seats: Ints, beside: Ints, until: float) -> Ints:
    """As few of the seats as cannot all be held beside others; what cannot be decided before the time is up stays.

    A plan that holds all but one shows that this one is needed, and by exchanges that others are. What is left over is
    left out, all at once where that can be, else in smaller parts.
    """
    needed, left, size = set[int](), seats.tolist(), 1
    while left and (now := time.monotonic()) < until:
        gone, size = left[:size], min(size, len(left))
        together = np.union1d(seats[~np.isin(seats, gone)], beside)
        depth = Depth.EXACT if size == 1 else Depth.BOUND
        found = settled(only(problem, together), depth, now + (until - now) / PARTS)
        if found.binding is not None:
            # What was needed before is needed still.
            seats = np.intersect1d(seats, together[found.binding])
            left, size = [seat for seat in left if seat in seats], 2 * size
        elif size > 1:
            size = max(1, size // 4)
        elif found.possible:
            needed |= _needed(problem, together, found.holder, gone[0], beside)
            left = [seat for seat in left if seat not in needed]
            size = max(1, len(left))
        else:
            del left[0]
    return seats


def _needed(problem: Problem, together: Ints, holder: Ints, missing: int, beside: Ints) -> set[int]:
    """Seats each of which can be the one that is left open, by exchanges from a plan that leaves one open."""
    seats = np.union1d(together, missing)
    plan, alone = np.full(len(seats), NONE), only(problem, seats)
    able = [np.flatnonzero(problem.able[:, some].any(axis=1)) for some in (together, seats)]
    plan[np.isin(seats, together)] = np.searchsorted(able[1], able[0][holder])
    found = (freed for freed, _ in exchanges(alone, plan, int(np.searchsorted(seats, missing))))
    return {missing, *seats[list(found)].tolist()}.difference(beside.tolist())


def remedy(problem: Problem, seats: Ints, until: float) -> Remedy:
    """What could be relaxed so that these seats, which cannot all be held, could: first what is quickly seen."""
    if len(seats) > MOST_RELAXED:
        return Remedy()
    easier, rules, all_tried = dict[Relaxed, Problem](), set[Relaxed](), True
    for rule in Relaxed:
        if time.monotonic() > until:
            return _found(rules)
        easier[rule] = relaxed(problem, seats, rule)
        if settled(easier[rule], Depth.FIRST).possible:
            rules.add(rule)
    for rule in [rule for rule in Relaxed if rule not in rules]:
        if time.monotonic() > until:
            return _found(rules)
        found = settled(easier[rule], Depth.EXACT, until)
        if found.possible:
            rules.add(rule)
        elif found.binding is None:
            all_tried = False
    return _found(rules, all_tried=all_tried)


def _found(rules: set[Relaxed], *, all_tried: bool = False) -> Remedy:
    return Remedy(tuple(rule for rule in Relaxed if rule in rules), all_tried)
