"""Plans that come of one another by exchanges: an officer takes the open seat and leaves one of his own open for it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.rostering.problem import NONE, Ints, Problem
from planner.rostering.roster import Roster, allowed


def exchanges(problem: Problem, holder: Ints, seat: int) -> Iterator[tuple[int, Ints]]:
    """Seat and plan for each other seat that can be open instead of this one, the nearest first; no pinned seat is.

    Where somebody can take an open seat beside his own that plan is the last, and its seat NONE.
    """
    found, todo = {seat}, [(seat, holder)]
    for seat, holder in todo:
        clashing, duties = problem.clashing(seat), Roster.of(problem, holder).duties
        for officer in np.flatnonzero(problem.able[:, seat]).tolist():
            own = duties[officer]
            against = [one for one in own if clashing[one]]
            if not against and allowed(problem, officer, [*own, seat]):
                yield NONE, _given(holder, seat, officer)
                return
            for freed in (against or own) if len(against) < 2 else ():
                kept = [one for one in own if one != freed]
                if freed not in found and not problem.pinned[freed] and allowed(problem, officer, [*kept, seat]):
                    found.add(freed)
                    plan = _given(holder, seat, officer)
                    plan[freed] = NONE
                    todo.append((freed, plan))
                    yield freed, plan


def _given(holder: Ints, seat: int, officer: int) -> Ints:
    plan = holder.copy()
    plan[seat] = officer
    return plan
