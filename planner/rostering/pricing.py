"""The best roster of every officer at given prices of the seats: exact, for all officers at once.

At prices π an officer's roster is worth its cost less the prices of its seats. The least value per officer is what a
lower bound needs and where the columns of ``bounds`` come from. Labels (partial rosters) of all officers are extended
together, seat by seat in order of time, as joins over arrays; a label is dropped when even an optimistic completion
(seats that merely do not overlap) stays above the best roster its officer has already.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from planner.rostering.problem import Bools, Floats, Ints, Problem

#: A seat whose price is above its cost by less is not worth a look.
TINY = 1e-7
#: Values of different officers are kept apart by this while a running minimum is taken over all of them.
APART = 1e9


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
    #: The most that offers after this one can still lower a value, at best: nought or less.
    ahead: Floats


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
) -> Priced:
    """Rosters below nought at these prices, the best few of each officer.

    Only the ``most_offers`` best seats of an officer are looked at, and ``most_labels`` partial rosters in all.
    ``known`` is the value of some allowed roster of each officer, nought at most: it drops labels early.
    """
    offers, exact = _offers(problem, prices, most_offers)
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
        labels, least = _kept(problem, offers, labels, least)
        levels.append(labels)
        room = most_labels - sum(len(level.offer) for level in levels)
        labels, whole = _extended(problem, offers, labels, least, room)
        exact = exact and whole
    return _best(problem, offers, levels, least, per_officer, exact)


def _offers(problem: Problem, prices: Floats, most: int) -> tuple[_Offers, bool]:
    reduced = problem.cost - prices
    officer, seat = np.nonzero(problem.able & (reduced < -TINY))
    value = reduced[officer, seat]
    counts = np.bincount(officer, minlength=problem.m)
    exact = bool(counts.max(initial=0) <= most)
    if not exact:
        order = np.lexsort((value, officer))
        rank = np.arange(len(order)) - (np.cumsum(counts) - counts)[officer]
        chosen = np.sort(order[rank < most])
        officer, seat, value = officer[chosen], seat[chosen], value[chosen]
        counts = np.bincount(officer, minlength=problem.m)
    stop = np.cumsum(counts)[officer]
    horizon = int(problem.seats.end.max(initial=0)) + 1
    begin = int(problem.seats.start.min(initial=0))
    times = officer * (horizon - begin + 1) + problem.seats.start[seat] - begin
    following = np.searchsorted(times, officer * (horizon - begin + 1) + problem.seats.end[seat] - begin)
    following = np.minimum(following, stop)
    ahead = np.zeros(len(seat))
    keyed = officer * APART
    while len(seat):
        total = value + ahead
        running = np.append(np.minimum.accumulate((total + keyed)[::-1])[::-1], 0.0)
        found = np.where(following < stop, np.minimum(running[following] - keyed, 0.0), 0.0)
        if np.all(found >= ahead - 1e-6):
            break
        ahead = np.minimum(found, ahead)
    return _Offers(officer, seat, value, following, stop, ahead - 1e-5), exact


def _kept(problem: Problem, offers: _Offers, labels: _Labels, least: Floats) -> tuple[_Labels, Floats]:
    """The labels that may yet be the best of their officer, one for each way to go on, and the least values."""
    officer = offers.officer[labels.offer]
    whole = labels.value + problem.hours_cost(labels.minutes)
    least = least.copy()
    np.minimum.at(least, officer, whole)
    promising = whole + offers.ahead[labels.offer] <= least[officer]
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
    whole = labels.value + problem.hours_cost(labels.minutes)
    first, stop = offers.next[labels.offer], offers.stop[labels.offer]
    count = np.where(whole + offers.ahead[labels.offer] < least[officer], stop - first, 0)
    fits = True
    if count.sum() > room:
        order = np.argsort(whole + offers.ahead[labels.offer], kind="stable")
        kept = order[np.cumsum(count[order]) <= max(room, 0)]
        fewer = np.zeros_like(count)
        fewer[kept] = count[kept]
        count, fits = fewer, False
    parent = np.repeat(np.arange(len(count)), count)
    offer = np.arange(len(parent)) - np.repeat(np.cumsum(count) - count, count) + first[parent]
    before, seat = offers.seat[labels.offer[parent]], offers.seat[offer]
    minutes = labels.minutes[parent] + problem.minutes[seat]
    value = labels.value[parent] + offers.value[offer]
    good = value + problem.hours_cost(minutes) + offers.ahead[offer] < least[offers.officer[offer]] + 1.0
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
