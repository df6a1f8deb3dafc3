"""The best roster of every officer at given prices of the seats: exact, for all officers at once.

At prices π an officer's roster is worth its cost less the prices of its seats. The least value per officer is what a
lower bound needs and where the columns of ``bounds`` come from. Labels (partial rosters) of all officers are extended
together, seat by seat in order of time, as joins over arrays; a label is dropped when even an optimistic completion
(seats that each fit the one before in time, rest and span) stays above the best roster its officer has already.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from planner.rostering.problem import Bools, Floats, Ints, Problem
from planner.rostering.stopping import Ask, never

#: A seat whose price is above its cost by less is not worth a look.
TINY = 1e-7
#: What rounding may add up to in a floor, as a share of the largest number that went into it.
ROUNDING = 1e-14


@dataclasses.dataclass(frozen=True, slots=True)
class Priced:
    """The least value of each officer, nought for no duty, and rosters below nought: officer, value, seats."""

    least: Floats
    officers: Ints
    values: Floats
    rosters: list[Ints]
    #: False where labels were dropped for number: then ``least`` is no bound.
    exact: bool


@dataclasses.dataclass(frozen=True, slots=True)
class _Offers:
    """Officer and seat of every choice that lowers the value, officer by officer, in order of start."""

    officer: Ints
    seat: Ints
    value: Floats
    #: The first offer of the same officer that starts at the end of this one or later, and the officer's last + 1.
    next: Ints
    stop: Ints
    #: What offers after this one can still add to a value, at best: nought or less; and where every minute costs.
    ahead: Floats
    charged: Floats

    def floor(self, problem: Problem, offer: Ints, value: Floats, minutes: Ints) -> Floats:
        """No roster that begins with these labels is worth less, whatever follows.

        Hours above the fair share cost nought or so much a minute, whichever is more: both are floors.
        """
        above = (minutes - problem.numbers.fair_minutes) * _per_minute(problem) + self.charged[offer]
        return value + np.maximum(self.ahead[offer], above)


@dataclasses.dataclass(frozen=True, slots=True)
class _Labels:
    """Partial rosters: the last offer, the label before it, start of the duty period, minutes, value without hours."""

    offer: Ints
    parent: Ints
    period: Ints
    minutes: Ints
    value: Floats

    def only(self, chosen: Ints | Bools) -> _Labels:
        return _Labels(
            self.offer[chosen], self.parent[chosen], self.period[chosen], self.minutes[chosen], self.value[chosen]
        )


def price_rosters(
    problem: Problem,
    prices: Floats,
    known: Floats,
    per_officer: int = 4,
    most_labels: int = 3_000_000,
    most_offers: int = 10_000,
    among: tuple[Bools, Bools] | None = None,
    ask: Ask = never,
) -> Priced:
    """Rosters below nought at these prices, the best few of each officer.

    Only the ``most_offers`` best seats of an officer are looked at, and ``most_labels`` partial rosters in all.
    ``known`` is the value of some allowed roster of each officer, nought at most: it drops labels early.
    ``among`` are the officers and the seats that are asked about, all where nothing is said; ``ask`` is asked between
    the steps whether to stop.
    """
    offers, exact = _offers(problem, *_lowering(problem, prices, among), most_offers, ask)
    least = np.minimum(known, 0.0)
    levels: list[_Labels] = []
    labels = _Labels(
        np.arange(len(offers.seat)),
        np.full(len(offers.seat), -1),
        problem.seats.start[offers.seat],
        problem.minutes[offers.seat],
        offers.value,
    )
    while len(labels.offer):
        ask()
        labels, least = _kept(problem, offers, labels, least)
        ask()
        levels.append(labels)
        room = most_labels - sum(len(level.offer) for level in levels)
        labels, whole = _extended(problem, offers, labels, least, room)
        exact = exact and whole
    ask()
    return _best(problem, offers, levels, least, per_officer, exact)


def _lowering(problem: Problem, prices: Floats, among: tuple[Bools, Bools] | None) -> tuple[Ints, Ints, Floats]:
    """Officer, seat and value of every choice that lowers the value, officer by officer."""
    if among is None:
        reduced = problem.cost - prices
        officer, seat = np.nonzero(problem.able & (reduced < -TINY))
        return officer, seat, reduced[officer, seat]
    officers, seats = np.flatnonzero(among[0]), np.flatnonzero(among[1])
    reduced = problem.cost[np.ix_(officers, seats)] - prices[seats]
    officer, seat = np.nonzero(problem.able[np.ix_(officers, seats)] & (reduced < -TINY))
    return officers[officer], seats[seat], reduced[officer, seat]


def _offers(problem: Problem, officer: Ints, seat: Ints, value: Floats, most: int, ask: Ask) -> tuple[_Offers, bool]:
    counts = np.bincount(officer, minlength=problem.m)
    exact = bool(counts.max(initial=0) <= most)
    if not exact:
        order = np.lexsort((value, officer))
        rank = np.arange(len(order)) - (np.cumsum(counts) - counts)[officer]
        chosen = np.sort(order[rank < most])
        officer, seat, value = officer[chosen], seat[chosen], value[chosen]
        counts = np.bincount(officer, minlength=problem.m)
    ask()
    stop = np.cumsum(counts)[officer]
    begin, horizon = int(problem.seats.start.min(initial=0)), int(problem.seats.end.max(initial=0))
    after = _Later(problem, officer, seat, stop, begin, horizon, ask)
    ask()
    charged = value + problem.minutes[seat] * _per_minute(problem)
    ask()
    return _Offers(officer, seat, value, after.next, stop, after.best(value, ask), after.best(charged, ask)), exact


def _per_minute(problem: Problem) -> float:
    return problem.numbers.hour_above_fair / 60.0


class _Later:
    """Which offers of an officer can follow which: within the duty period, or after a rest; travel aside."""

    def __init__(
        self, problem: Problem, officer: Ints, seat: Ints, stop: Ints, begin: int, horizon: int, ask: Ask
    ) -> None:
        seats, numbers = problem.seats, problem.numbers
        start, end, row = seats.start[seat] - begin, seats.end[seat] - begin, officer * (horizon - begin + 1)
        times, last = row + start, horizon - begin
        shortest = int(problem.minutes.min(initial=0))
        self._officer, self._stop = officer, stop
        self.next = np.searchsorted(times, row + end)
        ask()
        self._rested = np.searchsorted(times, row + np.minimum(end + numbers.min_rest, last))
        ask()
        # The period began with this offer at the latest, so nothing in it can end later than its span from here.
        until = np.searchsorted(times, row + np.clip(start + numbers.max_span - shortest, 0, last), side="right")
        self._until = np.clip(until, self.next, self._rested)
        self._width = int((self._until - self.next).max(initial=0))

    def best(self, value: Floats, ask: Ask) -> Floats:
        """The least that what follows each offer can add, nought at most."""
        ahead, change = np.zeros(len(value)), bool(len(value))
        largest = 1.0
        while change:
            ask()
            total = value + ahead
            # Values of different officers are kept apart while one running minimum is taken over all of them.
            apart = self._officer * (1.0 + float(np.ptp(total)))
            largest = max(largest, float(apart[-1]))
            running = np.append(np.minimum.accumulate((total + apart)[::-1])[::-1], 0.0)
            rested = np.where(self._rested < self._stop, running[self._rested] - apart, 0.0)
            found = np.minimum(np.minimum(rested, self._same_period(total)), ahead)
            change = bool(np.any(found < ahead - 1e-7))
            ahead = found
        return ahead - 1e-5 - ROUNDING * largest

    def _same_period(self, total: Floats) -> Floats:
        """The least total from ``next`` to before ``until``, by minima over powers of two."""
        least, length, power = np.zeros(len(total)), self._until - self.next, 1
        while power <= self._width:
            chosen = np.flatnonzero((length >= power) & (length < 2 * power))
            first, second = total[self.next[chosen]], total[self._until[chosen] - power]
            least[chosen] = np.minimum(first, second)
            total = np.minimum(total, np.append(total[power:], np.zeros(power)))
            power *= 2
        return least


def _kept(problem: Problem, offers: _Offers, labels: _Labels, least: Floats) -> tuple[_Labels, Floats]:
    """The labels that may yet be the best of their officer, one for each way to go on, and the least values."""
    officer = offers.officer[labels.offer]
    whole = labels.value + problem.hours_cost(labels.minutes)
    least = least.copy()
    np.minimum.at(least, officer, whole)
    promising = offers.floor(problem, labels.offer, labels.value, labels.minutes) <= least[officer]
    labels = labels.only(promising)
    # Where no hours can ever cost or be too many, how many they are makes no difference.
    limit = min(problem.numbers.fair_minutes, problem.numbers.most_minutes)
    counted = int(problem.minutes.sum()) > limit
    minutes = labels.minutes if counted else np.zeros_like(labels.minutes)
    order = np.lexsort((labels.value, minutes, labels.period, labels.offer))
    labels, minutes = labels.only(order), minutes[order]
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = (
        (labels.offer[1:] != labels.offer[:-1])
        | (labels.period[1:] != labels.period[:-1])
        | (minutes[1:] != minutes[:-1])
    )
    return labels.only(fresh), least


def _extended(problem: Problem, offers: _Offers, labels: _Labels, least: Floats, room: int) -> tuple[_Labels, bool]:
    """Every label by every seat that its officer can take after it."""
    seats, numbers = problem.seats, problem.numbers
    officer = offers.officer[labels.offer]
    floor = offers.floor(problem, labels.offer, labels.value, labels.minutes)
    first, stop = offers.next[labels.offer], offers.stop[labels.offer]
    count = np.where(floor < least[officer], stop - first, 0)
    fits = True
    if count.sum() > room:
        order = np.argsort(floor, kind="stable")
        kept = order[np.cumsum(count[order]) <= max(room, 0)]
        fewer = np.zeros_like(count)
        fewer[kept] = count[kept]
        count, fits = fewer, False
    parent = np.repeat(np.arange(len(count)), count)
    offer = np.arange(len(parent)) - np.repeat(np.cumsum(count) - count, count) + first[parent]
    before, seat = offers.seat[labels.offer[parent]], offers.seat[offer]
    minutes = labels.minutes[parent] + problem.minutes[seat]
    value = labels.value[parent] + offers.value[offer]
    good = offers.floor(problem, offer, value, minutes) < least[offers.officer[offer]] + 1.0
    good &= problem.follows[before, seat] & (minutes <= numbers.most_minutes)
    rested = seats.start[seat] - seats.end[before] >= numbers.min_rest
    period = np.where(rested, seats.start[seat], labels.period[parent])
    good &= rested | (seats.end[seat] - period <= numbers.max_span)
    chosen = np.flatnonzero(good)
    return _Labels(offer[chosen], parent[chosen], period[chosen], minutes[chosen], value[chosen]), fits


def _best(
    problem: Problem, offers: _Offers, levels: list[_Labels], least: Floats, per_officer: int, exact: bool
) -> Priced:
    depth = np.concatenate([np.full(len(level.offer), d) for d, level in enumerate(levels)] or [np.zeros(0, int)])
    place = np.concatenate([np.arange(len(level.offer)) for level in levels] or [np.zeros(0, int)])
    offer = np.concatenate([level.offer for level in levels] or [np.zeros(0, int)])
    whole = np.concatenate([level.value + problem.hours_cost(level.minutes) for level in levels] or [np.zeros(0)])
    officer = offers.officer[offer]
    below = np.flatnonzero(whole < -TINY)
    order = below[np.lexsort((whole[below], officer[below]))]
    rank = np.arange(len(order)) - np.searchsorted(officer[order], officer[order])
    chosen = order[rank < per_officer]
    rosters = []
    for at in chosen:
        seats, level, index = [], int(depth[at]), int(place[at])
        while index >= 0:
            seats.append(int(offers.seat[levels[level].offer[index]]))
            level, index = level - 1, int(levels[level].parent[index])
        rosters.append(np.array(seats[::-1], dtype=np.int64))
    return Priced(least, officer[chosen], whole[chosen], rosters, exact)
