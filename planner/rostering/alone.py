"""A few seats of a problem by themselves: can they all be held, if nothing else need be? And without one of the rules?

What cannot be done for some seats alone cannot be done beside others. Nothing costs here but an open seat, and that
costs one; what is cheaper than ``MOST_BESIDES`` in all may be added to say which plan is liked best.
"""

from __future__ import annotations

import dataclasses
import time
from enum import IntEnum, StrEnum

import numpy as np

from planner.rostering.bounds import RosterColumns
from planner.rostering.exact import held_by
from planner.rostering.exchanges import exchanges
from planner.rostering.problem import NONE, Bools, Floats, Ints, Problem
from planner.rostering.roster import Roster, sound
from planner.rostering.waves import first_plan

#: All that may be added to the cost of a plan; a bound above it by ``ENOUGH`` proves that a seat stays open.
MOST_BESIDES, ENOUGH = 0.25, 1e-6
#: Whoever is away since before this minute is lost to the problem: no rule keeps away, and none brings back.
LOST = -(10**9)


class Relaxed(StrEnum):
    """Rules that could be relaxed for one set of seats."""

    TRAVEL = "travel"
    REST = "rest"
    HOURS = "hours"
    RANK = "rank"
    AWAY = "away"
    PINNED = "pinned"
    QUALIFICATION = "qualification"


class Depth(IntEnum):
    """How much is tried: a first plan and its exchanges; the bound; a plan of the bound's rosters; all rosters too."""

    FIRST = 0
    BOUND = 1
    PLAN = 2
    EXACT = 3


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """Whether seats can all be held: by whom, or that it is proven impossible, or a plan that leaves some open.

    ``binding`` are the seats that the proof takes, where there is one: the others may be left out of it.
    """

    holder: Ints
    binding: Bools | None = None
    #: True where the first plan did.
    at_once: bool = False

    @property
    def possible(self) -> bool:
        return bool((self.holder != NONE).all())


def settled(alone: Problem, depth: Depth, until: float = np.inf) -> Settled:
    """Whether all seats of a problem made by ``only`` can be held; looked for until a moment of the monotonic clock."""
    roster = first_plan(alone)
    if not len(roster.open):
        return Settled(roster.holder, at_once=True)
    if depth is Depth.FIRST:
        return Settled(_filled(roster).holder)
    nobody = ~alone.able.any(axis=0)
    if nobody.any():
        return Settled(roster.holder, binding=nobody)
    columns = RosterColumns(alone, roster, left=lambda: until - time.monotonic())
    while columns.bound <= MOST_BESIDES + ENOUGH and not columns.done and columns.value > MOST_BESIDES:
        columns.round()
        if time.monotonic() > until:
            return Settled(roster.holder)
    if columns.bound > MOST_BESIDES + ENOUGH:
        return Settled(roster.holder, binding=columns.charged)
    if depth is Depth.BOUND:
        return Settled(roster.holder)
    plans = [Roster.of(alone, holder) for holder in columns.dive() if holder is not None]
    best = _filled(min((plan for plan in plans if sound(plan)), key=lambda plan: len(plan.open), default=roster))
    return Settled(best.holder) if depth is Depth.PLAN or not len(best.open) else _exactly(alone, best, until)


def _filled(plan: Roster) -> Roster:
    """The plan with its open seats filled by exchanges, as far as they lead there."""
    for seat in plan.open.tolist():
        for freed, holder in exchanges(plan.problem, plan.holder, seat):
            if freed == NONE:
                plan = Roster.of(plan.problem, holder)
    return plan


def _exactly(alone: Problem, best: Roster, until: float) -> Settled:
    holder = held_by(alone, until)
    if holder is None:
        return Settled(best.holder)
    if (holder == NONE).all():
        return Settled(best.holder, binding=np.ones(alone.n, dtype=np.bool_))
    return Settled(holder if sound(Roster.of(alone, holder)) else best.holder)


def only(problem: Problem, seats: Ints, besides: Floats | None = None) -> Problem:
    """These seats, in order, and whoever could hold one of them; ``besides`` is what a choice costs, m × len(seats)."""
    who = np.flatnonzero(problem.able[:, seats].any(axis=1))
    number = np.full(problem.m, NONE)
    number[who] = np.arange(len(who))
    few = _few(problem, seats)
    people = {
        field.name: getattr(problem.officers, field.name)[who]
        for field in dataclasses.fields(problem.officers)
        if field.name != "away"
    }
    away = problem.officers.away[np.isin(problem.officers.away[:, 0], who)].copy()
    away[:, 0] = number[away[:, 0]]
    count = len(seats)
    alone = dataclasses.replace(
        few,
        seats=dataclasses.replace(few.seats, priority=np.ones(count, dtype=np.int64)),
        officers=dataclasses.replace(problem.officers, **people, away=away),
        numbers=problem.numbers.only_open(1.0),
        published=np.full(count, NONE),
        pinned=np.zeros(count, dtype=np.bool_),
    ).with_able(problem.able[np.ix_(who, seats)])
    alone.__dict__["cost"] = np.zeros((len(who), count)) if besides is None else besides[who]
    return alone


def beside_pinned(problem: Problem) -> Bools:
    """m × n: who may hold which seat beside all duties that stay, hours and spans of several counted."""
    if not problem.pinned.any():
        return problem.able
    free = Roster(problem).free_for(np.arange(problem.n))
    free[:, problem.pinned] = problem.able[:, problem.pinned]
    return free


def relaxed(problem: Problem, seats: Ints, rule: Relaxed) -> Problem:
    """These seats and the duties that stay, without one of the rules; what was refused stays refused."""
    both = np.union1d(seats, np.flatnonzero(problem.pinned))
    few = _few(problem, both)
    refused = beside_pinned(few) & ~problem.able[:, both]
    easier = without(few, rule)
    kept = seats if rule is Relaxed.PINNED else both
    return only(easier.with_able(easier.able & ~refused), np.searchsorted(both, kept))


def _few(problem: Problem, seats: Ints) -> Problem:
    """The problem with none but these seats, in order."""
    fields = {field.name: getattr(problem.seats, field.name)[seats] for field in dataclasses.fields(problem.seats)}
    return dataclasses.replace(
        problem,
        seats=dataclasses.replace(problem.seats, **fields),
        published=problem.published[seats],
        pinned=problem.pinned[seats],
        wanted_besides=None,
    )


def without(problem: Problem, rule: Relaxed) -> Problem:
    """The problem without one of its rules."""
    numbers, seats, officers = problem.numbers, problem.seats, problem.officers
    match rule:
        case Relaxed.TRAVEL:
            return dataclasses.replace(problem, travel=np.zeros_like(problem.travel))
        case Relaxed.REST:
            return dataclasses.replace(problem, numbers=dataclasses.replace(numbers, min_rest=0))
        case Relaxed.HOURS:
            return dataclasses.replace(problem, numbers=dataclasses.replace(numbers, most_minutes=10_000_000))
        case Relaxed.RANK:
            return dataclasses.replace(problem, seats=dataclasses.replace(seats, rank=np.zeros_like(seats.rank)))
        case Relaxed.AWAY:
            lost = officers.away[officers.away[:, 1] < LOST]
            return dataclasses.replace(problem, officers=dataclasses.replace(officers, away=lost))
        case Relaxed.PINNED:
            return dataclasses.replace(problem, pinned=np.zeros_like(problem.pinned))
        case Relaxed.QUALIFICATION:
            return dataclasses.replace(problem, seats=dataclasses.replace(seats, needs=np.zeros_like(seats.needs)))
