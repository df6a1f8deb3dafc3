"""Details as packages: which unit each of them goes to, settled before anybody is given a place.

A detail that one unit has as a whole stays with it. Any other goes to the unit that can fill most of its places, those
that stay with their officers counted in; of several to the one that has most of them already, then to the one whose
officers have least in other details. Who would be in one at the same time is not counted on a second time. The search
then pays for every place that another unit gets, so that it splits a detail only to keep a place from staying open.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from planner.rostering.problem import NONE, Bools, Floats, Ints, Problem


def with_details(problem: Problem) -> Problem:
    """The problem in which the places of each detail belong to one unit."""
    together = np.flatnonzero(problem.together)
    together = together[np.argsort(problem.seats.party[together], kind="stable")]
    of = np.split(together, np.flatnonzero(np.diff(problem.seats.party[together])) + 1)
    asked = (seats for seats in of if not problem.pinned[seats].all())
    details = sorted(asked, key=lambda seats: int(seats[0]))
    if not details or not problem.m:
        return problem
    unit, promised = problem.seats.unit.copy(), np.full(problem.n, NONE, dtype=np.int64)
    of_unit, units = problem.officers.unit, _Units.of(problem.officers.unit)
    stand = _standing(problem, details)
    for seats in stand:
        promised[seats] = problem.published[seats]
        unit[seats[~problem.pinned[seats]]] = of_unit[promised[seats[0]]]
    stay = {int(seats[0]) for seats in stand}
    minutes = np.bincount(promised[promised != NONE], problem.minutes[promised != NONE], minlength=problem.m)
    for seats in details:
        if int(seats[0]) in stay:
            continue
        chosen, given = _unit_for(problem, units, seats, _free(problem, promised, seats), minutes)
        if chosen == NONE:
            continue
        unit[seats[~problem.pinned[seats]]] = chosen
        for officer, seat in given:
            promised[seat] = officer
            minutes[officer] += problem.minutes[seat]
    settled = dataclasses.replace(problem, seats=dataclasses.replace(problem.seats, unit=unit))
    return problem.handing_on(settled, "cost")


@dataclasses.dataclass(frozen=True, slots=True)
class _Units:
    """The officers unit by unit: of ``number[k]`` they are ``officers[begin[k]:begin[k + 1]]``."""

    number: Ints
    officers: Ints
    begin: Ints

    @classmethod
    def of(cls, unit: Ints) -> _Units:
        officers = np.argsort(unit, kind="stable")
        number, begin = np.unique(unit[officers], return_index=True)
        return cls(number, officers, np.append(begin, len(officers)))

    def means(self, minutes: Floats) -> Floats:
        """The mean of each unit."""
        found: Floats = np.add.reduceat(minutes[self.officers], self.begin[:-1]) / np.diff(self.begin)
        return found

    def anybody(self, of_officers: Bools) -> Bools:
        """units × columns: for which columns it is true of somebody."""
        found: Bools = np.logical_or.reduceat(of_officers[self.officers], self.begin[:-1], axis=0)
        return found


def _unit_for(
    problem: Problem, units: _Units, seats: Ints, free: Bools, minutes: Floats
) -> tuple[int, list[tuple[int, int]]]:
    """The unit for a detail, and which of its officers could hold which of the seats; NONE where nobody can."""
    held, still = problem.published[seats], free & problem.able[:, seats]
    own = np.bincount(problem.officers.unit[held[held != NONE]], minlength=int(units.number.max()) + 1)[units.number]
    at_best = units.anybody(still).sum(axis=1)
    most, chosen, given = 0, NONE, list[tuple[int, int]]()
    for unit in np.lexsort((units.number, units.means(minutes), -own)).tolist():
        # At best every seat that somebody of the unit could hold: where that is no more, nobody need be matched.
        if at_best[unit] > most:
            officers = units.officers[units.begin[unit] : units.begin[unit + 1]]
            could = _could(problem, seats, officers, still[officers])
            if len(could) > most:
                most, chosen, given = len(could), int(units.number[unit]), could
    return chosen, given


def _standing(problem: Problem, details: Sequence[Ints]) -> list[Ints]:
    """The details that one unit has as a whole, each officer in one of their places, and can keep."""
    seats, begin = np.concatenate(details), np.cumsum([0, *map(len, details)])
    held, of = problem.published[seats], np.repeat(np.arange(len(details)), np.diff(begin))
    units = problem.officers.unit[held]
    wrong = (held == NONE) | ~problem.able[held, seats] | (units != units[begin[of]])
    order = np.lexsort((held, of))
    twice = (of[order][1:] == of[order][:-1]) & (held[order][1:] == held[order][:-1])
    wrong[order[1:][twice]] = True
    stands = np.bincount(of, wrong, minlength=len(details)) == 0
    return [one for one, whole in zip(details, stands.tolist(), strict=True) if whole]


def _free(problem: Problem, promised: Ints, seats: Ints) -> Bools:
    """m × len(seats): who is promised to no seat that clashes with these."""
    free = np.ones((problem.m, len(seats)), dtype=np.bool_)
    for place, seat in enumerate(seats.tolist()):
        taken = promised[problem.clashing(seat)]
        free[taken[taken != NONE], place] = False
    return free


def _could(problem: Problem, seats: Ints, officers: Ints, still: Bools) -> list[tuple[int, int]]:
    """The most seats that officers of one unit can hold, wave by wave of seats that begin together."""
    found: list[tuple[int, int]] = []
    for start in np.unique(problem.seats.start[seats]):
        wave = np.flatnonzero(problem.seats.start[seats] == start)
        # Of as many as there can be; of a detail's few seats it is quicker than a matching of graphs.
        for place, who in zip(*linear_sum_assignment(still[:, wave].T, maximize=True), strict=True):
            if still[who, wave[place]]:
                found.append((int(officers[who]), int(seats[wave[place]])))
                still[who] &= ~problem.clashing(int(seats[wave[place]]))[seats]
    return found
