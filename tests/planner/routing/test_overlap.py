"""How much of one way runs with another, by hand."""

from __future__ import annotations

import pytest
from shapely import LineString

from domain.estimate import RoutingNumbers
from domain.values import Coordinates
from planner.routing.overlap import Ground, beyond_doorsteps, overlap, overlap_beyond_doorsteps

NUMBERS = RoutingNumbers()
STRAIGHT = LineString([(0, 0), (2000, 0)])


def test_a_way_runs_with_itself_all_along() -> None:
    assert overlap(STRAIGHT, [STRAIGHT], 15) == 1


def test_the_first_way_runs_with_none() -> None:
    assert overlap(STRAIGHT, [], 15) == 0


def test_the_other_carriageway_of_the_same_street_counts_as_shared() -> None:
    assert overlap(STRAIGHT, [LineString([(2000, 14), (0, 14)])], 15) == 1


def test_the_next_street_does_not() -> None:
    assert overlap(STRAIGHT, [LineString([(0, 16), (2000, 16)])], 15) == 0


def test_a_crossing_counts_as_far_as_the_buffer_reaches() -> None:
    crossing = LineString([(1000, -500), (1000, 500)])

    assert overlap(STRAIGHT, [crossing], 15) == pytest.approx(30 / 2000)


def test_the_share_is_of_the_length_of_the_later_way() -> None:
    half_with_it = LineString([(0, 0), (1000, 0), (1000, 3000)])

    assert overlap(half_with_it, [STRAIGHT], 15) == pytest.approx(1015 / 4000)
    assert overlap(STRAIGHT, [half_with_it], 15) == pytest.approx(1015 / 2000, abs=1e-3)


def test_the_largest_share_counts_not_the_sum() -> None:
    first, second = LineString([(0, 0), (600, 0)]), LineString([(1000, 0), (2000, 0)])

    # The end of a buffer is round: it reaches its 15 m beyond the end of the line.
    assert overlap(STRAIGHT, [first, second], 15) == pytest.approx(1015 / 2000)


def test_doorsteps_are_left_out() -> None:
    around = LineString([(0, 0), (300, 0), (300, 900), (1700, 900), (1700, 0), (2000, 0)])

    assert overlap(around, [STRAIGHT], 15) == pytest.approx(630 / 3800)
    assert overlap_beyond_doorsteps(around, [STRAIGHT], NUMBERS) == pytest.approx(30 / 3200)


def test_a_way_that_is_all_doorstep_is_measured_whole() -> None:
    short = LineString([(0, 0), (600, 0)])

    assert beyond_doorsteps(short, 300) == short
    assert overlap_beyond_doorsteps(short, [STRAIGHT], NUMBERS) == 1


def test_a_way_of_no_length_is_shared_where_it_lies_on_another() -> None:
    assert overlap(LineString([(5, 0), (5, 0)]), [STRAIGHT], 15) == 1
    assert overlap(LineString([(5, 99), (5, 99)]), [STRAIGHT], 15) == 0


def test_the_plane_keeps_distances_and_gives_back_degrees() -> None:
    here, there = Coordinates(lat=-29.9027, lon=-71.2519), Coordinates(lat=-29.9533, lon=-71.3395)
    ground = Ground(here.lat, here.lon)
    line = ((here.lat, here.lon), (there.lat, there.lon))

    drawn = ground.on(line)

    assert drawn.length == pytest.approx(here.distance_to(there), rel=1e-3)
    assert [value for point in ground.back(drawn) for value in point] == pytest.approx(
        [value for point in line for value in point]
    )
