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

    By the bound first, then, where they are few, by trying all rosters.
    """
    for depth, most in ((Depth.BOUND, len(seats)), (Depth.EXACT, FEW)):
        begin, chunk = 0, max(1, len(seats) // 4)
        while begin < len(seats) <= most and time.monotonic() < until:
            fewer = np.delete(seats, slice(begin, begin + chunk))
            found = settled(only(problem, fewer), depth, until)
            if found.binding is None:
                begin += chunk
            else:
                # What was needed before is needed still.
                needed, seats = seats[:begin], fewer[found.binding]
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
