"""A plan while it is worked on: who holds which seat, kept so that a change costs microseconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from planner.rostering.problem import FEW, LATE, NONE, Bools, Floats, Ints, Problem

#: Start of a place in an officer's row that holds no duty: later than any time.
FREE = LATE


class Roster:
    """Seats of one problem and their holders; pinned seats are held from the start and never given away."""

    def __init__(self, problem: Problem, holder: Ints | None = None) -> None:
        self.problem = problem
        self.holder: Ints = np.full(problem.n, NONE, dtype=np.int64)
        self.duties: list[list[int]] = [[] for _ in range(problem.m)]
        self.minutes: Ints = np.zeros(problem.m, dtype=np.int64)
        self._table: NDArray[np.int16] | None = None
        self._begin(np.where(problem.pinned, problem.published, NONE if holder is None else holder))

    @classmethod
    def of(cls, problem: Problem, holder: Ints) -> Roster:
        """The roster in which these officers hold the seats."""
        return cls(problem, holder)

    def _begin(self, holder: Ints) -> None:
        """All seats at once; nobody holds any before."""
        seats, officers, rank = _by_officer(holder)
        self.holder[seats] = officers
        np.add.at(self.minutes, officers, self.problem.minutes[seats])
        width = max(4, int(rank.max(initial=-1)) + 1)
        self._starts: Ints = np.full((self.problem.m, width), FREE, dtype=np.int64)
        self._ends: Ints = np.full((self.problem.m, width), FREE, dtype=np.int64)
        self._starts[officers, rank] = self.problem.seats.start[seats]
        self._ends[officers, rank] = self.problem.seats.end[seats]
        for seat, officer in zip(seats.tolist(), officers.tolist(), strict=True):
            self.duties[officer].append(seat)

    @property
    def blocked(self) -> NDArray[np.int16]:
        """m × n: how many of an officer's seats a seat clashes with; kept up from when it is first asked for."""
        if self._table is None:
            self._table = np.zeros((self.problem.m, self.problem.n), dtype=np.int16)
            seats, officers, rank = _by_officer(self.holder)
            # The first of every officer, the second of every officer, and so on.
            for place in range(int(rank.max(initial=-1)) + 1):
                now = rank == place
                self._table[officers[now]] += self.problem.clash[seats[now]]
        return self._table

    def blocked_at(self, seats: Sequence[int] | Ints) -> Bools:
        """m × len(seats): whose own seats a seat clashes with; of few seats it is found without the whole table."""
        if self._table is not None or len(seats) > FEW:
            return self.blocked[:, seats] > 0
        found = np.zeros((self.problem.m, len(seats)), dtype=np.bool_)
        for place, seat in enumerate(seats):
            holders = self.holder[self.problem.clashing(int(seat))]
            found[holders[holders != NONE], place] = True
        return found

    def give(self, seat: int, officer: int) -> None:
        """The officer holds the seat from now on; it was open."""
        self.holder[seat] = officer
        self.duties[officer].append(seat)
        self.minutes[officer] += self.problem.minutes[seat]
        if self._table is not None:
            self._table[officer] += self.problem.clash[seat]
        self._row(officer)

    def take(self, seat: int) -> int:
        """The seat is open from now on; answers who held it."""
        officer = int(self.holder[seat])
        self.holder[seat] = NONE
        self.duties[officer].remove(seat)
        self.minutes[officer] -= self.problem.minutes[seat]
        if self._table is not None:
            self._table[officer] -= self.problem.clash[seat]
        self._row(officer)
        return officer

    def _row(self, officer: int) -> None:
        duties = self.duties[officer]
        duties.sort()
        if len(duties) > self._starts.shape[1]:
            wider = ((0, 0), (0, max(len(duties), 2 * self._starts.shape[1]) - self._starts.shape[1]))
            self._starts = np.pad(self._starts, wider, constant_values=FREE)
            self._ends = np.pad(self._ends, wider, constant_values=FREE)
        self._starts[officer, : len(duties)] = self.problem.seats.start[duties]
        self._ends[officer, : len(duties)] = self.problem.seats.end[duties]
        self._starts[officer, len(duties) :] = FREE
        self._ends[officer, len(duties) :] = FREE

    def within(self, since: int, until: int) -> Bools:
        """m: who has a duty that meets a time."""
        meets: Bools = ((self._starts < until) & (self._ends > since)).any(axis=1)
        return meets

    def times(self, officers: Ints) -> tuple[Ints, Ints]:
        """len(officers) × the most duties that any of them has: from when until when, ``FREE`` where there is none."""
        starts, ends = self._starts[officers], self._ends[officers]
        most = int((starts != FREE).sum(axis=1).max(initial=0))
        return starts[:, :most], ends[:, :most]

    def rosters(self) -> tuple[list[int], list[Ints]]:
        """The officers who hold seats, and the seats of each."""
        busy = [officer for officer, duties in enumerate(self.duties) if duties]
        return busy, [np.array(self.duties[officer], dtype=np.int64) for officer in busy]

    @property
    def open(self) -> Ints:
        """The seats that nobody holds."""
        return np.flatnonzero(self.holder == NONE)

    @property
    def cost(self) -> float:
        """What the plan costs, hours above the fair share and open seats included; pinned seats cost what they must."""
        held = np.flatnonzero(self.holder != NONE)
        linear = self.problem.costs(self.holder[held], held).sum() + self.problem.open_cost[self.open].sum()
        return float(linear + self.problem.hours_cost(self.minutes).sum())

    def free_for(self, seats: Sequence[int] | Ints) -> Bools:
        """m × len(seats): who can take each of these seats beside what the officer holds now."""
        problem = self.problem
        free: Bools = problem.able[:, seats] & ~self.blocked_at(seats)
        free &= self.minutes[:, None] + problem.minutes[seats] <= problem.numbers.most_minutes
        starts, ends = problem.seats.start[seats], problem.seats.end[seats]
        return free & self.rested(starts, ends, free)

    def rested(self, starts: Ints, ends: Ints, asked: Bools, beside: int = 2) -> Bools:
        """m × blocks: the duty period into which a block of work falls stays within the span.

        Two seats at a time are right already where ``blocked`` is nought: a single seat can only be wrong for an
        officer with two duties, a block of several for one with a duty (``beside``). Looked at only where ``asked``.
        """
        fits = np.ones_like(asked)
        several = np.flatnonzero(self._starts[:, beside - 1] != FREE)
        if not len(several):
            return fits
        row, block = np.nonzero(asked[several])
        officers = several[row]
        rest, span = self.problem.numbers.min_rest, self.problem.numbers.max_span
        first, last = starts[block], ends[block]
        width = self._starts.shape[1]
        for place in reversed(range(width)):
            begins, finishes = self._starts[officers, place], self._ends[officers, place]
            before = (begins < first) & (finishes > first - rest)
            first = np.where(before, begins, first)
        for place in range(width):
            begins, finishes = self._starts[officers, place], self._ends[officers, place]
            after = (finishes > last) & (begins < last + rest)
            last = np.where(after, finishes, last)
        fits[officers, block] = last - first <= span
        return fits

    def price(self, seats: Sequence[int] | Ints) -> Floats:
        """m × len(seats): what it adds to the cost that an officer takes a seat, hours included."""
        problem = self.problem
        more = problem.hours_cost(self.minutes[:, None] + problem.minutes[seats])
        return problem.costing(seats) + more - problem.hours_cost(self.minutes)[:, None]


def _by_officer(holder: Ints) -> tuple[Ints, Ints, Ints]:
    """The seats that are held, officer by officer in order of time, who holds each, and which of his it is."""
    seats = np.flatnonzero(holder != NONE)
    seats = seats[np.argsort(holder[seats], kind="stable")]
    officers = holder[seats]
    return seats, officers, np.arange(len(seats)) - np.searchsorted(officers, officers)


def allowed(problem: Problem, officer: int, duties: Iterable[int]) -> bool:
    """Whether one officer can hold all these seats: the hard rules, told one by one and apart from the tables above."""
    seats, numbers = problem.seats, problem.numbers
    ordered = sorted(duties)
    if not all(problem.able[officer, seat] for seat in ordered):
        return False
    if sum(int(problem.minutes[seat]) for seat in ordered) > numbers.most_minutes:
        return False
    period = int(seats.start[ordered[0]]) if ordered else 0
    for one, two in pairwise(ordered):
        gap = int(seats.start[two] - seats.end[one])
        if gap < problem.travel[seats.destination[one], seats.origin[two]] or gap < 0:
            return False
        if gap >= numbers.min_rest:
            period = int(seats.start[two])
        elif seats.end[two] - period > numbers.max_span:
            return False
    return True


def broken_for(problem: Problem, holder: Ints) -> Ints:
    """The officers who cannot hold all that they hold: the same rules as ``allowed``, for everybody at once."""
    seats, numbers = problem.seats, problem.numbers
    held = np.flatnonzero(holder != NONE)
    held = held[np.argsort(holder[held], kind="stable")]
    officer, start, end = holder[held], seats.start[held], seats.end[held]
    wrong = ~problem.able[officer, held]
    wrong |= np.bincount(officer, problem.minutes[held], minlength=problem.m)[officer] > numbers.most_minutes
    if len(held) > 1:
        same = officer[1:] == officer[:-1]
        gap = start[1:] - end[:-1]
        way = problem.travel[seats.destination[held[:-1]], seats.origin[held[1:]]]
        wrong[1:] |= same & (gap < np.maximum(way, 0))
        begins = np.append(True, ~same | (gap >= numbers.min_rest))
        period = np.maximum.accumulate(np.where(begins, np.arange(len(held)), 0))
        wrong |= ~begins & (end - start[period] > numbers.max_span)
    return np.unique(officer[wrong])


def sound(roster: Roster) -> bool:
    """Whether every officer's duties are allowed together and the tables agree with them."""
    problem = roster.problem
    held = [officer for officer in range(problem.m) if roster.duties[officer]]
    pinned = bool(np.all(roster.holder[problem.pinned] == problem.published[problem.pinned]))
    return pinned and all(allowed(problem, officer, roster.duties[officer]) for officer in held)
