"""Which ways are chosen among those the router finds, on a street plan drawn by hand.

Ways run from west to east over 3,000 m; each is named by how far north of the straight line it goes.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.estimate import RoutingNumbers
from domain.polyline import Line, encode
from planner.routing.diversity import PENALTY, Found, diverse

METRE = 1 / 111_195
NUMBERS = RoutingNumbers()


def way(north: float, minutes: float, *, leaves_after: float = 0, km: float = 3.0) -> Found:
    """A way that leaves the straight line after some metres, runs beside it, and comes back at the end."""
    points = [(0, 0), (leaves_after, 0), (leaves_after, north), (3000, north), (3000, 0)]
    return Found(geometry=encode([(y * METRE, x * METRE) for x, y in points]), km=km, minutes=minutes)


class Town:
    """A router that knows a list of ways, best first, and gives the next each time it is asked."""

    def __init__(self, *ways: Found) -> None:
        self.ways = ways
        self.asked: list[tuple[Sequence[Line], float]] = []

    def __call__(self, dearer: Sequence[Line], factor: float) -> Sequence[Found]:
        self.asked.append((tuple(dearer), factor))
        return (self.ways[min(len(self.asked), len(self.ways)) - 1],)


def chosen(town: Town, count: int = 3, numbers: RoutingNumbers = NUMBERS) -> list[Found]:
    return [way.found for way in diverse(town, count, numbers)]


STRAIGHT = way(0, 6.0)
NORTH = way(600, 7.0)
SOUTH = way(-700, 8.0)


def test_three_separate_ways_are_all_taken() -> None:
    assert chosen(Town(STRAIGHT, NORTH, SOUTH)) == [STRAIGHT, NORTH, SOUTH]


def test_the_fastest_is_first_even_if_the_router_liked_another_more() -> None:
    assert chosen(Town(SOUTH, NORTH, STRAIGHT)) == [STRAIGHT, NORTH, SOUTH]


def test_of_two_equally_fast_ways_the_shorter_is_first() -> None:
    shorter = way(600, 6.0, km=2.9)

    assert chosen(Town(STRAIGHT, shorter))[0] == shorter


def test_a_way_that_takes_twice_as_long_is_just_taken() -> None:
    assert chosen(Town(STRAIGHT, way(600, 12.0))) == [STRAIGHT, way(600, 12.0)]


def test_a_way_that_takes_longer_than_that_is_not() -> None:
    assert chosen(Town(STRAIGHT, way(600, 12.01))) == [STRAIGHT]


def test_a_way_that_shares_too_much_is_not_taken() -> None:
    mostly_the_same = way(600, 6.5, leaves_after=1900)

    assert chosen(Town(STRAIGHT, mostly_the_same)) == [STRAIGHT]


def test_the_policy_decides_how_much_is_too_much() -> None:
    mostly_the_same = way(600, 6.5, leaves_after=1900)
    lenient = RoutingNumbers(max_overlap=0.6)

    assert chosen(Town(STRAIGHT, mostly_the_same), numbers=lenient) == [STRAIGHT, mostly_the_same]


def test_a_later_way_must_differ_from_the_second_too() -> None:
    beside_the_second = way(610, 7.1)

    assert chosen(Town(STRAIGHT, NORTH, beside_the_second)) == [STRAIGHT, NORTH]


def test_three_ways_are_preferred_to_two_better_ones() -> None:
    blocks_both = way(0, 5.9)

    assert len(chosen(Town(blocks_both, STRAIGHT, NORTH, SOUTH))) == 3


def test_the_overlap_told_is_of_the_whole_length_with_an_earlier_way() -> None:
    found = diverse(Town(STRAIGHT, NORTH), 2, NUMBERS)

    assert [way.overlap for way in found] == [0, pytest.approx(30 / (600 + 3000 + 600), abs=1e-3)]


def test_what_was_found_becomes_dearer_but_for_its_doorsteps() -> None:
    town = Town(STRAIGHT, NORTH)

    diverse(town, 2, NUMBERS)

    (nothing, _), (dearer, factor), *_ = town.asked
    assert (nothing, factor) == ((), PENALTY)
    assert dearer[0][0] == pytest.approx((0, 300 * METRE), abs=1e-6)
    assert dearer[0][-1] == pytest.approx((0, 2700 * METRE), abs=1e-6)


def test_one_way_is_asked_for_once() -> None:
    town = Town(STRAIGHT, NORTH)

    assert chosen(town, count=1) == [STRAIGHT]
    assert len(town.asked) == 1


def test_the_search_ends_where_nothing_else_is_found() -> None:
    town = Town(STRAIGHT)

    assert chosen(town) == [STRAIGHT]
    assert len(town.asked) <= 11
