"""A plan made of the rosters that the prices found: the likeliest are taken, the rest is priced anew, and again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.rostering.prices import EACH, FIRST_LABELS, Choice, Prices
from planner.rostering.pricing import price_rosters
from planner.rostering.problem import Bools, Floats, Ints

#: The share of the officers left who are given a roster at once, and the fewest; a price moves by so many units.
SHARE, FEWEST, BOX = 0.1, 20, 0.6
#: The best seats of an officer that are looked at.
OFFERS = 100


def dive(found: Prices) -> Iterator[Ints | None]:
    """Answers None at each pause, and at last who holds which seat; what is left over is left open."""
    problem, columns = found.problem, found.columns
    hands, seats = np.ones(problem.m, dtype=np.bool_), np.ones(problem.n, dtype=np.bool_)
    taken, prices = np.zeros(0, dtype=np.int64), found.centre
    while True:
        known = columns.known_values(np.where(seats, prices, -np.inf))
        priced = price_rosters(problem, prices, known, EACH, FIRST_LABELS, OFFERS, (hands, seats), found.ask)
        columns.add(priced.officers, priced.rosters)
        left = np.flatnonzero(hands[columns.officers] & columns.within(seats))
        yield None
        if not len(left):
            break
        choice = Choice(columns, left)
        low, high = _box(prices, seats, found)
        prices = yield from choice.climb(prices, low, high, found.softness)
        _, _, share = choice.weigh(prices, found.softness)
        fresh = _likeliest(found, choice.columns, share, hands, seats)
        taken = np.append(taken, fresh)
        hands[columns.officers[fresh]] = False
        seats[columns.entries(fresh)[0]] = False
    yield columns.holders(taken)


def _box(prices: Floats, seats: Bools, found: Prices) -> tuple[Floats, Floats]:
    wide = BOX * found.unit
    low, high = np.maximum(prices - wide, 0.0), np.minimum(prices + wide, found.problem.open_cost)
    return np.where(seats, low, 0.0), np.where(seats, high, 0.0)


def _likeliest(found: Prices, of: Ints, share: Floats, hands: Bools, seats: Bools) -> Ints:
    """The rosters that are chosen likeliest, of different officers and seats, as many as are taken at once."""
    columns, hands, seats = found.columns, hands.copy(), seats.copy()
    most = max(FEWEST, int(SHARE * np.count_nonzero(hands)))
    chosen: list[int] = []
    for column in of[np.argsort(-share, kind="stable")].tolist():
        own = columns.seats(column)
        if hands[columns.officers[column]] and seats[own].all():
            hands[columns.officers[column]] = False
            seats[own] = False
            chosen.append(column)
            if len(chosen) == most:
                break
    return np.array(chosen, dtype=np.int64)
