"""Where no Hall set is found: a smallest set of seats that cannot all be held, and which rule to relax.

A set is proven impossible by the bound of ``bounds`` on a problem of these seats alone in which only open seats cost:
a bound above nought means that one stays open in every plan. It is made smaller seat by seat while the proof holds.
"""

from __future__ import annotations

import dataclasses
import time
from enum import StrEnum

import numpy as np

from planner.rostering.bounds import RosterColumns
from planner.rostering.problem import NONE, Ints, Problem
from planner.rostering.roster import Roster, sound
from planner.rostering.waves import first_plan

#: Of the seats around an open one, how many a core is looked for in.
MOST_SEATS = 40
ENOUGH = 1e-6
MOST_ROUNDS = 60


class Relaxed(StrEnum):
    """Rules that could be relaxed for one set of seats."""

    TRAVEL = "travel"
    REST = "rest"
    HOURS = "hours"
    RANK = "rank"
    AWAY = "away"
    PINNED = "pinned"
    QUALIFICATION = "qualification"


@dataclasses.dataclass(frozen=True, slots=True)
class Core:
    """Seats that no plan can fill together, each needed for that, and the rules each of which, relaxed, would do."""

    seats: tuple[int, ...]
    relax: tuple[Relaxed, ...]


def core(problem: Problem, seat: int, seconds: float = 0.8) -> Core | None:
    """A core that holds the seat; smallest unless time ran out. None where the seats around it can all be held."""
    until = time.monotonic() + seconds
    seats = _around(problem, seat)
    if not impossible(problem, seats):
        return None
    chunk = max(1, len(seats) // 4)
    while chunk and time.monotonic() < until:
        for begin in range(0, len(seats), chunk):
            fewer = np.delete(seats, slice(begin, begin + chunk))
            if time.monotonic() < until and seat in fewer and impossible(problem, fewer):
                seats = fewer
                break
        else:
            chunk //= 2
    relax = tuple(rule for rule in Relaxed if possible(relaxed(problem, rule), seats))
    return Core(tuple(int(one) for one in seats), relax)


def impossible(problem: Problem, seats: Ints) -> bool:
    """True where it is proven that one of these seats stays open in every plan; False where it is not."""
    alone = only(problem, seats)
    roster = first_plan(alone)
    if not len(roster.open):
        return False
    if alone.m == 0:
        return True
    return _columns(alone, roster).bound > ENOUGH


def possible(problem: Problem, seats: Ints) -> bool:
    """True where a plan was found that fills all these seats; False where none was."""
    alone = only(problem, seats)
    roster = first_plan(alone)
    if not len(roster.open):
        return True
    if alone.m == 0:
        return False
    columns = _columns(alone, roster)
    if columns.bound > ENOUGH:
        return False
    plans = [Roster.of(alone, holder) for holder in columns.dive() if holder is not None]
    return any(not len(plan.open) and sound(plan) for plan in plans)


def _columns(alone: Problem, roster: Roster) -> RosterColumns:
    """Rounds until the question is settled."""
    columns = RosterColumns(alone, roster)
    for _ in range(MOST_ROUNDS):
        if columns.done or columns.bound > ENOUGH or columns.value < ENOUGH:
            break
        columns.round()
    return columns


def only(problem: Problem, seats: Ints) -> Problem:
    """These seats and whoever could hold one of them; nothing costs but an open seat, and that costs one."""
    seats = np.sort(seats)
    who = np.flatnonzero(problem.able[:, seats].any(axis=1))
    number = np.full(problem.m, NONE)
    number[who] = np.arange(len(who))
    fields = {field.name: getattr(problem.seats, field.name)[seats] for field in dataclasses.fields(problem.seats)}
    fields["priority"] = np.ones(len(seats), dtype=np.int64)
    people = {
        field.name: getattr(problem.officers, field.name)[who]
        for field in dataclasses.fields(problem.officers)
        if field.name != "away"
    }
    away = problem.officers.away[np.isin(problem.officers.away[:, 0], who)].copy()
    away[:, 0] = number[away[:, 0]]
    alone = Problem(
        seats=dataclasses.replace(problem.seats, **fields),
        officers=dataclasses.replace(problem.officers, **people, away=away),
        travel=problem.travel,
        numbers=problem.numbers.only_open(1.0),
        published=np.full(len(seats), NONE),
        pinned=np.zeros(len(seats), dtype=np.bool_),
    )
    return alone.with_able(problem.able[np.ix_(who, seats)])


def relaxed(problem: Problem, rule: Relaxed) -> Problem:
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
            return dataclasses.replace(problem, officers=dataclasses.replace(officers, away=officers.away[:0]))
        case Relaxed.PINNED:
            return dataclasses.replace(problem, pinned=np.zeros_like(problem.pinned))
        case Relaxed.QUALIFICATION:
            return dataclasses.replace(problem, seats=dataclasses.replace(seats, needs=np.zeros_like(seats.needs)))


def _around(problem: Problem, seat: int) -> Ints:
    """The seats that compete with one most: those that clash with it, share most of its officers, and are scarce."""
    able = problem.able
    shared = able[able[:, seat]].sum(axis=0)
    near = np.abs(problem.seats.start - problem.seats.start[seat]) < 2 * problem.numbers.max_span
    weight = np.where(near & (shared > 0), shared / np.maximum(able.sum(axis=0), 1), -1.0)
    weight[seat] = np.inf
    chosen = np.argsort(-weight, kind="stable")[:MOST_SEATS]
    return np.sort(chosen[weight[chosen] > 0])
