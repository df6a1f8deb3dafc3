"""A smallest set of seats that cannot all be held, and the rules without which they could."""

from __future__ import annotations

import dataclasses
import time

import numpy as np

from planner.rostering.alone import Depth, Relaxed, only, relaxed, settled
from planner.rostering.problem import Ints, Problem

#: Of so few seats it is tried exactly whether each is needed; of more than the others no rule is relaxed.
FEW, MOST_RELAXED = 16, 200


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
    """As few of the seats as cannot all be held beside others: by the bound first, then, where they are few, by trying
    all rosters."""
    for depth, most in ((Depth.BOUND, len(seats)), (Depth.EXACT, FEW)):
        begin, chunk = 0, max(1, len(seats) // 4)
        while begin < len(seats) <= most and time.monotonic() < until:
            fewer = np.delete(seats, slice(begin, begin + chunk))
            together = np.union1d(fewer, beside)
            found = settled(only(problem, together), depth, until)
            if found.binding is None:
                begin += chunk
            else:
                # What was needed before is needed still.
                needed, seats = seats[:begin], fewer[np.isin(fewer, together[found.binding])]
                begin = int(np.isin(seats, needed).sum())
            if begin >= len(seats) and chunk > 1:
                begin, chunk = 0, max(1, chunk // 4)
    return seats


def remedy(problem: Problem, seats: Ints, until: float) -> Remedy:
    """What could be relaxed so that these seats, which cannot all be held, could."""
    if len(seats) > MOST_RELAXED:
        return Remedy()
    rules, all_tried = list[Relaxed](), True
    for rule in Relaxed:
        if time.monotonic() > until:
            return Remedy(tuple(rules))
        found = settled(relaxed(problem, seats, rule), Depth.EXACT, until)
        if found.possible:
            rules.append(rule)
        elif found.binding is None:
            all_tried = False
    return Remedy(tuple(rules), all_tried)
