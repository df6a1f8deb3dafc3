"""The first plan, and its improvement: seats that exclude each other are matched with officers, exactly.

Of seats that pairwise clash every officer can take one at most, so the best choice for all of them together is a
linear assignment; likewise for whole duty periods that lie in one window, and for all that officers do from a moment
on. Each step is the exact optimum of a neighbourhood with exponentially many plans, and never makes a plan worse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from planner.rostering.problem import NONE, Bools, Floats, Ints, Problem
from planner.rostering.roster import Roster, allowed
from planner.rostering.stopping import Ask, Stopped, never

type Besides = Callable[[Roster, Ints], Floats]


def greedy(problem: Problem, *, in_time: bool = False, ask: Ask = never) -> Roster:
    """Seat by seat, the most urgent first or in order of time, each to whoever costs least just then."""
    roster = Roster(problem)
    order = np.arange(problem.n) if in_time else np.lexsort((problem.seats.start, -problem.open_cost))
    able, cost = np.ascontiguousarray(problem.able.T), np.ascontiguousarray(problem.cost.T)
    for seat in order.tolist():
        if roster.holder[seat] != NONE:
            continue
        ask()
        longer = roster.minutes + problem.minutes[seat]
        free = able[seat] & (roster.blocked[:, seat] == 0) & (longer <= problem.numbers.most_minutes)
        officers = np.flatnonzero(free)
        price = cost[seat, officers] + problem.hours_cost(longer[officers])
        price -= problem.hours_cost(roster.minutes[officers])
        for place in np.argsort(price, kind="stable").tolist():
            if price[place] >= problem.open_cost[seat]:
                break
            officer = int(officers[place])
            if len(roster.duties[officer]) < 2 or allowed(problem, officer, [*roster.duties[officer], seat]):
                roster.give(seat, officer)
                break
    return roster


def first_plan(problem: Problem, ask: Ask = never) -> Roster:
    """All seats, wave by wave in order of time."""
    roster = Roster(problem)
    for wave in waves(problem, np.flatnonzero(~problem.pinned)):
        ask()
        rematch(roster, wave)
    return roster


def waves(problem: Problem, seats: Ints) -> Iterator[Ints]:
    """Cliques of seats that go on at one moment: each the seats open at the earliest end among those left."""
    left = seats
    while len(left):
        moment = problem.seats.end[left].min()
        at = problem.seats.start[left] < moment
        yield left[at]
        left = left[~at]


def clique_from(problem: Problem, order: Ints) -> Ints:
    """A clique grown along an order of seats: those that clash with all taken before."""
    together = np.ones(problem.n, dtype=np.bool_)
    clique: list[int] = []
    for seat in order.tolist():
        if together[seat]:
            clique.append(seat)
            together &= problem.clashing(seat)
    return np.array(clique, dtype=np.int64)


def rematch(roster: Roster, seats: Ints, besides: Besides | None = None) -> None:
    """Open a clique of seats and fill it in the best way there is, everything else staying as it is.

    ``besides`` is what it costs besides that an officer takes a seat, m × len(seats).
    """
    held = seats[roster.holder[seats] != NONE]
    for seat in held:
        roster.take(int(seat))
    free, price = roster.free_for(seats), roster.price(seats)
    if besides is not None:
        price = price + besides(roster, seats)
    for officer, column in best_matching(free, price - roster.problem.open_cost[seats]):
        roster.give(int(seats[column]), officer)


def fill(roster: Roster, besides: Besides | None = None) -> None:
    """Give open seats to whoever is free, clique by clique, the dearest first; nobody's duties change."""
    left = roster.open
    while len(left):
        clique = clique_from(roster.problem, left[np.argsort(-roster.problem.open_cost[left], kind="stable")])
        rematch(roster, clique, besides)
        left = left[~np.isin(left, clique)]


def best_matching(free: Bools, gain: Floats) -> list[tuple[int, int]]:
    """Pairs of row and column with the least sum, none where it would be above nought or is not free."""
    cost = np.where(free, np.minimum(gain, 0.0), 0.0)
    useful = np.flatnonzero((cost < 0).any(axis=1))
    rows, columns = linear_sum_assignment(cost[useful])
    return [(int(useful[r]), int(c)) for r, c in zip(rows, columns, strict=True) if cost[useful[r], c] < 0]


def swap_periods(roster: Roster, since: int, until: int, ask: Ask = never) -> None:
    """Deal out anew, as wholes, the duty periods that begin in a window shorter than the rest."""
    _deal(roster, [(*period, period) for period in _periods(roster) if since <= _start(roster, period) < until], ask)


def swap_ends(roster: Roster, moment: int, ask: Ask = never) -> None:
    """Deal out anew, as wholes, all that each officer does in the duty periods that begin from a moment on."""
    blocks: dict[int, tuple[int, ...]] = {}
    first: dict[int, tuple[int, ...]] = {}
    for period in _periods(roster):
        if _start(roster, period) >= moment:
            officer = int(roster.holder[period[0]])
            first.setdefault(officer, period)
            blocks[officer] = (*blocks.get(officer, ()), *period)
    _deal(roster, [(*blocks[officer], first[officer]) for officer in blocks], ask)


def _start(roster: Roster, period: tuple[int, ...]) -> int:
    return int(roster.problem.seats.start[period[0]])


def _periods(roster: Roster) -> Iterator[tuple[int, ...]]:
    """Every officer's duty periods without a pinned seat, in order of time for each officer."""
    seats, rest, pinned = roster.problem.seats, roster.problem.numbers.min_rest, roster.problem.pinned
    start, end = seats.start, seats.end
    for duties in roster.duties:
        run: list[int] = []
        for seat in duties:
            if run and start[seat] - end[run[-1]] >= rest:
                if not pinned[run].any():
                    yield tuple(run)
                run = []
            run.append(seat)
        if run and not pinned[run].any():
            yield tuple(run)


def _deal(roster: Roster, blocks: Sequence[tuple[*tuple[int, ...], tuple[int, ...]]], ask: Ask) -> None:
    """Match blocks with officers: each block its seats, and last the duty period that meets what came before.

    Where that is stopped, everybody has again what they had.
    """
    if len(blocks) < 2:
        return
    seats = [np.array(block[:-1], dtype=np.int64) for block in blocks]
    before = [roster.take(int(block[0])) for block in seats]
    for block in seats:
        for seat in block[1:]:
            roster.take(int(seat))
    try:
        dealt = _dealt(roster, seats, [block[-1] for block in blocks], before, ask)
    except Stopped:
        dealt = list(zip(before, range(len(seats)), strict=True))
        raise
    finally:
        for officer, column in dealt:
            for seat in seats[column]:
                roster.give(int(seat), officer)


def _dealt(
    roster: Roster, seats: Sequence[Ints], firsts: Sequence[tuple[int, ...]], before: Sequence[int], ask: Ask
) -> list[tuple[int, int]]:
    """Officer and number of each block that is given to somebody; ``before`` is who had it."""
    problem, flat = roster.problem, np.concatenate(seats)
    offsets = np.concatenate([[0], np.cumsum([len(block) for block in seats])[:-1]])
    ask()
    free = np.logical_and.reduceat(problem.able[:, flat] & (roster.blocked[:, flat] == 0), offsets, axis=1)
    length = np.add.reduceat(problem.minutes[flat], offsets)
    free &= roster.minutes[:, None] + length <= problem.numbers.most_minutes
    start = np.array([problem.seats.start[first[0]] for first in firsts])
    end = np.array([problem.seats.end[list(first)].max() for first in firsts])
    free &= roster.rested(start, end, free, beside=1)
    free[before, np.arange(len(seats))] = True
    ask()
    price = np.add.reduceat(problem.cost[:, flat], offsets, axis=1)
    price += problem.hours_cost(roster.minutes[:, None] + length) - problem.hours_cost(roster.minutes)[:, None]
    ask()
    return best_matching(free, price - np.add.reduceat(problem.open_cost[flat], offsets))


def improve(roster: Roster, draw: np.random.Generator, ask: Ask = never) -> Iterator[float]:
    """Endless improvement, step by step; answers the cost after each."""
    problem = roster.problem
    movable = np.flatnonzero(~problem.pinned)
    if not len(movable) or not problem.m:
        return
    shortest = min(problem.numbers.min_rest, 480)
    begin, finish = int(problem.seats.start[movable].min()), int(problem.seats.end.max())
    while True:
        for moment in draw.permutation(np.arange(begin, finish, 240)):
            swap_periods(roster, int(moment), int(moment) + shortest, ask)
            yield roster.cost
            swap_ends(roster, int(moment), ask)
            yield roster.cost
        left = draw.permutation(movable)
        while len(left):
            clique = clique_from(problem, left)
            rematch(roster, clique)
            yield roster.cost
            left = left[~np.isin(left, clique)]
